//! What a world has of its process, beside its state: the credentials that it claims, how long it
//! lives unused, and a listener of its own. Reset and rollback leave it alone, and a fork has none of
//! it. Claims and listener are gone with the process; how long a world lives stands in its file, where
//! it has one.
//!
//! Not here: sockets. Whoever can listen hands in [`Bound`] listeners and opens them for a world.

use crate::base::limits::OWN_LISTENERS_MAX;
use crate::base::time::Span;
use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::sim::loading::recipe::Recipe;
use crate::sim::world::World;
use crate::sim::worlds::claims::Claim;
use crate::statements;

statements! {
    DELETE_OWN = "DELETE FROM ringback_own";
    INSERT_TTL = "INSERT INTO ringback_own (ttl_ms) VALUES (:ttl_ms)";
    SELECT_TTL = "SELECT ttl_ms FROM ringback_own";
    DELETE_MADE_OF = "DELETE FROM ringback_made_of";
    INSERT_MADE_OF = "INSERT INTO ringback_made_of (part, text) VALUES (:part, :text)";
    LIST_MADE_OF = "SELECT part, text FROM ringback_made_of ORDER BY part";
}

/// What a world is given when it is made.
#[derive(Debug, Default)]
pub struct Extras {
    pub claims: Vec<Claim>,
    /// How long it lives after its last use; for ever where `None`.
    pub ttl: Option<Span>,
    pub listener: Option<Box<dyn Bound>>,
    /// What it was made of; `None` for a copy of another world.
    pub(crate) made_of: Option<Recipe>,
}

/// What a world is to have beside its state, to be held against what one has.
#[derive(Debug)]
pub(crate) struct ExtrasWanted<'w> {
    pub(crate) claims: &'w [Claim],
    pub(crate) ttl: Option<Span>,
    pub(crate) listen: Option<SocketAddr>,
}

/// Keeps in a world's file how long it lives and what it was made of. A copy of another world's file
/// says what that one has.
pub(crate) fn keep(file: &Connection, own: &Extras) -> rusqlite::Result<()> {
    file.prepare_cached(DELETE_OWN)?.execute([])?;
    if let Some(ttl) = own.ttl {
        file.prepare_cached(INSERT_TTL)?.execute(named_params! { ":ttl_ms": ttl })?;
    }
    file.prepare_cached(DELETE_MADE_OF)?.execute([])?;
    let mut insert = file.prepare_cached(INSERT_MADE_OF)?;
    for (part, text) in own.made_of.iter().flat_map(Recipe::parts) {
        insert.execute(named_params! { ":part": part, ":text": text })?;
    }
    Ok(())
}

/// What was kept of it when the process before this one ended.
pub(crate) fn kept(file: &Connection) -> rusqlite::Result<Extras> {
    let ttl_ms: Option<i64> =
        file.prepare_cached(SELECT_TTL)?.query_row([], |row| row.get(0)).optional()?;
    let mut parts = file.prepare_cached(LIST_MADE_OF)?;
    let parts = parts.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let made_of: Recipe = parts.collect::<rusqlite::Result<_>>()?;
    let made_of = Some(made_of).filter(|made_of| !made_of.is_empty());
    Ok(Extras { ttl: ttl_ms.map(Span::clamped_from_millis), made_of, ..Extras::default() })
}

/// Opens listeners.
pub(crate) trait Doors: Debug + Send + Sync {
    /// Takes an address; port 0 takes any that is free.
    ///
    /// # Errors
    /// Where the address cannot be had.
    fn bind(&self, address: SocketAddr) -> Result<Box<dyn Bound>, BindError>;
}

/// Why a listener was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BindError {
    #[error("there are {OWN_LISTENERS_MAX} listeners of worlds already; delete such a world first")]
    TooMany,
    #[error("{0} is in use; choose another port (0 takes any that is free)")]
    InUse(SocketAddr),
    #[error("cannot listen on {address}: {source}")]
    Unusable { address: SocketAddr, source: io::Error },
}

/// An address that is taken, and where nobody answers yet. Dropping it gives the address back.
pub trait Bound: Debug + Send {
    fn address(&self) -> SocketAddr;

    /// Answers there for a world from now on.
    fn open(self: Box<Self>, world: Arc<World>) -> Box<dyn Listening>;
}

/// A listener that answers for a world.
pub trait Listening: Debug + Send + Sync {
    fn address(&self) -> SocketAddr;

    /// Stops listening. Ready when the address is free again; requests in flight go on to their end.
    fn close(self: Box<Self>) -> Closing;
}

/// Ready when a listener is closed.
pub(crate) type Closing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a world has beside its state, while it lives.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) world: Arc<World>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) ttl: Option<Span>,
    pub(crate) listening: Option<Box<dyn Listening>>,
    pub(crate) made_of: Option<Recipe>,
}

impl Slot {
    pub(crate) fn new(world: Arc<World>, own: Extras) -> Self {
        let Extras { claims, ttl, listener, made_of } = own;
        let listening = listener.map(|bound| bound.open(Arc::clone(&world)));
        Slot { world, claims, ttl, listening, made_of }
    }

    /// Where it differs from what is wanted. Port 0 stands for any port.
    pub(crate) fn differs(&self, wanted: &ExtrasWanted<'_>) -> Vec<&'static str> {
        let is_there = |address: SocketAddr| {
            let listening = self.listening.as_ref().map(|listening| listening.address());
            listening.is_some_and(|there| match address.port() {
                0 => there.ip() == address.ip(),
                _ => there == address,
            })
        };
        let listens = match wanted.listen {
            None => self.listening.is_none(),
            Some(address) => is_there(address),
        };
        let claims = self.claims.len() == wanted.claims.len()
            && wanted.claims.iter().all(|claim| self.claims.contains(claim));
        let same = [("claims", claims), ("listen", listens), ("ttl", self.ttl == wanted.ttl)];
        same.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
    }

    pub(crate) fn facts(&self, show_secrets: bool) -> ExtrasFacts {
        ExtrasFacts {
            claims: self.claims.iter().map(|claim| claim.show(show_secrets)).collect(),
            ttl: self.ttl,
            listen: self.listening.as_ref().map(|listening| listening.address()),
        }
    }
}

/// What a listing tells of it.
#[derive(Clone, Debug, Default)]
pub struct ExtrasFacts {
    pub claims: Vec<String>,
    pub ttl: Option<Span>,
    pub listen: Option<SocketAddr>,
}
