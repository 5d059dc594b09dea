//! Where the system refuses to seal a client off: at which step, and which setting bites.

use std::fmt;
use std::fs;
use std::io;
use std::str::FromStr;

/// What is done on the way, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Namespaces of its own for users, mounts and network.
    Unshare,
    /// Who is who in them.
    Map,
    /// The network inside.
    Network,
    /// The files that tell names.
    Mount,
    /// The sockets.
    Bind,
    /// The sockets are handed out.
    Hand,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) step: Step,
    /// What the step was about, where there are several.
    pub(crate) what: String,
    /// The system's number for the error.
    pub(crate) errno: i32,
}

const STEPS: &[(Step, &str, &str)] = &[
    (Step::Unshare, "unshare", "making a user, a mount and a network namespace (unshare)"),
    (Step::Map, "map", "writing who is who in the user namespace (uid_map, gid_map)"),
    (Step::Network, "network", "setting up the network inside (netlink)"),
    (Step::Mount, "mount", "mounting the files that tell names (mount)"),
    (Step::Bind, "bind", "listening inside (bind)"),
    (Step::Hand, "hand", "handing sockets over (sendmsg)"),
];

impl FromStr for Step {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        STEPS.iter().find(|(_, name, _)| *name == word).map(|(step, ..)| *step).ok_or(())
    }
}

impl Step {
    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        STEPS.iter().find(|(step, ..)| *step == self).map_or("", |(_, name, _)| name)
    }

    fn words(self) -> &'static str {
        STEPS.iter().find(|(step, ..)| *step == self).map_or("", |(_, _, words)| words)
    }
}

impl Refusal {
    pub(super) fn new(step: Step, what: impl Into<String>, error: &io::Error) -> Self {
        Refusal { step, what: what.into(), errno: error.raw_os_error().unwrap_or(0) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = io::Error::from_raw_os_error(self.errno);
        write!(out, "this system does not let a client be sealed off: {}", self.step.words())?;
        if !self.what.is_empty() {
            write!(out, " for {}", self.what)?;
        }
        write!(out, " failed: {error}")?;
        if let Some(told) = bites(self, &|path| fs::read_to_string(path).ok()) {
            write!(out, "; {told}")?;
        }
        write!(out, ". Nothing was started; without --sealed the run goes by levers alone")
    }
}

const LIMITS: &[&str] = &["max_user_namespaces", "max_mnt_namespaces", "max_net_namespaces"];

/// No room, no permission, no such call: as Linux numbers them.
const ENOSPC: i32 = 28;
const EPERM: i32 = 1;
const EACCES: i32 = 13;
const ENOSYS: i32 = 38;
const EINVAL: i32 = 22;

/// The setting that is the likely cause.
fn bites(refusal: &Refusal, read: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let value = |path: &str| read(path).map(|text| text.trim().to_owned());
    let is_filtered = || {
        let status = read("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let mode = lines.find_map(|line| line.strip_prefix("Seccomp:")).map(str::trim);
        mode.is_some_and(|mode| mode != "0")
    };
    let filter = "a filter of system calls (seccomp) is on, as containers have it: start the container \
                  with --security-opt seccomp=unconfined, or with one that allows unshare and mount";
    if refusal.errno == ENOSPC {
        let is_none =
            |name: &&&str| value(&format!("/proc/sys/user/{name}")).as_deref() == Some("0");
        return Some(match LIMITS.iter().find(is_none) {
            Some(name) => format!("user.{name} is 0: sysctl -w user.{name}=1000 allows it"),
            None => {
                "namespaces are nested too deep, or there are as many as user.max_user_namespaces, \
                     user.max_mnt_namespaces or user.max_net_namespaces allow"
                    .to_owned()
            }
        });
    }
    if refusal.errno == EINVAL && refusal.step == Step::Unshare {
        return Some("this kernel has no user namespaces (CONFIG_USER_NS)".to_owned());
    }
    if ![EPERM, EACCES, ENOSYS].contains(&refusal.errno) {
        return None;
    }
    let named =
        |name: &str, bad: &str| value(&format!("/proc/sys/kernel/{name}")).as_deref() == Some(bad);
    if named("unprivileged_userns_clone", "0") {
        let name = "kernel.unprivileged_userns_clone";
        return Some(format!("{name} is 0: sysctl -w {name}=1 allows it"));
    }
    if refusal.step != Step::Unshare && named("apparmor_restrict_unprivileged_userns", "1") {
        let name = "kernel.apparmor_restrict_unprivileged_userns";
        return Some(format!(
            "{name} is 1: sysctl -w {name}=0, or an AppArmor profile with userns for this program, \
             allows it"
        ));
    }
    if is_filtered() {
        return Some(filter.to_owned());
    }
    if refusal.step == Step::Unshare && refusal.errno == EPERM {
        return Some(
            "the program may stand in a chroot, where nobody makes user namespaces".to_owned(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(step: Step, errno: i32, files: &[(&str, &str)]) -> String {
        let refusal = Refusal { step, what: String::new(), errno };
        let read = |path: &str| {
            files.iter().find(|(name, _)| path.ends_with(name)).map(|(_, text)| (*text).to_owned())
        };
        bites(&refusal, &read).unwrap_or_default()
    }

    #[test]
    fn the_setting_that_bites_is_named() {
        for (step, errno, files, expected) in [
            (
                Step::Unshare,
                28,
                &[("user/max_net_namespaces", "0\n")][..],
                "user.max_net_namespaces is 0",
            ),
            (Step::Unshare, 28, &[], "nested too deep"),
            (Step::Unshare, 1, &[("unprivileged_userns_clone", "0\n")], "userns_clone=1 allows"),
            (Step::Map, 1, &[("apparmor_restrict_unprivileged_userns", "1\n")], "AppArmor"),
            (Step::Unshare, 1, &[("status", "Name:\tx\nSeccomp:\t2\n")], "seccomp"),
            (Step::Unshare, 38, &[("status", "Seccomp:\t2\n")], "seccomp"),
            (Step::Unshare, 1, &[("status", "Seccomp:\t0\n")], "chroot"),
            (Step::Unshare, 22, &[], "CONFIG_USER_NS"),
            (Step::Bind, 98, &[], ""),
        ] {
            let found = told(step, errno, files);
            assert!(found.contains(expected), "{step:?} {errno}: {found}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{found}");
        }
    }

    #[test]
    fn each_step_has_a_word_and_is_found_by_it() {
        for (step, name, _) in STEPS {
            assert_eq!(name.parse(), Ok(*step));
            assert_eq!(step.name(), *name);
        }
    }
}
