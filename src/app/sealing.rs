//! Serves the sockets of a client that is sealed off as any others.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, TcpListener as Bound, UdpSocket};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::app::Program;
use crate::app::serving::named;
use crate::net::front::Front;
use crate::net::sealed::allowed::let_through;
use crate::net::sealed::names::Names;
use crate::net::sealed::seen::Seen;
use crate::net::server::{serve, serve_sealed};
use crate::run::sealed::plan::{Allowed, Made, Purpose, VENDORS};
use crate::web::host_pattern::Host;

impl Program {
    /// Serves sockets that were made inside; within a runtime.
    ///
    /// # Errors
    /// Where the system does not take one.
    pub(crate) fn serve_inside(&mut self, made: Vec<Made>, allowed: &[Allowed]) -> io::Result<()> {
        let seen = Arc::new(Seen::default());
        for Made { purpose, socket } in made {
            let stop = self.stop.subscribe();
            let front = || Arc::new(self.front());
            let lobby = Arc::clone(&self.lobby);
            match purpose {
                Purpose::Vendors => {
                    let listener = listener(socket.into())?;
                    let serving = serve_sealed(listener, front(), lobby, Arc::clone(&seen), stop);
                    self.serving.spawn(named("a listener of the vendors inside", serving));
                }
                Purpose::Listener => {
                    let serving = serve(listener(socket.into())?, front(), lobby, stop);
                    self.serving.spawn(named("a listener of the vendors inside", serving));
                }
                Purpose::Admin => {
                    let desk = Arc::clone(&self.desk);
                    let serving = serve(listener(socket.into())?, desk, lobby, stop);
                    self.serving.spawn(named("the listener of the control plane inside", serving));
                }
                Purpose::Names => {
                    let names = Names {
                        hosts: Arc::clone(self.worlds.hosts()),
                        vendors: VENDORS,
                        others: others(allowed),
                        seen: Arc::clone(&seen),
                    };
                    let serving = names.serve(UdpSocket::from(socket), stop)?;
                    self.serving.spawn(named("who answers for names inside", serving));
                }
                Purpose::Allowed(place) => {
                    let Some(Allowed { host, port }) = allowed.get(place) else { continue };
                    let host = match host {
                        Host::Name(name) => name.clone(),
                        Host::Address(address) => address.to_string(),
                    };
                    let serving = let_through(listener(socket.into())?, host, *port, stop);
                    self.serving.spawn(named("a port that is let through", serving));
                }
            }
        }
        self.seen = Some(seen);
        Ok(())
    }

    /// The listener for all worlds and vendors.
    fn front(&self) -> Front {
        Front::new(Arc::clone(&self.worlds), self.config.explain_header)
    }
}

fn listener(bound: Bound) -> io::Result<TcpListener> {
    bound.set_nonblocking(true)?;
    TcpListener::from_std(bound)
}

/// The names of what is let through, and where each is inside.
fn others(allowed: &[Allowed]) -> BTreeMap<String, std::net::Ipv4Addr> {
    let one = |(place, it): (usize, &Allowed)| match (&it.host, it.inside(place).ip()) {
        (Host::Name(name), IpAddr::V4(ip)) => Some((name.clone(), ip)),
        _ => None,
    };
    allowed.iter().enumerate().filter_map(one).collect()
}
