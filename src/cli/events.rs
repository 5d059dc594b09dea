//! `events`: what can be brought about outside a vendor's API, with the fields and an example.
//!
//! Not here: bringing it about (`event`).

use clap::Args;
use serde_json::{Map, Value, json};

use crate::base::listing::one_of;
use crate::base::nearest::did_you_mean;
use crate::cli::asking::shown;
use crate::cli::declared::{inner, kind_word, need, wanted};
use crate::cli::event_samples::{self, Before};
use crate::cli::failure::{Failure, bad_input, print};
use crate::cli::table;
use crate::cli::words::read;
use crate::contract::event::Event;
use crate::contract::fields::{Field, Kind};

/// Texts of which a format that is checked takes one.
const SAMPLES: &[&str] = &[
    "+15105550188",
    "15105550188",
    "a@example.test",
    "2026-03-02",
    "09:00",
    "1000",
    "a",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "127.0.0.1",
];

/// What a text holds whose field's name has a word in it, the more telling word first.
const NAMED: &[(&str, &str)] = &[
    ("email", "a@example.test"),
    ("token", "token-2"),
    ("password", "Secret-2"),
    ("key", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
    ("first_name", "Asha"),
    ("name", "Bennett"),
    ("phone", "+15105550188"),
    ("number", "+15105550188"),
];

#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// Only this vendor's
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// Only this event
    #[arg(env = "RINGBACK_EVENT", requires = "vendor")]
    event: Option<String>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

impl EventsArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if let Some(name) = &self.event {
            let known = || surfaces.iter().flat_map(|surface| surface.events.iter());
            if !known().any(|event| event.name == name) {
                let names: Vec<&str> = known().map(|event| event.name).collect();
                let near = did_you_mean(name, names.iter().copied());
                let listed = one_of(&names);
                return Err(bad_input(format!("no event {name:?}; expected {listed}{near}")));
            }
        }
        let is_wanted =
            |event: &&Event| self.event.as_deref().is_none_or(|name| event.name == name);
        if self.json {
            let all = surfaces.iter().flat_map(|surface| {
                let events = surface.events.iter().filter(is_wanted);
                events.map(|event| to_json(surface.vendor, event))
            });
            return print(&json!({ "events": all.collect::<Value>() }).to_string());
        }
        for surface in surfaces {
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            for event in surface.events.iter().filter(is_wanted) {
                lines(surface.vendor, event).iter().try_for_each(|line| print(line))?;
            }
        }
        Ok(())
    }
}

fn lines(vendor: &str, event: &Event) -> Vec<String> {
    let mut lines = vec![format!("  {}: {}", event.name, event.text)];
    let rows: Vec<Vec<String>> =
        with_inner(event.fields).map(|(name, field)| row(name, field)).collect();
    // The head of the columns would stand above each event.
    let table = table::lines(&["field", "type", "needed", "meaning"], &rows);
    lines.extend(table.into_iter().skip(1).map(|line| format!("    {line}")));
    let before = event_samples::before(vendor, event.name).iter().map(|it| shell(vendor, *it));
    let own = format!("ringback event {vendor} {}{}", event.name, example_words(vendor, event));
    lines.extend(before.chain([own]).map(|line| format!("    $ {line}")));
    lines
}

/// The words of an event's example, each behind a blank.
pub(crate) fn example_words(vendor: &str, event: &Event) -> String {
    let words = example(vendor, event).into_iter().map(|(name, value)| {
        let value = shown(&value);
        let value = if value.contains(' ') { format!("'{value}'") } else { value };
        format!(" {name}={value}")
    });
    words.collect()
}

/// What comes before an event's example, as a shell takes it.
fn shell(vendor: &str, before: Before) -> String {
    match before {
        Before::Event(words) => format!("ringback event {vendor} {words}"),
        Before::Get(path) => {
            let token = event_samples::TOKEN;
            format!("curl -o reply.txt -b TokenKey={token} http://127.0.0.1:8080{path}")
        }
    }
}

/// The fields, and below a field with fields of its own those: `answers`, `answers.after`.
fn with_inner(fields: &'static [Field]) -> impl Iterator<Item = (String, &'static Field)> {
    fields.iter().flat_map(|field| {
        let own = inner(&field.kind).iter();
        let below = own.map(move |it| (format!("{}.{}", field.name, it.name), it));
        std::iter::once((field.name.to_owned(), field)).chain(below)
    })
}

fn row(name: String, field: &Field) -> Vec<String> {
    vec![name, kind_of(field), need(field).into(), field.text.into()]
}

/// A body holds no file, so rows are a list here.
fn kind_of(field: &Field) -> String {
    match field.kind {
        Kind::Rows(_) => "list of tables".to_owned(),
        _ => kind_word(&field.kind),
    }
}

/// An event for programs, with all of it.
pub(super) fn to_json(vendor: &str, event: &Event) -> Value {
    let fields = with_inner(event.fields).map(|(name, field)| {
        json!({
            "name": name, "type": kind_of(field), "required": field.is_required(),
            "text": field.text,
        })
    });
    let before = event_samples::before(vendor, event.name).iter().map(|it| shell(vendor, *it));
    json!({
        "vendor": vendor, "name": event.name, "text": event.text,
        "fields": fields.collect::<Value>(), "example": example(vendor, event),
        "before": before.collect::<Value>(),
    })
}

/// A body of an event that happens in the demo.
fn example(vendor: &str, event: &Event) -> Map<String, Value> {
    filled(event.fields, &|field| {
        let of_demo = event_samples::value(vendor, event.name, field.name);
        of_demo.map_or_else(|| sample_of(field.name, &field.kind), |it| read(&field.kind, it))
    })
}

/// What has to be there, or the first field where nothing has to.
fn filled(fields: &[Field], value: &dyn Fn(&Field) -> Value) -> Map<String, Value> {
    let required = fields.iter().filter(|field| field.is_required());
    let mut filled: Map<String, Value> =
        required.map(|field| (field.name.to_owned(), value(field))).collect();
    if let (true, Some(field)) = (filled.is_empty(), fields.first()) {
        filled.insert(field.name.to_owned(), value(field));
    }
    filled
}

/// A value of a field: one that its name asks for, where the field takes it.
fn sample_of(name: &str, kind: &Kind) -> Value {
    match kind {
        Kind::List(element) => return json!([sample_of(name, element)]),
        Kind::OneOrMore(element) => return sample_of(name, element),
        _ => {}
    }
    let is_text = matches!(kind, Kind::Text | Kind::TextOr(_) | Kind::Id | Kind::Checked(_));
    let named = NAMED.iter().filter(|(part, _)| is_text && name.contains(part));
    let mut fit = named.map(|(_, value)| *value).filter(|value| match kind {
        Kind::Checked(check) => check(value).is_ok(),
        _ => true,
    });
    fit.next().map_or_else(|| sample(kind), Into::into)
}

/// A value of a kind.
fn sample(kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::TextOr(_) => "text".into(),
        Kind::Any => json!({}),
        Kind::Id => "1000".into(),
        Kind::Integer { min, max } => 1.clamp(*min, *max).into(),
        Kind::Decimal => json!(1.5),
        Kind::Bool => true.into(),
        Kind::Time => "2026-03-02T09:00:00Z".into(),
        Kind::Duration => "30s".into(),
        Kind::OneOf(words) => words.first().copied().unwrap_or_default().into(),
        Kind::Checked(check) => {
            let fit = SAMPLES.iter().find(|sample| check(sample).is_ok());
            fit.copied().unwrap_or_default().into()
        }
        Kind::List(element) => json!([sample(element)]),
        Kind::OneOrMore(element) => sample(element),
        Kind::Table(fields) => of_fields(fields).into(),
        Kind::Rows(rows) => json!([of_fields(rows.fields)]),
        Kind::Map(element) => json!({ "name": sample(element) }),
        Kind::File => "reply.json".into(),
    }
}

fn of_fields(fields: &[Field]) -> Map<String, Value> {
    filled(fields, &|field| sample_of(field.name, &field.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::declared::named;
    use crate::cli::words;
    use crate::testing::Stage;
    use crate::vendors;

    /// Lets happen what words say, as `event` reads them.
    fn happen(stage: &Stage, vendor: &str, line: &str) -> Result<Value, String> {
        let words: Vec<String> = line.split(' ').map(|word| word.replace('\'', "")).collect();
        let surface = named(vendor).map_err(|it| it.text)?.surface;
        let fields = surface.event(&words[0]).map_or(&[][..], |event| event.fields);
        let body = words::body(&words[1..], fields, "").map_err(|it| it.text)?;
        stage.event(vendor, &words[0], &body)
    }

    #[test]
    fn every_example_can_be_tried_on_the_demo() {
        let mut failed = Vec::new();
        for vendor in vendors::ALL {
            let name = vendor.surface.vendor;
            for event in vendor.surface.events {
                let stage = Stage::demo();
                for before in event_samples::before(name, event.name) {
                    let done = match before {
                        Before::Event(words) => happen(&stage, name, words).map(|_| ()),
                        Before::Get(path) => {
                            let token = event_samples::TOKEN;
                            stage.send(&format!("GET {path}\nCookie: TokenKey={token}\n\n"));
                            Ok(())
                        }
                    };
                    failed
                        .extend(done.err().map(|it| format!("before {name} {}: {it}", event.name)));
                }
                let line = format!("{}{}", event.name, example_words(name, event));
                let done = happen(&stage, name, line.trim_end());
                failed.extend(done.err().map(|it| format!("{name} {line}: {it}")));
            }
        }
        assert!(failed.is_empty(), "{failed:#?}");
    }
}
