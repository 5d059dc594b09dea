//! A secret that somebody wrote wrongly: the mistake is told, and the value is not.

use std::fs;

use ringback::Ringback;
use serde_json::json;

use super::{control, post};
use crate::support::program::{ringback, run, serve};

/// Stands in each mistake below; no answer may repeat it.
const SECRET: &str = "Hq7SecretPw9zz";

/// Scenarios of which each has a mistake about a secret, with what is told of it.
const WRONG: &[(&str, &str)] = &[
    ("[maxcontact]\naccounts=[{login=\"a\",password=\"Hq7SecretPw9zz\",,}]", ":3:"),
    (
        "[infocu5]\naffiliates=[{id=\"Q7k2Qm9ZrT4x\",name=\"x\",key=\"Hq7SecretPw9zz\"}]",
        "\"key\" is the text ***(14.",
    ),
    ("[jtel]\nclients=[{id=9,tokens=\"Hq7SecretPw9zz\"}]", "\"tokens\" is the text ***(14."),
    (
        "[maestro]\noffers=[{token=\"Hq7SecretPw9zz\"},{token=\"Hq7SecretPw9zz\"}]",
        "\"token\" is ***(14.",
    ),
    (
        "[maxcontact]\ntokens=[{token=\"Hq7SecretPw9zz\",login=\"a\"},{token=\"Hq7SecretPw9zz\",login=\"a\"}]",
        "already used",
    ),
    ("[maxcontact]\naccounts={csv=\"rows.csv\"}", "unknown column ***(14."),
];

#[test]
fn a_scenario_with_a_mistake_about_a_secret_does_not_show_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rows.csv"), "anna,Hq7SecretPw9zz\n").unwrap();
    let running = serve(&[]);
    for (nth, (text, expected)) in WRONG.iter().enumerate() {
        let path = folder.path().join(format!("wrong-{nth}.toml"));
        fs::write(&path, format!("title = \"x\"\n{text}\n")).unwrap();
        let file = path.to_str().unwrap();
        let ways: [&[&str]; 4] = [
            &["check", file],
            &["serve", file],
            &["replay", file],
            &["world", "make", "k", "--scenario", file, "--admin", &running.address("admin")],
        ];
        for way in ways {
            let (code, stdout, stderr) = run(ringback().args(way));
            let told = format!("{stdout}{stderr}");
            assert_ne!(code, 0, "{way:?}");
            assert!(told.contains(expected), "{way:?}: {told}");
            assert!(!told.contains(SECRET), "{way:?}: {told}");
        }
    }
}

#[test]
fn broken_toml_is_told_in_a_line_however_long_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.toml");
    let running = serve(&[]);
    for text in ["a=\n".to_owned(), format!("a={}\n", "[".repeat(10_000)), "a=1e999\n".to_owned()] {
        fs::write(&path, text).unwrap();
        let file = path.to_str().unwrap();
        let args = ["world", "make", "k", "--scenario", file, "--admin", &running.address("admin")];
        let (code, _, stderr) = run(ringback().args(args));
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.len() < 1000 && stderr.contains("deep.toml:1:"), "{stderr}");
    }
}

#[test]
fn the_control_plane_does_not_repeat_a_secret_that_is_wrong() {
    let ringback = Ringback::start().serve().unwrap();
    let seeds = [
        json!({"infocu5": {"affiliates": [{"id": "Q7k2Qm9ZrT4x", "key": SECRET}]}}),
        json!({"jtel": {"clients": [{"id": 9, "tokens": SECRET}]}}),
        json!({"maxcontact": {"accounts": [{"login": "z", "password": {"a": SECRET}}]}}),
        json!({"maestro": {"offers": [{"token": SECRET}, {"token": SECRET}]}}),
    ];
    for seed in seeds {
        let told = post(&ringback, "POST", "/v1/worlds/default/seed", &seed);
        assert!(told.contains("mistakes") && !told.contains(SECRET), "{told}");
    }
    let seed = json!({"maxcontact": {"accounts": [{"login": "z", "password": 7_123_456}]}});
    let told = post(&ringback, "POST", "/v1/worlds/default/seed", &seed);
    assert!(told.contains("is the integer ***(7)") && !told.contains("7123456"), "{told}");

    let wrong = [
        (
            "/v1/worlds/default/events/infocu5/rotate_key",
            json!({"affiliate": "A7k2Qm9ZrT4x", "key": SECRET}),
        ),
        ("/v1/worlds/default/events/jtel/rotate_token", json!({"client": "7", "token": [SECRET]})),
        (
            "/v1/worlds/default/verify",
            json!({"header": {"Authorization": {"regex": format!("({SECRET}")}}}),
        ),
        ("/v1/worlds/default/verify", json!({"query": {"token": {"present": SECRET}}})),
        (
            "/v1/worlds/default/verify",
            json!({"form": {"password": {"regex": format!("({SECRET}")}}}),
        ),
    ];
    for (path, body) in wrong {
        let told = post(&ringback, "POST", path, &body);
        assert!(told.contains("expected") && !told.contains(SECRET), "{path}: {told}");
    }
    for path in [format!("/zz/token/{SECRET}"), format!("/zz/password/{SECRET}/a")] {
        let (status, body) = control(&ringback).send("GET", &path, "");
        let told = String::from_utf8(body).unwrap();
        assert!(status == 404 && told.contains("/zz/") && !told.contains(SECRET), "{told}");
    }
}

#[test]
fn a_command_does_not_repeat_a_secret_that_is_wrong() {
    let running = serve(&[]);
    let wrong: [&[&str]; 3] = [
        &["event", "infocu5", "rotate_key", "affiliate=A7k2Qm9ZrT4x", "key=Hq7SecretPw9zz"],
        &["event", "jtel", "rotate_token", "client=7", "Hq7SecretPw9zz"],
        &["event", "maxcontact", "change_password", "login=nobody", "password=Hq7SecretPw9zz"],
    ];
    for args in wrong {
        let (code, stdout, stderr) =
            run(ringback().args(args).args(["--admin", &running.address("admin")]));
        assert_ne!(code, 0, "{args:?}");
        assert!(!stderr.is_empty() && !format!("{stdout}{stderr}").contains(SECRET), "{stderr}");
    }
}
