//! The exchanges of a run, as its journal has them.

use http::Method;
use serde_json::Value;

use crate::calibrate::question::Ask;

/// One request that a vendor answered.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) vendor: String,
    /// The operation; empty where none took it.
    pub(crate) operation: String,
    pub(crate) ask: Ask,
}

/// The exchanges of a journal that shows what came as it came, in their order.
pub(crate) fn of_journal(entries: &[Value]) -> Vec<Seen> {
    entries.iter().filter_map(of_entry).collect()
}

fn of_entry(entry: &Value) -> Option<Seen> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let request = entry.get("request")?;
    let vendor = word(&entry["vendor"]);
    let method: Method = word(&request["method"]).parse().ok()?;
    if vendor.is_empty() {
        return None;
    }
    let (path, target) = (word(&request["path"]), word(&request["target"]));
    let path = match target.split_once('?') {
        Some((_, query)) if !path.contains('?') => format!("{path}?{query}"),
        _ => path,
    };
    let mut ask = Ask::new(method, path);
    for pair in request["headers"].as_array().into_iter().flatten() {
        let name = word(&pair[0]);
        // The twin has one vendor and one world: who was meant is known.
        if name != "host" && name != "x-ringback-world" {
            ask = ask.header(&name, word(&pair[1]));
        }
    }
    ask.body = word(&request["body"]).into_bytes();
    Some(Seen { vendor, operation: word(&entry["operation"]), ask })
}

impl Seen {
    /// In a line.
    pub(crate) fn line(&self) -> String {
        if self.operation.is_empty() {
            return self.ask.line();
        }
        format!("{} ({})", self.ask.line(), self.operation)
    }
}
