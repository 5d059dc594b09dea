//! Which positions of a world's switches were seen at the vendor itself, and on which day.
//!
//! Not here: how each position is known by itself (`contract::evidence`).

use serde_json::{Map, Value, json};

/// Positions that were seen, by vendor and switch: the value, and the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed(Map<String, Value>);

impl Observed {
    /// What was kept.
    pub(crate) fn of_json(kept: Value) -> Self {
        match kept {
            Value::Object(by_vendor) => Observed(by_vendor),
            _ => Observed::default(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Notes that a switch was seen to stand so.
    pub(crate) fn note(&mut self, vendor: &str, switch: &str, value: &str, on: &str) {
        let of_vendor = self.0.entry(vendor).or_insert_with(|| json!({}));
        of_vendor[switch] = json!({ "value": value, "on": on });
    }

    /// Forgets what was seen of a switch.
    pub(crate) fn forget(&mut self, vendor: &str, switch: &str) {
        if let Some(of_vendor) = self.0.get_mut(vendor).and_then(Value::as_object_mut) {
            of_vendor.remove(switch);
        }
    }

    /// The day on which a switch was seen to stand so; `None` where it was not.
    pub(crate) fn on(&self, vendor: &str, switch: &str, value: &str) -> Option<&str> {
        let seen = self.0.get(vendor)?.get(switch)?;
        (seen["value"] == value).then(|| seen["on"].as_str())?
    }
}
