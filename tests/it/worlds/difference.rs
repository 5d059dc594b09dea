//! Which rows differ between a world and its seed, a checkpoint, or another world.

use serde_json::{Value, json};

use crate::support::program::{Running, serve};

fn diff(running: &Running, path: &str) -> Value {
    let (status, told) = running.admin("GET", &format!("/v1/worlds/{path}"), "");
    assert_eq!(status, 200, "{told}");
    told
}

/// What is told of one table.
fn table<'t>(told: &'t Value, vendor: &str, name: &str) -> &'t Value {
    let mut tables = told["tables"].as_array().unwrap().iter();
    let found = tables.find(|it| it["vendor"] == vendor && it["table"] == name);
    found.unwrap_or_else(|| panic!("{vendor} {name}: {told}"))
}

/// A contact more, one that changed, and a token that was replaced.
fn change(running: &Running) {
    let piece = json!({ "jtel": { "contacts": [
        { "id": 9001, "campaign": 612, "name": "Late", "phone_number1": "4940555001" }
    ] } });
    let (status, told) = running.admin("POST", "/v1/worlds/default/seed", &piece.to_string());
    assert_eq!(status, 200, "{told}");
    let event = "/v1/worlds/default/events/jtel/rotate_token";
    let (status, told) = running.admin("POST", event, r#"{"client":7,"token":"S3CRET-NEW"}"#);
    assert_eq!(status, 200, "{told}");
}

fn compares(running: &Running) {
    assert_eq!(diff(running, "default/diff")["same"], true);
    assert_eq!(running.admin("POST", "/v1/worlds/default/checkpoint", r#"{"name":"c"}"#).0, 201);
    assert_eq!(running.admin("POST", "/v1/worlds/default/fork", r#"{"name":"b"}"#).0, 201);
    change(running);
    for from in ["seed", "checkpoint:c", "world:b"] {
        let told = diff(running, &format!("default/diff?from={from}"));
        assert_eq!((&told["same"], &told["from"]), (&json!(false), &json!(from)));
        let contacts = table(&told, "jtel", "contacts");
        assert_eq!((&contacts["added"], &contacts["removed"]), (&json!(1), &json!(0)), "{told}");
        assert_eq!(contacts["rows"][0]["how"], "added");
        assert_eq!(contacts["rows"][0]["row"]["id"], 9001);
        let tokens = table(&told, "jtel", "tokens");
        assert!(!tokens.to_string().contains("S3CRET-NEW"), "{tokens}");
        assert!(!tokens.to_string().contains("SIMTOKEN-7A"), "{tokens}");
    }
    let back = diff(running, "b/diff?from=world:default");
    assert_eq!(table(&back, "jtel", "contacts")["removed"], 1);
    assert_eq!(diff(running, "b/diff?from=seed")["same"], true);
}

#[test]
fn rows_that_came_went_or_changed_are_told() {
    compares(&serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]));
}

#[test]
fn worlds_in_files_are_compared_as_those_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    compares(&serve(&["--data", data, "--clock", "frozen@2026-03-02T09:00:00Z"]));
}

#[test]
fn nothing_differs_on_a_running_clock_where_nothing_happened() {
    let folder = tempfile::tempdir().unwrap();
    let kept = ["--data", folder.path().to_str().unwrap()];
    let is_same = |running: &Running| {
        let told = diff(running, "default/diff");
        assert_eq!(told["same"], true, "{told}");
    };
    for options in [&[][..], &kept] {
        let running = serve(options);
        is_same(&running);
        change(&running);
        assert_eq!(diff(&running, "default/diff")["same"], false);
        assert_eq!(running.admin("POST", "/v1/worlds/default/reset", "").0, 200);
        is_same(&running);
    }
    is_same(&serve(&kept));
}

#[test]
fn fields_that_changed_have_both_values_and_pages_are_bounded() {
    let running = serve(&["jtel", "--clock", "frozen@2026-03-02T09:00:00Z"]);
    let body = json!({ "name": "a", "scenario": { "extends": "jtel", "jtel": { "contacts": [
        { "id": 301_501, "campaign": 612, "user_data": "SIM-0001", "name": "Adler", "first_name": "Eva",
          "phone_number1": "4943155501", "replace": true },
        { "id": 9, "campaign": 612, "name": "Nine" },
    ] } } });
    let (status, made) = running.admin("POST", "/v1/worlds", &body.to_string());
    assert_eq!(status, 201, "{made}");
    let told = diff(&running, "a/diff?from=world:default");
    let rows = table(&told, "jtel", "contacts")["rows"].as_array().unwrap().clone();
    let changed = rows.iter().find(|row| row["how"] == "changed").unwrap();
    assert_eq!(changed["row"], json!({ "id": 301_501 }));
    assert_eq!(changed["fields"], json!({ "first_name": { "from": "Greta", "to": "Eva" } }));
    let told = diff(&running, "a/diff?from=world:default&limit=1");
    assert_eq!(
        (&told["shown"], &told["added"], &told["changed"]),
        (&json!(1), &json!(1), &json!(1))
    );
    for (query, expected) in
        [("from=seeds", 400), ("from=checkpoint:x", 404), ("from=world:x", 404), ("form=seed", 400)]
    {
        let (status, problem) = running.admin("GET", &format!("/v1/worlds/a/diff?{query}"), "");
        assert_eq!(status, expected, "{query}: {problem}");
    }
}
