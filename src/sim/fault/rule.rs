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

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::base::time::{Instant, Span};
use crate::sim::fault::look::Look;
use crate::web::delivery::How;

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
    #[serde(skip_serializing_if = "Option::is_none", rename = "from_ms")]
    pub from: Option<Instant>,
    /// Only before it.
    #[serde(skip_serializing_if = "Option::is_none", rename = "until_ms")]
    pub until: Option<Instant>,
    /// So many times at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only for so long since the rule was added, in world time.
    #[serde(skip_serializing_if = "Option::is_none", rename = "for_ms")]
    pub lasts: Option<Span>,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Then {
    Delay,
    Drip {
        bytes: u64,
        /// In real time.
        #[serde(rename = "pause_ms")]
        pause: Span,
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
        #[serde(rename = "per_ms")]
        per: Span,
        status: u16,
    },
    Reset,
    Hang,
}

/// How late a reply is, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Delay {
    Fixed {
        #[serde(rename = "by_ms")]
        by: Span,
    },
    Uniform {
        #[serde(rename = "from_ms")]
        from: Span,
        #[serde(rename = "to_ms")]
        to: Span,
    },
    LogNormal {
        #[serde(rename = "median_ms")]
        median: Span,
        sigma: f64,
    },
}

pub(crate) fn work_word(is_done: bool) -> &'static str {
    if is_done { "done" } else { "not done" }
}

impl Rule {
    /// The rule as the row of a scenario, with stored values: times and lengths in milliseconds.
    pub(crate) fn stated(&self) -> Map<String, Value> {
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
            Some(Delay::Fixed { by }) => json!({ "delay": by }),
            Some(Delay::Uniform { from, to }) => json!({ "delay": from, "delay_to": to }),
            Some(Delay::LogNormal { median, sigma }) => json!({ "delay": median, "sigma": sigma }),
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

    pub(crate) fn how(&self) -> How {
        match self {
            Then::Drip { bytes, pause } => How::Drip { bytes: *bytes, pause: (*pause).into() },
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
