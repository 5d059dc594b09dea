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
