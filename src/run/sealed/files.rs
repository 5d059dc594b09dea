//! What tells names inside, as the files that the system's resolver reads.
//!
//! `hosts` holds names one by one, never all names below one, so a resolver that is asked over the
//! network stands beside it (`net::sealed::names`).

use std::fmt::Write;
use std::net::IpAddr;

use crate::run::sealed::plan::{Allowed, VENDORS};
use crate::web::host_pattern::Host;

/// Which files take the place of which.
pub(crate) const IN_PLACE_OF: &[(&str, &str)] = &[
    ("hosts", "/etc/hosts"),
    ("resolv.conf", "/etc/resolv.conf"),
    ("nsswitch.conf", "/etc/nsswitch.conf"),
];

/// Sockets of a cache of names that is asked before any of the files.
pub(crate) const CACHES: &[&str] = &["/run/nscd/socket", "/var/run/nscd/socket"];

/// The names that are told one by one: this machine's own, those that are let through, the vendors'
/// (`exact`), and of `before` what leads to this machine and is no vendor's.
pub(crate) fn hosts(before: &str, machine: &str, exact: &[String], allowed: &[Allowed]) -> String {
    let mut text = String::from("127.0.0.1 localhost\n::1 localhost\n");
    // Writing to a text cannot fail.
    if !machine.is_empty() {
        let _ = writeln!(text, "127.0.0.1 {machine}");
    }
    for (place, it) in allowed.iter().enumerate() {
        if let Host::Name(name) = &it.host {
            let _ = writeln!(text, "{} {name}", it.inside(place).ip());
        }
    }
    for name in exact {
        let _ = writeln!(text, "{VENDORS} {name}");
    }
    for line in before.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(address) = words.next() else { continue };
        if !address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback()) {
            continue;
        }
        let is_new = |name: &&str| {
            let is_vendors = exact.iter().any(|it| it.eq_ignore_ascii_case(name));
            let is_allowed = allowed.iter().any(
                |it| matches!(&it.host, Host::Name(known) if known.eq_ignore_ascii_case(name)),
            );
            !is_vendors && !is_allowed && *name != "localhost"
        };
        let names: Vec<&str> = words.filter(is_new).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "{address} {}", names.join(" "));
        }
    }
    text
}

/// Who is asked for names, and that nobody waits long.
pub(crate) fn resolver() -> String {
    format!("nameserver {VENDORS}\noptions timeout:1 attempts:1\n")
}

/// In which order names are looked up: the files, then whom the resolver names. The other lines of
/// `before` stay.
pub(crate) fn order(before: &str) -> String {
    let is_other = |line: &&str| !line.trim_start().starts_with("hosts:");
    let mut text = String::from("hosts: files dns\n");
    for line in before.lines().filter(is_other) {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_stay_and_all_others_go() {
        let before = "127.0.0.1 localhost\n127.0.1.1 box box.lan # own\n10.0.0.9 real.example.test\n\
                      127.0.0.1 API.infocu5.com app.test\nnonsense\n\n";
        let exact = ["api.infocu5.com".to_owned()];
        let allowed = ["db:5432".parse().unwrap()];
        let text = hosts(before, "box", &exact, &allowed);
        let expected = "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 box\n127.0.1.0 db\n\
                        127.0.0.2 api.infocu5.com\n127.0.1.1 box box.lan\n127.0.0.1 app.test\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_order_of_lookup_is_ours_and_the_rest_as_it_was() {
        let before = "passwd: files\nhosts: mdns4_minimal [NOTFOUND=return] dns\n";
        assert_eq!(order(before), "hosts: files dns\npasswd: files\n");
        assert_eq!(order(""), "hosts: files dns\n");
    }
}
