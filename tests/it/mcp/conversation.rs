//! The conversation: revisions, mistakes, cancelling, a program that is not there or goes away, the end.

use std::io::Read;
use std::net::TcpListener;

use serde_json::{Value, json};

use super::assistant::{Assistant, REVISION};
use crate::support::program::{serve, serve_with};

/// An address at which nothing listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn each_revision_of_the_protocol_is_spoken() {
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut assistant = Assistant::silent(&[], &[]);
        let told = assistant.introduce(revision);
        assert_eq!(told["protocolVersion"], revision);
        assert_eq!(told["serverInfo"]["name"], "ringback");
        assert!(told["capabilities"]["tools"].is_object(), "{told}");
        assert!(told["capabilities"]["resources"].is_object(), "{told}");
        let instructions = told["instructions"].as_str().unwrap();
        assert!(instructions.contains("list_exchanges"), "{instructions}");
        assert!(instructions.contains("without --writes"), "{instructions}");
        let rule = assistant.get("explain", &json!({ "rule": "mor.hash" }));
        assert_eq!(rule["vendor"], "mor", "{revision}");
    }
    // Of one that is not known, the client is told which is.
    let told = Assistant::silent(&[], &[]).introduce("2999-01-01");
    let spoken = told["protocolVersion"].as_str().unwrap();
    assert!((REVISION..="2026-12-31").contains(&spoken), "{spoken}");
}

#[test]
fn mistakes_are_told_and_end_nothing() {
    let mut assistant = Assistant::new(&[], &[]);
    let answer = assistant.ask("tools/call", &json!({ "name": "list_exchange", "arguments": {} }));
    assert_eq!(answer["error"]["code"], -32602);
    let told = answer["error"]["message"].as_str().unwrap();
    assert!(told.contains("did you mean \"list_exchanges\"?"), "{told}");
    assert_eq!(assistant.ask("nothing/such", &json!({}))["error"]["code"], -32601);
    // No JSON has no number that an answer could name.
    assistant.write("this is no JSON");
    assistant.write("");
    assistant.write(r#"{"jsonrpc":"2.0","id":99,"method":7}"#);
    assert_eq!(assistant.next()["error"]["code"], -32600);
    for (arguments, words) in [
        (json!({ "vendr": "jtel" }), "did you mean \"vendor\"?"),
        (json!({ "limit": 1000 }), "an integer from 1 to 200"),
        (json!({ "outcome": "refusd" }), "did you mean \"refused\"?"),
        (json!({ "after": 1, "before": 2 }), "exclude each other"),
    ] {
        let told = assistant.refused("list_exchanges", &arguments);
        assert!(told.contains(words), "{arguments}: {told}");
    }
    assert!(assistant.ask("ping", &json!({}))["result"].is_object());
}

#[test]
fn where_no_ringback_runs_it_says_what_to_start() {
    let admin = nowhere();
    let mut assistant = Assistant::new(&["--admin", &admin], &[]);
    for (tool, arguments) in [
        ("list_exchanges", json!({})),
        ("list_worlds", json!({})),
        ("verify", json!({ "condition": { "vendor": "jtel" } })),
    ] {
        let told = assistant.refused(tool, &arguments);
        assert!(told.contains(&format!("nothing answers at http://{admin}")), "{told}");
        assert!(told.contains("start a Ringback with `ringback serve`"), "{told}");
        assert!(told.contains("--admin or RINGBACK_ADMIN_URL") && !told.contains('\n'), "{told}");
    }
    // What is built in needs none.
    assert_eq!(assistant.get("explain", &json!({ "rule": "mor.hash" }))["rule"], "mor.hash");
    assert!(assistant.tools().contains(&"verify".to_owned()));
}

#[test]
fn a_ringback_that_goes_away_is_found_again() {
    let mut program = serve(&[]);
    let admin = program.address("admin");
    let mut assistant = Assistant::of(&program, &[]);
    assert_eq!(assistant.get("show_world", &json!({}))["name"], "default");
    program.stop();
    let told = assistant.refused("show_world", &json!({}));
    assert!(told.contains("nothing answers at"), "{told}");
    let _program = serve(&["--admin", &admin]);
    assert_eq!(assistant.get("show_world", &json!({}))["name"], "default");
}

#[test]
fn a_server_that_is_no_ringback_is_told() {
    let program = serve(&[]);
    // Its vendors' listener answers, and not as the control plane.
    let vendors = program.address("listen");
    let mut assistant = Assistant::new(&["--admin", &vendors], &[]);
    let told = assistant.refused("list_worlds", &json!({}));
    assert!(told.contains("does not answer like ringback's admin listener"), "{told}");
    assert!(told.contains("--admin or RINGBACK_ADMIN_URL"), "{told}");
}

#[test]
fn a_call_that_is_cancelled_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let admin = listener.local_addr().unwrap().to_string();
    let mut assistant = Assistant::new(&["--admin", &admin], &[]);
    let id = assistant.begin("tools/call", &json!({ "name": "list_worlds", "arguments": {} }));
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = [0; 16];
    stream.read_exact(&mut head).unwrap();
    assert!(head.starts_with(b"GET /v1/worlds"));
    // It is under way, and others are answered meanwhile.
    assert!(assistant.ask("ping", &json!({}))["result"].is_object());
    assistant.tell(&json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": { "requestId": id, "reason": "the user pressed Esc" },
    }));
    // The connection is closed, and the call has no answer.
    stream.read_to_end(&mut Vec::new()).unwrap();
    assert!(assistant.ask("ping", &json!({}))["result"].is_object());
}

#[test]
fn the_token_comes_from_the_environment_and_is_never_shown() {
    let token = "s3cret-of-the-control-plane";
    let program = serve_with(&[], &[("RINGBACK_ADMIN_TOKEN", token)]);
    let admin = program.address("admin");
    let mut assistant = Assistant::new(&["--admin", &admin], &[]);
    let told = assistant.refused("list_worlds", &json!({}));
    assert!(told.contains("set RINGBACK_ADMIN_TOKEN in the environment"), "{told}");
    let env = [("RINGBACK_ADMIN_TOKEN", token), ("RINGBACK_ADMIN_URL", admin.as_str())];
    let mut assistant = Assistant::new(&[], &[&env[..], &[("RINGBACK_LOG", "trace")]].concat());
    let worlds = assistant.get("list_worlds", &json!({}));
    assert_eq!(worlds["worlds"][0]["name"], "default");
    assert!(!worlds.to_string().contains(token));
    let (_, _, said) = assistant.end();
    assert!(!said.contains(token));
}

#[test]
fn stdout_has_the_protocol_alone_and_its_end_ends_it() {
    let program = serve(&[]);
    let admin = program.address("admin");
    let mut assistant = Assistant::new(&["--admin", &admin, "--log", "trace"], &[]);
    assistant.get("list_worlds", &json!({}));
    assistant.refused("show_world", &json!({ "world": "nobody" }));
    // An answer that is under way when stdin ends still comes.
    let id = assistant.begin("tools/call", &json!({ "name": "list_worlds", "arguments": {} }));
    let (code, lines, said) = assistant.end();
    assert_eq!(code, 0, "{said}");
    let messages: Vec<Value> =
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(matches!(messages.as_slice(), [one] if one["id"] == id), "{messages:?}");
    assert!(said.contains("TRACE") || said.contains("DEBUG"), "{said}");

    // Without a word before, it is nobody's mistake either; nor is anything said.
    let (code, lines, said) = Assistant::silent(&[], &[]).end();
    assert_eq!((code, lines, said.as_str()), (0, Vec::new(), ""));
    // Who says something else first is told.
    let mut rude = Assistant::silent(&[], &[]);
    rude.write(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#);
    let (code, _, said) = rude.end();
    assert_eq!(code, 2);
    assert!(said.contains("the Model Context Protocol: "), "{said}");
}
