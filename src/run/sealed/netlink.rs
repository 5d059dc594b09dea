//! Messages to the kernel's network: the loopback device is up, has a second address, and every
//! address there is leads to it.
//!
//! The last one is what makes connections to addresses written in a client's code visible: they come
//! here, with the address that they were meant for.

use std::io;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

use crate::run::sealed::plan::VENDORS;

const NEW_LINK: u16 = 16;
const NEW_ADDRESS: u16 = 20;
const NEW_ROUTE: u16 = 24;
/// A request that is to be acknowledged.
const REQUEST: u16 = 0x5;
/// It makes something that is not there yet.
const CREATE: u16 = 0x600;
/// What an acknowledgement is: an error, whose number is 0.
const ACKNOWLEDGED: u16 = 2;
const HEADER_BYTES: usize = 16;

/// The loopback device's number in every network.
const LOOPBACK: i32 = 1;
const UP: u32 = 1;
const INET: u8 = 2;
const INET6: u8 = 10;
/// Within this host.
const SCOPE_HOST: u8 = 254;
const TABLE_LOCAL: u8 = 255;
const BY_BOOT: u8 = 3;
const KIND_LOCAL: u8 = 2;
const ATTRIBUTE_ADDRESS: u16 = 1;
const ATTRIBUTE_LOCAL: u16 = 2;
const ATTRIBUTE_DEVICE: u16 = 4;

/// A way to the kernel's network.
pub(super) struct Network(OwnedFd);

impl Network {
    pub(super) fn open() -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        // Routes are what such a socket speaks of where it is not told otherwise.
        Ok(Network(socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?))
    }

    /// The loopback device is up.
    pub(super) fn up(&self) -> io::Result<()> {
        let mut body = vec![0, 0, 0, 0];
        body.extend(LOOPBACK.to_ne_bytes());
        body.extend(UP.to_ne_bytes());
        body.extend(UP.to_ne_bytes());
        self.ask(NEW_LINK, REQUEST, &body)
    }

    /// The loopback device has the vendors' address beside its own. Another scope is refused for such
    /// an address.
    pub(super) fn second_address(&self) -> io::Result<()> {
        let mut body = vec![INET, 32, 0, SCOPE_HOST];
        body.extend(LOOPBACK.to_ne_bytes());
        attribute(&mut body, ATTRIBUTE_LOCAL, &VENDORS.octets());
        attribute(&mut body, ATTRIBUTE_ADDRESS, &VENDORS.octets());
        self.ask(NEW_ADDRESS, REQUEST | CREATE, &body)
    }

    /// Every address is this machine's.
    pub(super) fn all_is_here(&self, is_v6: bool) -> io::Result<()> {
        let family = if is_v6 { INET6 } else { INET };
        let mut body = vec![family, 0, 0, 0, TABLE_LOCAL, BY_BOOT, SCOPE_HOST, KIND_LOCAL];
        body.extend([0; 4]);
        attribute(&mut body, ATTRIBUTE_DEVICE, &LOOPBACK.to_ne_bytes());
        self.ask(NEW_ROUTE, REQUEST | CREATE, &body)
    }

    fn ask(&self, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(HEADER_BYTES + body.len()).map_err(io::Error::other)?;
        let mut message = length.to_ne_bytes().to_vec();
        message.extend(kind.to_ne_bytes());
        message.extend(flags.to_ne_bytes());
        message.extend([0; 8]);
        message.extend(body);
        send(&self.0, &message, SendFlags::empty())?;
        let mut reply = [0; 1024];
        let (n_bytes, _) = recv(&self.0, &mut reply, RecvFlags::empty())?;
        acknowledged(&reply[..n_bytes])
    }
}

fn attribute(body: &mut Vec<u8>, kind: u16, value: &[u8]) {
    // The values here are of four bytes, so that none needs filling up.
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    body.extend(length.to_ne_bytes());
    body.extend(kind.to_ne_bytes());
    body.extend(value);
}

fn acknowledged(reply: &[u8]) -> io::Result<()> {
    let kind = reply.get(4..6).and_then(|it| it.try_into().ok()).map(u16::from_ne_bytes);
    let error = reply.get(HEADER_BYTES..HEADER_BYTES + 4).and_then(|it| it.try_into().ok());
    match (kind, error.map(i32::from_ne_bytes)) {
        (Some(ACKNOWLEDGED), Some(0)) => Ok(()),
        (Some(ACKNOWLEDGED), Some(error)) => {
            Err(Errno::from_raw_os_error(error.saturating_neg()).into())
        }
        _ => Err(io::Error::other("the kernel's answer is none to the question")),
    }
}
