//! Faults: rules about which requests go wrong, and how.
//!
//! A fault is decided in the world, beside the request that it strikes, and carried out at the
//! socket (`web::delivery`). Whether it strikes depends on the world alone: on requests counted
//! since the rule was added, on world time, on the seed. Of several rules that strike the same
//! request the first decides; all of them count it.
//!
//! Each kind is of one of two sorts. With some the work is done and only the reply suffers; with the
//! others nothing is done.
//!
//! | `then` | work | what the client sees |
//! | --- | --- | --- |
//! | `delay` | done | the reply, late |
//! | `drip` | done | the body in small pieces with pauses |
//! | `malform` | done | a body whose last byte is missing: JSON and XML do not close |
//! | `truncate` | done | a body that ends before its announced length |
//! | `reset_after_head` | done | the head, then a reset connection |
//! | `lose_reply` | done | no byte; the connection is closed |
//! | `status` | not done | an HTTP status that is not the vendor's |
//! | `refuse` | not done | one of the vendor's own refusals, in its own form |
//! | `fail` | not done | what the vendor sends when it fails itself |
//! | `rate_limit` | not done | a status, once there were too many requests in a while |
//! | `reset` | not done | a reset connection |
//! | `hang` | not done | nothing, for a long time, then a closed connection |
//!
//! Lateness (`delay`) may be added to any kind, and is always real time.

mod declare;
mod place;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::StatusCode;
use rand::RngExt;
use rand_distr::{Distribution, LogNormal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use declare::{FAULT, Mistake, SCENARIO, rules};
pub use place::Look;
pub(super) use store::{STATEMENTS, load, save, seed};

use super::vendor::Call;
use crate::base::limits::FAULT_DELAY_MAX;
use crate::base::seed::Seed;
use crate::base::time;
use crate::web::delivery::{Delivery, How};

/// One rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub on: On,
    pub then: Then,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
}

/// Which requests a rule strikes. What is left out fits everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct On {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Operations that may change something, or those that do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// What stands in the request; all of it.
    #[serde(skip_serializing_if = "Vec::is_empty", rename = "match")]
    pub looks: Vec<Look>,
    /// Only the n-th request that fits, counted since the rule was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Only every n-th of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Each of them with this probability, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Only from this moment of world time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// Only before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// So many times at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only for so long since the rule was added, in world time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<i64>,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Then {
    Delay,
    Drip {
        bytes: u64,
        pause_ms: u64,
    },
    Malform,
    Truncate {
        /// Bytes of the body that are sent; half of it where left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
    },
    ResetAfterHead,
    LoseReply,
    Status {
        status: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
    },
    Refuse {
        /// A rule of the vendor's: `jtel.on_a_call`.
        error: String,
    },
    Fail,
    RateLimit {
        most: u64,
        per_ms: i64,
        status: u16,
    },
    Reset,
    Hang,
}

/// How late a reply is, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Delay {
    Fixed { by_ms: u64 },
    Uniform { from_ms: u64, to_ms: u64 },
    LogNormal { median_ms: u64, sigma: f64 },
}

impl Rule {
    /// The rule as the row of a scenario, with stored values: times and lengths in milliseconds.
    fn stated(&self) -> Map<String, Value> {
        let members = |value: Value| match value {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        // A scenario's field has the name of the stored one, without the unit.
        let unit_less = |(name, value): (String, Value)| {
            let name = name.strip_suffix("_ms").map_or(name.clone(), str::to_owned);
            (name, value)
        };
        let mut row = Map::new();
        row.insert("name".into(), json!(self.name));
        let on: Map<_, _> = members(json!(self.on)).into_iter().map(unit_less).collect();
        row.insert("on".into(), on.into());
        row.insert("then".into(), self.then.word().into());
        let then = members(json!(self.then)).into_iter().filter(|(name, _)| name != "kind");
        row.extend(then.map(unit_less));
        let delay = match self.delay {
            None => json!({}),
            Some(Delay::Fixed { by_ms }) => json!({ "delay": by_ms }),
            Some(Delay::Uniform { from_ms, to_ms }) => {
                json!({ "delay": from_ms, "delay_to": to_ms })
            }
            Some(Delay::LogNormal { median_ms, sigma }) => {
                json!({ "delay": median_ms, "sigma": sigma })
            }
        };
        row.extend(members(delay));
        row
    }
}

impl Then {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Then::Delay => "delay",
            Then::Drip { .. } => "drip",
            Then::Malform => "malform",
            Then::Truncate { .. } => "truncate",
            Then::ResetAfterHead => "reset_after_head",
            Then::LoseReply => "lose_reply",
            Then::Status { .. } => "status",
            Then::Refuse { .. } => "refuse",
            Then::Fail => "fail",
            Then::RateLimit { .. } => "rate_limit",
            Then::Reset => "reset",
            Then::Hang => "hang",
        }
    }

    /// Whether the request is answered as ever, and only its reply suffers.
    pub fn does_work(&self) -> bool {
        match self {
            Then::Delay
            | Then::Drip { .. }
            | Then::Malform
            | Then::Truncate { .. }
            | Then::ResetAfterHead
            | Then::LoseReply => true,
            Then::Status { .. }
            | Then::Refuse { .. }
            | Then::Fail
            | Then::RateLimit { .. }
            | Then::Reset
            | Then::Hang => false,
        }
    }

    fn how(&self) -> How {
        match self {
            Then::Drip { bytes, pause_ms } => {
                How::Drip { bytes: *bytes, pause: Duration::from_millis(*pause_ms) }
            }
            Then::Malform => How::Malform,
            Then::Truncate { bytes } => How::Truncate { bytes: *bytes },
            Then::ResetAfterHead => How::ResetAfterHead,
            Then::LoseReply => How::Close,
            Then::Reset => How::Reset,
            Then::Hang => How::Hang,
            Then::Delay
            | Then::Status { .. }
            | Then::Refuse { .. }
            | Then::Fail
            | Then::RateLimit { .. } => How::Whole,
        }
    }
}

/// A rule in a world, with what has come of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub rule: Rule,
    /// World time at which it was added; a scenario's rule is added when its world begins.
    added_ms: Option<i64>,
    /// Requests that fitted.
    pub matched: u64,
    /// Requests that it struck.
    pub fired: u64,
    /// The stretch of world time that a rate limit counts in, and what it has counted.
    #[serde(default)]
    window: (i64, u64),
}

impl Kept {
    fn new(rule: Rule) -> Self {
        Kept { rule, added_ms: None, matched: 0, fired: 0, window: (i64::MIN, 0) }
    }

    /// Whether it can still strike.
    fn is_spent(&self, now_ms: i64) -> bool {
        let on = &self.rule.on;
        let is_over = |since_ms: i64, for_ms: i64| now_ms >= since_ms.saturating_add(for_ms);
        on.times.is_some_and(|times| self.fired >= times)
            || on.nth.is_some_and(|nth| self.matched >= nth)
            || on.until_ms.is_some_and(|until_ms| now_ms >= until_ms)
            || on.for_ms.zip(self.added_ms).is_some_and(|(for_ms, at_ms)| is_over(at_ms, for_ms))
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
            && on.from_ms.is_none_or(|from_ms| asked.now_ms >= from_ms)
            && on.looks.iter().all(|look| look.fits(asked.call))
    }

    /// Counts a request that fits, and tells whether it is struck.
    fn strikes(&mut self, seed: Seed, key: &str, now_ms: i64) -> bool {
        self.matched += 1;
        let on = &self.rule.on;
        let drawn = |probability: f64| {
            let nth = self.matched.to_string();
            seed.draw("fault", &[key, &nth]).random_bool(probability.clamp(0.0, 1.0))
        };
        let is_chosen = on.nth.is_none_or(|nth| self.matched == nth)
            && on.every.is_none_or(|every| self.matched.is_multiple_of(every.max(1)))
            && on.probability.is_none_or(drawn);
        is_chosen && self.is_over_rate(now_ms)
    }

    /// Whether a rate limit is passed; true of every other kind.
    fn is_over_rate(&mut self, now_ms: i64) -> bool {
        let Then::RateLimit { most, per_ms, .. } = self.rule.then else { return true };
        let start_ms = now_ms - now_ms.rem_euclid(per_ms.max(1));
        if self.window.0 != start_ms {
            self.window = (start_ms, 0);
        }
        self.window.1 += 1;
        self.window.1 > most
    }

    fn late_by(&self, seed: Seed, key: &str) -> Duration {
        let Some(delay) = self.rule.delay else { return Duration::ZERO };
        let nth = self.matched.to_string();
        let mut draw = seed.draw("fault.delay", &[key, &nth]);
        let most = FAULT_DELAY_MAX;
        match delay {
            Delay::Fixed { by_ms } => Duration::from_millis(by_ms),
            Delay::Uniform { from_ms, to_ms } => {
                Duration::from_millis(draw.random_range(from_ms..=to_ms.max(from_ms)))
            }
            Delay::LogNormal { median_ms, sigma } => {
                let median = Duration::from_millis(median_ms);
                let factor =
                    LogNormal::new(0.0, sigma).map_or(1.0, |shape| shape.sample(&mut draw));
                Duration::try_from_secs_f64(median.as_secs_f64() * factor).unwrap_or(most)
            }
        }
        .min(most)
    }

    /// The rule and its counts, as the control plane shows them.
    fn to_json(&self, id: i64, now_ms: i64) -> Value {
        let Rule { name, on, then, delay } = &self.rule;
        let mut shown = json!({ "id": id, "name": name, "then": then.word() });
        if let Value::Object(fields) = json!(then) {
            let parameters = fields.into_iter().filter(|(name, _)| name != "kind");
            for (name, value) in parameters {
                shown[name] = value;
            }
        }
        shown["delay"] = json!(delay);
        let mut on_shown = json!(on);
        for (kept, name) in [("from_ms", "from"), ("until_ms", "until")] {
            if let Some(at_ms) = on_shown[kept].as_i64() {
                on_shown[name] = time::rfc3339(at_ms).into();
                on_shown.as_object_mut().map(|fields| fields.remove(kept));
            }
        }
        shown["on"] = on_shown;
        shown["work"] = work_word(then.does_work()).into();
        shown["added"] = self.added_ms.map(time::rfc3339).into();
        shown["matched"] = self.matched.into();
        shown["fired"] = self.fired.into();
        shown["active"] = (!self.is_spent(now_ms)).into();
        shown
    }
}

fn work_word(is_done: bool) -> &'static str {
    if is_done { "done" } else { "not done" }
}

/// What a rule is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'r> {
    pub(super) now_ms: i64,
    pub(super) vendor: &'static str,
    pub(super) call: &'r Call<'r>,
}

/// A fault that strikes a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub rule: i64,
    pub name: Option<String>,
    pub then: Then,
    /// Which of the requests that fit the rule this is.
    pub nth: u64,
    pub late_by: Duration,
}

impl Fault {
    pub fn delivery(&self) -> Delivery {
        Delivery { late_by: self.late_by, how: self.then.how() }
    }

    /// Whether a reply was made, be it that it arrives or not.
    pub fn has_reply(&self) -> bool {
        !matches!(self.then, Then::Reset | Then::Hang)
    }

    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "name": self.name,
            "kind": self.then.word(),
            "work": work_word(self.then.does_work()),
            "nth": self.nth,
            "delay_ms": u64::try_from(self.late_by.as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// The status with which the request is answered in place of the vendor, where it is.
    pub(super) fn status(&self) -> Option<StatusCode> {
        match self.then {
            Then::Status { status, .. } | Then::RateLimit { status, .. } => {
                StatusCode::from_u16(status).ok()
            }
            _ => None,
        }
    }
}

/// The rules of a world, in the order in which they are asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    /// By id, which counts up.
    kept: Vec<(i64, Kept)>,
    /// The last id that was given out. It is part of the state, as the rules are: a reset brings it
    /// back, so that a rule without a name, whose draws come from its id, has the same again.
    last_id: i64,
    /// Whether the counts have moved since they were last saved.
    is_dirty: bool,
}

impl Faults {
    /// The rules as they were kept. Those that have not begun yet begin now.
    pub(super) fn begin(mut kept: Vec<(i64, Kept)>, last_id: i64, now_ms: i64) -> Self {
        for (_, rule) in &mut kept {
            rule.added_ms.get_or_insert(now_ms);
        }
        Faults { kept, last_id, is_dirty: false }
    }

    /// The fault that strikes a request, if any does. Every rule that fits counts it.
    pub(super) fn decide(&mut self, seed: Seed, asked: &Asked<'_>) -> Option<Fault> {
        let mut struck = None;
        for (id, kept) in &mut self.kept {
            if kept.is_spent(asked.now_ms) || !kept.fits(asked) {
                continue;
            }
            self.is_dirty = true;
            // Two rules that are alike are told apart by their names or ids.
            let key = kept.rule.name.clone().unwrap_or_else(|| id.to_string());
            if kept.strikes(seed, &key, asked.now_ms) && struck.is_none() {
                kept.fired += 1;
                struck = Some(Fault {
                    rule: *id,
                    name: kept.rule.name.clone(),
                    then: kept.rule.then.clone(),
                    nth: kept.matched,
                    late_by: kept.late_by(seed, &key),
                });
            }
        }
        struck
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.kept.iter().any(|(_, kept)| kept.rule.name.as_deref() == Some(name))
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Adds rules behind those that are there; answers their ids.
    pub(super) fn add(&mut self, rules: Vec<Rule>, now_ms: i64) -> Vec<i64> {
        let mut ids = Vec::new();
        for rule in rules {
            self.last_id += 1;
            let kept = Kept { added_ms: Some(now_ms), ..Kept::new(rule) };
            self.kept.push((self.last_id, kept));
            ids.push(self.last_id);
        }
        self.is_dirty = true;
        ids
    }

    /// Takes one away, or all. Answers how many went.
    pub(super) fn remove(&mut self, id: Option<i64>) -> usize {
        let n_before = self.kept.len();
        self.kept.retain(|(kept, _)| id.is_some_and(|id| id != *kept));
        self.is_dirty = true;
        n_before - self.kept.len()
    }

    /// The rules as rows of a scenario, with stored values.
    pub(super) fn stated(&self) -> Vec<Map<String, Value>> {
        self.kept.iter().map(|(_, kept)| kept.rule.stated()).collect()
    }

    /// How many have counted a request or used up a part of their time.
    pub(super) fn n_begun(&self, now_ms: i64) -> i64 {
        let has_begun = |kept: &Kept| {
            let is_timed = kept.rule.on.for_ms.is_some();
            kept.matched > 0 || is_timed && kept.added_ms.is_some_and(|at_ms| at_ms < now_ms)
        };
        self.kept.iter().map(|(_, kept)| i64::from(has_begun(kept))).sum()
    }

    /// Has them written the next time: what was written does not stand.
    pub(super) fn touch(&mut self) {
        self.is_dirty = true;
    }

    pub(super) fn to_json(&self, now_ms: i64) -> Value {
        self.kept.iter().map(|(id, kept)| kept.to_json(*id, now_ms)).collect()
    }
}
