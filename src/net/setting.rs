//! What the exchanges of one conversation share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use hyper::upgrade::OnUpgrade;
use tokio::net::TcpStream;

use crate::net::lobby::Lobby;
use crate::web::via::Via;

/// What the exchanges of a conversation share.
pub(crate) struct Setting {
    pub(crate) peer: SocketAddr,
    /// Where the listener listens.
    pub(crate) own: SocketAddr,
    pub(crate) lobby: Arc<Lobby>,
    /// What the client asked for to come here, inside a tunnel.
    pub(crate) inside: Option<Arc<Via>>,
    /// The tunnel that an exchange has begun.
    pub(crate) tunnel: Mutex<Option<Tunnel>>,
}

/// A tunnel that begins when its reply is sent.
pub(crate) struct Tunnel {
    pub(crate) via: Arc<Via>,
    pub(crate) upgrade: OnUpgrade,
    /// The host that it leads to; `None` where that is answered here.
    pub(crate) to: Option<TcpStream>,
}
