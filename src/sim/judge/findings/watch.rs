//! One watch per oracle: what it remembers of the entries so far, and what it says.

use std::collections::BTreeMap;

use crate::base::seq::Seq;
use crate::contract::oracle::Oracle;
use crate::contract::surface::Surface;
use crate::contract::variant::Chosen;
use crate::sim::judge::findings::closed::{ClosedWindows, LateRows};
use crate::sim::judge::findings::found::{Finding, Findings};
use crate::sim::judge::findings::own::{Own, REMEMBERED_MAX, Watch, named};
use crate::sim::judge::findings::taken::{Patterns, Taken};
use crate::sim::judge::verify::seen::Seen;
use crate::web::exchange::Asked;
use crate::web::mask::masker::Masker;

pub(crate) fn of(oracle: Oracle, surface: &'static Surface, chosen: &Chosen) -> Box<dyn Watch> {
    let own = Own { oracle, vendor: surface.vendor };
    match oracle {
        Oracle::Repeated { operation, made } => {
            let is_done = Box::new(move |effect: &str| effect.contains(made));
            let came_of_it = "both were done";
            Box::new(Repeated { own, operation, is_done, came_of_it, lost: Vec::new() })
        }
        Oracle::TurnedBack { operation, turned } => {
            let is_done =
                Box::new(move |effect: &str| turned.iter().any(|part| effect.contains(part)));
            let came_of_it = "the second undid the first";
            Box::new(Repeated { own, operation, is_done, came_of_it, lost: Vec::new() })
        }
        Oracle::LockedDialled { locked, unlocked, dialled, refused } => {
            Box::new(Locks { own, locked, unlocked, dialled, refused, since: BTreeMap::new() })
        }
        Oracle::LockTaken { locked, again, unlocked } => {
            Box::new(Taken::new(own, Patterns { locked, again, unlocked }))
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
            let is_half_open =
                polled.half_open.is_some_and(|(switch, at)| surface.is_at(chosen, switch, at));
            Box::new(ClosedWindows::new(own, polled, is_half_open))
        }
        Oracle::LateRows(polled) => Box::new(LateRows::new(own, polled)),
        Oracle::SecretInQuery { parameter, belongs } => {
            Box::new(InQuery { own, parameter, belongs, entries: Vec::new() })
        }
    }
}

struct Repeated {
    own: Own,
    operation: &'static str,
    /// Whether an effect says that the write was done.
    is_done: Box<dyn Fn(&str) -> bool + Send>,
    /// What came of the second, as the end of a sentence.
    came_of_it: &'static str,
    /// Writes whose replies were lost.
    lost: Vec<(Seq, Sent)>,
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
        if !seen.effects().any(|effect| (self.is_done)(effect)) {
            return;
        }
        let Some(sent) = seen.asked().map(Sent::of) else { return };
        if let Some(at) = self.lost.iter().position(|(_, lost)| *lost == sent) {
            let first = self.lost[at].0;
            let what = format!(
                "{} was sent again by entry {} after the reply of entry {first} was lost, and {}",
                self.operation,
                seen.seq(),
                self.came_of_it,
            );
            found.add(self.own.finding(what, &[first, seen.seq()]));
            // What was undone is as it was before the first; a third one is another matter.
            if matches!(self.own.oracle, Oracle::TurnedBack { .. }) {
                self.lost.remove(at);
                return;
            }
        }
        if seen.is_reply_lost() && self.lost.len() < REMEMBERED_MAX {
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
    since: BTreeMap<String, Seq>,
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
    driven: BTreeMap<String, (String, Seq)>,
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
    logins: Vec<Seq>,
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
    last: BTreeMap<Vec<String>, (String, Seq)>,
}

impl Watch for Windows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        // A window whose reply was lost the client has not seen.
        if !self.own.is_operation(seen, self.operation) || seen.is_reply_lost() {
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

struct InQuery {
    own: Own,
    parameter: &'static str,
    belongs: &'static str,
    entries: Vec<Seq>,
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
