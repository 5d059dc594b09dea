//! The report of a run as one page that opens from disk: the verdict with its reasons, what was asked and
//! refused, and every exchange.
//!
//! It looks as that of a replay does. Not here: the frame of the page (`web::page`), and what is said
//! (`facts`, `verdict`); all of it is masked when it comes here.

use quick_xml::escape::escape;

use crate::base::text::counted;
use crate::contract::reply;
use crate::run::facts::{Facts, Refused};
use crate::run::summary;
use crate::run::verdict::{Outcome, Verdict};
use crate::sim::journal::shown::Shown;
use crate::web::exchange::{Body, Message};
use crate::web::page::{Page, Sign, mark};

/// Exchanges that are shown of each world: the first ones. Nobody reads further, and a page of all that a
/// load test asks would open in no browser; `--journal` and `--har` have all of it.
const EXCHANGES_MAX: usize = 500;

/// Characters of a body that are shown. A page of a list is longer; its beginning tells what it is.
const BODY_CHARS_MAX: usize = 4000;

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Over<'o> {
    pub(crate) facts: &'o Facts,
    pub(crate) verdict: &'o Verdict,
    /// The journals of its worlds, and of what was nobody's, each with its heading.
    pub(crate) journals: Vec<(String, Vec<Shown<'o>>)>,
    /// The exit code of the client.
    pub(crate) client: u8,
    /// The one of the run.
    pub(crate) ours: u8,
}

/// Writes the page.
pub(crate) fn report(over: Over<'_>) -> String {
    let Over { facts, verdict, journals, client, ours } = over;
    let (n_asked, n_refused) = (facts.n_exchanges(), facts.of_outcome("refused"));
    let title = format!(
        "{n_asked} asked of vendors, {n_refused} refused; client {client}, exit code {ours}"
    );
    let mut page = Page::begin(sign(verdict.outcome), verdict.outcome.name(), &title);
    reasons(&mut page, verdict);
    asked(&mut page, facts);
    section(&mut page, "Refused", |page| {
        let rows: Vec<_> = facts.refusals.iter().flat_map(of_kind).collect();
        page.table(&["vendor", "operation", "times", "why"], &rows);
        !rows.is_empty()
    });
    lists(&mut page, facts);
    for (title, entries) in &journals {
        exchanges(&mut page, title, entries);
    }
    page.end()
}

/// Refusals of one kind, a row for each reason.
fn of_kind(kind: &Refused) -> impl Iterator<Item = Vec<String>> {
    kind.reasons.iter().map(|(why, count)| {
        vec![kind.vendor.clone(), kind.operation.clone(), count.to_string(), why.clone()]
    })
}

fn sign(outcome: Outcome) -> Sign {
    match outcome {
        Outcome::Pass => Sign::Good,
        Outcome::Fail => Sign::Bad,
        Outcome::Inconclusive => Sign::Open,
    }
}

/// A part of the page under its heading; none where it says nothing, which `say` answers.
fn section(page: &mut Page, title: &str, say: impl FnOnce(&mut Page) -> bool) {
    let mut part = Page::part();
    if say(&mut part) {
        page.put(format_args!(
            "<section class=\"panel\">\n<header><h2>{}</h2></header>\n<div class=\"told\">\n{}</div>\n\
             </section>\n",
            escape(title),
            part.text()
        ));
    }
}

fn reasons(page: &mut Page, verdict: &Verdict) {
    section(page, "Why", |page| {
        verdict.reasons.iter().for_each(|reason| page.paragraph(reason));
        !verdict.reasons.is_empty()
    });
}

fn asked(page: &mut Page, facts: &Facts) {
    section(page, "Asked", |page| {
        let rows = facts.requests.iter().flat_map(|(vendor, outcomes)| {
            outcomes.iter().map(|(outcome, count)| {
                vec![(*vendor).to_owned(), (*outcome).to_owned(), count.to_string()]
            })
        });
        let rows: Vec<_> = rows.collect();
        page.table(&["vendor", "outcome", "times"], &rows);
        !rows.is_empty()
    });
}

/// All else that a summary tells.
fn lists(page: &mut Page, facts: &Facts) {
    section(page, "Seen beside it", |page| {
        let lines = summary::beside(facts, usize::MAX);
        for line in &lines {
            page.paragraph(line);
        }
        !lines.is_empty()
    });
}

/// The exchanges of a journal, each behind its line; those that were refused are open.
fn exchanges(page: &mut Page, title: &str, entries: &[Shown<'_>]) {
    section(page, title, |page| {
        page.put(format_args!("<ol class=\"steps\">\n"));
        let mut n_shown = 0;
        let all = || entries.iter().filter(|it| it.entry().exchange().is_some());
        for shown in all().take(EXCHANGES_MAX) {
            n_shown += 1;
            one(page, shown);
        }
        page.put(format_args!("</ol>\n"));
        let n_all = all().count();
        if n_all > n_shown {
            page.paragraph(&format!("and {} more", n_all - n_shown));
        }
        n_shown > 0
    });
}

fn one(page: &mut Page, shown: &Shown<'_>) {
    let entry = shown.entry();
    let outcome = entry.outcome;
    let sign = match outcome {
        reply::Outcome::Ok => Sign::Good,
        reply::Outcome::Refused | reply::Outcome::Error => Sign::Bad,
        _ => Sign::Open,
    };
    let named: Vec<&str> = [entry.vendor(), entry.operation()].into_iter().flatten().collect();
    page.put(format_args!(
        "<li>\n<h3>{} {} <span class=\"small dim\">{} {}</span></h3>\n",
        mark(sign, outcome.name()),
        escape(named.join(" ")),
        entry.seq,
        entry.at,
    ));
    let reason = shown.reason();
    if !reason.is_empty() {
        page.paragraph(&reason);
    }
    shown.effects().for_each(|effect| page.paragraph(&effect));
    let Exchanged { line, lines } = Exchanged::of(shown);
    page.fold(&line, &lines.join("\n"), outcome == reply::Outcome::Refused);
    page.put(format_args!("</li>\n"));
}

/// An exchange as text.
#[derive(Default)]
struct Exchanged {
    /// `POST /dialer/ -> 200`
    line: String,
    lines: Vec<String>,
}

impl Exchanged {
    fn of(shown: &Shown<'_>) -> Self {
        let Some(asked) = shown.asked() else { return Exchanged::default() };
        let head = format!("{} {}", asked.method, asked.target);
        let mut lines = vec![format!("> {head}")];
        message(&mut lines, '>', &asked.message);
        let status = match shown.answered() {
            Some(answered) => {
                lines.push(format!("< {}", answered.status));
                message(&mut lines, '<', &answered.message);
                answered.status.to_string()
            }
            None => "no reply".to_owned(),
        };
        Exchanged { line: format!("{head} -> {status}"), lines }
    }
}

fn message(lines: &mut Vec<String>, side: char, message: &Message<'_>) {
    lines.extend(message.pairs().map(|(name, value)| format!("{side} {name}: {value}")));
    let text = match &message.body {
        Body::Bytes(bytes) => {
            format!("({} no text)", counted(bytes.len(), "byte that is", "bytes that are"))
        }
        Body::Streamed(_) => {
            let bytes = counted(message.body.size(), "byte", "bytes");
            format!("({bytes}, made while the body was sent)")
        }
        Body::Text(text) => text.clone().into_owned(),
        Body::Cut { head, bytes, .. } => format!("{head}… ({bytes} bytes)"),
    };
    if text.is_empty() {
        return;
    }
    let shown = match text.char_indices().nth(BODY_CHARS_MAX) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    };
    lines.push(side.to_string());
    lines.extend(shown.lines().map(|line| format!("{side} {line}").trim_end().to_owned()));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::base::seq::Seq;
    use crate::base::time::Instant;
    use crate::contract::reply::Effect;
    use crate::run::facts::Refused;
    use crate::sim::journal::entry::{Entry, What};
    use crate::sim::journal::exchange::{Exchange, Whose, Written};
    use crate::sim::journal::reason::{Proof, Reason};
    use crate::web::exchange::{Answered, Asked};
    use crate::web::mask::masker::Masker;

    #[test]
    fn whatever_was_said_goes_in_as_text_and_refusals_are_open() {
        let hostile = "<img src=x onerror=alert(1)>\"&'";
        let refused = Refused {
            vendor: "mor".to_owned(),
            operation: hostile.to_owned(),
            rule: "mor.hash".to_owned(),
            count: 1,
            reasons: vec![(hostile.to_owned(), 1)],
        };
        let facts = Facts {
            requests: BTreeMap::from([("mor", BTreeMap::from([("refused", 1)]))]),
            refusals: vec![refused],
            findings: vec![hostile.to_owned()],
            ..Facts::default()
        };
        let verdict = Verdict { outcome: Outcome::Fail, reasons: vec![hostile.to_owned()] };
        let asked = Asked {
            method: "POST".into(),
            target: hostile.into(),
            path: hostile.into(),
            message: Message {
                headers: vec![("host".into(), hostile.into())],
                body: Body::Text(hostile.into()),
            },
        };
        let message = Message { headers: Vec::new(), body: Body::Text(hostile.into()) };
        let written = Written {
            whose: Whose::Other("mor".to_owned()),
            operation: Some(hostile.to_owned().into()),
            asked,
            answered: Some(Answered { status: 200, message }),
            fault: None,
            canned: None,
            unread: Vec::new(),
        };
        let at: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let word = || hostile.to_owned();
        let entry = Entry {
            seq: Seq::NONE.next(),
            at,
            what: What::Exchange(Box::new(Exchange::read(written).unwrap())),
            outcome: reply::Outcome::Refused,
            effects: vec![Effect { at, vendor: None, text: word(), moved: Vec::new() }],
            why: Some(Box::new(Reason {
                rule: "mor.hash".into(),
                at: None,
                expected: word(),
                found: word(),
                hint: word(),
                edit: None,
                proof: Proof::Told { grade: word(), source: word() },
            })),
            error: None,
        };
        let masker = Masker::default();
        let shown = Shown::new(&entry, "default", &masker);
        let journals =
            vec![("World default".to_owned(), vec![shown]), ("World empty".to_owned(), Vec::new())];
        let over = Over { facts: &facts, verdict: &verdict, journals, client: 0, ours: 1 };
        let page = report(over);
        assert!(!page.contains("<img"), "{page}");
        assert!(page.matches("&lt;img src=x").count() >= 10, "{page}");
        assert!(page.contains("✕</span> fail"), "{page}");
        assert!(page.contains("<details open>"), "{page}");
        assert!(page.contains("World default") && !page.contains("World empty"), "{page}");
    }

    #[test]
    fn a_long_body_is_cut_and_says_so() {
        let long = "ä".repeat(BODY_CHARS_MAX + 1);
        let mut lines = Vec::new();
        let body = Body::Text(long.as_str().into());
        message(&mut lines, '<', &Message { headers: Vec::new(), body });
        assert!(lines[1].ends_with(&format!("… ({} bytes)", long.len())), "{}", lines[1].len());
    }
}
