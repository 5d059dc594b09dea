//! Coverages of several worlds as one, each as it was told: those of a replay are of worlds that are gone
//! when it is over.
//!
//! Not here: what a world's journal covers (`coverage`).

use serde_json::{Map, Value, json};

/// Joins what was told of each. What one of them shows is shown; what none of them does never was.
pub(crate) fn joined(all: &[Value]) -> Value {
    let texts = |name: &'static str| lists(all.iter().map(move |it| &it[name]));
    let sum = |name: &str| all.iter().filter_map(|it| it[name].as_u64()).sum::<u64>();
    let mut vendors: Map<String, Value> = Map::new();
    for told in all.iter().flat_map(|it| list(&it["vendors"])) {
        let name = told["vendor"].as_str().unwrap_or_default();
        let known = vendors.entry(name).or_insert(Value::Null);
        *known = if known.is_null() { told.clone() } else { of_vendor(known, told) };
    }
    let not_asked = union(texts("not_asked"));
    let not_asked = not_asked.into_iter().filter(|name| !vendors.contains_key(name));
    let not_asked: Value = not_asked.collect();
    json!({
        "exchanges": sum("exchanges"),
        "evicted": sum("evicted"),
        "vendors": vendors.into_iter().map(|(_, told)| told).collect::<Value>(),
        "not_asked": not_asked,
        "faults": union(texts("faults")),
        "never_met": common(texts("never_met")),
    })
}

/// One vendor in two of them.
fn of_vendor(one: &Value, other: &Value) -> Value {
    let counted = |part: &str, met: &str| {
        let (counts, never) = (
            summed(&one[part][met], &other[part][met]),
            common(lists([&one[part]["never"], &other[part]["never"]].into_iter())),
        );
        json!({ met: counts, "never": never })
    };
    let switches = one["switches"].as_object().into_iter().flatten().map(|(name, values)| {
        let other = &other["switches"][name];
        let shown = union(lists([&values["shown"], &other["shown"]].into_iter()));
        let never = common(lists([&values["never"], &other["never"]].into_iter()));
        (name.clone(), json!({ "shown": shown, "never": never }))
    });
    let machines = one["machines"].as_object().into_iter().flatten().map(|(name, moves)| {
        let other = &other["machines"][name];
        let made = summed(&moves["made"], &other["made"]);
        let never = common(lists([&moves["never"], &other["never"]].into_iter()));
        (name.clone(), json!({ "made": made, "never": never }))
    });
    json!({
        "vendor": one["vendor"],
        "operations": counted("operations", "asked"),
        "refusals": counted("refusals", "met"),
        "switches": switches.collect::<Map<_, _>>(),
        "machines": machines.collect::<Map<_, _>>(),
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn lists<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<Vec<String>> {
    let texts = |value| list(value).iter().filter_map(Value::as_str).map(str::to_owned).collect();
    values.map(texts).collect()
}

/// What stands in any of the lists, in the order in which it first does.
fn union(lists: Vec<Vec<String>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in lists.into_iter().flatten() {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// What stands in all of them, in the order of the first.
fn common(lists: Vec<Vec<String>>) -> Vec<String> {
    let mut lists = lists.into_iter();
    let Some(mut first) = lists.next() else { return Vec::new() };
    for list in lists {
        first.retain(|text| list.contains(text));
    }
    first
}

/// Counts by name, those of both together.
fn summed(one: &Value, other: &Value) -> Map<String, Value> {
    let mut sums = one.as_object().cloned().unwrap_or_default();
    for (name, count) in other.as_object().into_iter().flatten() {
        let before = sums.get(name).and_then(Value::as_u64).unwrap_or_default();
        sums.insert(name.clone(), (before + count.as_u64().unwrap_or_default()).into());
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(vendor: &str, asked: &Value, never: &Value, others: &Value) -> Value {
        json!({
            "exchanges": 2, "evicted": 0,
            "vendors": [{
                "vendor": vendor,
                "operations": { "asked": asked, "never": never },
                "refusals": { "met": {}, "never": ["a.hash"] },
                "switches": { "pick": { "shown": ["x"], "never": ["y"] } },
                "machines": { "call": { "made": asked, "never": never } },
            }],
            "not_asked": others, "faults": ["delay"], "never_met": ["a refusal", "a slow reply"],
        })
    }

    #[test]
    fn what_one_shows_is_shown_and_what_none_does_never_was() {
        let one = told("mor", &json!({ "a": 2 }), &json!(["b", "c"]), &json!(["jtel", "maestro"]));
        let other = told("mor", &json!({ "a": 1, "b": 1 }), &json!(["c"]), &json!(["jtel"]));
        let third = told("jtel", &json!({}), &json!([]), &json!(["mor", "maestro"]));
        let all = joined(&[one, other, third]);
        assert_eq!(all["exchanges"], 6);
        let mor = &all["vendors"][0];
        assert_eq!(mor["operations"], json!({ "asked": { "a": 3, "b": 1 }, "never": ["c"] }));
        let call = json!({ "made": { "a": 3, "b": 1 }, "never": ["c"] });
        assert_eq!(mor["machines"]["call"], call);
        assert_eq!(mor["refusals"]["never"], json!(["a.hash"]));
        assert_eq!(mor["switches"]["pick"], json!({ "shown": ["x"], "never": ["y"] }));
        assert_eq!(all["vendors"][1]["vendor"], "jtel");
        assert_eq!(all["not_asked"], json!(["maestro"]));
        assert_eq!(all["faults"], json!(["delay"]));
        assert_eq!(all["never_met"], json!(["a refusal", "a slow reply"]));
        assert_eq!(joined(&[])["vendors"], json!([]));
    }
}
