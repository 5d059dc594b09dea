//! What was refused when a capsule was made, as its journal tells it: that a replay passes means only that
//! all came the same again.
//!
//! Reasons are those of then. A credential has a pseudonym since, so what a wrong hash was made of can be
//! told no more.

use serde_json::Value as Json;

use crate::base::text::{counted, sentence};
use crate::client::entry::Why;
use crate::replay::text;
use crate::scenario::capsule::Capsule;

/// Refusals that are told; the others are counted.
const TOLD_MAX: usize = 8;

/// In lines: what ended the run, and each refusal of that world.
pub(crate) fn told(capsule: &Capsule, world: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let failed = capsule.report["failed"].as_str().and_then(|text| text.lines().next());
    // What a test's own error says may hold anything, and goes to a terminal.
    lines.extend(failed.map(|line| sentence(format!("failed then: {}", line.trim())).into_owned()));
    let entries = capsule.journal["worlds"][world].as_array();
    let refused: Vec<String> = entries.into_iter().flatten().filter_map(refusal).collect();
    lines.extend(refused.iter().take(TOLD_MAX).cloned());
    let n_more = refused.len().saturating_sub(TOLD_MAX);
    if n_more > 0 {
        lines.push(format!("and {}", counted(n_more, "more refusal", "more refusals")));
    }
    lines
}

fn refusal(entry: &Json) -> Option<String> {
    if entry["outcome"] != "refused" {
        return None;
    }
    let vendor = entry["vendor"].as_str().unwrap_or("nobody's");
    let what = entry["operation"].as_str().or_else(|| entry["request"]["path"].as_str());
    let what = what.unwrap_or_default();
    let why: Option<Why> = serde_json::from_value(entry["why"].clone()).ok();
    let why = why.map_or_else(String::new, |why| format!(": {}", text::why(&why)));
    Some(sentence(format!("refused then: {vendor} {what}{why}")).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_refused_is_told_with_its_reason_of_then() {
        let why = json!({
            "rule": "mor.hash", "expected": "sha1(u + id + key)", "found": "eca0a4b5…",
            "hint": "your hash takes the order id, u", "evidence": "documented", "source": "mor 1.3",
        });
        let refused = json!({
            "outcome": "refused", "vendor": "mor", "operation": "toggle", "why": why,
        });
        let ok = json!({ "outcome": "ok", "vendor": "mor", "operation": "toggle" });
        let entries: Vec<Json> =
            std::iter::once(ok).chain(std::iter::repeat_n(refused, TOLD_MAX + 2)).collect();
        let report = json!({ "failed": "  E  \u{1b}[31mincorrect hash\nand more" });
        let capsule = Capsule::new(Vec::new(), report, json!({ "worlds": { "one": entries } }));
        let lines = told(&capsule, "one");
        assert_eq!(lines[0], "failed then: E  \\u{1b}[31mincorrect hash");
        assert!(lines[1].starts_with("refused then: mor toggle: "), "{}", lines[1]);
        assert!(lines[1].contains("your hash takes the order id, u"), "{}", lines[1]);
        assert_eq!(lines.last().unwrap(), "and 2 more refusals");
        assert_eq!(told(&capsule, "another").len(), 1);
    }
}
