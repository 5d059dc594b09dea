//! How much of what Ringback does is known to be the vendor's: every operation, refusal, field and
//! switch with its evidence, and the totals.

use serde_json::{Map, Value, json};

use crate::contract::evidence::Evidence;
use crate::contract::surface::Surface;

/// One fact and how it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// `operation`, `refusal`, `field`, `variant` or `not simulated`.
    pub kind: &'static str,
    /// The entity of a field, the name of a switch; else empty.
    pub group: &'static str,
    pub name: &'static str,
    pub text: &'static str,
    pub evidence: Evidence,
}

/// All facts of a vendor, in the order of its tables. Of a switch, each position is a fact.
pub(crate) fn facts(surface: &Surface) -> Vec<Fact> {
    let fact = |kind, group, name, text, evidence| Fact { kind, group, name, text, evidence };
    let mut all = Vec::new();
    all.extend(
        surface.operations.iter().map(|it| fact("operation", "", it.name, it.text, it.evidence)),
    );
    all.extend(
        surface.refusals.iter().map(|it| fact("refusal", "", it.rule, it.when, it.evidence)),
    );
    all.extend(
        surface
            .wire_fields
            .iter()
            .map(|it| fact("field", it.entity, it.name, it.text, it.evidence)),
    );
    for variant in surface.variants {
        let values = variant.values.iter();
        all.extend(values.map(|it| fact("variant", variant.name, it.name, it.text, it.evidence)));
    }
    all.extend(
        surface
            .not_simulated
            .iter()
            .map(|it| fact("not simulated", "", it.what, it.why, it.evidence)),
    );
    all
}

/// How many facts there are of each grade, strongest first. What is not simulated does not count.
pub(crate) fn totals(facts: &[Fact]) -> Vec<(&'static str, usize)> {
    let counted = facts.iter().filter(|fact| fact.kind != "not simulated");
    let grades: Vec<_> = counted.map(|fact| fact.evidence.grade()).collect();
    let count = |grade| grades.iter().filter(|it| **it == grade).count();
    Evidence::GRADES.iter().map(|grade| (*grade, count(*grade))).collect()
}

/// The report of one vendor, for programs.
pub(crate) fn report(surface: &Surface) -> Value {
    let facts = facts(surface);
    let totals: Map<String, Value> = totals(&facts)
        .into_iter()
        .map(|(grade, n_facts)| (grade.to_owned(), n_facts.into()))
        .collect();
    let facts = facts.iter().map(|fact| {
        json!({
            "kind": fact.kind, "group": fact.group, "name": fact.name, "text": fact.text,
            "evidence": fact.evidence.grade(), "source": fact.evidence.source(),
        })
    });
    json!({
        "vendor": surface.vendor, "title": surface.title, "totals": totals,
        "facts": facts.collect::<Value>(),
    })
}

/// The report of one vendor as it is in a world: what its switches stand at has the grade `observed`
/// where it was seen at the vendor itself. `on` tells the day, by switch and position.
pub(crate) fn report_as_seen<'o>(
    surface: &Surface,
    on: impl Fn(&str, &str) -> Option<&'o str>,
) -> Value {
    let mut told = report(surface);
    let Value::Array(mut facts) = told["facts"].take() else { return told };
    for fact in facts.iter_mut().filter(|fact| fact["kind"] == "variant") {
        let word = |name: &str| fact[name].as_str().unwrap_or_default().to_owned();
        let before = word("evidence");
        if let Some(on) = on(&word("group"), &word("name")) {
            let grade = Evidence::GRADES[1];
            for (grade, by) in [(before.as_str(), -1), (grade, 1)] {
                let count = told["totals"][grade].as_i64().unwrap_or_default();
                told["totals"][grade] = (count + by).into();
            }
            fact["evidence"] = grade.into();
            fact["source"] = format!("seen at the vendor on {on}").into();
        }
    }
    told["facts"] = facts.into();
    told
}

/// A vendor's switches with their positions, for programs.
pub(crate) fn switches(surface: &Surface) -> Value {
    let variants = surface.variants.iter().map(|variant| {
        let values = variant.values.iter().map(|value| {
            json!({
                "name": value.name, "text": value.text,
                "evidence": value.evidence.grade(), "source": value.evidence.source(),
            })
        });
        json!({
            "name": variant.name, "text": variant.text, "default": variant.values[0].name,
            "values": values.collect::<Value>(),
        })
    });
    json!({ "vendor": surface.vendor, "variants": variants.collect::<Value>() })
}
