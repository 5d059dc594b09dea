//! The state of a world as a scenario.

use std::sync::Arc;

use ringback::inside::app;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::world::World;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use serde_json::{Value, json};

use super::make;
use crate::support::program::serve;
use crate::support::talk::Client;

/// Every row of every view of a world's state.
fn views(world: &Arc<World>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut rows = Vec::new();
    for vendor in app::vendors().0 {
        for table in vendor.surface.tables {
            let page = world.table(table, 0, usize::MAX, true);
            let page = runtime.block_on(page).unwrap();
            let found = page["rows"].as_array().unwrap();
            rows.extend(
                found.iter().map(|row| format!("{} {}: {row}", vendor.surface.vendor, table.name)),
            );
        }
    }
    rows
}

#[test]
fn a_world_read_back_as_a_scenario_makes_the_same_world_again() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let demo: toml::Table = toml::from_str(include_str!("../../../scenarios/demo.toml")).unwrap();
    let mut demo = serde_json::to_value(demo).unwrap();
    demo["clock"] = json!({ "mode": "frozen", "at": "2026-03-02T09:00:00.250Z" });
    demo["line"] =
        json!([{ "vendor": "jtel", "ends_with": "77", "then": "busy", "ring": "1m30s" }]);
    demo["mor"]["variants"] = json!({ "uniquehash": "accepted" });
    demo["mor"]["whitelist"] = json!([{ "ip": "10.1.2.3-5" }]);
    demo["mor"]["permission_groups"] = json!([{ "name": "readers", "upload_numbers": "write" }]);
    demo["maxcontact"]["codes"] = json!([{ "key": "E_TOKEN", "code": 77 }]);
    demo["maxcontact"]["numbers"] = json!({ "ringing": 22 });
    demo["maxcontact"]["settings"] = json!({ "line": "manual", "ring_after": "3s" });
    demo["infocu5"]["settings"] = json!({ "calls_max": 9 });
    demo["infocu5"]["agents"][0]["shared_with"] = json!(["B3n8Wp5YsU6v"]);
    demo["jtel"]["campaigns"][0]["active_days"] = json!(["mon", "sun"]);
    demo["maestro"]["opt_ins"] = json!([{ "caller": "N0T1NTERESTED777", "offer": 4711,
        "at": "2015-09-14T17:30:00-07:00" }]);
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name: &str, scenario: &Value| {
        let made = worlds.make(name, &mut library.read_json(scenario));
        made.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let first = make("first", &demo);
    let read = runtime.block_on(first.read_back()).unwrap();
    assert_eq!(read.omitted, Vec::<Value>::new());
    let second = make("second", &read.scenario);
    assert_eq!(runtime.block_on(second.read_back()).unwrap(), read);
    let (left, right) = (views(&first), views(&second));
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(left, right);
    }
    // Every collection that a section declares is read back; people are by what they became.
    for surface in app::vendors().0.iter().map(|vendor| vendor.surface) {
        for field in surface.scenario.iter().filter(|field| field.name != "people") {
            let back = surface.read_back.iter().any(|back| back.name == field.name);
            assert!(back, "{} is not read back: {}", field.name, surface.vendor);
        }
    }
    // As the text of a file it is the same scenario, and what happened since is in it.
    let text = ringback::inside::scenario::to_toml(&read.scenario).unwrap();
    let mut opened = library.read_toml("read back", &text);
    let third = worlds.make("third", &mut opened).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(runtime.block_on(third.read_back()).unwrap(), read);
    runtime.block_on(third.advance(ringback::inside::base::time::Span::MINUTE)).unwrap();
    let later = runtime.block_on(third.read_back()).unwrap().scenario;
    assert_eq!(later["clock"]["at"], "2026-03-02T09:01:00.250Z");
}

#[test]
fn faults_people_traffic_and_expectations_come_back_as_they_were_stated() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stated = json!({
        "seed": 7,
        "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
        "line": [{ "vendor": "jtel", "share": 0.25, "then": "busy" }],
        "fault": [
            { "then": "delay", "delay": "1s500ms" },
            { "name": "slow", "then": "delay", "delay": "1s", "delay_to": "2s" },
            { "name": "slower", "then": "delay", "delay": "1s", "sigma": 0.5 },
            { "name": "drops", "on": { "access": "reads", "every": 3, "times": 2 }, "then": "drip",
                "bytes": 4, "pause": "10ms" },
            { "on": { "from": "2026-03-02T10:00:00Z", "until": "2026-03-02T11:00:00.500Z" },
                "then": "truncate", "bytes": 3 },
            { "on": { "for": "10m", "probability": 0.5 }, "then": "status", "status": 502,
                "body": "busy", "content_type": "text/html" },
            { "on": { "vendor": "jtel", "operation": "get_contact", "nth": 2,
                "match": [{ "at": "param id", "equals": "301501" }, { "at": "path", "contains": "7" }] },
                "then": "refuse", "error": "jtel.contact" },
            { "then": "rate_limit", "most": 9, "per": "1m", "status": 429, "delay": "1s" },
            { "on": { "vendor": "mor" }, "then": "lose_reply" },
        ],
        "people": [{ "phone": "+49 221 4710123", "name": "König", "email": "ida@example.test" }],
        "crowd": 20,
        "strict": true,
        "expect": [{ "vendor": "mor", "why": "mor.hash", "at_most": 1 }],
        "traffic": [
            { "name": "calls", "vendor": "maestro", "kind": "calls", "per_hour": 6.5,
                "offers": ["4711"], "callers": "2..4", "duration": "20m" },
            { "name": "poll", "vendor": "mor", "kind": "campaign", "campaign": "18",
                "zone": "Europe/Berlin", "hours": ["09:00-17:00"], "days": ["mon", "tue"],
                "per_hour": 5.0, "first": 3 },
        ],
        "maestro": { "offers": [{ "id": "4711", "token": "5c0e77a1d94b42f8a6e13b90cf28d451" }] },
        "mor": {
            "settings": { "secret_key": "sim-secret-1" },
            "users": [{ "username": "bob" }],
            "campaigns": [{ "id": 18, "name": "Poll", "user": "bob", "start_time": "00:00:00",
                "stop_time": "23:59:59", "actions": [{ "action": "IVR", "data": "5" }] }],
        },
    });
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name: &str, scenario: &Value| {
        let made = worlds.make(name, &mut library.read_json(scenario));
        made.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let read_back = |world: &Arc<World>| runtime.block_on(world.read_back()).unwrap();
    let first = make("first", &stated);
    let read = read_back(&first);
    assert_eq!(read.omitted, Vec::<Value>::new());
    for name in ["line", "fault", "strict", "expect", "traffic"] {
        assert_eq!(read.scenario[name], stated[name], "{name}");
    }
    // The crowd is in the list, each with their number.
    assert_eq!(read.scenario["people"].as_array().unwrap().len(), 21);
    assert_eq!(read.scenario["people"][0], stated["people"][0]);
    let second = make("second", &read.scenario);
    assert_eq!(read_back(&second), read);
    let text = ringback::inside::scenario::to_toml(&read.scenario).unwrap();
    let third = worlds.make("third", &mut library.read_toml("read back", &text));
    assert_eq!(read_back(&third.unwrap_or_else(|error| panic!("{error}"))), read);

    // Equal things happen in both, and then it is told what a scenario cannot say of them.
    let hour = ringback::inside::base::time::Span::HOUR;
    let later = [&first, &second].map(|world| {
        runtime.block_on(world.advance(hour)).unwrap();
        (runtime.block_on(world.faults()), views(world), read_back(world))
    });
    assert_eq!(later[0], later[1]);
    let (_, views, later) = &later[0];
    assert!(views.iter().any(|row| row.starts_with("maestro calls")), "{views:?}");
    let omitted = Value::from(later.omitted.clone());
    let omitted = |what: &str| {
        let all = omitted.as_array().unwrap().iter();
        let mut found = all.filter(|it| it["what"].as_str().unwrap().contains(what));
        found.next().map(|it| it["count"].clone())
    };
    assert_eq!(omitted("rules for faults"), Some(json!(1)), "the one with a length of time");
    assert_eq!(omitted("sources of traffic"), Some(json!(2)));
    // Whom the campaign takes next is said.
    let first_next = later.scenario["traffic"][1]["first"].as_i64().unwrap();
    assert!(first_next > 3, "{first_next}");
    make("fourth", &later.scenario);
}

#[test]
fn what_a_scenario_cannot_say_is_listed() {
    let running = serve(&[]);
    let get = |path: &str| running.admin("GET", path, "").1;
    let read = get("/v1/worlds/default/scenario");
    assert_eq!(read["omitted"], json!([]), "{}", read["omitted"]);
    let event = "/v1/worlds/default/events/maestro/rotate_token";
    let body = r#"{"offer":"4711","token":"aaaa77a1d94b42f8a6e13b90cf28d451"}"#;
    assert_eq!(running.admin("POST", event, body).0, 200);
    let read = get("/v1/worlds/default/scenario");
    let omitted = read["omitted"].as_array().unwrap();
    assert_eq!((omitted.len(), &omitted[0]["vendor"]), (1, &json!("maestro")), "{omitted:?}");
    assert_eq!(
        read["scenario"]["maestro"]["offers"][0]["token"],
        "aaaa77a1d94b42f8a6e13b90cf28d451"
    );
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": read["scenario"] })).0, 201);
    let mut client = Client::connect(&running.address("admin"), &[]);
    let (status, text) = client.send("GET", "/v1/worlds/b/scenario.toml", "");
    let text = String::from_utf8(text).unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("[[jtel.contacts]]"), "{text}");
}
