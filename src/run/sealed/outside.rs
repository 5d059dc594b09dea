//! Our part in sealing a client off: who is who in its namespace, which only somebody outside may
//! write, and taking its sockets over.

use std::fs;
use std::io::{self, IoSliceMut, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::process::{Pid, getgid, getuid};

use crate::run::sealed::inside::{GO, REFUSED, UNSHARED, line};
use crate::run::sealed::plan::{Made, Plan};
use crate::run::sealed::refusal::{Refusal, Step};

/// Descriptors that one message takes, by the kernel's own limit.
const DESCRIPTORS_MAX: usize = 253;

/// Bytes of the line that comes with them: their places, of up to four bytes each.
const LINE_BYTES: usize = 4 * DESCRIPTORS_MAX;

/// The capabilities to be several users and groups, as bits.
const SET_IDS: u64 = (1 << 6) | (1 << 7);

/// Seals a guard off that waits for it; the sockets that it has made. It waits for a go after that.
///
/// # Errors
/// Where the system refuses; or the guard is gone.
pub(in crate::run) fn seal(
    guard: Pid,
    socket: &UnixStream,
    plan: &Plan,
) -> io::Result<Result<Vec<Made>, Refusal>> {
    let word = line(socket)?;
    if word != UNSHARED {
        return refused(&word).map(Err);
    }
    if let Err((what, error)) = map(guard) {
        return Ok(Err(Refusal::new(Step::Map, what, &error)));
    }
    go(socket)?;
    taken(socket, plan)
}

/// Lets the guard go on.
pub(in crate::run) fn go(mut socket: &UnixStream) -> io::Result<()> {
    socket.write_all(GO)
}

/// Reads a refusal of the guard's.
fn refused(word: &str) -> io::Result<Refusal> {
    let read = || {
        let rest = word.strip_prefix(REFUSED)?.trim_start();
        let (step, rest) = rest.split_once(' ')?;
        let (errno, what) = rest.split_once(' ').unwrap_or((rest, ""));
        let (step, errno) = (step.parse().ok()?, errno.parse().ok()?);
        Some(Refusal { step, what: what.to_owned(), errno })
    };
    read().ok_or_else(|| io::Error::other(format!("the guard ended early: {word:?}")))
}

/// Says who is who inside: whoever may be several stays all of them, anybody else is only themselves.
fn map(guard: Pid) -> Result<(), (&'static str, io::Error)> {
    let folder = format!("/proc/{}", guard.as_raw_nonzero());
    let write = |name: &'static str, text: &str| {
        fs::write(Path::new(&folder).join(name), text).map_err(|error| (name, error))
    };
    if may_be_several() {
        let all = |name: &'static str| {
            let own = fs::read_to_string(Path::new("/proc/self").join(name));
            own.map(|own| same(&own)).map_err(|error| (name, error))
        };
        // Each in one write, as the system wants it.
        write("gid_map", &all("gid_map")?)?;
        return write("uid_map", &all("uid_map")?);
    }
    let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
    write("setgroups", "deny")?;
    write("gid_map", &format!("{gid} {gid} 1\n"))?;
    write("uid_map", &format!("{uid} {uid} 1\n"))
}

fn may_be_several() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    effective.is_some_and(|bits| bits & SET_IDS == SET_IDS)
}

/// The map of everybody to themselves, of our own.
fn same(own: &str) -> String {
    let mut text = String::new();
    for line in own.lines() {
        let mut words = line.split_whitespace();
        if let (Some(first), Some(_), Some(count)) = (words.next(), words.next(), words.next()) {
            text = format!("{text}{first} {first} {count}\n");
        }
    }
    text
}

/// Takes the sockets over.
fn taken(socket: &UnixStream, plan: &Plan) -> io::Result<Result<Vec<Made>, Refusal>> {
    let mut text = [0; LINE_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let into = &mut [IoSliceMut::new(&mut text)];
    let came = recvmsg(socket, into, &mut control, RecvFlags::CMSG_CLOEXEC)?;
    let sockets: Vec<OwnedFd> = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(sockets) => Some(sockets),
            _ => None,
        })
        .flatten()
        .collect();
    let line = String::from_utf8_lossy(&text[..came.bytes]).trim_end().to_owned();
    if sockets.is_empty() {
        return refused(&line).map(Err);
    }
    let places: Vec<usize> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
    if places.len() != sockets.len() {
        // The system leaves out those for which there is no place.
        return Err(io::Error::other(
            "not all sockets of the sealed off network came over: too many files are open (ulimit -n)",
        ));
    }
    let made = places
        .iter()
        .zip(sockets)
        .filter_map(|(place, socket)| Some(Made { purpose: plan.0.get(*place)?.purpose, socket }));
    Ok(Ok(made.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_stays_who_they_are() {
        assert_eq!(same("         0     100000      65536\n"), "0 0 65536\n");
        assert_eq!(same("0 0 1\n1 1000 5\n"), "0 0 1\n1 1 5\n");
    }

    #[test]
    fn a_refusal_is_read_as_the_guard_says_it() {
        let found = refused("refused bind 98 127.0.0.1:5432").unwrap();
        let expected = Refusal { step: Step::Bind, what: "127.0.0.1:5432".to_owned(), errno: 98 };
        assert_eq!(found, expected);
        assert_eq!(refused("refused unshare 1 ").unwrap().step, Step::Unshare);
        assert!(refused("").is_err());
        assert!(refused("refused nothing 1").is_err());
    }
}
