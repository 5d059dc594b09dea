//! Requests and replies as they came, for who compares two of them. They hold credentials: no report shows
//! them.

use std::time::Duration;

use crate::client::{Arrival, Incoming, Outgoing};
use crate::replay::difference::Difference;
use crate::scenario::step::{Expectation, Step, Wanted};
use crate::scenario::template::{NoValue, Variables, fill, fill_json};

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
    /// What else the step expects, and did not come. It is masked.
    pub(crate) unlike: Vec<Difference>,
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
    pub(crate) body: Option<Vec<u8>>,
    /// Whether there may be more in the body than that.
    pub(crate) is_part: bool,
    /// How it arrives, where the step says so.
    pub(crate) arrival: Option<String>,
    /// Whether it expects something else, which is looked at by itself.
    pub(crate) has_more: bool,
}

impl Said {
    /// A request that is about to be sent.
    pub(crate) fn asked(step: &Step, outgoing: &Outgoing, variables: &dyn Variables) -> Said {
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
            expected: Expected::of(step, variables),
            unlike: Vec::new(),
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
    fn of(step: &Step, variables: &dyn Variables) -> Expected {
        let mut expected = Expected::default();
        for it in &step.expect {
            expected.has_more |= !is_of_reply(it, variables);
            // One without a value for its variable is looked at by itself.
            let _ = expected.add(&it.wanted, variables);
        }
        // What is taken along has to be there.
        expected.has_more |= !step.captures.is_empty();
        if !step.recorded.is_empty() {
            expected.headers = Some(step.recorded.clone());
            // It was written down whole, but for what varies.
            expected.is_part = false;
        }
        expected
    }

    /// # Errors
    /// Where a variable has no value.
    fn add(&mut self, wanted: &Wanted, variables: &dyn Variables) -> Result<(), NoValue> {
        match wanted {
            Wanted::Status(status) => self.status = Some(*status),
            Wanted::Arrival(word) => self.arrival = Some(word.clone()),
            Wanted::Body(text) => self.body = Some(fill(text, variables)?.into_bytes()),
            Wanted::Json { value, .. } => {
                let value = fill_json(value, variables)?;
                (self.body, self.is_part) = (Some(value.to_string().into_bytes()), true);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether it says nothing of the reply.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Expected::default()
    }
}

/// Whether what is expected is a part of the reply itself, so that the two can be compared place by place.
pub(crate) fn is_of_reply(it: &Expectation, variables: &dyn Variables) -> bool {
    let is_part = matches!(
        it.wanted,
        Wanted::Status(_) | Wanted::Arrival(_) | Wanted::Body(_) | Wanted::Json { .. }
    );
    is_part && Expected::default().add(&it.wanted, variables).is_ok()
}
