//! The report as one page that opens from disk: verdicts, differences, reasons, exchanges.
//!
//! It looks as the page of the control plane does, needs no other file and runs no script. All text
//! goes in escaped. Not here: what is said, masked and clipped (`heard`, `verdict`).

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::client::entry::Why;
use crate::replay::heard::Heard;
use crate::replay::text;
use crate::replay::verdict::{
    Differed, Difference, Ended, Outcome, ScenarioOutcome, StepOutcome, Verdict,
};

/// The page's own sheet.
const SHEET: &str = include_str!("../admin/page/page.css");

/// What a report has and the page has not.
const OWN_SHEET: &str = "
main { padding: var(--s4); display: grid; gap: var(--s4); max-width: 112rem; }
.steps > li { padding: var(--s2) var(--s4); border-top: 1px solid var(--line); }
.steps h3 { display: flex; gap: var(--s2); align-items: baseline; flex-wrap: wrap; }
.steps pre { overflow-x: auto; padding: var(--s2); background: var(--sunk); border-radius: var(--r); }
.steps td, .steps th { text-align: left; vertical-align: top; padding: .2rem .75rem .2rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--ink-2); }
";

/// Nothing but its own sheet: no script, no request to anywhere.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(crate) fn report(outcome: &Outcome) -> String {
    let summary = text::summary(outcome);
    let mut page = String::new();
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    put(
        &mut page,
        format_args!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"),
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    put(&mut page, format_args!("<title>Ringback: {}</title>\n", escape(summary.as_str())));
    put(&mut page, format_args!("<style>{SHEET}{OWN_SHEET}</style>\n</head>\n<body>\n<main>\n"));
    let verdict = outcome.verdict();
    put(&mut page, format_args!("<h1>{} {}</h1>\n", mark(verdict), escape(summary.as_str())));
    for one in &outcome.scenarios {
        scenario(&mut page, one);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// A verdict as a word and a sign, so that it is not told by colour alone.
fn mark(verdict: Verdict) -> String {
    let (class, sign) = match verdict {
        Verdict::Passed => ("good", "✓"),
        Verdict::Differed => ("bad", "✕"),
        Verdict::NotRun => ("warn", "–"),
    };
    format!(
        "<span class=\"{class} nowrap\"><span aria-hidden=\"true\">{sign}</span> {}</span>",
        verdict.name()
    )
}

fn scenario(page: &mut String, scenario: &ScenarioOutcome) {
    let title = scenario.title.as_deref().unwrap_or(&scenario.file);
    put(
        page,
        format_args!(
            "<section class=\"panel\">\n<header><h2>{} {}</h2> <span class=\"small mid\">{}, {} ms</span></header>\n",
            mark(scenario.verdict()),
            escape(title),
            escape(scenario.file.as_str()),
            scenario.took().as_millis(),
        ),
    );
    page.push_str("<ol class=\"steps\">\n");
    for one in &scenario.steps {
        step(page, one);
    }
    page.push_str("</ol>\n</section>\n");
}

fn step(page: &mut String, step: &StepOutcome) {
    put(
        page,
        format_args!(
            "<li>\n<h3>{} {} <span class=\"small dim\">{}</span></h3>\n",
            mark(step.verdict()),
            escape(step.name.as_str()),
            escape(step.at.to_string()),
        ),
    );
    match &step.ended {
        Ended::Passed => {}
        Ended::NotRun(reason) => paragraph(page, reason),
        Ended::Differed(found) => differed(page, found),
    }
    exchanges(page, &step.heard, step.verdict() == Verdict::Differed);
    page.push_str("</li>\n");
}

fn differed(page: &mut String, differed: &Differed) {
    if let Some((number, at)) = &differed.round {
        paragraph(page, &format!("round {number} ({at})"));
    }
    if let Some(sent) = &differed.sent {
        paragraph(page, &format!("sent {sent}"));
    }
    page.push_str("<table>\n<thead><tr><th>what</th><th>expected</th><th>found</th><th>said in</th></tr></thead>\n<tbody>\n");
    for one in &differed.differences {
        difference(page, one);
    }
    page.push_str("</tbody>\n</table>\n");
    if let Some(fault) = &differed.fault {
        paragraph(page, &format!("fault: {fault}"));
    }
    if let Some(reason) = &differed.why {
        why(page, reason);
    }
}

fn difference(page: &mut String, one: &Difference) {
    put(
        page,
        format_args!(
            "<tr><td>{}</td><td class=\"good\"><code>{}</code></td><td class=\"bad\"><code>{}</code></td>\
         <td class=\"small dim\">{}</td></tr>\n",
            escape(one.subject.as_str()),
            escape(one.expected.as_str()),
            escape(one.found.as_str()),
            escape(one.at.to_string()),
        ),
    );
}

fn why(page: &mut String, reason: &Why) {
    put(page, format_args!("<p><b>Why it was refused:</b> {}</p>\n", escape(text::why(reason))));
}

fn exchanges(page: &mut String, heard: &Heard, is_open: bool) {
    if heard.exchanges.is_empty() {
        return;
    }
    let open = if is_open { " open" } else { "" };
    let lines = text::heard(heard).join("\n");
    put(
        page,
        format_args!(
            "<details{open}><summary>what was sent and said</summary>\n<pre tabindex=\"0\">{}</pre>\n</details>\n",
            escape(lines)
        ),
    );
}

fn paragraph(page: &mut String, text: &str) {
    put(page, format_args!("<p>{}</p>\n", escape(text)));
}

fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = page.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::scenario::step::Mark;

    #[test]
    fn whatever_a_value_holds_it_goes_in_as_text() {
        let hostile = "<img src=x onerror=alert(1)>\"&'";
        let at = Mark { file: hostile.into(), ..Mark::default() };
        let difference = Difference {
            kind: "body",
            at: at.clone(),
            subject: hostile.into(),
            expected: hostile.into(),
            found: hostile.into(),
        };
        let ended = Ended::Differed(Box::new(Differed::of(vec![difference])));
        let took = Duration::ZERO;
        let step = StepOutcome { name: hostile.into(), at, ended, took, heard: Heard::default() };
        let scenario = ScenarioOutcome {
            file: hostile.into(),
            title: Some(hostile.into()),
            steps: vec![step],
        };
        let page = report(&Outcome { scenarios: vec![scenario] });
        assert!(!page.contains("<img"), "{page}");
        assert!(page.matches("&lt;img src=x").count() >= 6, "{page}");
        assert!(page.contains("✕</span> differed"), "{page}");
    }
}
