//! What is printed of the vendors' own tables: keys, events, routes, what is looked for.

use serde_json::Value;

use crate::support::program::{ringback, run, serve};

const VENDORS: [&str; 5] = ["infocu5", "jtel", "maestro", "maxcontact", "mor"];

fn printed(args: &[&str]) -> String {
    let (code, told, said) = run(ringback().args(args));
    assert_eq!((code, said.as_str()), (0, ""), "{args:?}");
    told
}

#[test]
fn the_keys_of_a_section_are_a_table() {
    for section in VENDORS.into_iter().chain(["world"]) {
        let table = printed(&["schema", section]);
        let head = table.lines().next().unwrap();
        assert!(head.starts_with("KEY ") && head.ends_with("MEANING"), "{head}");
        let keys: Value = serde_json::from_str(&printed(&["schema", section, "--json"])).unwrap();
        let keys = keys["keys"].as_array().unwrap();
        assert_eq!(table.lines().count(), keys.len() + 1);
    }
    let jtel = printed(&["schema", "jtel"]);
    let line = |begin: &str| {
        let found = jtel.lines().find(|line| line.split(' ').next() == Some(begin));
        found.unwrap_or_else(|| panic!("no {begin} in {jtel}"))
    };
    assert!(
        line("clients[].id").contains("integer, 1 or more  ")
            && line("clients[].id").contains("required")
    );
    assert!(line("campaigns[].pause_busy").contains(" 10m "));
    assert!(
        line("variants.pick").contains("lowest_id") && line("variants.pick").contains("highest_id")
    );
    let (code, _, said) = run(ringback().args(["schema", "jtl"]));
    assert!(code == 2 && said.contains("jtel"), "{said}");
}

#[test]
fn an_example_of_each_event_is_of_the_right_form() {
    let running = serve(&[]);
    let events: Value = serde_json::from_str(&printed(&["events", "--json"])).unwrap();
    let events = events["events"].as_array().unwrap();
    assert!(VENDORS.iter().all(|vendor| events.iter().any(|event| event["vendor"] == *vendor)));
    let mut wrong = Vec::new();
    for event in events {
        let (vendor, name) = (event["vendor"].as_str().unwrap(), event["name"].as_str().unwrap());
        let path = format!("/v1/worlds/default/events/{vendor}/{name}");
        let (status, told) = running.admin("POST", &path, &event["example"].to_string());
        // Whether the demo has such a thing is another matter.
        if ![200, 409].contains(&status) {
            wrong.push(format!("{vendor} {name}: {status} {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let jtel = printed(&["events", "jtel"]);
    assert!(jtel.contains("    $ ringback event jtel dial_contact contact=301501\n"), "{jtel}");
    assert!(!jtel.contains("maestro"), "{jtel}");
}

#[test]
fn routes_say_where_credentials_and_parameters_go() {
    let plain = printed(&["routes", "jtel"]);
    let verbose = printed(&["routes", "jtel", "-v"]);
    assert!(verbose.lines().count() > plain.lines().count());
    assert!(
        !plain.contains("Authorization") && verbose.contains("Authorization: Bearer"),
        "{verbose}"
    );
    let mor = printed(&["routes", "mor", "--verbose"]);
    assert!(mor.contains("hash") && mor.contains("query or form"), "{mor}");
    let routes: Value = serde_json::from_str(&printed(&["routes", "--json"])).unwrap();
    let routes = routes["routes"].as_array().unwrap();
    assert!(routes.iter().all(|route| route["parameters"].is_array() && route["path"].is_string()));
}

#[test]
fn what_is_looked_for_is_listed_without_a_running_program() {
    let listed = printed(&["findings", "--list"]);
    assert!(listed.starts_with("NAME "), "{listed}");
    assert!(listed.contains("repeated_write") && listed.contains("poll_window"), "{listed}");
    let found: Value = serde_json::from_str(&printed(&["findings", "--list", "--json"])).unwrap();
    let found = found["findings"].as_array().unwrap();
    assert_eq!(listed.lines().count(), found.len() + 1);
    assert!(found.iter().all(|it| !it["matters"].as_str().unwrap().is_empty()));
}
