//! A recording while it grows, as lines of JSON: each says which part it belongs to, counted from 0, and
//! one thing of it.
//!
//! Not here: the file (`journal`), and reading one that was cut off (`resume`).

use serde_json::{Value, json};

use crate::base::time::Instant;
use crate::contract::vendor::Vendors;
use crate::recording::exchange::Recorded;
use crate::recording::live::part::{Exchange, Input, Start};
use crate::recording::moves::Event;
use crate::vendors::ALL;

/// What the first line is.
pub(crate) const HEAD: &str = r#"{"ringback_recording":1}"#;

/// How replies arrive of which not all does.
const ARRIVALS: [&str; 3] = ["cut", "none", "late"];

/// One thing of a part.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// A part begins, or is known to have begun otherwise.
    Begins {
        world: String,
        start: Option<Start>,
    },
    Input(Input),
    LeftOut(String),
}

/// A line of a part.
pub(crate) fn write(part: usize, line: &Line) -> String {
    let mut value = match line {
        Line::Begins { world, start } => json!({
            "world": world,
            "at": start.as_ref().map(|it| it.at.to_string()),
            "start": start.as_ref().map(|it| &it.scenario),
        }),
        Line::LeftOut(text) => json!({ "left_out": text }),
        Line::Input(Input::Event(it)) => json!({ "event": {
            "at": it.at.to_string(), "vendor": it.vendor.surface.vendor, "name": it.name,
            "fields": it.fields,
        } }),
        Line::Input(Input::Exchange(it)) => json!({ "exchange": {
            "at": it.it.started.map(|at| at.to_string()),
            "place": it.it.place,
            "vendor": it.vendor.surface.vendor,
            "method": it.it.method,
            "host": it.it.host,
            "target": it.it.target,
            "headers": it.it.headers,
            "body": String::from_utf8_lossy(&it.it.body),
            "status": it.it.status,
            "reply_headers": it.it.reply_headers,
            "reply": String::from_utf8_lossy(&it.it.reply),
            "arrival": it.arrival,
            "open": it.is_open,
        } }),
    };
    value["part"] = part.into();
    format!("{value}\n")
}

/// Reads a line; `None` where it is none.
pub(crate) fn read(text: &str) -> Option<(usize, Line)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let part = usize::try_from(value["part"].as_u64()?).ok()?;
    if let Some(text) = value["left_out"].as_str() {
        return Some((part, Line::LeftOut(text.to_owned())));
    }
    if let Some(world) = value["world"].as_str() {
        let start = instant(&value["at"]).map(|at| Start { at, scenario: value["start"].clone() });
        return Some((part, Line::Begins { world: world.to_owned(), start }));
    }
    let text = |value: &Value| Some(value.as_str()?.to_owned());
    let it = &value["event"];
    if it.is_object() {
        let vendor = Vendors(ALL).find(it["vendor"].as_str()?)?;
        let (at, name, fields) = (instant(&it["at"])?, text(&it["name"])?, it["fields"].clone());
        return Some((part, Line::Input(Input::Event(Event { at, vendor, name, fields }))));
    }
    let it = &value["exchange"];
    let vendor = Vendors(ALL).find(it["vendor"].as_str()?)?;
    let pairs = |value: &Value| serde_json::from_value::<Vec<(String, String)>>(value.clone()).ok();
    let recorded = Recorded {
        place: text(&it["place"])?,
        started: instant(&it["at"]),
        method: text(&it["method"])?,
        host: text(&it["host"])?,
        target: text(&it["target"])?,
        headers: pairs(&it["headers"])?,
        body: text(&it["body"])?.into_bytes(),
        status: u16::try_from(it["status"].as_u64()?).ok()?,
        reply_headers: pairs(&it["reply_headers"])?,
        reply: text(&it["reply"])?.into_bytes(),
    };
    let arrival = ARRIVALS.into_iter().find(|word| it["arrival"] == *word);
    let is_open = it["open"] == true;
    let exchange = Exchange { vendor, it: recorded, arrival, is_open };
    Some((part, Line::Input(Input::Exchange(Box::new(exchange)))))
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_str()?.parse().ok()
}
