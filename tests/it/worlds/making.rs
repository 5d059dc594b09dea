//! What a world is made with, and when it begins.

use std::sync::Arc;

use ringback::inside::app;
use ringback::inside::base::clock;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::world::World;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use serde_json::{Value, json};

use super::make;
use crate::support::http::{http, status_of};
use crate::support::program::serve;

#[test]
fn a_world_is_made_with_other_switches_and_expectations_than_its_scenario_has() {
    let running = serve(&[]);
    let get = |path: &str| running.admin("GET", path, "").1;
    let scenario = json!({
        "extends": "demo", "strict": true, "expect": [{ "vendor": "mor", "at_most": 1 }],
        "jtel": { "variants": { "pick": "highest_id" } },
    });
    let before = get("/v1/worlds/default/variants");
    assert_eq!(before["infocu5"]["calls_shape"], "keyed");
    let expect = json!([{ "operation": "get_agents", "at_least": 1 }]);
    let variants = json!({ "infocu5": { "calls_shape": "array" } });
    let body = json!({
        "name": "a", "scenario": scenario, "variants": variants, "strict": false, "expect": expect,
    });
    let (status, made) = make(&running, &body);
    assert_eq!(status, 201, "{made}");
    for _ in 0..2 {
        let switches = get("/v1/worlds/a/variants");
        assert_eq!(switches["infocu5"]["calls_shape"], "array");
        assert_eq!(switches["jtel"]["pick"], "highest_id", "the scenario's own stay");
        let expected = json!({ "strict": false, "expect": expect });
        assert_eq!(get("/v1/worlds/a/strict"), expected);
        assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "").0, 200);
    }
    // What is not said stays as the scenario says it, also where the scenario was loaded before.
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": scenario })).0, 201);
    assert_eq!(get("/v1/worlds/b/variants")["infocu5"]["calls_shape"], "keyed");
    assert_eq!(get("/v1/worlds/b/strict")["strict"], true);
    for (member, value, said) in [
        ("variants", json!({ "jtle": {} }), "did you mean"),
        ("variants", json!({ "jtel": { "pick": "first" } }), "lowest_id"),
        ("variants", json!("pick"), "variants: expected an object"),
        ("strict", json!("yes"), "expected true or false"),
        ("expect", json!([{ "vendr": "mor" }]), "did you mean"),
    ] {
        let mut body = json!({ "name": "c", "scenario": "demo" });
        body[member] = value;
        let (status, problem) = make(&running, &body);
        assert_eq!(status, 400, "{problem}");
        assert!(problem.to_string().contains(said), "{member}: {problem}");
    }
    for (body, said) in [
        (json!({ "name": "c", "scenario": "demo", "sed": 1 }), "did you mean \"seed\"?"),
        (json!({ "name": "c", "jtel": {} }), "a scenario is the value of \"scenario\""),
    ] {
        let (status, problem) = make(&running, &body);
        let detail = problem["detail"].as_str().unwrap();
        assert!(status == 400 && detail.contains(said), "{problem}");
    }
}

/// A seed is a whole number that an `i64` holds; what is none is told with the bounds.
#[test]
fn a_seed_is_exact_or_refused_with_its_bounds() {
    let running = serve(&[]);
    let bounds = format!("from 0 to {}", i64::MAX);
    for (seed, found) in [
        ("1180591620717411303424", "which is too great"),
        ("18446744073709551615", "18446744073709551615, which is too great"),
        ("-1", "seed is -1; expected"),
        ("1.5", "seed is 1.5; expected"),
        ("\"7\"", "seed is \"7\"; expected"),
    ] {
        let body = format!(r#"{{"name":"a","scenario":"demo","seed":{seed}}}"#);
        let (status, problem) = running.admin("POST", "/v1/worlds", &body);
        let detail = problem["detail"].as_str().unwrap();
        let is_told = detail.contains(found) && detail.contains(&bounds);
        assert!(status == 400 && is_told, "{seed}: {problem}");
    }
    // In a scenario as JSON, where it is a mistake of the scenario's.
    let body = r#"{"name":"a","scenario":{"seed":1180591620717411303424}}"#;
    let (status, problem) = running.admin("POST", "/v1/worlds", body);
    let mistake = &problem["mistakes"][0];
    assert_eq!(status, 400, "{problem}");
    assert_eq!(mistake["expected"], format!("an integer {bounds}"));
    assert!(mistake["found"].as_str().unwrap().contains("too great"), "{problem}");
    for seed in [i64::MAX, (1 << 53) + 1] {
        let (status, made) = make(
            &running,
            &json!({ "name": format!("s{seed}"), "seed": seed, "scenario": "demo" }),
        );
        assert_eq!((status, &made["seed"]), (201, &json!(seed)), "{made}");
    }
}

/// A column of the first row of a table, as it is shown.
fn shown(world: &Arc<World>, vendor: &str, table: &str, column: &str) -> Value {
    let vendor = app::vendors().find(vendor).unwrap();
    let table = vendor.surface.table(table).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let page = runtime.block_on(world.table(table, 0, 1, true)).unwrap();
    page["rows"][0][column].clone()
}

#[test]
fn a_world_of_a_loaded_seed_begins_when_it_is_made_and_again_when_it_is_reset() {
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name| worlds.make(name, &mut library.open("demo").unwrap()).unwrap();
    let issued = |world: &Arc<World>| {
        let at_ms = |column| shown(world, "maxcontact", "tokens", column).as_i64().unwrap();
        // A year, as the demo says.
        assert_eq!(at_ms("expires_ms") - at_ms("issued_ms"), 365 * 86_400_000);
        at_ms("issued_ms")
    };
    let later_than = |ms| while clock::system_now().as_millis() <= ms {};
    let first = make("first");
    let first_ms = issued(&first);
    later_than(first_ms);
    let second = make("second");
    let second_ms = issued(&second);
    assert!(second_ms > first_ms, "it begins when it is made");
    later_than(second_ms);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(first.reset()).unwrap();
    assert!(issued(&first) > second_ms, "it begins again");
}

#[test]
fn a_world_is_made_with_another_clock_than_its_scenario_has() {
    let running = serve(&[]);
    let at = "1999-12-31T23:00:00Z";
    let clock = json!({ "mode": "frozen", "at": at });
    let own = json!({ "jtel": { "contacts": [
        { "id": 9001, "campaign": 612, "name": "Own", "phone_number1": "4940555001" }
    ] }, "extends": "demo" });
    let (status, made) = make(&running, &json!({ "name": "a", "scenario": own, "clock": clock }));
    assert_eq!(status, 201, "{made}");
    for _ in 0..2 {
        let now = running.admin("GET", "/v1/worlds/a/clock", "").1;
        assert_eq!((&now["mode"], &now["now"]), (&json!("frozen"), &json!(at)));
        let path = "/w/a/rest/v1.0/7/dialler/contacts/9001";
        let request = http("GET", path, &[("Authorization", "Bearer SIMTOKEN-7A")], "");
        assert_eq!(status_of(&running.raw("listen", request.as_bytes())), 200);
        assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "").0, 200);
    }
    for wrong in [
        json!("frozen"),
        json!({ "mode": "frozen" }),
        json!({ "mode": "real", "at": at }),
        json!({ "mode": "scaled", "at": at, "rate": 0 }),
        json!({ "mode": "frozen", "at": at, "speed": 1 }),
    ] {
        let body = json!({ "name": "b", "scenario": "demo", "clock": wrong });
        let (status, problem) = make(&running, &body);
        assert_eq!(status, 400, "{problem}");
        assert!(problem["detail"].as_str().unwrap().starts_with("clock: found"), "{problem}");
    }
}
