//! Looks whether the client's processes are connected to the web past us, from what Linux tells of
//! sockets.
//!
//! It is evidence and no proof: a connection that lives shorter than the time between two looks is not
//! seen. Only a client that is sealed off is known to have gone nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// Time between two looks. A look over some hundred sockets takes milliseconds, and connections to
/// other machines rarely live shorter than this.
const INTERVAL: Duration = Duration::from_millis(150);

/// Connections that are told of.
const TOLD_MAX: usize = 5;

/// The web's ports.
const WEB: [u16; 2] = [80, 443];

/// A socket that waits for connections and has none.
const LISTENS: &str = "0A";

/// Looks until the other end of the channel is gone, and a last time. Answers what was seen, in words.
/// `root` is the process whose children are looked at.
pub(super) fn watch(root: u32, over: &Receiver<()>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    loop {
        if over.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout) {
            return seen.into_iter().collect();
        }
        if seen.len() < TOLD_MAX {
            look(Path::new("/proc"), root, &mut seen);
        }
    }
}

fn look(proc: &Path, root: u32, seen: &mut BTreeSet<String>) {
    let mut sockets = BTreeMap::new();
    for table in ["net/tcp", "net/tcp6"] {
        let text = fs::read_to_string(proc.join("self").join(table)).unwrap_or_default();
        sockets.extend(text.lines().skip(1).filter_map(foreign));
    }
    // Mostly there are none, and no process is looked at.
    if sockets.is_empty() {
        return;
    }
    for process in tree(proc, root) {
        let folder = proc.join(process.to_string());
        let handles = fs::read_dir(folder.join("fd")).into_iter().flatten().flatten();
        for handle in handles {
            let target = fs::read_link(handle.path()).unwrap_or_default();
            let socket = target.to_str().and_then(|it| it.strip_prefix("socket:["));
            let inode = socket.and_then(|it| it.strip_suffix(']')?.parse::<u64>().ok());
            let Some(address) = inode.and_then(|inode| sockets.get(&inode)) else { continue };
            let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
            seen.insert(format!(
                "{} (pid {process}) was connected to {address}, not to Ringback",
                name.trim()
            ));
        }
    }
}

/// A socket of the table that is connected to the web of another machine: its number and the other end.
fn foreign(line: &str) -> Option<(u64, SocketAddr)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (address, state, inode) = (words.get(2)?, words.get(3)?, words.get(9)?.parse().ok()?);
    let (ip, port) = address.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok().filter(|port| WEB.contains(port))?;
    let ip = ip_of(ip)?;
    // One that is over has no number any more.
    let is_foreign = *state != LISTENS && inode != 0 && !ip.is_loopback() && !ip.is_unspecified();
    is_foreign.then(|| (inode, SocketAddr::new(ip, port)))
}

/// An address as the table writes it: words of four bytes, each in the machine's order.
fn ip_of(hex: &str) -> Option<IpAddr> {
    let mut bytes = Vec::new();
    for start in (0..hex.len()).step_by(8) {
        let word = u32::from_str_radix(hex.get(start..start + 8)?, 16).ok()?;
        bytes.extend(word.to_ne_bytes());
    }
    if let Ok(ip) = <[u8; 4]>::try_from(bytes.as_slice()) {
        return Some(Ipv4Addr::from(ip).into());
    }
    let ip = Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).ok()?);
    Some(ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4))
}

/// The processes below one.
fn tree(proc: &Path, root: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(process) = next.pop() {
        let tasks = fs::read_dir(proc.join(process.to_string()).join("task"));
        for task in tasks.into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            let children = children.split_whitespace().filter_map(|it| it.parse::<u32>().ok());
            next.extend(children.clone());
            found.extend(children);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(remote: &str, state: &str, inode: u64) -> String {
        format!(
            "   0: 0100007F:8AE2 {remote} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1"
        )
    }

    #[test]
    fn only_the_web_of_other_machines_is_foreign() {
        let of = |address: &str| {
            let (ip, port) = address.rsplit_once(':').unwrap();
            let word = u32::from_ne_bytes(ip.parse::<Ipv4Addr>().unwrap().octets());
            format!("{word:08X}:{:04X}", port.parse::<u16>().unwrap())
        };
        let found = foreign(&row(&of("203.0.113.7:443"), "01", 77));
        assert_eq!(found, Some((77, "203.0.113.7:443".parse().unwrap())));
        for (address, state, inode) in [
            ("203.0.113.7:5432", "01", 77),
            ("127.0.0.1:443", "01", 77),
            ("203.0.113.7:443", "0A", 77),
            ("203.0.113.7:443", "06", 0),
        ] {
            assert_eq!(foreign(&row(&of(address), state, inode)), None, "{address}");
        }
        let mapped = u32::from_ne_bytes([203, 0, 113, 7]);
        let half = u32::from_ne_bytes([0, 0, 0xff, 0xff]);
        let text = format!("0000000000000000{half:08X}{mapped:08X}");
        assert_eq!(ip_of(&text), Some("203.0.113.7".parse().unwrap()));
        assert_eq!(ip_of("xyz"), None);
    }
}
