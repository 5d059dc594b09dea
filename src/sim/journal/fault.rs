//! What an entry keeps of the fault that struck its request, and of the fixed reply that answered it.

use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sim::fault::canned::standing::Answering;
use crate::sim::fault::kind::{Kind, work_word};
use crate::sim::fault::rule_id::RuleId;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::mask::Mask;

/// A fault that struck a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Struck {
    /// The id of the rule.
    pub rule: RuleId,
    pub name: Option<String>,
    pub kind: Kind,
    /// Which of the requests that fit the rule it struck.
    pub nth: u64,
    /// How late the reply is, in whole milliseconds.
    #[serde(rename = "delay_ms", deserialize_with = "millis")]
    pub late_by: Duration,
}

fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

/// Whose word a fixed reply is: the scenario's, which is the user's own.
pub(crate) const YOURS: &str = "yours";

/// A fixed reply that answered a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Canned {
    /// The id of the reply.
    pub rule: RuleId,
    pub name: Option<String>,
    /// Which of the requests that fit the reply it answered.
    pub nth: u64,
}

impl Canned {
    /// As it may be shown.
    pub(crate) fn shown(&self, mask: Mask<'_>) -> Self {
        let name = self.name.as_deref().map(|name| mask.text(name).into_owned());
        Canned { name, ..self.clone() }
    }
}

impl From<Answering> for Canned {
    fn from(answering: Answering) -> Self {
        let Answering { rule, nth, reply } = answering;
        Canned { rule, name: reply.name, nth }
    }
}

impl Serialize for Canned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("rule", &self.rule)?;
        shown.serialize_entry("name", &self.name)?;
        shown.serialize_entry("nth", &self.nth)?;
        shown.serialize_entry("evidence", YOURS)?;
        shown.end()
    }
}

impl Struck {
    /// As it may be shown.
    pub(crate) fn shown(&self, mask: Mask<'_>) -> Self {
        let name = self.name.as_deref().map(|name| mask.text(name).into_owned());
        Struck { name, ..self.clone() }
    }

    fn late_by_ms(&self) -> u64 {
        u64::try_from(self.late_by.as_millis()).unwrap_or(u64::MAX)
    }
}

impl From<Fault> for Struck {
    fn from(fault: Fault) -> Self {
        let Fault { rule, name, then, nth, late_by, close: _ } = fault;
        let struck = Struck { rule, name, kind: then.kind(), nth, late_by };
        Struck { late_by: Duration::from_millis(struck.late_by_ms()), ..struck }
    }
}

impl Serialize for Struck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("rule", &self.rule)?;
        shown.serialize_entry("name", &self.name)?;
        shown.serialize_entry("kind", &self.kind)?;
        shown.serialize_entry("work", work_word(self.kind.does_work()))?;
        shown.serialize_entry("nth", &self.nth)?;
        shown.serialize_entry("delay_ms", &self.late_by_ms())?;
        shown.end()
    }
}
