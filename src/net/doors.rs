//! Listeners that worlds have of their own: bound and opened while the program runs, closed with
//! their world.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::base::limits::OWN_LISTENERS_MAX;
use crate::net::front::Front;
use crate::net::lobby::Lobby;
use crate::net::server::accept_until;
use crate::sim::world::World;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::extras::{BindError, Bound, Closing, Doors, Listening};
use crate::web::via::Reach;

/// What opens listeners for worlds.
pub(crate) struct OwnListeners {
    worlds: Arc<Worlds>,
    explain_header: bool,
    lobby: Arc<Lobby>,
    /// How many are bound or open.
    n_taken: Arc<AtomicUsize>,
    /// Those that are open, and those whose last requests are in flight.
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl fmt::Debug for OwnListeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnListeners").field("n_taken", &self.n_taken).finish_non_exhaustive()
    }
}

impl OwnListeners {
    pub(crate) fn new(worlds: Arc<Worlds>, explain_header: bool, lobby: Arc<Lobby>) -> Self {
        let (n_taken, tasks) = Default::default();
        OwnListeners { worlds, explain_header, lobby, n_taken, tasks }
    }

    /// Closes all of them, and lets requests in flight finish.
    pub(crate) async fn close(&self) {
        for closing in self.worlds.close_listeners() {
            closing.await;
        }
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }
}

impl Doors for OwnListeners {
    fn bind(&self, address: SocketAddr) -> Result<Box<dyn Bound>, BindError> {
        let place = Place::take(&self.n_taken).ok_or(BindError::TooMany)?;
        let bind = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = bind().map_err(|source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse(address),
            _ => BindError::Unusable { address, source },
        })?;
        let front = Front::new(Arc::clone(&self.worlds), self.explain_header);
        let reach = self.lobby.pass.as_ref().map_or(Reach::Nobody, |pass| pass.reach);
        let front = Front { reach, ..front };
        let tasks = Arc::clone(&self.tasks);
        let lobby = Arc::clone(&self.lobby);
        Ok(Box::new(Ready { listener, address, place, front, lobby, tasks }))
    }
}

/// One of the places for listeners; given back when it is dropped.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(n_taken: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Place(Arc::clone(n_taken));
        (n_taken.fetch_add(1, Ordering::AcqRel) < OWN_LISTENERS_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A listener that is bound and that nobody answers at.
struct Ready {
    listener: TcpListener,
    address: SocketAddr,
    place: Place,
    front: Front,
    lobby: Arc<Lobby>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Bound for Ready {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn open(self: Box<Self>, world: Arc<World>) -> Box<dyn Listening> {
        let Ready { listener, address, place, front, lobby, tasks } = *self;
        let front = Arc::new(Front { world: Some(world), ..front });
        let (stop, stopped) = watch::channel(false);
        let (tell_closed, closed) = oneshot::channel();
        let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended would pile up otherwise.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let in_flight = accept_until(listener, front, lobby, stopped).await;
            drop(place);
            // Nobody has to wait for it.
            let _ = tell_closed.send(());
            in_flight.drain().await;
        });
        Box::new(Open { address, stop, closed })
    }
}

/// A listener that is served.
#[derive(Debug)]
struct Open {
    address: SocketAddr,
    /// Where it is dropped, the listener closes as well.
    stop: watch::Sender<bool>,
    closed: oneshot::Receiver<()>,
}

impl Listening for Open {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn close(self: Box<Self>) -> Closing {
        let Open { stop, closed, .. } = *self;
        // A task that has ended needs no word.
        let _ = stop.send(true);
        Box::pin(async move {
            let _ = closed.await;
            drop(stop);
        })
    }
}
