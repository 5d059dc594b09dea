//! Tools that change worlds: refused without `--writes`, and what they do with it.

use serde_json::json;

use super::assistant::Assistant;
use crate::support::http::http;
use crate::support::program::serve;

/// What each changes, called so that it would.
const CALLS: &[(&str, &str)] = &[
    ("advance_clock", r#"{"by":"1h"}"#),
    ("trigger_event", r#"{"vendor":"jtel","event":"start_campaign","fields":{"campaign":612}}"#),
    ("add_fault", r#"{"rule":{"then":"close"}}"#),
    ("clear_faults", "{}"),
    ("seed_world", r#"{"rows":{"jtel":{}}}"#),
    ("set_variants", r#"{"variants":{"jtel":{"pick":"highest_id"}}}"#),
    ("make_checkpoint", r#"{"name":"a"}"#),
    ("roll_back", r#"{"name":"a"}"#),
    ("make_world", r#"{"name":"other"}"#),
    ("reset_world", "{}"),
    ("delete_world", r#"{"world":"other"}"#),
];

#[test]
fn without_the_flag_nothing_can_be_changed() {
    let program = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let mut reader = Assistant::of(&program, &[]);
    let tools = reader.ask("tools/list", &json!({}));
    for tool in tools["result"]["tools"].as_array().unwrap() {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["annotations"]["openWorldHint"], false, "{tool}");
    }
    let reading = reader.tools();
    let before = reader.get("list_worlds", &json!({}));
    for (name, arguments) in CALLS {
        assert!(!reading.contains(&(*name).to_owned()), "{name} is listed");
        let told = reader.refused(name, &serde_json::from_str(arguments).unwrap());
        assert!(told.contains("started without --writes"), "{name}: {told}");
        assert!(!told.contains('\n'), "{told}");
    }
    assert_eq!(reader.get("list_worlds", &json!({})), before);
    assert_eq!(reader.get("list_exchanges", &json!({}))["last_seq"], 0);

    let mut writer = Assistant::of(&program, &["--writes"]);
    let writing: Vec<String> =
        writer.tools().into_iter().filter(|name| !reading.contains(name)).collect();
    let mut known: Vec<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    let mut found: Vec<&str> = writing.iter().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, known);
    for (name, arguments) in CALLS {
        writer.get(name, &serde_json::from_str(arguments).unwrap());
    }
}

#[test]
fn what_is_lost_by_a_tool_is_told_before() {
    let mut assistant = Assistant::new(&[], &[("RINGBACK_MCP_WRITES", "1")]);
    let tools = assistant.ask("tools/list", &json!({}));
    let destructive = tools["result"]["tools"].as_array().unwrap().iter();
    let destructive = destructive.filter(|it| it["annotations"]["destructiveHint"] == true);
    let names: Vec<&str> = destructive.map(|it| it["name"].as_str().unwrap()).collect();
    let expected = ["clear_faults", "set_variants", "roll_back", "reset_world", "delete_world"];
    assert_eq!(names, expected);
}

#[test]
fn a_world_is_led_through_a_test() {
    let program = serve(&[]);
    let mut assistant = Assistant::of(&program, &["--writes"]);
    let made = json!({
        "name": "mine", "scenario": "jtel", "seed": 7, "clock": "frozen@2026-03-02T09:00:00Z",
        "variants": { "jtel": { "pick": "highest_id" } }, "ttl": "10m",
    });
    let world = assistant.get("make_world", &made);
    assert_eq!((&world["seed"], &world["ttl"]), (&json!(7), &json!("10m")));
    // Its clients are led into it by what was told.
    let url = world["urls"]["jtel"].as_str().unwrap();
    let path = url.trim_start_matches("http://").split_once('/').unwrap().1;
    program.raw("listen", http("GET", &format!("/{path}7/dialler/contacts/1"), &[], "").as_bytes());
    let listed = assistant.get("list_exchanges", &json!({ "world": "mine" }));
    assert_eq!(listed["exchanges"][0]["why"]["rule"], "jtel.token");
    let of = |mut arguments: serde_json::Value| {
        arguments["world"] = "mine".into();
        arguments
    };
    let switches = assistant.get("list_variants", &of(json!({ "vendor": "jtel" })));
    assert_eq!(switches["variants"]["jtel"]["pick"], "highest_id");
    let kept = assistant.get("make_checkpoint", &of(json!({ "name": "before" })));
    assert_eq!(kept["checkpoint"], "before");
    let moved = assistant.get("advance_clock", &of(json!({ "by": "90m" })));
    assert_eq!(moved["now"], "2026-03-02T10:30:00Z");
    let moved = assistant.get("advance_clock", &of(json!({ "to": "2026-03-02T11:00:00Z" })));
    assert_eq!(moved["now"], "2026-03-02T11:00:00Z");
    // An object that a client wrote as text is one as well.
    let rows = r#"{"jtel":{"campaigns":[{"id":9001,"client":7,"name":"Added"}]}}"#;
    let seeded = assistant.get("seed_world", &of(json!({ "rows": rows })));
    assert_eq!(seeded["added"]["jtel"]["campaigns"], 1, "{seeded}");
    let started = of(json!({
        "vendor": "jtel", "event": "start_campaign", "fields": { "campaign": 9001 },
    }));
    assistant.get("trigger_event", &started);
    let rule = of(json!({ "rule": { "name": "lost", "then": "lose_reply" } }));
    let ids = assistant.get("add_fault", &rule)["ids"].clone();
    let faults = assistant.get("list_faults", &of(json!({})));
    assert_eq!(faults["faults"][0]["name"], "lost");
    let gone = assistant.get("clear_faults", &of(json!({ "fault": ids[0] })));
    assert_eq!(gone["removed"], 1);
    let back = assistant.get("roll_back", &of(json!({ "name": "before" })));
    assert_eq!(back["world"]["clock"]["now"], "2026-03-02T09:00:00Z");
    let listed = assistant.get("list_exchanges", &of(json!({ "limit": 200 })));
    let lines: Vec<&str> = listed["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["line"].as_str().unwrap().split(' ').nth(1).unwrap())
        .collect();
    let said = ["checkpoint", "advance", "advance", "seed", "event", "faults", "faults"];
    assert_eq!(lines[1..=said.len()], said);
    assistant.get("reset_world", &of(json!({})));
    assert_eq!(assistant.get("delete_world", &of(json!({})))["deleted"], "mine");
    let told = assistant.refused("show_world", &of(json!({})));
    assert!(told.contains("there is no world called \"mine\""), "{told}");
}

#[test]
fn what_cannot_be_changed_is_told_with_its_cure() {
    let program = serve(&[]);
    let mut assistant = Assistant::of(&program, &["--writes"]);
    for (name, arguments, words) in [
        ("advance_clock", json!({}), "expected by or to"),
        ("advance_clock", json!({ "by": "90" }), "such as \"30s\", \"90m\""),
        ("advance_clock", json!({ "by": "1h", "to": "next" }), "expected by or to"),
        ("add_fault", json!({ "rule": { "then": "lose_rply" } }), "did you mean \"lose_reply\"?"),
        ("clear_faults", json!({ "fault": 9 }), "list_faults lists them"),
        ("make_world", json!({ "name": "a", "scenario": "demoo" }), "did you mean \"demo\"?"),
        ("make_world", json!({ "name": "a", "clock": "froze" }), "clock: "),
        ("make_world", json!({ "name": "a", "scenario": "jtel", "inline": {} }), "exclude"),
        ("make_world", json!({ "name": "default" }), "default"),
        ("roll_back", json!({ "name": "never" }), "never"),
        ("seed_world", json!({ "rows": { "jtel": { "campaignz": [] } } }), "campaigns"),
        ("seed_world", json!({ "rows": [] }), "rows: expected an object such as {"),
        ("set_variants", json!({ "variants": { "jtel": { "pik": "x" } } }), "pick"),
        ("trigger_event", json!({ "vendor": "jtel", "event": "start_campain" }), "start_campaign"),
        ("delete_world", json!({}), "world"),
        ("delete_world", json!({ "world": "default" }), "default"),
    ] {
        let told = assistant.refused(name, &arguments);
        assert!(told.contains(words), "{name} {arguments}: {told}");
    }
}
