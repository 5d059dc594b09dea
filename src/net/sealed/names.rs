//! Who answers questions for names inside: the vendors' hosts are at one address, and all others are
//! not there.
//!
//! A question is answered from the address that it was sent to, so that a client which asks a resolver
//! of its own choice is answered as well.

use std::collections::BTreeMap;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsRawFd;
use std::sync::Arc;

use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, sendmsg, setsockopt,
    sockopt,
};
use tokio::io::Interest;
use tokio::sync::watch;

use crate::net::sealed::question::{Known, Question};
use crate::net::sealed::seen::Seen;
use crate::sim::worlds::hosts::Hosts;

/// Longest question that is read; those of more than 512 bytes are told of beforehand.
const QUESTION_BYTES_MAX: usize = 4096;

/// Who answers.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) hosts: Arc<Hosts>,
    /// Where the vendors' hosts are.
    pub(crate) vendors: Ipv4Addr,
    /// Other names that are there.
    pub(crate) others: BTreeMap<String, Ipv4Addr>,
    pub(crate) seen: Arc<Seen>,
}

impl Names {
    /// Answers until it is told to stop.
    ///
    /// # Errors
    /// Where the socket cannot be used.
    pub(crate) fn serve(
        self,
        socket: UdpSocket,
        mut stop: watch::Receiver<bool>,
    ) -> io::Result<impl Future<Output = ()> + use<>> {
        setsockopt(&socket, sockopt::Ipv4PacketInfo, &true)?;
        socket.set_nonblocking(true)?;
        let socket = tokio::net::UdpSocket::from_std(socket)?;
        Ok(async move {
            loop {
                tokio::select! {
                    answered = socket.async_io(Interest::READABLE, || self.answer_one(&socket)) => {
                        if let Err(error) = answered {
                            tracing::debug!(%error, "a question for a name is lost");
                        }
                    }
                    _ = stop.wait_for(|stop| *stop) => return,
                }
            }
        })
    }

    fn answer_one(&self, socket: &tokio::net::UdpSocket) -> io::Result<()> {
        let mut bytes = [0; QUESTION_BYTES_MAX];
        let mut space = nix::cmsg_space!(nix::libc::in_pktinfo);
        let mut into = [IoSliceMut::new(&mut bytes)];
        let (fd, flags) = (socket.as_raw_fd(), MsgFlags::empty());
        let came = recvmsg::<SockaddrIn>(fd, &mut into, Some(&mut space), flags)?;
        let to = came.cmsgs()?.find_map(|message| match message {
            ControlMessageOwned::Ipv4PacketInfo(to) => Some(to),
            _ => None,
        });
        let (n_bytes, from) = (came.bytes, came.address);
        let reply = self.reply(&bytes[..n_bytes]);
        if reply.is_empty() {
            return Ok(());
        }
        let from_there: Vec<ControlMessage<'_>> =
            to.iter().map(ControlMessage::Ipv4PacketInfo).collect();
        // Whoever asked may be gone, or slow: they ask again.
        let _ = sendmsg(fd, &[IoSlice::new(&reply)], &from_there, flags, from.as_ref());
        Ok(())
    }

    fn reply(&self, message: &[u8]) -> Vec<u8> {
        let question = match Question::read(message) {
            Ok(question) => question,
            Err(reply) => return reply,
        };
        let known = self.known(&question.name);
        if known == Known::Nobody && !question.is_reverse() {
            self.seen.name(&question.name);
        }
        question.answer(known)
    }

    fn known(&self, name: &str) -> Known {
        if let Some(address) = self.others.get(name) {
            return Known::At(*address);
        }
        if self.hosts.vendor(name).is_some() {
            return Known::At(self.vendors);
        }
        if name == "localhost" || name.ends_with(".localhost") {
            return Known::At(Ipv4Addr::LOCALHOST);
        }
        Known::Nobody
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::vendor::Vendors;
    use crate::vendors;

    #[test]
    fn vendors_names_are_told_with_those_below_and_others_are_noted() {
        let names = Names {
            hosts: Arc::new(Hosts::of(Vendors(vendors::ALL))),
            vendors: Ipv4Addr::new(127, 0, 0, 2),
            others: BTreeMap::from([("db".to_owned(), Ipv4Addr::new(127, 0, 1, 0))]),
            seen: Arc::default(),
        };
        for (name, expected) in [
            ("api.infocu5.com", Some("127.0.0.2")),
            ("acme.maxcontact.com", Some("127.0.0.2")),
            ("w.localhost", Some("127.0.0.1")),
            ("db", Some("127.0.1.0")),
            ("maxcontact.com", None),
            ("example.com", None),
            ("", None),
        ] {
            let expected = expected.map_or(Known::Nobody, |it| Known::At(it.parse().unwrap()));
            assert_eq!(names.known(name), expected, "{name}");
        }
        let asked = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01";
        assert_eq!(names.reply(asked)[3] & 0x0f, 3);
        assert_eq!(names.seen.names().into_iter().collect::<Vec<_>>(), [("example.com".into(), 1)]);
    }
}
