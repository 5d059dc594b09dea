//! One watch per oracle: what it remembers of the entries so far, and what it says.

use std::collections::BTreeMap;

use crate::base::time::{Instant, Span};
use crate::contract::oracle::{Oracle, Polled};
use crate::contract::reply::Outcome;
use crate::sim::judge::findings::found::{Finding, Findings};
use crate::sim::judge::verify::seen::Seen;
use crate::web::exchange::Asked;
use crate::web::mask::masker::Masker;

/// The name in an effect that a pattern describes: `contact {} locked`.
fn named<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    let (before, after) = pattern.split_once("{}")?;
    let rest = text.strip_prefix(before)?;
    let name = &rest[..rest.find(' ').unwrap_or(rest.len())];
    let behind = rest[name.len()..].strip_prefix(after)?;
    let is_whole = !behind.starts_with(|it: char| it.is_alphanumeric());
    (is_whole && !name.is_empty()).then_some(name)
}

/// Looks at entries, oldest first.
pub(crate) trait Watch {
    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings);

    /// Forgets what it remembers of the state, which is another one from here on.
    fn forget(&mut self) {}

    /// Says what it could only say at the end.
    fn end(&mut self, _found: &mut Findings) {}
}

pub(crate) fn of(oracle: Oracle, vendor: &'static str) -> Box<dyn Watch> {
    let own = Own { oracle, vendor };
    match oracle {
        Oracle::Repeated { operation, made } => {
            Box::new(Repeated { own, operation, made, lost: Vec::new() })
        }
        Oracle::LockedDialled { locked, unlocked, dialled, refused } => {
            Box::new(Locks { own, locked, unlocked, dialled, refused, since: BTreeMap::new() })
        }
        Oracle::TwoCalls { agent, call, free } => {
            Box::new(TwoCalls { own, agent, call, free, driven: BTreeMap::new() })
        }
        Oracle::LoginEachTime { operation, account } => {
            Box::new(Logins { own, operation, account, runs: BTreeMap::new() })
        }
        Oracle::Window { operation, from, to, series } => {
            Box::new(Windows { own, operation, from, to, series, last: BTreeMap::new() })
        }
        Oracle::ClosedWindow(polled) => {
            Box::new(ClosedWindows { own, polled, last: BTreeMap::new() })
        }
        Oracle::LateRows(polled) => {
            Box::new(LateRows { own, polled, last: BTreeMap::new(), late: BTreeMap::new() })
        }
        Oracle::SecretInQuery { parameter, belongs } => {
            Box::new(InQuery { own, parameter, belongs, entries: Vec::new() })
        }
    }
}

/// Whose watch it is.
#[derive(Clone, Copy)]
struct Own {
    oracle: Oracle,
    vendor: &'static str,
}

impl Own {
    fn finding(self, what: String, entries: &[u64]) -> Finding {
        Finding::of(self.oracle, self.vendor, what, entries)
    }

    /// Whether an entry is an exchange of the vendor's.
    fn is_exchange(self, seen: &Seen<'_>) -> bool {
        seen.entry.vendor() == Some(self.vendor) && seen.entry.exchange().is_some()
    }

    /// Whether an entry is an exchange of the vendor's that went well.
    fn is_ok(self, seen: &Seen<'_>) -> bool {
        self.is_exchange(seen) && seen.entry.outcome == Outcome::Ok
    }

    fn is_operation(self, seen: &Seen<'_>, operation: &str) -> bool {
        self.is_ok(seen) && seen.entry.operation() == Some(operation)
    }
}

/// Things that one watch remembers at the most: a journal holds no more entries than that anyway.
const REMEMBERED_MAX: usize = 10_000;

struct Repeated {
    own: Own,
    operation: &'static str,
    made: &'static str,
    /// Writes whose replies were lost.
    lost: Vec<(u64, Sent)>,
}

/// What makes two requests the same.
#[derive(PartialEq, Eq)]
struct Sent {
    path: String,
    query: String,
    body: Vec<u8>,
}

impl Sent {
    fn of(asked: &Asked<'_>) -> Self {
        Sent {
            path: asked.path.clone().into_owned(),
            query: asked.query().to_owned(),
            body: asked.message.body.bytes().to_vec(),
        }
    }
}

impl Watch for Repeated {
    fn forget(&mut self) {
        self.lost.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, _: &Masker, found: &mut Findings) {
        if !self.own.is_operation(seen, self.operation) {
            return;
        }
        if !seen.effects().any(|effect| effect.contains(self.made)) {
            return;
        }
        let Some(sent) = seen.asked().map(Sent::of) else { return };
        if let Some((first, _)) = self.lost.iter().find(|(_, lost)| *lost == sent) {
            let what = format!(
                "{} was sent again by entry {} after the reply of entry {first} was lost, and both \
                 were done",
                self.operation,
                seen.seq(),
            );
            found.add(self.own.finding(what, &[*first, seen.seq()]));
        }
        let fault = seen.entry.exchange().and_then(|exchange| exchange.fault());
        let is_lost = fault.is_some_and(|fault| fault.kind.loses_reply());
        if is_lost && self.lost.len() < REMEMBERED_MAX {
            self.lost.push((seen.seq(), sent));
        }
    }
}

struct Locks {
    own: Own,
    locked: &'static str,
    unlocked: &'static str,
    dialled: &'static str,
    refused: &'static str,
    /// What is locked, and by which entry.
    since: BTreeMap<String, u64>,
}

impl Watch for Locks {
    fn forget(&mut self) {
        self.since.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, _: &Masker, found: &mut Findings) {
        let refused = seen.entry.error.as_deref().and_then(|error| named(self.refused, error));
        if let Some((name, since)) = refused.and_then(|name| self.since.get_key_value(name)) {
            let what = format!("{name} was to be dialled, although entry {since} locked it");
            found.add(self.own.finding(what, &[*since, seen.seq()]));
        }
        for effect in seen.effects() {
            if let Some(name) = named(self.locked, effect) {
                if self.since.len() < REMEMBERED_MAX {
                    self.since.insert(name.to_owned(), seen.seq());
                }
            } else if let Some(name) = named(self.unlocked, effect) {
                self.since.remove(name);
            } else if let Some(name) = named(self.dialled, effect)
                && let Some(since) = self.since.get(name)
            {
                let what = format!("{effect}, although entry {since} locked it");
                found.add(self.own.finding(what, &[*since, seen.seq()]));
            }
        }
    }
}

struct TwoCalls {
    own: Own,
    agent: &'static str,
    call: &'static str,
    free: &'static [&'static str],
    /// By agent: the call that it is busy with, and the entry that says so.
    driven: BTreeMap<String, (String, u64)>,
}

impl Watch for TwoCalls {
    fn forget(&mut self) {
        self.driven.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        let freed: Vec<&str> = seen
            .effects()
            .filter_map(|effect| self.free.iter().find_map(|pattern| named(pattern, effect)))
            .collect();
        self.driven.retain(|_, (call, _)| !freed.contains(&call.as_str()));
        if self.own.is_ok(seen)
            && let Some(agent) = seen.param_text(self.agent, masker)
            && let Some(call) = seen.param_text(self.call, masker)
            // Who ends or holds a call turns away from it.
            && !freed.contains(&call.as_str())
            && self.driven.len() < REMEMBERED_MAX
        {
            let busy = self.driven.insert(agent.clone(), (call.clone(), seen.seq()));
            if let Some((other, first)) = busy.filter(|(other, _)| *other != call) {
                let what = format!(
                    "entry {first} drives agent {agent} in call {other}, entry {} in call {call}, \
                     and call {other} was neither ended nor held in between",
                    seen.seq(),
                );
                found.add(self.own.finding(what, &[first, seen.seq()]));
            }
        }
    }
}

/// Logins in a row, each with one request behind it, that are no accident.
const LOGINS_MIN: usize = 3;

struct Logins {
    own: Own,
    operation: &'static str,
    account: &'static str,
    runs: BTreeMap<String, Run>,
}

/// Logins in a row.
#[derive(Default)]
struct Run {
    logins: Vec<u64>,
    /// Requests since the last of them.
    n_requests: u64,
}

impl Logins {
    fn told(&self, account: &str, run: &Run) -> Option<Finding> {
        let count = run.logins.len();
        let what = format!("{account} logged in {count} times in a row for one request each");
        (count >= LOGINS_MIN).then(|| self.own.finding(what, &run.logins))
    }
}

impl Watch for Logins {
    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        if !self.own.is_exchange(seen) {
            return;
        }
        if !self.own.is_operation(seen, self.operation) {
            let is_login = seen.entry.operation() == Some(self.operation);
            // A token that is refused is a good reason to log in again.
            let step = if self.own.is_ok(seen) && !is_login { 1 } else { LOGINS_MIN as u64 };
            self.runs.values_mut().for_each(|run| run.n_requests += step);
            return;
        }
        let Some(account) = seen.param_text(self.account, masker) else { return };
        if self.runs.len() >= REMEMBERED_MAX {
            return;
        }
        let run = self.runs.entry(account.clone()).or_default();
        let ended = if run.n_requests == 1 { None } else { Some(std::mem::take(run)) };
        run.logins.push(seen.seq());
        run.n_requests = 0;
        let told = ended.and_then(|run| self.told(&account, &run));
        if let Some(finding) = told {
            found.add(finding);
        }
    }

    fn end(&mut self, found: &mut Findings) {
        for (account, run) in &self.runs {
            if let Some(finding) = self.told(account, run) {
                found.add(finding);
            }
        }
    }
}

struct Windows {
    own: Own,
    operation: &'static str,
    from: &'static str,
    to: &'static str,
    series: &'static [&'static str],
    /// The end of the last window of each series, and its entry.
    last: BTreeMap<Vec<String>, (String, u64)>,
}

impl Watch for Windows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        if !self.own.is_operation(seen, self.operation) {
            return;
        }
        let text = |name: &str| seen.param_text(name, masker);
        let (Some(from), Some(to)) = (text(self.from), text(self.to)) else { return };
        let series = self.series.iter().map(|name| text(name).unwrap_or_default()).collect();
        let Some((end, first)) = self.last.get(&series) else {
            if self.last.len() < REMEMBERED_MAX {
                self.last.insert(series, (to, seen.seq()));
            }
            return;
        };
        // Asking again for what was asked for is a second look, not the next window.
        if to <= *end {
            return;
        }
        let wrong = match from.cmp(end) {
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some("leaves out what lies between"),
            std::cmp::Ordering::Less => Some("holds the time between a second time"),
        };
        if let Some(wrong) = wrong {
            let what = format!(
                "the window of entry {first} ends at {end}, that of entry {} begins at {from} and \
                 {wrong}",
                seen.seq(),
            );
            found.add(self.own.finding(what, &[*first, seen.seq()]));
        }
        self.last.insert(series, (to, seen.seq()));
    }
}

/// A window that was polled.
struct Polling {
    seq: u64,
    /// When it was asked for.
    at: Instant,
    from: (Instant, String),
    to: (Instant, String),
}

/// The window of an entry and its series; `None` where the entry polls none.
fn polling(
    own: Own,
    polled: Polled,
    seen: &Seen<'_>,
    masker: &Masker,
) -> Option<(Vec<String>, Polling)> {
    let is_nothing = || seen.entry.rule().is_some_and(|rule| polled.nothing.contains(&rule));
    let is_answer = seen.entry.outcome == Outcome::Ok || is_nothing();
    let is_own = own.is_exchange(seen) && seen.entry.operation() == Some(polled.operation);
    if !is_own || !is_answer {
        return None;
    }
    let text = |name: &str| seen.param_text(name, masker);
    let time = |name: &str| {
        let text = text(name)?;
        Some((text.parse().ok()?, text))
    };
    let series = polled.series.iter().map(|name| text(name).unwrap_or_default()).collect();
    let (from, to) = (time(polled.from)?, time(polled.to)?);
    Some((series, Polling { seq: seen.seq(), at: seen.entry.at, from, to }))
}

/// How much earlier than the last one's end a window begins that is read again on purpose. Less is a
/// slip of one boundary.
const REREAD: Span = Span::secs(60);

/// How old a window's end is when nothing of it can come any more: no call is as long.
const LATEST: Span = Span::secs(3600);

struct ClosedWindows {
    own: Own,
    polled: Polled,
    /// The last window of each series.
    last: BTreeMap<Vec<String>, Polling>,
}

impl Watch for ClosedWindows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        let Some((series, window)) = polling(self.own, self.polled, seen, masker) else { return };
        if let Some(last) = self.last.get(&series) {
            // Asking again for what was asked for is a second look, not the next window.
            if window.to.0 <= last.to.0 {
                return;
            }
            let wrong = if window.from.0 > last.to.0.saturating_add(Span::SECOND) {
                Some("leaves out what lies between")
            } else if window.from.0 > last.to.0 || window.from.0 <= last.to.0.saturating_sub(REREAD)
            {
                None
            } else {
                Some("holds the time between a second time")
            };
            if let Some(wrong) = wrong {
                let what = format!(
                    "the window of entry {} ends with {}, that of entry {} begins with {} and {wrong}",
                    last.seq, last.to.1, window.seq, window.from.1,
                );
                found.add(self.own.finding(what, &[last.seq, window.seq]));
            }
        } else if self.last.len() >= REMEMBERED_MAX {
            return;
        }
        self.last.insert(series, window);
    }
}

struct LateRows {
    own: Own,
    polled: Polled,
    last: BTreeMap<Vec<String>, Polling>,
    /// The entries of each series whose windows were still to fill.
    late: BTreeMap<Vec<String>, Vec<u64>>,
}

/// Windows one after the other that make a habit of it.
const LATE_MIN: usize = 2;

impl Watch for LateRows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, _: &mut Findings) {
        let Some((series, window)) = polling(self.own, self.polled, seen, masker) else { return };
        if let Some(last) = self.last.get(&series) {
            if window.to.0 <= last.to.0 {
                return;
            }
            let was_open = last.at < last.to.0.saturating_add(LATEST);
            let is_read_again = window.from.0 <= last.to.0.saturating_sub(REREAD);
            if was_open && !is_read_again {
                self.late.entry(series.clone()).or_default().push(window.seq);
            }
        } else if self.last.len() >= REMEMBERED_MAX {
            return;
        }
        self.last.insert(series, window);
    }

    fn end(&mut self, found: &mut Findings) {
        for entries in self.late.values().filter(|entries| entries.len() >= LATE_MIN) {
            let what = format!(
                "{} windows of {} in a row begin where the last one ended, which was still to fill: \
                 what is up at its end is listed in it when it is over, and was not read again",
                entries.len(),
                self.polled.operation,
            );
            found.add(self.own.finding(what, entries));
        }
    }
}

struct InQuery {
    own: Own,
    parameter: &'static str,
    belongs: &'static str,
    entries: Vec<u64>,
}

impl Watch for InQuery {
    fn take(&mut self, seen: &Seen<'_>, _: &Masker, _: &mut Findings) {
        let is_own = seen.entry.vendor() == Some(self.own.vendor);
        if is_own && self.entries.len() < REMEMBERED_MAX && seen.has_query(self.parameter) {
            self.entries.push(seen.seq());
        }
    }

    fn end(&mut self, found: &mut Findings) {
        if !self.entries.is_empty() {
            let what =
                format!("{} stands in the query; it belongs in {}", self.parameter, self.belongs);
            found.add(self.own.finding(what, &self.entries));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_pattern_names_the_thing() {
        assert_eq!(named("contact {} locked", "contact 301 locked"), Some("301"));
        assert_eq!(named("contact {} dialled", "contact 301 dialled: 49, try 1"), Some("301"));
        assert_eq!(named("contact {} lock", "contact 301 locked"), None);
        assert_eq!(named("contact {} locked", "contact 301 was locked already"), None);
        assert_eq!(named("contact {} locked", "contact  locked"), None);
    }
}
