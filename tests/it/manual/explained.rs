//! Every refusal of every vendor is explained: what the rule is there for, and mistakes with a cure.

use ringback::contract::lesson::{explained, lesson};
use ringback::inside::app;
use serde_json::Value;

use super::assert_none;
use crate::support::program::{ringback, run};

#[test]
fn every_refusal_is_explained_in_its_vendors_order() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let rules: Vec<&str> = vendor.surface.refusals.iter().map(|it| it.rule).collect();
        let found = explained((vendor.rules)());
        for rule in &rules {
            let told = lesson((vendor.rules)(), rule).unwrap_or_default();
            if told.why.is_empty() || told.mistakes.is_empty() {
                faults.push(format!("{rule} is not explained, or without a mistake"));
            }
            for mistake in told.mistakes.iter().filter(|it| it.cure.is_empty()) {
                faults.push(format!("{rule}: no cure of {:?}", mistake.what));
            }
        }
        faults.extend(
            found.iter().filter(|it| !rules.contains(it)).map(|it| format!("no rule {it}")),
        );
    }
    assert_none(&faults);
}

#[test]
fn explain_tells_a_rule_a_vendors_rules_and_all() {
    let (code, told, said) = run(ringback().args(["explain", "mor.hash"]));
    assert_eq!((code, said.as_str()), (0, ""));
    for part in ["mor.hash\n", "Incorrect hash", "ringback contract mor 1.3", "Cure: "] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // The end of a name does, where no other ends so.
    assert_eq!(run(ringback().args(["explain", "hash"])).1, told);
    let (code, _, said) = run(ringback().args(["explain", "json"]));
    assert_eq!(code, 2);
    assert!(said.contains("infocu5.json, jtel.json"), "{said}");
    let (code, _, said) = run(ringback().args(["explain", "mor.hahs"]));
    assert_eq!(code, 2);
    assert!(said.contains("did you mean \"mor.hash\"?"), "{said}");

    let (_, told, _) = run(ringback().args(["explain", "--json"]));
    let told: Value = serde_json::from_str(&told).unwrap();
    let n_rules: usize = app::vendors().0.iter().map(|it| it.surface.refusals.len()).sum();
    assert_eq!(told["rules"].as_array().unwrap().len(), n_rules);
    let (_, told, _) = run(ringback().args(["explain", "jtel"]));
    assert!(told.contains("jtel.contact") && !told.contains("mor.hash"), "{told}");
    let (_, told, _) = run(ringback().args(["explain", "two_calls"]));
    assert!(told.contains("known of maxcontact") && told.contains("Cure: "), "{told}");
    assert!(run(ringback().arg("explain")).1.contains("repeated_write"));
}
