//! The guard's part in sealing a client off: into namespaces of its own, then a network, files and
//! sockets there. It is one process with one thread until all of it is done: the system moves no other.

use std::fs;
use std::io::{self, BufRead, BufReader, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;

use nix::sched::{CloneFlags, unshare};
use rustix::mount::{MountPropagationFlags, mount_bind, mount_change};
use rustix::net::sockopt::{set_ipv6_v6only, set_socket_reuseaddr};
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
    bind, listen, sendmsg, socket_with,
};

use crate::run::sealed::files::{CACHES, IN_PLACE_OF};
use crate::run::sealed::netlink::Network;
use crate::run::sealed::plan::Plan;
use crate::run::sealed::refusal::{Refusal, Step};

/// The file with the plan, in the folder of the run.
pub(super) const PLAN: &str = "plan";

/// What is said when the namespaces are there, and when a go is given.
pub(super) const UNSHARED: &str = "unshared";
pub(super) const GO: &[u8] = b"g";

/// What a refusal begins with.
pub(super) const REFUSED: &str = "refused";

/// Connections that wait to be taken in, as the system's own default has it.
const BACKLOG: i32 = 4096;

/// Seals this process off, and whatever it starts from now on.
///
/// # Errors
/// Where that is not to be: whoever is outside knows why.
pub(in crate::run) fn seal(folder: &Path, socket: &UnixStream) -> io::Result<()> {
    if let Err(refusal) = sealed(folder, socket)? {
        let Refusal { step, what, errno } = refusal;
        writeln!(&*socket, "{REFUSED} {} {errno} {what}", step.name())?;
        return Err(io::Error::other("it cannot be sealed off"));
    }
    waited(socket)
}

fn sealed(folder: &Path, socket: &UnixStream) -> io::Result<Result<(), Refusal>> {
    let flags = CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWNET;
    if let Err(error) = unshare(flags) {
        return Ok(Err(Refusal::new(Step::Unshare, "", &error.into())));
    }
    writeln!(&*socket, "{UNSHARED}")?;
    waited(socket)?;
    let plan = fs::read_to_string(folder.join(PLAN))?;
    let plan = Plan::read(&plan).ok_or(io::ErrorKind::InvalidData)?;
    Ok(network().and_then(|()| mount(folder)).and_then(|()| {
        let sockets = sockets(&plan)?;
        hand(socket, &sockets).map_err(|error| Refusal::new(Step::Hand, "", &error))
    }))
}

/// Waits for a go.
fn waited(socket: &UnixStream) -> io::Result<()> {
    let mut word = [0];
    (&*socket).read_exact(&mut word)
}

fn network() -> Result<(), Refusal> {
    let refused = |what: &str, error: &io::Error| Refusal::new(Step::Network, what, error);
    let network = Network::open().map_err(|error| refused("a socket", &error))?;
    network.up().map_err(|error| refused("the loopback device", &error))?;
    network.second_address().map_err(|error| refused("the second address", &error))?;
    network.all_is_here(false).map_err(|error| refused("the route of all addresses", &error))?;
    // A machine without the newer protocol has no such addresses to lead here.
    let _ = network.all_is_here(true);
    Ok(())
}

fn mount(folder: &Path) -> Result<(), Refusal> {
    // What the host mounts later still arrives; what is mounted here does not leave.
    let slave = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    mount_change("/", slave).map_err(|error| Refusal::new(Step::Mount, "/", &error.into()))?;
    for (name, place) in IN_PLACE_OF {
        match mount_bind(folder.join(name), *place) {
            Err(error) if error != rustix::io::Errno::NOENT => {
                return Err(Refusal::new(Step::Mount, *place, &error.into()));
            }
            // A system without one asks whom it asks by default: a resolver on this machine.
            Ok(()) | Err(_) => {}
        }
    }
    for cache in CACHES {
        // None is there on most systems.
        let _ = mount_bind("/dev/null", *cache);
    }
    Ok(())
}

/// The sockets, each with its place in the plan.
fn sockets(plan: &[(bool, SocketAddr)]) -> Result<Vec<(usize, OwnedFd)>, Refusal> {
    let mut sockets = Vec::new();
    for (place, (is_udp, address)) in plan.iter().enumerate() {
        match made(*is_udp, *address) {
            Ok(socket) => sockets.push((place, socket)),
            // Without the newer protocol nobody asks there.
            Err(_) if address.is_ipv6() && address.ip().is_unspecified() => {}
            Err(error) => return Err(Refusal::new(Step::Bind, address.to_string(), &error)),
        }
    }
    Ok(sockets)
}

fn made(is_udp: bool, address: SocketAddr) -> io::Result<OwnedFd> {
    let family = if address.is_ipv6() { AddressFamily::INET6 } else { AddressFamily::INET };
    let kind = if is_udp { SocketType::DGRAM } else { SocketType::STREAM };
    let socket = socket_with(family, kind, SocketFlags::CLOEXEC, None)?;
    if address.is_ipv6() {
        // The older protocol's addresses have a socket of their own.
        set_ipv6_v6only(&socket, true)?;
    }
    set_socket_reuseaddr(&socket, true)?;
    bind(&socket, &address)?;
    if !is_udp {
        listen(&socket, BACKLOG)?;
    }
    Ok(socket)
}

/// Hands the sockets out, in one message, with their places in the plan.
fn hand(socket: &UnixStream, sockets: &[(usize, OwnedFd)]) -> io::Result<()> {
    let places: Vec<String> = sockets.iter().map(|(place, _)| place.to_string()).collect();
    let line = format!("{}\n", places.join(" "));
    let all: Vec<BorrowedFd<'_>> = sockets.iter().map(|(_, socket)| socket.as_fd()).collect();
    let message = SendAncillaryMessage::ScmRights(&all);
    let mut space = vec![MaybeUninit::uninit(); message.size()];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(message) {
        return Err(io::Error::other("too many sockets for one message"));
    }
    let n_sent =
        sendmsg(socket, &[IoSlice::new(line.as_bytes())], &mut control, SendFlags::empty())?;
    if n_sent == line.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

/// One line of what the other side says.
pub(super) fn line(socket: &UnixStream) -> io::Result<String> {
    let mut line = String::new();
    BufReader::with_capacity(1, socket).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
