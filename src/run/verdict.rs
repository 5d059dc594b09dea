//! What a run means: it passes, it fails, or it shows nothing either way; with the likely cause.
//!
//! The worst end of a test is a green one in which nothing was tested: a client that went past us to
//! the real vendor, or to nobody. So a run without an exchange never passes by itself.

use crate::base::text::counted;
use crate::run::facts::Facts;
use crate::web::handshake::Cause;

/// What else has a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailOn {
    Refused,
    Findings,
    Unmatched,
    Unread,
}

/// What a run means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    Fail,
    Inconclusive,
}

/// A run's verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    /// Why, a line each; none for a pass.
    pub(crate) reasons: Vec<String>,
}

impl Outcome {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Inconclusive => "inconclusive",
        }
    }
}

/// Judges a run. `without` are the levers that were not wanted.
pub(crate) fn judge(facts: &Facts, fail_on: &[FailOn], without: &[String]) -> Verdict {
    let failures = failures(facts, fail_on);
    if !failures.is_empty() {
        return Verdict { outcome: Outcome::Fail, reasons: failures };
    }
    let doubts = doubts(facts, without);
    if !doubts.is_empty() {
        return Verdict { outcome: Outcome::Inconclusive, reasons: doubts };
    }
    Verdict { outcome: Outcome::Pass, reasons: Vec::new() }
}

fn failures(facts: &Facts, fail_on: &[FailOn]) -> Vec<String> {
    let mut reasons = facts.unmet.clone();
    for wanted in fail_on {
        match wanted {
            FailOn::Refused if facts.of_outcome("refused") > 0 => {
                reasons.push(counted(
                    facts.of_outcome("refused"),
                    "request was refused",
                    "requests were refused",
                ));
            }
            FailOn::Findings if !facts.findings.is_empty() => {
                reasons.push(counted(facts.findings.len(), "finding", "findings"));
            }
            FailOn::Unmatched if facts.n_unmatched() > 0 => {
                reasons.push(counted(
                    facts.n_unmatched(),
                    "request was no vendor's",
                    "requests were no vendor's",
                ));
            }
            FailOn::Unread if !facts.unread.is_empty() => {
                reasons.extend(facts.unread.iter().map(|(what, _)| format!("unread: {what}")));
            }
            FailOn::Refused | FailOn::Findings | FailOn::Unmatched | FailOn::Unread => {}
        }
    }
    reasons
}

/// What keeps a run from showing anything.
fn doubts(facts: &Facts, without: &[String]) -> Vec<String> {
    let mut reasons = Vec::new();
    for (cause, (count, words)) in &facts.handshakes {
        if cause == Cause::NoRequest.name() {
            let n_all = counted(count, "connection", "connections");
            reasons.push(format!("{n_all} brought no request: {words}"));
            continue;
        }
        let n_all = counted(count, "handshake", "handshakes");
        reasons.push(format!("{n_all} came to nothing ({cause}): {words}"));
    }
    if facts.n_lost > 0 {
        let n_all = counted(facts.n_lost, "journal entry", "journal entries");
        reasons.push(format!("{n_all} had to go, so not all of the run was seen"));
    }
    if facts.n_exchanges() > 0 {
        return reasons;
    }
    reasons.extend(facts.elsewhere.iter().cloned());
    let sought = [&facts.hosts, &facts.names, &facts.addresses];
    let names = sought.iter().flat_map(|all| all.keys()).map(String::as_str);
    let names: Vec<&str> = names.take(5).collect();
    if !names.is_empty() {
        reasons.push(format!(
            "no request reached a vendor; what was asked for is nobody's here: {} ({})",
            names.join(", "),
            match names.iter().find(|it| facts.meant.contains_key(**it)) {
                None => facts.ways_out().to_owned(),
                Some(host) if names.len() == 1 => facts.cure(host),
                Some(host) => format!("{host}: {}", facts.cure(host)),
            }
        ));
    } else if let [first, more @ ..] = facts.unmatched.as_slice() {
        let more = if more.is_empty() { "" } else { ", and others" };
        reasons
            .push(format!("no request reached a vendor; what came in is nobody's: {first}{more}"));
    } else if let (true, Some(why)) = (reasons.is_empty(), not_run(facts.client)) {
        reasons.push(format!("no connection at all: {why}"));
    } else if reasons.is_empty() && facts.is_sealed {
        reasons.push(
            "no connection to a vendor: the client did nothing, or asked this machine alone, or a port \
             other than 80 and 443; nothing could leave past us"
                .to_owned(),
        );
    } else if reasons.is_empty() {
        let mut reason =
            "no connection at all: the client did nothing, or it reads no proxy variable and none of \
             the levers leads it (ringback run --explain tells them; on Linux --sealed leads any client, \
             and one with a trust store of its own has to trust RINGBACK_CA)"
                .to_owned();
        if !without.is_empty() {
            reason = format!("{reason}; --no-lever {} is set", without.join(","));
        }
        reasons.push(reason);
    }
    if !facts.left.is_empty() {
        reasons.push(format!(
            "what the client left behind was ended with it, before it asked a vendor: {}; have the \
             client wait for what it has started",
            facts.left.join(", ")
        ));
    }
    reasons
}

/// What an exit code says of a command that was not run; `None` for all others.
fn not_run(client: u8) -> Option<&'static str> {
    match client {
        126 => Some("the command cannot be run (exit code 126)"),
        127 => Some("the command was not found (exit code 127)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn asked(outcome: &'static str) -> Facts {
        let of_vendor = BTreeMap::from([(outcome, 2)]);
        Facts { requests: BTreeMap::from([("mor", of_vendor)]), ..Facts::default() }
    }

    fn outcome(facts: &Facts, fail_on: &[FailOn]) -> Outcome {
        judge(facts, fail_on, &[]).outcome
    }

    #[test]
    fn a_run_without_an_exchange_is_inconclusive_and_says_the_likely_cause() {
        let nothing = judge(&Facts::default(), &[], &["node".to_owned()]);
        assert_eq!(nothing.outcome, Outcome::Inconclusive);
        assert!(nothing.reasons[0].contains("no connection at all"), "{nothing:?}");
        assert!(nothing.reasons[0].contains("--no-lever node"), "{nothing:?}");
        let hosts = BTreeMap::from([("example.com".to_owned(), 3)]);
        let elsewhere = judge(&Facts { hosts, ..Facts::default() }, &[], &[]);
        assert!(elsewhere.reasons[0].contains("example.com (--host VENDOR=HOST"), "{elsewhere:?}");
        let hosts = BTreeMap::from([("api.infocus5.com:443".to_owned(), 1)]);
        let meant = ("api.infocus5.com:443".to_owned(), "api.infocu5.com".to_owned());
        let meant = BTreeMap::from([meant]);
        let misspelt = judge(&Facts { hosts, meant, ..Facts::default() }, &[], &[]);
        let told = "did you mean api.infocu5.com? --host VENDOR=HOST";
        assert!(misspelt.reasons[0].contains(&format!("({told}")), "{misspelt:?}");
        let broken = BTreeMap::from([("untrusted".to_owned(), (3, "unknown_ca".to_owned()))]);
        let untrusting = judge(&Facts { handshakes: broken, ..asked("ok") }, &[], &[]);
        assert_eq!(untrusting.outcome, Outcome::Inconclusive);
        assert!(untrusting.reasons[0].contains("3 handshakes"), "{untrusting:?}");
        for (client, words) in [(126, "cannot be run"), (127, "was not found")] {
            let never = judge(&Facts { client, ..Facts::default() }, &[], &[]);
            assert!(never.reasons[0].contains(words), "{never:?}");
            assert!(!never.reasons[0].contains("lever"), "{never:?}");
        }
        assert_eq!(outcome(&Facts { n_lost: 1, ..asked("ok") }, &[]), Outcome::Inconclusive);
    }

    #[test]
    fn what_fails_is_what_was_asked_to() {
        assert_eq!(outcome(&asked("ok"), &[FailOn::Refused]), Outcome::Pass);
        assert_eq!(outcome(&asked("refused"), &[]), Outcome::Pass);
        assert_eq!(outcome(&asked("refused"), &[FailOn::Refused]), Outcome::Fail);
        let found = Facts { findings: vec!["twice".to_owned()], ..asked("ok") };
        assert_eq!(outcome(&found, &[]), Outcome::Pass);
        assert_eq!(outcome(&found, &[FailOn::Findings]), Outcome::Fail);
        let unread = vec![("jtel list_contacts: nothing reads x in the query".to_owned(), 2)];
        let unread = Facts { unread, ..asked("ok") };
        assert_eq!(outcome(&unread, &[FailOn::Refused]), Outcome::Pass);
        let verdict = judge(&unread, &[FailOn::Unread], &[]);
        assert_eq!(verdict.outcome, Outcome::Fail);
        assert!(verdict.reasons[0].contains("nothing reads x"), "{verdict:?}");
        let lost = Facts { unmatched: vec!["GET /x".to_owned()], ..asked("ok") };
        assert_eq!(outcome(&lost, &[FailOn::Unmatched]), Outcome::Fail);
        let hosts = BTreeMap::from([("example.com".to_owned(), 3)]);
        let astray = Facts { hosts, ..asked("ok") };
        assert_eq!(outcome(&astray, &[]), Outcome::Pass);
        assert_eq!(outcome(&astray, &[FailOn::Unmatched]), Outcome::Fail);
        let unmet = Facts { unmet: vec!["world default: fail".to_owned()], ..Facts::default() };
        assert_eq!(outcome(&unmet, &[]), Outcome::Fail);
    }
}
