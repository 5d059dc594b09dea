//! What a piece means to a world that is going on: its timers, its settings, its time.

use ringback::contract::fields::{Field, Kind};
use ringback::contract::read_back::ReadBack;
use ringback::embed::Error;
use ringback::inside::app;
use ringback::inside::sim::loading::live;
use ringback::inside::sim::worlds::tables;
use ringback::inside::store::database::Database;
use ringback::{Ringback, VendorName};
use serde_json::{Value, json};

/// The demo with its clock at a Monday morning, and with a `line` on which all answer.
fn demo() -> Value {
    let demo: toml::Table = toml::from_str(include_str!("../../../scenarios/demo.toml")).unwrap();
    let mut demo = serde_json::to_value(demo).unwrap();
    demo["clock"] = json!({ "mode": "frozen", "at": "2026-03-02T09:00:00Z" });
    demo
}

fn start(scenario: &Value) -> Ringback {
    let text = ringback::inside::scenario::to_toml(scenario).unwrap();
    Ringback::start().scenario(text).serve().unwrap()
}

/// Every row of every view of a world's state.
fn views(world: &Ringback) -> Vec<String> {
    const VENDORS: [VendorName; 5] = [
        VendorName::Infocu5,
        VendorName::Jtel,
        VendorName::Maestro,
        VendorName::MaxContact,
        VendorName::Mor,
    ];
    let tables = VENDORS.iter().flat_map(|vendor| {
        let surface = app::vendors().find(vendor.name()).unwrap().surface;
        surface.tables.iter().map(|table| (*vendor, table.name))
    });
    tables
        .flat_map(|(vendor, table)| {
            let rows = world.state(vendor, table).unwrap();
            rows.into_iter().map(move |row| format!("{} {table}: {row}", vendor.name()))
        })
        .collect()
}

fn mistakes(refused: Result<Value, Error>) -> Vec<String> {
    let Err(Error::Refused { status: 400, problem, .. }) = refused else { panic!("{refused:?}") };
    let mistakes = problem["mistakes"].as_array().unwrap();
    mistakes.iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_world_made_of_two_pieces_is_the_one_made_of_the_whole() {
    let mut whole = demo();
    whole["people"] = json!([{ "phone": "+49 30 23125 001", "first_name": "Ada", "name": "Eins" }]);
    whole["crowd"] = 40.into();
    whole["line"] = json!([{ "vendor": "jtel", "ends_with": "77", "then": "busy" }]);
    whole["jtel"]["campaigns"][0]["running"] = true.into();
    whole["jtel"]["people"] = json!([{ "campaign": 612 }]);
    whole["mor"]["campaigns"][0]["running"] = true.into();
    whole["mor"]["people"] = json!([{ "campaign": 17 }]);
    whole["maxcontact"]["campaigns"][0]["calls_per_hour"] = 120.into();
    whole["maxcontact"]["users"][0]["state"] = "ready".into();
    whole["maxcontact"]["people"] = json!([{ "list": 12 }]);
    whole["fault"] = json!([{ "on": { "vendor": "mor" }, "then": "lose_reply" }]);
    whole["traffic"] = json!([
        { "name": "hotline", "vendor": "infocu5", "kind": "inbound", "campaign": "2040", "per_hour": 30 },
        { "name": "calls", "vendor": "maestro", "kind": "calls", "offers": [4711], "per_hour": 5 },
    ]);
    // First all that nothing else refers to, of each vendor a half.
    let mut begin = json!({});
    for name in ["title", "seed", "clock", "infocu5", "jtel"] {
        begin[name] = whole[name].take();
    }
    let mut rest = whole.clone();
    for (vendor, collections) in
        [("infocu5", vec!["calls", "mappings"]), ("jtel", vec!["contacts", "people", "history"])]
    {
        rest[vendor] = json!({});
        for collection in collections {
            rest[vendor][collection] = begin[vendor][collection].take();
            begin[vendor].as_object_mut().unwrap().remove(collection);
        }
    }
    for (name, value) in rest.as_object_mut().unwrap() {
        if value.is_null() {
            *value = begin[name.as_str()].clone();
        }
    }
    for name in ["title", "seed", "clock"] {
        whole[name] = begin[name].clone();
        rest.as_object_mut().unwrap().remove(name);
    }
    for vendor in ["infocu5", "jtel"] {
        whole[vendor] = begin[vendor].clone();
        for (name, rows) in rest[vendor].as_object().unwrap() {
            whole[vendor][name.as_str()] = rows.clone();
        }
    }
    let (made, merged) = (start(&whole), start(&begin));
    assert_ne!(views(&made), views(&merged));
    merged.seed(&rest).unwrap();
    let get =
        |world: &Ringback, path: &str| world.call(&http::Method::GET, path, &Value::Null).unwrap();
    for step in ["0s", "10m", "50m", "7h"] {
        made.advance(step).unwrap();
        merged.advance(step).unwrap();
        let (left, right) = (views(&made), views(&merged));
        assert_eq!(left.len(), right.len(), "after {step}");
        for (left, right) in left.iter().zip(&right) {
            assert_eq!(left, right, "after {step}");
        }
        for path in ["/scenario", "/people?limit=1000", "/faults", "/clock"] {
            assert_eq!(get(&made, path), get(&merged, path), "{path} after {step}");
        }
    }
    assert!(made.state(VendorName::Jtel, "history").unwrap().len() > 20, "the campaign dials");
    assert!(made.state(VendorName::Infocu5, "calls").unwrap().len() > 20, "calls come in");
}

#[test]
fn campaigns_that_had_nothing_left_dial_what_is_merged() {
    let mut scenario = demo();
    scenario["jtel"]["campaigns"][1]["running"] = true.into();
    scenario["mor"]["campaigns"][0]["running"] = true.into();
    let world = start(&scenario);
    world.advance("8h").unwrap();
    let n_history = world.state(VendorName::Jtel, "history").unwrap().len();
    let n_calls = world.state(VendorName::Mor, "calls").unwrap().len();
    // Both have run out: nothing more happens by itself.
    world.advance("8h").unwrap();
    assert_eq!(world.state(VendorName::Jtel, "history").unwrap().len(), n_history);
    assert_eq!(world.state(VendorName::Mor, "calls").unwrap().len(), n_calls);
    world
        .seed(&json!({
            "jtel": { "contacts": [
                { "id": 1, "campaign": 613, "name": "Neu", "phone_number1": "4940555020" },
                { "id": 2, "campaign": 613, "name": "Zu", "phone_number1": "49405550", "result_code": 3113 },
            ] },
            "mor": { "numbers": [{ "campaign": 17, "number": "37069999999" }] },
        }))
        .unwrap();
    world.advance("10m").unwrap();
    let history = world.state(VendorName::Jtel, "history").unwrap();
    assert_eq!(history.len(), n_history + 1, "{history:?}");
    assert_eq!(world.state(VendorName::Mor, "calls").unwrap().len(), n_calls + 1);
}

#[test]
fn times_that_are_left_out_are_the_worlds() {
    let world = start(&demo());
    world.advance("90m").unwrap();
    world
        .seed(&json!({
            "maxcontact": {
                "leads": [{ "id": 60000, "list": 12 }],
                "tokens": [{ "token": "neu", "login": "api.user", "valid_for": "10m" }],
                "campaigns": [{ "id": 9, "name": "Neu", "list": 12, "calls_per_hour": 3600 }],
                "users": [{ "id": 400, "name": "Ready", "campaign": 9, "state": "ready" }],
            },
        }))
        .unwrap();
    let leads = world.state(VendorName::MaxContact, "leads").unwrap();
    assert_eq!(leads.last().unwrap()["created_ms"], 1_772_447_400_000_i64, "{leads:?}");
    let tokens = world.state(VendorName::MaxContact, "tokens").unwrap();
    let token = tokens.iter().find(|token| token["expires_ms"] == 1_772_448_000_000_i64);
    assert!(token.is_some(), "{tokens:?}");
    world.advance("1m").unwrap();
    let calls = world.state(VendorName::MaxContact, "calls").unwrap();
    assert!(calls.iter().any(|call| call["user_id"] == 400), "{calls:?}");
}

#[test]
fn a_piece_changes_nothing_but_its_own_rows() {
    let mut scenario = demo();
    scenario["maxcontact"]["phone_types"] = json!([{ "id": 0, "name": "Privat" }]);
    scenario["jtel"]["campaigns"][0]["running"] = true.into();
    scenario["maxcontact"]["campaigns"][0]["calls_per_hour"] = 60.into();
    let world = start(&scenario);
    world.advance("90m").unwrap();
    let clock = || world.call(&http::Method::GET, "/clock", &Value::Null).unwrap();
    // What a campaign's records say of the times since the world began.
    let listed = || {
        let url = world.url(VendorName::MaxContact);
        let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let cookie = ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47");
        let mut client = crate::support::talk::Client::connect(&address, &[cookie]);
        let path = "/webservices/services/telephony/campaigns/user/101";
        String::from_utf8(client.send("GET", path, "").1).unwrap()
    };
    let (before, clock_before, listed_before) = (views(&world), clock(), listed());
    world
        .seed(&json!({
            "infocu5": { "campaigns": [{ "id": "1", "name": "Neu", "affiliate": "A7k2Qm9ZrT4x" }] },
            "jtel": { "clients": [{ "id": 99, "tokens": ["neu"] }] },
            "maestro": { "offers": [{ "id": 1, "token": "aaaa77a1d94b42f8a6e13b90cf28d451" }] },
            "maxcontact": { "lists": [{ "id": 13 }] },
            "mor": { "users": [{ "username": "neu" }] },
        }))
        .unwrap();
    let after = views(&world);
    let gone: Vec<&String> = before.iter().filter(|row| !after.contains(row)).collect();
    assert_eq!(gone, Vec::<&String>::new());
    let more: Vec<&str> = after
        .iter()
        .filter(|row| !before.contains(row))
        .map(|row| row.split(':').next().unwrap())
        .collect();
    let expected = [
        "infocu5 campaigns",
        "jtel clients",
        "jtel tokens",
        "maestro offers",
        "maxcontact lists",
        "mor users",
    ];
    assert_eq!(more, expected);
    assert_eq!((clock(), listed()), (clock_before, listed_before));
}

#[test]
fn settings_that_a_piece_does_not_name_stay_as_they_are() {
    let world = start(&demo());
    let change = json!({ "allow_get": true, "csv_separator": ";" });
    world.event(VendorName::Mor, "set_setting", &change).unwrap();
    let settings = || {
        let read = world.call(&http::Method::GET, "/scenario", &Value::Null).unwrap();
        let of = |vendor: &str| read["scenario"][vendor]["settings"].clone();
        [of("mor"), of("maxcontact"), of("infocu5")]
    };
    let before = settings();
    let numbers = json!({ "mor": { "numbers": [{ "campaign": 17, "number": "37069999999" }] } });
    world.seed(&numbers).unwrap();
    assert_eq!(settings(), before);
    world
        .seed(&json!({
            "mor": { "settings": { "restrict_ip": true } },
            "maxcontact": { "settings": { "ring_after": "3s" }, "numbers": { "ringing": 22 } },
            "infocu5": { "settings": { "calls_max": 9 } },
        }))
        .unwrap();
    let [mut mor, maxcontact, infocu5] = before;
    mor["restrict_ip"] = true.into();
    assert_eq!((maxcontact, infocu5), (Value::Null, Value::Null));
    assert_eq!(settings(), [mor, json!({ "ring_after": "3s" }), json!({ "calls_max": 9 })]);
}

#[test]
fn what_a_world_expects_and_its_switches_stay_as_they_are() {
    let world = start(&demo());
    let get = |path: &str| world.call(&http::Method::GET, path, &Value::Null).unwrap();
    let body = json!({ "strict": true, "expect": [{ "vendor": "jtel", "at_least": 1 }] });
    world.call(&http::Method::PUT, "/strict", &body).unwrap();
    world.set_variant(VendorName::Infocu5, "content_type", "text_html").unwrap();
    let before = [get("/strict"), get("/variants")];
    let numbers = json!({ "mor": { "numbers": [{ "campaign": 17, "number": "37069999999" }] } });
    world.seed(&numbers).unwrap();
    // A rollback reads them from the rows.
    let name = json!({ "name": "with" });
    world.call(&http::Method::POST, "/checkpoint", &name).unwrap();
    world.call(&http::Method::POST, "/rollback", &name).unwrap();
    assert_eq!([get("/strict"), get("/variants")], before);
}

#[test]
fn traffic_that_comes_within_an_hour_begins_at_once() {
    let mut scenario = demo();
    scenario["crowd"] = 20.into();
    let hotline = |name: &str| {
        json!({ "name": name, "vendor": "infocu5", "kind": "inbound", "campaign": "2040",
            "per_hour": 200, "patience": "10s" })
    };
    scenario["traffic"] = json!([{ "name": "dialler", "vendor": "infocu5", "kind": "outbound",
        "campaign": "2040", "per_hour": 0 }]);
    let world = start(&scenario);
    world.advance("20m").unwrap();
    world.seed(&json!({ "traffic": [hotline("first")] })).unwrap();
    world.seed(&json!({ "traffic": [hotline("second")] })).unwrap();
    let n_before = world.state(VendorName::Infocu5, "calls").unwrap().len();
    world.advance("35m").unwrap();
    let n_within = world.state(VendorName::Infocu5, "calls").unwrap().len() - n_before;
    assert!((120..330).contains(&n_within), "{n_within} calls");
    world.advance("1h").unwrap();
    let n_next = world.state(VendorName::Infocu5, "calls").unwrap().len() - n_before - n_within;
    assert!((330..470).contains(&n_next), "{n_next} calls");
    let again = mistakes(world.seed(&json!({ "traffic": [hotline("first")] })));
    assert!(again[0].contains("\"first\", already there among the traffic of this world"));
}

#[test]
fn a_value_that_a_piece_has_twice_is_told_by_the_first() {
    let world = start(&demo());
    // The calls of the history have no index, the contacts have one.
    let contact = |id: i64| json!({ "id": id, "campaign": 612, "name": "Neu" });
    let call = |id: i64, call: i64| json!({ "id": id, "contact": 1, "start": "2024-03-05T08:20:00Z", "call": call });
    let found = mistakes(world.seed(&json!({ "jtel": {
        "contacts": [contact(1), contact(301_501), contact(1)],
        "history": [call(1, 1), call(2, 880_000), call(3, 880_001), call(4, 2), call(5, 1)],
    } })));
    let found: Vec<&str> = found.iter().map(|it| it.split(';').next().unwrap()).collect();
    assert_eq!(
        found,
        [
            r#"piece#/jtel/contacts/1/id: "id" is "301501", already there among the contacts of this world"#,
            r#"piece#/jtel/contacts/2/id: "id" is "1", already used at piece#/jtel/contacts/0"#,
            r#"piece#/jtel/history/1/call: "call" is "880000", already there among the history of this world"#,
            r#"piece#/jtel/history/2/call: "call" is "880001", already there among the history of this world"#,
            r#"piece#/jtel/history/4/call: "call" is "1", already used at piece#/jtel/history/0"#,
        ]
    );
}

#[test]
fn people_come_behind_those_who_are_there() {
    let mut scenario = demo();
    scenario["people"] = json!([{ "phone": "+49 30 23125 001", "name": "Eins" }]);
    let world = start(&scenario);
    let piece = json!({
        "people": [{ "phone": "+49 30 23125 002", "name": "Zwei" }],
        "jtel": { "people": [{ "campaign": 613, "first": 2 }] },
    });
    assert_eq!(
        world.seed(&piece).unwrap(),
        json!({ "world": { "people": 1 }, "jtel": { "people": 1 } })
    );
    let contacts = world.state(VendorName::Jtel, "contacts").unwrap();
    assert_eq!(contacts.last().unwrap()["name"], "Zwei", "{contacts:?}");
    // A number in another form is that of the person who has it.
    let again = json!({ "people": [{ "phone": "004930 23125002", "name": "Zwei" }] });
    assert_eq!(mistakes(world.seed(&again)).len(), 1);
}

/// The collections whose rows are many, with how they are found.
const LARGE: &[(&str, &str, &str)] = &[
    ("jtel", "contacts", "id"),
    ("jtel", "history", "id"),
    ("infocu5", "calls", "id"),
    ("maestro", "callers", "uid"),
    ("maxcontact", "leads", "id"),
    ("maxcontact", "lead_phones", "id"),
    ("mor", "campaigns", "id"),
];

#[test]
fn each_unique_field_can_be_looked_up_in_a_world() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let check = |section: &str, fields: &[Field], all: &[ReadBack]| {
        for field in fields {
            let Kind::Rows(rows) = field.kind else { continue };
            for unique in rows.fields.iter().filter(|field| field.unique) {
                let back = all.iter().find(|back| back.name == field.name);
                let back = back.unwrap_or_else(|| panic!("{section} {}", field.name));
                let asked = live::has_sql(back, unique.name);
                let place = (section, field.name, unique.name);
                db.connection()
                    .prepare(&asked)
                    .unwrap_or_else(|error| panic!("{place:?}: {error}"));
                db.connection().prepare(&live::values_sql(back, unique.name)).unwrap();
                if LARGE.contains(&place) {
                    let mut plan =
                        db.connection().prepare(&format!("EXPLAIN QUERY PLAN {asked}")).unwrap();
                    let plan = plan.query_map(["1"], |row| row.get::<_, String>(3)).unwrap();
                    let plan: Vec<String> = plan.map(Result::unwrap).collect();
                    assert!(
                        !plan.iter().any(|it| it.starts_with("SCAN ") && it != "SCAN CONSTANT ROW"),
                        "{place:?}: {plan:?}"
                    );
                }
            }
        }
    };
    check("", ringback::inside::sim::loading::top::TOP, live::TOP);
    for surface in vendors.0.iter().map(|vendor| vendor.surface) {
        check(surface.vendor, surface.scenario, surface.read_back);
    }
}
