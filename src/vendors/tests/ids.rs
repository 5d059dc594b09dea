//! Ids at the end of their range, of all vendors: refused where they are declared, or passed over by
//! what counts on from them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::base::limits::ID_MAX;
use crate::contract::fields::{Field, Kind};
use crate::testing::Stage;
use crate::vendors;

/// All fields that are declared, those within tables and rows too, each with its way.
fn all_fields(fields: &'static [Field], way: &str, found: &mut Vec<(String, &'static Field)>) {
    for field in fields {
        let way = format!("{way}.{}", field.name);
        found.push((way.clone(), field));
        match field.kind {
            Kind::Table(fields) | Kind::TextOr(fields) => all_fields(fields, &way, found),
            Kind::Rows(rows) => all_fields(rows.fields, &way, found),
            _ => {}
        }
    }
}

/// What refers to another row has an id that is declared there.
fn is_id(field: &Field) -> bool {
    let is_named = field.name == "id" || field.name.ends_with("_id");
    field.refers.is_none() && (field.unique || is_named)
}

#[test]
fn no_declared_id_goes_beyond_what_can_be_counted_on_from() {
    let mut n_ids = 0;
    for vendor in vendors::ALL {
        let surface = vendor.surface;
        let mut fields = Vec::new();
        all_fields(surface.scenario, surface.vendor, &mut fields);
        for event in surface.events {
            all_fields(event.fields, event.name, &mut fields);
        }
        for (way, field) in fields.iter().filter(|(_, field)| is_id(field)) {
            let kind = if let Kind::List(kind) = field.kind { *kind } else { field.kind };
            if let Kind::Integer { min, max } = kind {
                n_ids += 1;
                assert!(min >= 0 && max <= ID_MAX, "{way}: {min} to {max}");
            }
        }
    }
    assert!(n_ids > 15, "{n_ids}");
}

/// Things that give out new ids, with all vendors.
fn traffic() -> Value {
    json!([
        { "name": "talks", "vendor": "maestro", "kind": "calls", "per_hour": 20, "offers": [4711], "callers": "1..4" },
        { "name": "line", "vendor": "infocu5", "kind": "inbound", "per_hour": 60, "campaign": "2040" },
        { "name": "floor", "vendor": "maxcontact", "kind": "leads", "campaign": 7, "per_hour": 30 },
        { "name": "recall", "vendor": "jtel", "kind": "campaign", "campaign": 612, "per_hour": 60, "first": 5 },
        { "name": "poll", "vendor": "mor", "kind": "campaign", "campaign": 17, "per_hour": 60 },
    ])
}

/// The demo as a scenario, with what happens by itself.
fn busy_demo() -> Value {
    let stage = Stage::demo();
    let read = stage.runtime().block_on(stage.world().read_back()).unwrap();
    let mut scenario = read.scenario;
    scenario["crowd"] = 300.into();
    scenario["traffic"] = traffic();
    scenario
}

/// Puts another id wherever one stands in a section.
fn replace(value: &mut Value, old: &Value, new: &Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| replace(it, old, new)),
        Value::Object(members) => members.values_mut().for_each(|it| replace(it, old, new)),
        it if it == old => *it = new.clone(),
        _ => {}
    }
}

/// The ids of the first row of each collection of a section.
fn ids(section: &Value) -> Vec<Value> {
    let collections = section.as_object().unwrap().values().filter_map(Value::as_array);
    let ids = collections.filter_map(|rows| rows.first()?.get("id").cloned());
    let is_number = |id: &Value| match id.as_str() {
        Some(text) => text.parse::<i64>().is_ok(),
        None => id.is_i64(),
    };
    ids.filter(is_number).collect()
}

#[test]
fn an_id_at_the_end_of_all_numbers_is_refused_or_passed_over() {
    let demo = busy_demo();
    let (mut n_made, mut n_refused) = (0, 0);
    for vendor in vendors::ALL.iter().map(|it| it.surface.vendor) {
        for old in ids(&demo[vendor]) {
            for end in [i64::MAX, ID_MAX] {
                let new = if old.is_string() { json!(end.to_string()) } else { json!(end) };
                let mut scenario = demo.clone();
                replace(&mut scenario[vendor], &old, &new);
                replace(&mut scenario["traffic"], &old, &new);
                let made = Stage::tried(&scenario);
                let Ok(stage) = made else {
                    n_refused += 1;
                    continue;
                };
                n_made += 1;
                stage.advance(Duration::from_hours(3));
                let facts = stage.runtime().block_on(stage.world().clock()).unwrap();
                assert_eq!(facts.n_failed, 0, "{vendor} {old} as {new}: a timer failed");
                let body = json!([{ "UserData": "x", "PhoneNumber1": "4930123" }]);
                let import = format!(
                    "POST /rest/v1.0/7/dialler/contacts/import?diallerCampaignsID=612 HTTP/1.1\n\
                     Authorization: Bearer SIMTOKEN-7A\nContent-Type: application/json\n\n{body}"
                );
                assert!(stage.request(&import).status.as_u16() < 500, "{vendor} {old} as {new}");
            }
        }
    }
    assert!(n_made > 10 && n_refused > 10, "{n_made} made, {n_refused} refused");
}
