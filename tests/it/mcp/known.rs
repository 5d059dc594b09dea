//! What is built in: rules, operations, events, and the resources with their addresses.

use serde_json::{Value, json};

use super::assistant::Assistant;
use crate::support::program::{ringback, run};

/// What a command prints.
fn printed(args: &[&str]) -> String {
    let (code, out, err) = run(ringback().args(args));
    assert_eq!(code, 0, "{err}");
    out
}

fn resource(assistant: &mut Assistant, uri: &str) -> Value {
    let answer = assistant.ask("resources/read", &json!({ "uri": uri }));
    let content = &answer["result"]["contents"][0];
    assert_eq!(content["uri"], uri, "{answer}");
    content.clone()
}

#[test]
fn rules_operations_and_events_are_those_of_the_commands() {
    let mut assistant = Assistant::new(&[], &[]);
    let told = assistant.get("explain", &json!({ "rule": "mor.hash" }));
    let expected: Value =
        serde_json::from_str(&printed(&["explain", "mor.hash", "--json"])).unwrap();
    assert_eq!(told, expected);
    let short = assistant.get("explain", &json!({ "vendor": "mor", "limit": 200 }));
    assert!(short["rules"].as_array().unwrap().iter().any(|it| it["rule"] == "mor.hash"));
    assert_eq!(short["next"], Value::Null);
    let finding = assistant.get("explain", &json!({ "rule": "two_calls" }));
    assert_eq!(finding["findings"][0]["vendor"], "maxcontact");
    let told = assistant.refused("explain", &json!({ "rule": "mor.hsh" }));
    assert!(told.contains("did you mean \"mor.hash\"?; explain without a rule lists"), "{told}");

    let lock = json!({ "operation": "lock_contact_by_id" });
    let operations = assistant.get("list_operations", &lock);
    let routes: Value = serde_json::from_str(&printed(&["routes", "jtel", "--json"])).unwrap();
    let route = routes["routes"].as_array().unwrap().iter();
    let route = route.clone().find(|it| it["operation"] == "lock_contact_by_id").unwrap();
    assert_eq!(&operations["operations"][0], route);
    let told = assistant.refused("list_operations", &json!({ "operation": "lock_contact" }));
    assert!(told.contains("did you mean") && told.contains("list_operations lists"), "{told}");

    let event = json!({ "vendor": "jtel", "event": "start_campaign" });
    let events = assistant.get("list_events", &event);
    let printed = printed(&["events", "jtel", "start_campaign", "--json"]);
    assert_eq!(events, serde_json::from_str::<Value>(&printed).unwrap());
    let told = assistant.refused("list_events", &json!({ "event": "start_campain" }));
    assert!(told.contains("did you mean \"start_campaign\"?"), "{told}");
    let told = assistant.refused("list_events", &json!({ "vendor": "jtell" }));
    assert!(told.contains("did you mean"), "{told}");
}

#[test]
fn resources_are_listed_page_by_page_and_read() {
    let mut assistant = Assistant::new(&[], &[]);
    let (mut uris, mut params) = (Vec::new(), json!({}));
    loop {
        let answer = assistant.ask("resources/list", &params);
        let page = answer["result"]["resources"].as_array().unwrap();
        assert!(page.len() <= 100);
        uris.extend(page.iter().map(|it| it["uri"].as_str().unwrap().to_owned()));
        let Some(cursor) = answer["result"].get("nextCursor") else { break };
        params = json!({ "cursor": cursor });
    }
    for uri in
        ["ringback://contract/jtel/3.4", "ringback://variants/mor", "ringback://manual/verify"]
    {
        assert!(uris.contains(&uri.to_owned()), "{uri}");
    }
    assert!(uris.len() > 150, "{}", uris.len());
    let wrong = assistant.ask("resources/list", &json!({ "cursor": "elsewhere" }));
    assert_eq!(wrong["error"]["code"], -32602);

    let section = resource(&mut assistant, "ringback://contract/jtel/3.4");
    assert_eq!(section["mimeType"], "text/markdown");
    assert_eq!(section["text"].as_str().unwrap(), printed(&["contract", "jtel", "3.4"]).trim_end());
    let opening = resource(&mut assistant, "ringback://contract/jtel");
    assert!(opening["text"].as_str().unwrap().contains("- 3.4 DiallerContactsExtendedData"));
    for (uri, command) in [
        ("ringback://variants/jtel", ["variants", "jtel", "--json"]),
        ("ringback://fidelity/mor", ["fidelity", "mor", "--json"]),
    ] {
        let read = resource(&mut assistant, uri);
        assert_eq!(read["mimeType"], "application/json");
        let told: Value = serde_json::from_str(read["text"].as_str().unwrap()).unwrap();
        let expected: Value = serde_json::from_str(&printed(&command)).unwrap();
        assert_eq!(told, expected[0], "{uri}");
    }
    let rules = resource(&mut assistant, "ringback://rules/mor");
    assert!(rules["text"].as_str().unwrap().contains("\"rule\":\"mor.hash\""));
    let chapter = resource(&mut assistant, "ringback://manual/verify");
    assert!(chapter["text"].as_str().unwrap().starts_with("# Verifying"));

    let templates = assistant.ask("resources/templates/list", &json!({}));
    let templates = templates["result"]["resourceTemplates"].as_array().unwrap().clone();
    let has = |uri: &str| templates.iter().any(|it| it["uriTemplate"] == uri);
    assert!(has("ringback://contract/{vendor}/{section}"), "{templates:?}");
    for (uri, words) in [
        ("ringback://contract/jtel/99", "has no section \"99\""),
        ("ringback://contract/jtell", "did you mean \"jtel\"?"),
        ("file:///etc/passwd", "is no resource"),
    ] {
        let answer = assistant.ask("resources/read", &json!({ "uri": uri }));
        assert_eq!(answer["error"]["code"], -32002, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(words), "{answer}");
    }
}
