//! The rules of a world as they stand, with what they have counted, and the fault that strikes a
//! request.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use rand::RngExt;
use rand_distr::{Distribution, LogNormal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::base::limits::FAULT_DELAY_MAX;
use crate::base::seed::Seed;
use crate::base::time::{Instant, Span};
use crate::sim::fault::asked::Asked;
use crate::sim::fault::canned::standing::{Answering, Replies};
use crate::sim::fault::headers;
use crate::sim::fault::kind::work_word;
use crate::sim::fault::rule::{Delay, Rule, Then};
use crate::sim::fault::rule_id::RuleId;
use crate::web::delivery::Delivery;
use crate::web::message::Response;

/// A rule in a world, with what has come of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub rule: Rule,
    /// World time at which it was added; a scenario's rule is added when its world begins.
    #[serde(rename = "added_ms")]
    pub(crate) added: Option<Instant>,
    /// Requests that fitted.
    pub matched: u64,
    /// Requests that it struck.
    pub fired: u64,
    /// The stretch of world time that a rate limit counts in, and what it has counted.
    #[serde(default)]
    pub(crate) window: Window,
}

/// A stretch of world time, and what a rate limit has counted in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i64, u64)", into = "(i64, u64)")]
pub(crate) struct Window {
    /// `None` before the first.
    start: Option<Instant>,
    n_counted: u64,
}

impl From<(i64, u64)> for Window {
    fn from((start_ms, n_counted): (i64, u64)) -> Self {
        Window { start: Instant::try_from_millis(start_ms).ok(), n_counted }
    }
}

impl From<Window> for (i64, u64) {
    fn from(window: Window) -> Self {
        (window.start.map_or(i64::MIN, Instant::as_millis), window.n_counted)
    }
}

/// A fault that strikes a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub rule: RuleId,
    pub name: Option<String>,
    pub then: Then,
    /// Which of the requests that fit the rule this is.
    pub nth: u64,
    pub late_by: Duration,
    /// Whether the connection is closed after the reply.
    pub close: bool,
}

/// The rules of a world, in the order in which they are asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// By id, which counts up.
    pub(crate) kept: Vec<(RuleId, Standing)>,
    /// The last id that was given out. It is part of the state, as the rules are: a reset brings it
    /// back, so that a rule without a name, whose draws come from its id, has the same again.
    pub(crate) last_id: RuleId,
    /// Fixed replies. Their ids are from the same count.
    pub(crate) replies: Replies,
    /// Whether the counts have moved since they were last saved.
    pub(crate) is_dirty: bool,
}

/// In milliseconds; a length of time is never negative.
fn millis(length: Span) -> u64 {
    length.as_millis().unsigned_abs()
}

impl Standing {
    pub(crate) fn new(rule: Rule) -> Self {
        Standing { rule, added: None, matched: 0, fired: 0, window: Window::default() }
    }

    /// Whether it can still strike.
    fn is_spent(&self, now: Instant) -> bool {
        let on = &self.rule.on;
        on.times.is_some_and(|times| self.fired >= times)
            || on.nth.is_some_and(|nth| self.matched >= nth)
            || on.until.is_some_and(|until| now >= until)
            || on.lasts.zip(self.added).is_some_and(|(lasts, at)| now >= at.saturating_add(lasts))
    }

    fn fits(&self, asked: &Asked<'_>) -> bool {
        let on = &self.rule.on;
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let operation = asked.call.operation;
        is(&on.vendor, Some(asked.vendor))
            && is(&on.operation, operation.map(|operation| operation.name))
            && is(&on.access, operation.map(|operation| operation.access.word()))
            && !(on.no_operation && operation.is_some())
            && on.from.is_none_or(|from| asked.now >= from)
            && on.looks.iter().all(|look| look.fits(asked.call))
    }

    /// Counts a request that fits, and tells whether it is struck.
    fn strikes(&mut self, seed: Seed, key: &str, now: Instant) -> bool {
        self.matched += 1;
        let on = &self.rule.on;
        let drawn = |probability: f64| {
            let nth = self.matched.to_string();
            seed.draw("fault", &[key, &nth]).random_bool(probability.clamp(0.0, 1.0))
        };
        let is_chosen = on.nth.is_none_or(|nth| self.matched == nth)
            && on.every.is_none_or(|every| self.matched.is_multiple_of(every.max(1)))
            && on.probability.is_none_or(drawn);
        is_chosen && self.is_over_rate(now)
    }

    /// Whether a rate limit is passed; true of every other kind.
    fn is_over_rate(&mut self, now: Instant) -> bool {
        let Then::RateLimit { most, per, .. } = self.rule.then else { return true };
        let start = Some(now.period_start(per));
        if self.window.start != start {
            self.window = Window { start, n_counted: 0 };
        }
        self.window.n_counted += 1;
        self.window.n_counted > most
    }

    pub(crate) fn late_by(&self, seed: Seed, key: &str) -> Duration {
        let Some(delay) = self.rule.delay else { return Duration::ZERO };
        let nth = self.matched.to_string();
        let mut draw = seed.draw("fault.delay", &[key, &nth]);
        let most = FAULT_DELAY_MAX;
        match delay {
            Delay::Fixed { by } => by.into(),
            Delay::Uniform { from, to } => {
                let (from, to) = (millis(from), millis(to));
                Duration::from_millis(draw.random_range(from..=to.max(from)))
            }
            Delay::LogNormal { median, sigma } => {
                let median = Duration::from(median);
                let factor =
                    LogNormal::new(0.0, sigma).map_or(1.0, |shape| shape.sample(&mut draw));
                Duration::try_from_secs_f64(median.as_secs_f64() * factor).unwrap_or(most)
            }
        }
        .min(most)
    }

    /// The rule and its counts, as the control plane shows them.
    fn to_json(&self, id: RuleId, now: Instant) -> Value {
        let Rule { name, on, then, delay, close: _ } = &self.rule;
        let mut shown = json!({ "id": id, "name": name, "then": then.kind() });
        if let Value::Object(fields) = json!(then) {
            let parameters = fields.into_iter().filter(|(name, _)| name != "kind");
            for (name, value) in parameters {
                shown[name] = value;
            }
        }
        shown["delay"] = json!(delay);
        shown["close"] = self.rule.closes().into();
        let mut on_shown = json!(on);
        for (kept, name, at) in [("from_ms", "from", on.from), ("until_ms", "until", on.until)] {
            if let (Some(at), Some(fields)) = (at, on_shown.as_object_mut()) {
                fields.remove(kept);
                fields.insert(name.to_owned(), at.to_string().into());
            }
        }
        shown["on"] = on_shown;
        shown["work"] = work_word(then.does_work()).into();
        shown["added"] = self.added.map(|at| at.to_string()).into();
        shown["matched"] = self.matched.into();
        shown["fired"] = self.fired.into();
        shown["active"] = (!self.is_spent(now)).into();
        shown
    }
}

impl Fault {
    pub fn delivery(&self) -> Delivery {
        Delivery { late_by: self.late_by, how: self.then.how() }
    }

    /// Puts on a reply what the rule says of its headers.
    pub(crate) fn dress(&self, response: &mut Response, now: Instant) {
        match &self.then {
            Then::Status { headers, .. } | Then::Refuse { headers, .. } => headers.put_on(response),
            Then::RateLimit { per, retry_after: Some(how), .. } => {
                if let Ok(value) = HeaderValue::from_str(&how.value(now, *per)) {
                    headers::put(response, header::RETRY_AFTER, value);
                }
            }
            _ => {}
        }
        if self.close {
            let close = HeaderValue::from_static("close");
            headers::put(response, header::CONNECTION, close);
        }
    }

    /// The status with which the request is answered in place of the vendor, where it is.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self.then {
            Then::Status { status, .. } | Then::RateLimit { status, .. } => {
                StatusCode::from_u16(status).ok()
            }
            _ => None,
        }
    }
}

impl Faults {
    /// The rules as they were kept. Those that have not begun yet begin now.
    pub(crate) fn begin(
        mut kept: Vec<(RuleId, Standing)>,
        replies: Replies,
        last_id: RuleId,
        now: Instant,
    ) -> Self {
        for (_, rule) in &mut kept {
            rule.added.get_or_insert(now);
        }
        Faults { kept, last_id, replies, is_dirty: false }
    }

    /// The fault that strikes a request, if any does. Every rule that fits counts it.
    pub(crate) fn decide(&mut self, seed: Seed, asked: &Asked<'_>) -> Option<Fault> {
        let mut struck = None;
        for (id, kept) in &mut self.kept {
            if kept.is_spent(asked.now) || !kept.fits(asked) {
                continue;
            }
            self.is_dirty = true;
            // Two rules that are alike are told apart by their names or ids.
            let key = kept.rule.name.clone().unwrap_or_else(|| id.to_string());
            if kept.strikes(seed, &key, asked.now) && struck.is_none() {
                kept.fired += 1;
                struck = Some(Fault {
                    rule: *id,
                    name: kept.rule.name.clone(),
                    then: kept.rule.then.clone(),
                    nth: kept.matched,
                    late_by: kept.late_by(seed, &key),
                    close: kept.rule.closes(),
                });
            }
        }
        struck
    }

    /// The fixed reply that answers a request, if any does.
    pub(crate) fn answering(&mut self, asked: &Asked<'_>) -> Option<Answering> {
        if self.replies.is_empty() {
            return None;
        }
        let (answering, is_counted) = self.replies.decide(asked);
        self.is_dirty |= is_counted;
        answering
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.replies.is_empty()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.kept.iter().any(|(_, kept)| kept.rule.name.as_deref() == Some(name))
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Adds rules behind those that are there; answers their ids.
    pub(crate) fn add(&mut self, rules: Vec<Rule>, now: Instant) -> Vec<RuleId> {
        let mut ids = Vec::new();
        for rule in rules {
            self.last_id = self.last_id.next();
            let kept = Standing { added: Some(now), ..Standing::new(rule) };
            self.kept.push((self.last_id, kept));
            ids.push(self.last_id);
        }
        self.is_dirty = true;
        ids
    }

    /// Takes one away, or all. Answers how many went.
    pub(crate) fn remove(&mut self, id: Option<RuleId>) -> usize {
        let n_before = self.kept.len();
        self.kept.retain(|(kept, _)| id.is_some_and(|id| id != *kept));
        self.is_dirty = true;
        n_before - self.kept.len()
    }

    /// The rules as rows of a scenario, with stored values.
    pub(crate) fn stated(&self) -> Vec<Map<String, Value>> {
        self.kept.iter().map(|(_, kept)| kept.rule.stated()).collect()
    }

    /// How many have counted a request or used up a part of their time.
    pub(crate) fn n_begun(&self, now: Instant) -> i64 {
        let has_begun = |kept: &Standing| {
            let is_timed = kept.rule.on.lasts.is_some();
            kept.matched > 0 || is_timed && kept.added.is_some_and(|at| at < now)
        };
        self.kept.iter().map(|(_, kept)| i64::from(has_begun(kept))).sum()
    }

    /// Has them written the next time: what was written does not stand.
    pub(crate) fn touch(&mut self) {
        self.is_dirty = true;
    }

    pub(crate) fn to_json(&self, now: Instant) -> Value {
        self.kept.iter().map(|(id, kept)| kept.to_json(*id, now)).collect()
    }
}
