//! The report as one page that opens from disk: verdicts, differences, reasons, exchanges.
//!
//! Not here: the frame of the page (`web::page`), and what is said, masked and clipped (`heard`,
//! `verdict`).

use quick_xml::escape::escape;

use crate::client::entry::Why;
use crate::replay::difference::Difference;
use crate::replay::heard::Heard;
use crate::replay::text;
use crate::replay::verdict::{Differed, Ended, Outcome, ScenarioOutcome, StepOutcome, Verdict};
use crate::web::page::{self, Page, Sign};

pub(crate) fn report(outcome: &Outcome) -> String {
    let verdict = outcome.verdict();
    let mut page = Page::begin(sign(verdict), verdict.name(), &text::summary(outcome));
    for one in &outcome.scenarios {
        scenario(&mut page, one);
    }
    page.end()
}

fn sign(verdict: Verdict) -> Sign {
    match verdict {
        Verdict::Passed => Sign::Good,
        Verdict::Differed => Sign::Bad,
        Verdict::NotRun => Sign::Open,
    }
}

fn mark(verdict: Verdict) -> String {
    page::mark(sign(verdict), verdict.name())
}

fn scenario(page: &mut Page, scenario: &ScenarioOutcome) {
    let title = scenario.title.as_deref().unwrap_or(&scenario.file);
    page.put(format_args!(
            "<section class=\"panel\">\n<header><h2>{} {}</h2> <span class=\"small mid\">{}, {} ms</span></header>\n",
            mark(scenario.verdict()),
            escape(title),
            escape(scenario.file.as_str()),
            scenario.took().as_millis(),
        ),
    );
    page.put(format_args!("<ol class=\"steps\">\n"));
    for one in &scenario.steps {
        step(page, one);
    }
    page.put(format_args!("</ol>\n</section>\n"));
}

fn step(page: &mut Page, step: &StepOutcome) {
    page.put(format_args!(
        "<li>\n<h3>{} {} <span class=\"small dim\">{}</span></h3>\n",
        mark(step.verdict()),
        escape(step.name.as_str()),
        escape(step.at.to_string()),
    ));
    match &step.ended {
        Ended::Passed => {}
        Ended::NotRun(reason) => page.paragraph(reason),
        Ended::Differed(found) => differed(page, found),
    }
    exchanges(page, &step.heard, step.verdict() == Verdict::Differed);
    page.put(format_args!("</li>\n"));
}

fn differed(page: &mut Page, differed: &Differed) {
    if let Some((number, at)) = &differed.round {
        page.paragraph(&format!("round {number} ({at})"));
    }
    if let Some(sent) = &differed.sent {
        page.paragraph(&format!("sent {sent}"));
    }
    page.put(format_args!("<table>\n<thead><tr><th>what</th><th>expected</th><th>found</th><th>said in</th></tr></thead>\n<tbody>\n"));
    for one in &differed.differences {
        difference(page, one);
    }
    page.put(format_args!("</tbody>\n</table>\n"));
    if let Some(fault) = &differed.fault {
        page.paragraph(&format!("fault: {fault}"));
    }
    if let Some(reason) = &differed.why {
        why(page, reason);
    }
}

fn difference(page: &mut Page, one: &Difference) {
    page.put(format_args!(
            "<tr><td>{}</td><td class=\"good\"><code>{}</code></td><td class=\"bad\"><code>{}</code></td>\
         <td class=\"small dim\">{}</td></tr>\n",
            escape(one.subject.as_str()),
            escape(one.expected.as_str()),
            escape(one.found.as_str()),
            escape(one.at.to_string()),
        ),
    );
}

fn why(page: &mut Page, reason: &Why) {
    page.put(format_args!("<p><b>Why it was refused:</b> {}</p>\n", escape(text::why(reason))));
}

fn exchanges(page: &mut Page, heard: &Heard, is_open: bool) {
    if heard.exchanges.is_empty() {
        return;
    }
    page.fold("what was sent and said", &text::heard(heard).join("\n"), is_open);
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
            then: Vec::new(),
            steps: vec![step],
        };
        let page = report(&Outcome { scenarios: vec![scenario] });
        assert!(!page.contains("<img"), "{page}");
        assert!(page.matches("&lt;img src=x").count() >= 6, "{page}");
        assert!(page.contains("✕</span> differed"), "{page}");
    }
}
