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
//! | `close` | done | the reply, then a closed connection |
//! | `status` | not done | an HTTP status that is not the vendor's |
//! | `refuse` | not done | one of the vendor's own refusals, in its own form |
//! | `fail` | not done | what the vendor sends when it fails itself |
//! | `rate_limit` | not done | a status, once there were too many requests in a while |
//! | `reset` | not done | a reset connection |
//! | `hang` | not done | nothing, for a long time, then a closed connection |
//!
//! Lateness (`delay`) may be added to any kind, and is always real time. `close` may be added to any
//! whose reply goes out to its end.
//!
//! A slow accept is no fault of a world's: a connection is taken before it is known which world and
//! vendor its requests are for.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::base::time::{Instant, Span};
use crate::sim::fault::headers::Headers;
use crate::sim::fault::kind::Kind;
use crate::sim::fault::look::Look;
use crate::sim::fault::retry_after::RetryAfter;
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
    /// Whether the connection is closed after the reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub close: bool,
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
    /// Only requests that no operation of their vendor takes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_operation: bool,
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
    Close,
    Status {
        status: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
        #[serde(default, skip_serializing_if = "Headers::is_empty")]
        headers: Headers,
    },
    Refuse {
        /// A rule of the vendor's: `jtel.on_a_call`.
        error: String,
        #[serde(default, skip_serializing_if = "Headers::is_empty")]
        headers: Headers,
    },
    Fail,
    RateLimit {
        most: u64,
        #[serde(rename = "per_ms")]
        per: Span,
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
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

impl Rule {
    /// Whether the connection is closed after the reply.
    pub(crate) fn closes(&self) -> bool {
        self.close || self.then == Then::Close
    }

    /// The rule as the row of a scenario, with stored values: times and lengths in milliseconds.
    pub(crate) fn stated(&self) -> Map<String, Value> {
        let mut row = Stated::default();
        row.put("name", &self.name);
        row.put("on", self.on.stated());
        row.put("then", self.then.kind());
        self.then.state(&mut row);
        match self.delay {
            None => {}
            Some(Delay::Fixed { by }) => row.put("delay", by),
            Some(Delay::Uniform { from, to }) => {
                row.put("delay", from);
                row.put("delay_to", to);
            }
            Some(Delay::LogNormal { median, sigma }) => {
                row.put("delay", median);
                row.put("sigma", sigma);
            }
        }
        row.put_some("close", self.close.then_some(true));
        row.0
    }
}

/// Fields of a scenario with their values.
#[derive(Default)]
struct Stated(Map<String, Value>);

impl Stated {
    fn put(&mut self, field: &str, value: impl Serialize) {
        self.0.insert(field.to_owned(), json!(value));
    }

    fn put_some(&mut self, field: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.put(field, value);
        }
    }
}

impl On {
    /// As the row of a scenario, where times and lengths are called without their unit.
    fn stated(&self) -> Map<String, Value> {
        let mut row = Stated::default();
        row.put_some("vendor", self.vendor.as_ref());
        row.put_some("operation", self.operation.as_ref());
        row.put_some("access", self.access.as_ref());
        row.put_some("no_operation", self.no_operation.then_some(true));
        if !self.looks.is_empty() {
            row.put("match", &self.looks);
        }
        row.put_some("nth", self.nth);
        row.put_some("every", self.every);
        row.put_some("probability", self.probability);
        row.put_some("from", self.from);
        row.put_some("until", self.until);
        row.put_some("times", self.times);
        row.put_some("for", self.lasts);
        row.0
    }
}

impl Then {
    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Then::Delay => Kind::Delay,
            Then::Drip { .. } => Kind::Drip,
            Then::Malform => Kind::Malform,
            Then::Truncate { .. } => Kind::Truncate,
            Then::ResetAfterHead => Kind::ResetAfterHead,
            Then::LoseReply => Kind::LoseReply,
            Then::Close => Kind::Close,
            Then::Status { .. } => Kind::Status,
            Then::Refuse { .. } => Kind::Refuse,
            Then::Fail => Kind::Fail,
            Then::RateLimit { .. } => Kind::RateLimit,
            Then::Reset => Kind::Reset,
            Then::Hang => Kind::Hang,
        }
    }

    /// Whether the request is answered as ever, and only its reply suffers.
    pub fn does_work(&self) -> bool {
        self.kind().does_work()
    }

    /// States what is told beside the kind.
    fn state(&self, row: &mut Stated) {
        match self {
            Then::Drip { bytes, pause } => {
                row.put("bytes", bytes);
                row.put("pause", pause);
            }
            Then::Truncate { bytes } => row.put_some("bytes", *bytes),
            Then::Status { status, body, content_type, headers } => {
                row.put("status", status);
                row.put_some("body", body.as_ref());
                row.put_some("content_type", content_type.as_ref());
                row.put_some("headers", Some(headers).filter(|it| !it.is_empty()));
            }
            Then::Refuse { error, headers } => {
                row.put("error", error);
                row.put_some("headers", Some(headers).filter(|it| !it.is_empty()));
            }
            Then::RateLimit { most, per, status, retry_after } => {
                row.put("most", most);
                row.put("per", per);
                row.put("status", status);
                row.put_some("retry_after", *retry_after);
            }
            Then::Delay
            | Then::Malform
            | Then::ResetAfterHead
            | Then::LoseReply
            | Then::Close
            | Then::Fail
            | Then::Reset
            | Then::Hang => {}
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
            | Then::Close
            | Then::Status { .. }
            | Then::Refuse { .. }
            | Then::Fail
            | Then::RateLimit { .. } => How::Whole,
        }
    }
}
