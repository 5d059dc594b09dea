//! What a client that is sealed off asked for and is nobody's here: names, and addresses written in its
//! code. Nothing else can leave, so this is all of it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use crate::base::limits::SEEN_MAX;
use crate::base::lock::lock;

/// What was asked for, with how often.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    names: Mutex<BTreeMap<String, u64>>,
    addresses: Mutex<BTreeMap<String, u64>>,
}

impl Seen {
    /// A name that was not told.
    pub(crate) fn name(&self, name: &str) {
        count(&self.names, name.to_owned());
    }

    /// Where a connection was to go; noted where that is not this machine.
    pub(crate) fn address(&self, address: SocketAddr) {
        let ip = match address.ip() {
            IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4),
            ip @ IpAddr::V4(_) => ip,
        };
        if !ip.is_loopback() {
            count(&self.addresses, SocketAddr::new(ip, address.port()).to_string());
        }
    }

    /// The names until now.
    pub(crate) fn names(&self) -> BTreeMap<String, u64> {
        lock(&self.names).clone()
    }

    /// The addresses until now.
    pub(crate) fn addresses(&self) -> BTreeMap<String, u64> {
        lock(&self.addresses).clone()
    }
}

/// Counts one more. Beyond the limit those that are known are counted, and others are not.
fn count(all: &Mutex<BTreeMap<String, u64>>, one: String) {
    let mut all = lock(all);
    let has_room = all.len() < SEEN_MAX;
    if let Some(number) = all.get_mut(&one) {
        *number += 1;
    } else if has_room {
        all.insert(one, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_this_machines_is_no_news() {
        let seen = Seen::default();
        for address in ["127.0.0.2:443", "[::1]:443", "[::ffff:127.0.0.1]:80"] {
            seen.address(address.parse().unwrap());
        }
        assert!(seen.addresses().is_empty());
        for address in ["1.1.1.1:443", "[::ffff:1.1.1.1]:443", "[2001:db8::1]:80"] {
            seen.address(address.parse().unwrap());
        }
        let found: Vec<_> = seen.addresses().into_iter().collect();
        assert_eq!(found, [("1.1.1.1:443".to_owned(), 2), ("[2001:db8::1]:80".to_owned(), 1)]);
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let seen = Seen::default();
        for number in 0..SEEN_MAX + 5 {
            seen.name(&format!("n{number}.test"));
        }
        seen.name("n0.test");
        assert_eq!(seen.names().len(), SEEN_MAX);
        assert_eq!(seen.names()["n0.test"], 2);
    }
}
