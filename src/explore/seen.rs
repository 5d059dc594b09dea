//! The exchanges of a run, as its journal has them.

use http::Method;

use crate::calibrate::question::Ask;
use crate::sim::journal::shown::Shown;
use crate::web::exchange::Body;

/// One request that a vendor answered.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) vendor: String,
    /// The operation; empty where none took it.
    pub(crate) operation: String,
    pub(crate) ask: Ask,
}

/// The exchanges of a journal that shows what came as it came, in their order.
pub(crate) fn of_journal<'e>(entries: impl Iterator<Item = Shown<'e>>) -> Vec<Seen> {
    entries.filter_map(of_entry).collect()
}

fn of_entry(shown: Shown<'_>) -> Option<Seen> {
    let asked = shown.asked()?;
    let (vendor, operation) = (shown.entry().vendor()?, shown.entry().operation());
    let method: Method = asked.method.parse().ok()?;
    let path = match asked.target.split_once('?') {
        Some((_, query)) if !asked.path.contains('?') => format!("{}?{query}", asked.path),
        _ => asked.path.into_owned(),
    };
    let mut ask = Ask::new(method, path);
    for (name, value) in &asked.message.headers {
        // The twin has one vendor and one world: who was meant is known.
        if name != "host" && name != "x-ringback-world" {
            ask = ask.header(name, value.as_ref());
        }
    }
    ask.body = match asked.message.body {
        Body::Text(text) => text.into_owned().into_bytes(),
        Body::Bytes(bytes) => bytes.into_owned(),
        // The rest is not kept; the same beginning goes to every reading.
        Body::Cut { head, .. } => head.into_owned().into_bytes(),
        Body::Streamed(_) => Vec::new(),
    };
    let operation = operation.unwrap_or_default().to_owned();
    Some(Seen { vendor: vendor.to_owned(), operation, ask })
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
