//! Which requests go on to the vendor's own system: those that read, and of the others those that a person
//! lets through.
//!
//! What a request does is known from the vendor's table of operations. One that is none of them may do
//! anything, whatever its method: some vendors dial and delete by GET.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use http::Method;

use crate::base::lock::lock;
use crate::contract::operation::{Access, Operation};
use crate::contract::vendor::{Vendor, only_read};

/// What a person says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Yes,
    /// To all of its kind from now on.
    Always,
    No,
}

/// Asks a person; blocks until they answer.
pub(crate) type Ask = dyn Fn(&str) -> Said + Send + Sync;

/// What requests are alike: a vendor's operation, or what is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) vendor: &'static str,
    pub(crate) name: String,
}

/// What goes on.
pub(crate) struct Gate {
    /// Whether everything does.
    is_open: bool,
    /// The person before the program; `None` where nobody is.
    ask: Option<Arc<Ask>>,
    /// Kinds of requests that always do.
    allowed: Mutex<BTreeSet<Kind>>,
    /// One question at a time.
    turn: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Gate").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}

impl Gate {
    /// For requests to vendors, of which these operations always go on.
    pub(crate) fn new(
        is_open: bool,
        allowed: impl IntoIterator<Item = Kind>,
        ask: Option<Arc<Ask>>,
    ) -> Self {
        let allowed = Mutex::new(allowed.into_iter().collect());
        Gate { is_open, ask, allowed, turn: tokio::sync::Mutex::default() }
    }

    /// Whether a request goes on to a vendor, which is one of these operations, or none.
    ///
    /// # Errors
    /// Why it does not, in words for whoever sent it.
    pub(crate) async fn pass(
        &self,
        vendor: &'static Vendor,
        method: &Method,
        path: &str,
        operations: &[&'static Operation],
    ) -> Result<(), String> {
        if self.is_open || only_read(operations) {
            return Ok(());
        }
        let vendor = vendor.surface.vendor;
        for operation in operations.iter().filter(|it| it.access == Access::Writes) {
            let name = operation.name;
            self.asked(Question {
                kind: Kind { vendor, name: name.to_owned() },
                what: format!("{method} is {vendor}'s {name}, which may change something there"),
                flag: format!(", --allow-operation {name} lets this one"),
            })
            .await?;
        }
        if operations.is_empty() {
            self.asked(Question {
                kind: Kind { vendor, name: format!("{method} {path}") },
                what: format!("{method} {path} is no operation of {vendor}'s that is known here"),
                flag: String::new(),
            })
            .await?;
        }
        Ok(())
    }

    /// Whether a person lets it through.
    async fn asked(&self, question: Question) -> Result<(), String> {
        let Question { kind, what, flag } = question;
        let refused = || {
            format!("{what}; it was not let through to the vendor. --writes lets all through{flag}")
        };
        let is_allowed = || lock(&self.allowed).contains(&kind);
        if is_allowed() {
            return Ok(());
        }
        let Some(ask) = &self.ask else { return Err(refused()) };
        let _turn = self.turn.lock().await;
        // The question before this one may have been answered for all of the kind.
        if is_allowed() {
            return Ok(());
        }
        let (ask, question) = (Arc::clone(ask), what.clone());
        let said = tokio::task::spawn_blocking(move || ask(&question)).await;
        match said.unwrap_or(Said::No) {
            Said::Yes => Ok(()),
            Said::Always => {
                lock(&self.allowed).insert(kind);
                Ok(())
            }
            Said::No => Err(refused()),
        }
    }
}

/// What a person is asked.
struct Question {
    /// What an answer for all of the kind is for.
    kind: Kind,
    what: String,
    /// What else lets it through.
    flag: String,
}
