//! Names that scenarios give to vendors: of the world that the program starts with, of worlds that come
//! later, and of those that are kept.

use std::fs;
use std::io::Write;
use std::path::Path;

use rustls::{ClientConnection, StreamOwned};
use serde_json::{Value, json};

use crate::proxy::tunnel::connect;
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve};
use crate::support::secure::ask;

const PORTAL: &str = "portal.example.test";

/// The demo, with a name for jtel and names for mor.
const STATED: &str = r#"
extends = "demo"
[jtel]
hosts = ["Portal.example.test"]
[mor]
hosts = "*.billing.test"
"#;

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A request for a contact of jtel's, for a host or a whole address.
fn contact(target: &str, host: &str) -> String {
    let headers = [("Host", host), ("Authorization", "Bearer SIMTOKEN-7A")];
    http("GET", &format!("{target}/rest/v1.0/7/dialler/contacts/301501"), &headers, "")
}

fn hosts(running: &Running, vendor: &str) -> Value {
    let (_, listed) = running.admin("GET", "/v1/vendors", "");
    let vendors = listed["vendors"].as_array().unwrap();
    vendors.iter().find(|it| it["name"] == vendor).unwrap()["hosts"].clone()
}

/// What a host leads to, by the words for a path that is no vendor's.
fn is_somebodys(running: &Running, host: &str) -> bool {
    let reply = running.raw("listen", http("GET", "/x", &[("Host", host)], "").as_bytes());
    !body_of(&reply).contains("no vendor takes")
}

#[test]
fn those_of_the_first_scenario_lead_and_are_listed_and_signed_for() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&[&written(folder.path(), "stated.toml", STATED)]);
    assert_eq!(running.ready["hosts"]["jtel"], json!([PORTAL]));
    assert_eq!(running.ready["hosts"]["mor"], json!(["*.billing.test"]));
    assert_eq!(hosts(&running, "jtel"), json!([PORTAL]));
    assert!(is_somebodys(&running, "a.billing.test:8080"));
    assert!(!is_somebodys(&running, "billing.test"));
    // Over TLS by its name, inside a tunnel, and as a whole address.
    let (reply, _) = ask(&mut running.secure("listen", PORTAL), contact("", PORTAL).as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
    let mut tunnel = running.connect("listen");
    assert!(connect(&mut tunnel, "portal.example.test:443", "").starts_with("HTTP/1.1 200"));
    let session = ClientConnection::new(running.trusting(), PORTAL.try_into().unwrap()).unwrap();
    let (reply, _) = ask(&mut StreamOwned::new(session, tunnel), contact("", PORTAL).as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
    for scheme in ["http", "https"] {
        let whole = contact(&format!("{scheme}://{PORTAL}"), PORTAL);
        let reply = running.raw("listen", whole.as_bytes());
        assert_eq!(status_of(&reply), 200, "{scheme}: {reply}");
    }
    let reply = connect(&mut running.connect("listen"), "other.example.test:443", "");
    assert_eq!(status_of(&reply), 403, "{reply}");
    // They are a part of the world as a scenario.
    let (_, read) = running.admin("GET", "/v1/worlds/default/scenario", "");
    assert_eq!(read["scenario"]["jtel"]["hosts"], json!([PORTAL]), "{read}");
    assert_eq!(read["scenario"]["infocu5"]["hosts"], Value::Null, "{read}");
}

#[test]
fn those_of_a_world_come_and_go_with_it() {
    let mut running = serve(&[]);
    assert!(!is_somebodys(&running, "a.portal.test"));
    let wanted = json!({ "name": "a", "scenario": { "jtel": { "hosts": ["*.portal.test"] } } });
    assert_eq!(running.admin("POST", "/v1/worlds", &wanted.to_string()).0, 201);
    assert!(is_somebodys(&running, "a.portal.test"));
    assert_eq!(hosts(&running, "jtel"), json!(["*.portal.test"]));
    // A copy holds them as well.
    let copy = json!({ "name": "b" }).to_string();
    assert_eq!(running.admin("POST", "/v1/worlds/a/fork", &copy).0, 201);
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "{}").0, 200);
    assert!(is_somebodys(&running, "a.portal.test"));
    // Nobody else gives them to another vendor, and nothing is made of who tries.
    let wanted = json!({ "name": "c", "scenario": { "mor": { "hosts": ["*.portal.test"] } } });
    let (status, told) = running.admin("POST", "/v1/worlds", &wanted.to_string());
    assert_eq!((status, &told["type"]), (409, &json!("urn:ringback:problem:host-taken")), "{told}");
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains("*.portal.test is jtel's by the scenario of world \"b\""), "{detail}");
    assert_eq!(running.admin("GET", "/v1/worlds/c", "").0, 404);
    assert_eq!(running.admin("DELETE", "/v1/worlds/b", "{}").0, 200);
    assert!(!is_somebodys(&running, "a.portal.test"));
    assert_eq!(running.admin("POST", "/v1/worlds", &wanted.to_string()).0, 201);
    // The authority was made before, so clients will refuse its certificate: whoever makes the world learns.
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("clients refuse *.portal.test over TLS"), "{said}");
    assert!(said.contains("--host jtel=*.portal.test"), "{said}");
}

#[test]
fn the_authority_signs_for_those_of_all_scenarios_of_the_start() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "default.toml", "extends = \"demo\"\n");
    written(folder.path(), "stated.toml", STATED);
    let mut running = serve(&[folder.path().to_str().unwrap()]);
    assert_eq!(running.ready["hosts"]["jtel"], json!([]));
    let wanted = json!({ "name": "later", "scenario": "stated" });
    assert_eq!(running.admin("POST", "/v1/worlds", &wanted.to_string()).0, 201);
    let request = contact("", PORTAL);
    let (reply, _) = ask(&mut running.secure("listen", PORTAL), request.as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
    let (_, said) = running.stop_and_listen();
    assert!(!said.contains("over TLS"), "{said}");
}

#[test]
fn a_world_that_is_kept_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "stated.toml", STATED);
    let data = folder.path().join("data");
    let data = ["--data", data.to_str().unwrap()];
    let mut first = serve(&[&[file.as_str()], &data[..]].concat());
    assert_eq!(first.stop(), 0);
    let mut again = serve(&data);
    assert_eq!(again.ready["hosts"]["jtel"], json!([PORTAL]));
    again.secure("listen", PORTAL);
    assert_eq!(again.stop(), 0);
    // What it was given meanwhile goes first; the world is served all the same.
    let mut other = serve(&[&data[..], &["--host", "mor=portal.example.test"]].concat());
    assert_eq!(other.ready["hosts"]["mor"], json!([PORTAL]));
    assert_eq!(other.ready["hosts"]["jtel"], json!([]));
    let (_, said) = other.stop_and_listen();
    assert!(said.contains("portal.example.test is mor's"), "{said}");
    assert!(said.contains("the hosts of this world lead nowhere"), "{said}");
}

#[test]
fn what_cannot_be_given_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[jtel]\nhosts = [\"a.test\", \"https://b.test\", \"a.test:443\", 7]\n\
                [mor]\nhosts = [\"A.test\", \"*.maxcontact.com\"]\n\
                [infocu5]\nhosts = { a = 1 }\n";
    let file = written(folder.path(), "bad.toml", text);
    let (code, _, err) = run(ringback().current_dir(folder.path()).args(["check", &file]));
    assert_eq!(code, 2, "{err}");
    for expected in [
        "bad.toml:2:20: element 2 of \"hosts\" is \"https://b.test\"; expected such as portal.example.test",
        "bad.toml:2:38: element 3 of \"hosts\" is \"a.test:443\"",
        "bad.toml:2:52: element 4 of \"hosts\" is",
        "bad.toml:4:10: \"hosts\" gives \"a.test\" to mor; expected it once; it is jtel's",
        "bad.toml:4:20: \"hosts\" gives \"*.maxcontact.com\" to mor; expected it once; it is maxcontact's",
        "bad.toml:6:9: \"hosts\" is a table",
    ] {
        assert!(err.contains(expected), "{expected}: {err}");
    }
    // What the command line says is held against it, and so is what it extends.
    let stated = written(folder.path(), "stated.toml", STATED);
    let ports = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let other = ["--host", "mor=portal.example.test"];
    let (code, _, err) = run(ringback().args(["serve", &stated]).args(ports).args(other));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("host portal.example.test is mor's"), "{err}");
    let over = "extends = \"stated.toml\"\n[maestro]\nhosts = [\"portal.example.test\"]\n";
    let over = written(folder.path(), "over.toml", over);
    let (code, _, err) = run(ringback().args(["serve", &over]).args(ports));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("gives it to maestro"), "{err}");
}

#[test]
fn a_piece_gives_none_and_a_file_that_changes_gives_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "stated.toml", STATED);
    let running = serve(&[&file, "--watch"]);
    let piece = json!({ "jtel": { "hosts": ["late.test"] } }).to_string();
    let (status, told) = running.admin("POST", "/v1/worlds/default/seed", &piece);
    assert_eq!(status, 400, "{told}");
    assert!(told.to_string().contains("so does --host"), "{told}");
    let mut opened = fs::File::create(&file).unwrap();
    opened.write_all(STATED.replace("Portal", "other").as_bytes()).unwrap();
    drop(opened);
    crate::run::until("the scenario is read again", || {
        is_somebodys(&running, "other.example.test")
    });
    assert!(!is_somebodys(&running, PORTAL));
}
