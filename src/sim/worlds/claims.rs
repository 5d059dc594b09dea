//! Credentials that one world alone holds, so that a client which cannot name a world is led to its
//! own by what it sends anyway.
//!
//! A claim is written `vendor:value`, or `vendor:name=value` where the vendor has more than one kind
//! of credential: `jtel:SIMTOKEN-7A`, `mor:u=dialer_bob`. Claims are the process's: no row of a
//! world knows of them, so a reset keeps them and a fork has none.
//!
//! Not here: whether a credential is good. A claim only chooses the world; the world decides.

use std::collections::BTreeMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::limits::CLAIMS_MAX;
use crate::base::lock;
use crate::base::nearest::nearest;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::contract::vendor::{Vendor, Vendors};
use crate::web::mask::masker;
use crate::web::message::Request;

/// One credential that a world claims.
#[derive(Clone, Debug)]
pub struct Claim {
    vendor: &'static str,
    credential: &'static Credential,
    value: String,
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

/// What tells claims apart: vendor, name of the credential, value.
type Key = (&'static str, &'static str, String);

/// Why claims were not taken.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("claims/{idx}: {problem}")]
    Text { idx: usize, problem: String },
    #[error("there are {0} claims; expected at most {CLAIMS_MAX} for one world")]
    TooMany(usize),
    /// The value stays out of the message: it may be a secret.
    #[error("claims/{idx}: {name} is claimed by world {holder:?} already; delete that world first")]
    Held { idx: usize, name: String, holder: String },
}

impl Claim {
    /// Reads the claims of one world.
    ///
    /// # Errors
    /// Where one names no vendor, holds no value or stands twice, or there are too many.
    pub fn parse_all(texts: &[&str], vendors: Vendors) -> Result<Vec<Claim>, ClaimError> {
        if texts.len() > CLAIMS_MAX {
            return Err(ClaimError::TooMany(texts.len()));
        }
        let mut claims: Vec<Claim> = Vec::new();
        for (idx, text) in texts.iter().enumerate() {
            let claim =
                Claim::parse(text, vendors).map_err(|problem| ClaimError::Text { idx, problem })?;
            if claims.contains(&claim) {
                let problem = "it stands there twice".to_owned();
                return Err(ClaimError::Text { idx, problem });
            }
            claims.push(claim);
        }
        Ok(claims)
    }

    fn parse(text: &str, vendors: Vendors) -> Result<Claim, String> {
        let form = "expected vendor:value or vendor:name=value";
        let (vendor, rest) = text.split_once(':').ok_or_else(|| format!("no colon; {form}"))?;
        let Some(vendor) = vendors.find(vendor) else {
            let known: Vec<_> = vendors.0.iter().map(|vendor| vendor.surface.vendor).collect();
            let mut problem =
                format!("there is no vendor {vendor:?}; expected one of {}", known.join(", "));
            if let Some(near) = nearest(vendor, known) {
                problem = format!("{problem}; did you mean {near:?}?");
            }
            return Err(problem);
        };
        let surface = vendor.surface;
        let named = rest.split_once('=').and_then(|(name, value)| {
            let found = surface.credentials.iter().find(|credential| credential.name == name)?;
            Some((found, value))
        });
        // A value may hold an equals sign of its own.
        let plain = surface.credentials.first().map(|credential| (credential, rest));
        let Some((credential, value)) = named.or(plain) else {
            return Err(format!("{} has no credentials that can be claimed", surface.vendor));
        };
        if value.is_empty() {
            let kinds: Vec<_> = surface.credentials.iter().map(|kind| kind.name).collect();
            let kinds = kinds.join(", ");
            return Err(format!("no value; {form}, the name one of {kinds}"));
        }
        Ok(Claim { vendor: surface.vendor, credential, value: value.to_owned() })
    }

    fn key(&self) -> Key {
        (self.vendor, self.credential.name, self.value.clone())
    }

    /// `jtel:token`: what is claimed, without its value.
    fn name(&self) -> String {
        format!("{}:{}", self.vendor, self.credential.name)
    }

    /// The claim as it may be shown.
    pub fn show(&self, show_secrets: bool) -> String {
        let masked = self.credential.secret && !show_secrets;
        let value = if masked { masker::tagged(&self.value) } else { self.value.clone() };
        format!("{}={value}", self.name())
    }
}

/// All claims of a process.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// How many there are, so that a request looks no further where there are none.
    n_held: AtomicUsize,
    holders: RwLock<BTreeMap<Key, String>>,
}

impl Claims {
    /// Takes all of them for a world, or none.
    ///
    /// # Errors
    /// Where another world holds one of them.
    pub(crate) fn take(&self, world: &str, claims: &[Claim]) -> Result<(), ClaimError> {
        if claims.is_empty() {
            return Ok(());
        }
        let mut holders = lock::write(&self.holders);
        for (idx, claim) in claims.iter().enumerate() {
            if let Some(holder) = holders.get(&claim.key()) {
                let (name, holder) = (claim.name(), holder.clone());
                return Err(ClaimError::Held { idx, name, holder });
            }
        }
        holders.extend(claims.iter().map(|claim| (claim.key(), world.to_owned())));
        self.n_held.store(holders.len(), Ordering::Release);
        Ok(())
    }

    /// Frees what a world holds.
    pub(crate) fn free(&self, claims: &[Claim]) {
        if claims.is_empty() {
            return;
        }
        let mut holders = lock::write(&self.holders);
        for claim in claims {
            holders.remove(&claim.key());
        }
        self.n_held.store(holders.len(), Ordering::Release);
    }

    /// The name of the world that holds a credential of a request. Needs no world, and nothing but
    /// one comparison where there are no claims.
    pub(crate) fn holder(
        &self,
        vendor: &'static Vendor,
        request: &Request,
        routed: &Routed,
    ) -> Option<String> {
        if self.n_held.load(Ordering::Acquire) == 0 {
            return None;
        }
        let sent = (vendor.credentials)(request, routed);
        let surface = vendor.surface;
        let holders = lock::read(&self.holders);
        // The vendor's table says which counts where a request carries several.
        surface.credentials.iter().find_map(|credential| {
            let mut values = sent.iter().filter(|(name, _)| *name == credential.name);
            values.find_map(|(name, value)| {
                holders.get(&(surface.vendor, *name, value.clone())).cloned()
            })
        })
    }
}
