//! A journal's entry as one line: number, time, what was asked, what was answered, and why.
//!
//! Not here: colours and folding, which are the terminal's (`cli::entry_shown`).

use super::entry::Seen;
use super::plain::plain;

/// How something went, for whoever colours it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Refused,
    Error,
    Fault,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

/// A line in its pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Number, time, request.
    pub(crate) head: String,
    /// Status and outcome; empty where it is no exchange.
    pub(crate) end: Part,
    /// What there is to say of it.
    pub(crate) rest: Vec<Part>,
}

/// Who took a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    World,
    /// No world and no vendor; its number is none of a world's.
    Nobody,
}

impl Tone {
    fn of(outcome: &str) -> Tone {
        match outcome {
            "ok" | "canned" => Tone::Plain,
            "refused" => Tone::Refused,
            "faulted" => Tone::Fault,
            _ => Tone::Error,
        }
    }
}

/// The line of an entry.
pub(crate) fn of(entry: &Seen<'_>, of: Of) -> Line {
    let number = match of {
        Of::World => format!("{:>5}", entry.seq),
        Of::Nobody => format!("{:>5}", "-"),
    };
    let mut head = format!("{number} {} ", entry.at);
    let mut end = Part { tone: Tone::of(&entry.outcome), text: String::new() };
    if let Some(action) = &entry.action {
        let detail = &entry.detail;
        let detail = if detail.is_null() { String::new() } else { format!(" {detail}") };
        head = format!("{head}{action}{detail}");
        if entry.outcome != "ok" {
            end.text.clone_from(&entry.outcome);
        }
    } else if let Some(asked) = &entry.request {
        let status = entry.response.as_ref().map(|response| response.status.to_string());
        let who = match of {
            Of::World => format!(
                "{} {}",
                entry.vendor.as_deref().unwrap_or("-"),
                entry.operation.as_deref().unwrap_or("-")
            ),
            Of::Nobody => "nobody took".to_owned(),
        };
        head = format!("{head}{who} {} {}", asked.method, asked.target);
        end.text = format!("{} {}", status.as_deref().unwrap_or("null"), entry.outcome);
    }
    let rest = rest(entry).into_iter().map(|(tone, text)| Part { tone, text: plain(&text) });
    Line { head: plain(&head), end, rest: rest.collect() }
}

fn rest(entry: &Seen<'_>) -> Vec<(Tone, String)> {
    let mut parts = Vec::new();
    parts.extend(entry.fault.iter().map(|fault| (Tone::Fault, format!("fault {fault}"))));
    parts.extend(entry.why.iter().map(|why| (Tone::Refused, why.to_string())));
    for parameter in &entry.unread {
        let near = parameter.near.as_ref();
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let belongs = parameter.belongs.as_ref();
        let belongs = belongs.map(|it| format!("; it belongs in the {it}")).unwrap_or_default();
        let (name, place) = (&parameter.name, &parameter.place);
        let because = parameter.because.as_ref();
        let because = because.map(|it| format!("; {it}")).unwrap_or_default();
        let text = match parameter.counts.as_deref() {
            Some("joined") => {
                format!("{name} came several times in the {place}; its values are joined by commas")
            }
            Some("either") => format!(
                "{name} came in the query and the {place} with different values; one of them counts"
            ),
            Some(which) => format!("{name} came several times in the {place}; the {which} counts"),
            None => format!("nothing reads {name} in the {place}{near}{belongs}{because}"),
        };
        parts.push((Tone::Plain, text));
    }
    parts.extend(entry.error.iter().map(|error| (Tone::Error, error.clone())));
    parts.extend(entry.effects.iter().map(|effect| {
        let text = &effect.text;
        let text =
            effect.vendor.as_ref().map_or_else(|| text.clone(), |it| format!("{it}: {text}"));
        (Tone::Plain, text)
    }));
    parts
}

impl Line {
    /// All of it on one line, as programs and files have it.
    pub(crate) fn plain(&self) -> String {
        let first = if self.end.text.is_empty() {
            self.head.clone()
        } else {
            format!("{} -> {}", self.head, self.end.text)
        };
        let rest = self.rest.iter().map(|part| part.text.as_str());
        std::iter::once(first.as_str()).chain(rest).collect::<Vec<_>>().join(" | ")
    }
}
