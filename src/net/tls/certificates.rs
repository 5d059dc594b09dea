//! The certificates that a program shows to its clients: its user's, or one for each name that is
//! asked for, signed by an authority that is made when it is first needed.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;

use crate::base::clock::system_now;
use crate::base::limits::LEAVES_MAX;
use crate::base::lock::lock;
use crate::base::time::Wall;
use crate::net::tls::authority::{Authority, LEAF_AGE_MAX, Scope};
use crate::net::tls::error::TlsError;
use crate::net::tls::provider::Provider;
use crate::net::tls::{folder, user};
use crate::web::certificate::{self, Certificate};
use crate::web::host_pattern::{Host, HostPattern};

/// Where certificates come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// An authority in memory, or in a folder.
    Authority { scope: Scope, folder: Option<PathBuf> },
    /// Files of the user's.
    User { certificate: PathBuf, key: PathBuf },
}

/// The certificates that a program shows.
#[derive(Debug)]
pub(crate) struct Certificates {
    provider: Provider,
    source: Source,
    user: Option<Arc<ServerConfig>>,
    authority: Mutex<Option<Arc<Authority>>>,
    leaves: Mutex<Leaves>,
}

/// Configurations by the host that they are for.
#[derive(Debug, Default)]
struct Leaves {
    by_host: BTreeMap<Host, Leaf>,
    /// The hosts as they came, oldest first.
    in_order: VecDeque<Host>,
}

#[derive(Clone, Debug)]
struct Leaf {
    config: Arc<ServerConfig>,
    /// When it is to be made anew.
    good_until: Wall,
}

impl Certificates {
    /// Reads what its user brings. An authority is made, or taken up, when it is needed.
    ///
    /// # Errors
    /// Where the user's files cannot serve.
    pub(crate) fn new(source: Source) -> Result<Self, TlsError> {
        let provider = Provider::new();
        let user = match &source {
            Source::User { certificate, key } => {
                Some(provider.config(user::read(certificate, key, &provider)?)?)
            }
            Source::Authority { .. } => None,
        };
        let (authority, leaves) = Default::default();
        Ok(Certificates { provider, source, user, authority, leaves })
    }

    /// With an authority in memory, for these hosts beside this machine's own.
    pub(crate) fn in_memory(hosts: Vec<HostPattern>) -> Self {
        let (authority, leaves) = Default::default();
        let source = Source::Authority { scope: Scope::Only(hosts), folder: None };
        Certificates { provider: Provider::new(), source, user: None, authority, leaves }
    }

    /// How a connection is served whose client asked for this host.
    ///
    /// # Errors
    /// Where no certificate can be made.
    pub(crate) fn config(&self, host: &Host) -> Result<Arc<ServerConfig>, TlsError> {
        if let Some(config) = &self.user {
            return Ok(Arc::clone(config));
        }
        let now = system_now();
        if let Some(leaf) = lock(&self.leaves).by_host.get(host).filter(|it| it.good_until > now) {
            return Ok(Arc::clone(&leaf.config));
        }
        let Some(authority) = self.authority()? else {
            return Err(TlsError::Make("there is no authority".to_owned()));
        };
        let config = self.provider.config(authority.leaf(host, &self.provider)?)?;
        let good_until = now.saturating_add(LEAF_AGE_MAX);
        lock(&self.leaves).put(host.clone(), Leaf { config: Arc::clone(&config), good_until });
        Ok(config)
    }

    /// Whether a client that trusts the authority takes a certificate of its for a host.
    pub(crate) fn may_sign(&self, host: &Host) -> bool {
        let Source::Authority { scope: Scope::Only(hosts), .. } = &self.source else { return true };
        let is_local = match host {
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Address(address) => address.is_loopback(),
        };
        let is_below = |pattern: &HostPattern| match (pattern, host) {
            (HostPattern::One(Host::Name(end)) | HostPattern::Below(end), Host::Name(name)) => {
                name.strip_suffix(end.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('.'))
            }
            (pattern, host) => pattern.matches(&host.to_string()),
        };
        is_local || hosts.iter().any(is_below)
    }

    /// The authority; `None` where the user's certificate is shown.
    fn authority(&self) -> Result<Option<Arc<Authority>>, TlsError> {
        let Source::Authority { scope, folder } = &self.source else { return Ok(None) };
        let mut made = lock(&self.authority);
        if let Some(authority) = &*made {
            return Ok(Some(Arc::clone(authority)));
        }
        let authority = match folder {
            None => Authority::make(scope, &self.provider)?,
            Some(path) => {
                let (authority, told) = folder::open(path, scope, &self.provider)?;
                if let Some(told) = told {
                    tracing::warn!("{told}");
                }
                authority
            }
        };
        let authority = Arc::new(authority);
        *made = Some(Arc::clone(&authority));
        Ok(Some(authority))
    }

    /// The authority's certificate; `None` where the user's is shown.
    ///
    /// # Errors
    /// Where none can be made, or what is kept cannot be taken up.
    pub(crate) fn trusted(&self) -> Result<Option<Certificate>, TlsError> {
        Ok(self.authority()?.map(|authority| authority.certificate.clone()))
    }

    /// The file that clients are to trust, which is made if need be; `None` where the authority is in
    /// memory, or the user's certificate is shown.
    ///
    /// # Errors
    /// Where none can be made, or what is kept cannot be taken up.
    pub(crate) fn file(&self) -> Result<Option<PathBuf>, TlsError> {
        let Source::Authority { folder: Some(folder), .. } = &self.source else { return Ok(None) };
        self.authority()?;
        Ok(Some(folder.join(folder::PUBLIC)))
    }
}

impl certificate::Authority for Certificates {
    fn certificate(&self) -> Result<Option<Certificate>, String> {
        self.trusted().map_err(|error| error.to_string())
    }

    fn signs_for(&self, host: &HostPattern) -> bool {
        match host {
            HostPattern::One(host) => self.may_sign(host),
            HostPattern::Below(end) => self.may_sign(&Host::Name(format!("any.{end}"))),
        }
    }
}

impl Leaves {
    /// Keeps one; the oldest goes where there is no room.
    fn put(&mut self, host: Host, leaf: Leaf) {
        if self.by_host.insert(host.clone(), leaf).is_none() {
            self.in_order.push_back(host);
        }
        while self.by_host.len() > LEAVES_MAX {
            let Some(oldest) = self.in_order.pop_front() else { return };
            self.by_host.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificates() -> Certificates {
        let hosts = ["*.a.test", "b.test", "192.0.2.7"].map(|host| host.parse().unwrap());
        Certificates::in_memory(hosts.to_vec())
    }

    #[test]
    fn a_certificate_is_made_once_for_a_host_and_the_oldest_goes() {
        let certificates = certificates();
        let host = |idx: usize| Host::Name(format!("h{idx}.a.test"));
        let first = certificates.config(&host(0)).unwrap();
        assert!(Arc::ptr_eq(&first, &certificates.config(&host(0)).unwrap()));
        for idx in 1..=LEAVES_MAX {
            certificates.config(&host(idx)).unwrap();
        }
        assert_eq!(lock(&certificates.leaves).by_host.len(), LEAVES_MAX);
        assert!(!Arc::ptr_eq(&first, &certificates.config(&host(0)).unwrap()));
    }

    #[test]
    fn what_lies_outside_is_known() {
        let certificates = certificates();
        for (host, expected) in [
            ("x.a.test", true),
            ("b.test", true),
            ("localhost", true),
            ("w.localhost", true),
            ("127.0.0.9", true),
            ("::1", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("c.test", false),
            ("ab.test", false),
        ] {
            assert_eq!(certificates.may_sign(&host.parse().unwrap()), expected, "{host}");
        }
    }
}
