//! What recordings of MaestroConference show.

use chrono::{NaiveDateTime, TimeZone};
use serde_json::{Map, Value, json};

use crate::base::time::{Instant, Span};
use crate::base::zone::Tz;
use crate::contract::recorded::{Proposal, Recorded, Seen, Sort, row, unsigned};

pub(super) static RECORDED: Recorded = Recorded {
    people: &[
        ("customerEmail", Sort::Email),
        ("conferenceEmail", Sort::Email),
        ("ANI", Sort::Phone),
        ("name", Sort::Name),
        ("email", Sort::Email),
    ],
    nobody: &[],
    uploads: &[],
    varies: &[],
    propose,
    sign: unsigned,
};

/// How long a call is taken to have lasted: its end is not told.
const LASTED: Span = Span::mins(1);

fn propose(seen: &Seen<'_>, found: &mut Proposal) {
    let (Some(id), Some(token)) = (seen.credential("offer_id"), seen.credential("offer_token"))
    else {
        return;
    };
    let Some(callers) = seen.reply.as_array().filter(|_| seen.status == 200) else { return };
    found.row("offers", "id", row([("id", id.into()), ("token", token.into())]));
    for caller in callers.iter().filter_map(Value::as_object) {
        call(caller, found);
        let cell = |name: &str| text(caller, name);
        let uid = cell("callerUID");
        let caller = row([
            ("uid", uid.clone()),
            ("call", cell("callUID")),
            ("ani", cell("ANI")),
            ("name", cell("name")),
            ("email", cell("email")),
            ("offers", json!([])),
        ]);
        found.row("callers", "uid", caller);
        found.listed("callers", "uid", &uid, "offers", id.into());
    }
}

fn call(caller: &Map<String, Value>, found: &mut Proposal) {
    let emails = |name: &str| {
        let text = text(caller, name);
        let text = text.as_str().unwrap_or_default();
        let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(Value::from).collect::<Value>()
    };
    let start = text(caller, "callTime");
    let Some(start) = start.as_str().and_then(moment) else { return };
    let call = row([
        ("uid", text(caller, "callUID")),
        ("name", text(caller, "callName")),
        ("start", start.to_string().into()),
        ("end", start.saturating_add(LASTED).to_string().into()),
        ("customer_emails", emails("customerEmail")),
        ("conference_emails", emails("conferenceEmail")),
        ("affiliate", text(caller, "affiliate")),
    ]);
    found.row("calls", "uid", call);
}

fn text(row: &Map<String, Value>, name: &str) -> Value {
    match row.get(name) {
        Some(Value::String(text)) if !text.is_empty() => text.as_str().into(),
        _ => Value::Null,
    }
}

/// The vendor's times are those of the US Pacific coast.
fn moment(text: &str) -> Option<Instant> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let at = Tz::LOS_ANGELES.from_local_datetime(&local).earliest()?;
    Instant::try_from_calendar(&at).ok()
}
