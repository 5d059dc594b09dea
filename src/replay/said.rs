//! Requests and replies as they came, for who compares two of them. They hold credentials: no report shows
//! them.

use std::time::Duration;

use crate::client::{Arrival, Incoming, Outgoing};
use crate::scenario::step::{Step, Wanted};

/// A request and its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// `None` where it did not come whole.
    pub(crate) reply: Option<Reply>,
    /// How it arrived, in a word.
    pub(crate) arrival: &'static str,
    pub(crate) took: Duration,
    /// What was expected, as far as the step says it.
    pub(crate) expected: Expected,
}

/// A reply that came whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What a step expects of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) status: Option<u16>,
    /// Those that were recorded; `None` where none were.
    pub(crate) headers: Option<Vec<(String, String)>>,
    /// All of it.
    pub(crate) body: Option<Vec<u8>>,
}

impl Said {
    /// A request that is about to be sent.
    pub(crate) fn asked(step: &Step, outgoing: &Outgoing) -> Said {
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Said {
            method: outgoing.method.to_string(),
            path: outgoing.path.clone(),
            headers: outgoing
                .headers
                .iter()
                .map(|(name, it)| (name.to_string(), text(it)))
                .collect(),
            body: outgoing.body.to_vec(),
            reply: None,
            arrival: Arrival::None.name(),
            took: Duration::ZERO,
            expected: Expected::of(step),
        }
    }

    /// Takes note of what came back.
    pub(crate) fn answered(&mut self, incoming: &Incoming, took: Duration) {
        (self.arrival, self.took) = (incoming.arrival.name(), took);
        let Some((status, headers)) =
            incoming.head.as_ref().filter(|_| incoming.arrival == Arrival::Whole)
        else {
            return;
        };
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect();
        self.reply = Some(Reply { status: status.as_u16(), headers, body: incoming.body.to_vec() });
    }
}

impl Expected {
    fn of(step: &Step) -> Expected {
        let mut expected = Expected::default();
        for it in &step.expect {
            match &it.wanted {
                Wanted::Status(status) => expected.status = Some(*status),
                Wanted::Body(text) => expected.body = Some(text.clone().into_bytes()),
                Wanted::Json { value, .. } => expected.body = Some(value.to_string().into_bytes()),
                _ => {}
            }
        }
        if !step.recorded.is_empty() {
            expected.headers = Some(step.recorded.clone());
        }
        expected
    }
}
