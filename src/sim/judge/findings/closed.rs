//! Watches of polled windows whose end belongs to them, and of rows that come late.

use std::collections::BTreeMap;

use crate::base::seq::Seq;
use crate::base::time::{Instant, Span};
use crate::contract::oracle::{Oracle, Polled};
use crate::contract::reply::Outcome;
use crate::sim::judge::findings::found::Findings;
use crate::sim::judge::findings::own::{Own, REMEMBERED_MAX, Watch};
use crate::sim::judge::verify::seen::Seen;
use crate::web::mask::masker::Masker;

/// A window that was polled.
struct Polling {
    seq: Seq,
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

pub(crate) struct ClosedWindows {
    own: Own,
    polled: Polled,
    /// How long after the last one's end the next window begins.
    step: Span,
    /// The last window of each series.
    last: BTreeMap<Vec<String>, Polling>,
}

impl ClosedWindows {
    pub(crate) fn new(own: Own, polled: Polled, is_half_open: bool) -> Self {
        let Polled { operation, from, to, series, .. } = polled;
        // What is said of the cure is another matter then.
        let (oracle, step) = if is_half_open {
            (Oracle::Window { operation, from, to, series }, Span::ZERO)
        } else {
            (own.oracle, Span::SECOND)
        };
        ClosedWindows { own: Own { oracle, ..own }, polled, step, last: BTreeMap::new() }
    }
}

impl Watch for ClosedWindows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, found: &mut Findings) {
        // A window whose reply was lost the client has not seen.
        if seen.is_reply_lost() {
            return;
        }
        let Some((series, window)) = polling(self.own, self.polled, seen, masker) else { return };
        if let Some(last) = self.last.get(&series) {
            // Asking again for what was asked for is a second look, not the next window.
            if window.to.0 <= last.to.0 {
                return;
            }
            let next = last.to.0.saturating_add(self.step);
            let wrong = if window.from.0 > next {
                Some("leaves out what lies between")
            } else if window.from.0 == next || window.from.0 <= last.to.0.saturating_sub(REREAD) {
                None
            } else if window.from.0 == last.to.0 {
                Some("holds its last second a second time")
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

pub(crate) struct LateRows {
    own: Own,
    polled: Polled,
    last: BTreeMap<Vec<String>, Polling>,
    /// The entries of each series whose windows were still to fill.
    late: BTreeMap<Vec<String>, Vec<Seq>>,
}

/// Windows one after the other that make a habit of it.
const LATE_MIN: usize = 2;

impl LateRows {
    pub(crate) fn new(own: Own, polled: Polled) -> Self {
        LateRows { own, polled, last: BTreeMap::new(), late: BTreeMap::new() }
    }
}

impl Watch for LateRows {
    fn forget(&mut self) {
        self.last.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, masker: &Masker, _: &mut Findings) {
        if seen.is_reply_lost() {
            return;
        }
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
