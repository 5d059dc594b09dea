//! The crate's own API, as a test of another program uses it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread;

use ringback::embed::{Error, World};
use ringback::{Ringback, VendorName};
use serde_json::{Value, json};

/// What the documentation shows, as it stands there; the next test sees to that.
#[test]
fn example() -> Result<(), Error> {
    let ringback = Ringback::start().scenario("demo").seed(7).serve()?;
    // Hand this to the client under test.
    let base = ringback.url(VendorName::Jtel);
    assert!(base.starts_with("http://127.0.0.1:"));

    ringback.event(VendorName::Jtel, "start_campaign", &json!({ "campaign": 612 }))?;
    ringback.advance("8h")?;
    assert!(ringback.state(VendorName::Jtel, "history")?.len() > 2);

    // A second world knows nothing of it.
    let world = ringback.world()?;
    assert_eq!(world.state(VendorName::Jtel, "history")?.len(), 2);
    Ok(())
}

#[test]
fn the_example_of_the_documentation_is_the_one_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("src/embed.rs")).unwrap();
    let shown: Vec<&str> = source
        .lines()
        .skip_while(|line| !line.starts_with("//! ```"))
        .skip(1)
        .take_while(|line| !line.starts_with("//! ```"))
        .map(|line| line.trim_start_matches("//!").trim())
        .filter(|line| !line.starts_with('#') && !line.starts_with("use ") && !line.is_empty())
        .collect();
    assert!(shown.len() > 8, "the example was not found");
    let tests = fs::read_to_string(root.join("tests/it/embed.rs")).unwrap();
    let run = tests.split("fn example()").nth(1).unwrap().split("\n}\n").next().unwrap();
    let run: Vec<&str> = run.lines().skip(1).map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(shown, run[..run.len() - 1]);
}

/// Sends a request with nothing but the standard library, as any client might.
fn request(url: &str, method: &str, path: &str, body: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, prefix) = rest
        .split_once('/')
        .map_or((rest, String::new()), |(it, prefix)| (it, format!("/{prefix}")));
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {prefix}{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Bearer SIMTOKEN-7A\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

const CONTACTS: &str = "/rest/v1.0/7/dialler/contacts";

fn lock(url: &str) -> String {
    request(url, "PATCH", &format!("{CONTACTS}/contact/301501/lock"), "")
}

#[test]
fn twenty_tests_at_once_see_no_foreign_rows() {
    let shared = Ringback::start().serve().unwrap();
    thread::scope(|scope| {
        for number in 0..20_u64 {
            let shared = &shared;
            scope.spawn(move || {
                // Half have a Ringback of their own, half a world of a shared one.
                let own = (number % 2 == 0)
                    .then(|| Ringback::start().seed(number).serve().unwrap());
                let made = own.is_none().then(|| shared.world().unwrap());
                let world = own.as_deref().or(made.as_ref()).unwrap();
                let url = world.url(VendorName::Jtel);
                for _ in 0..=number {
                    assert!(lock(&url).starts_with("HTTP/1.1 200"));
                }
                let name = format!("contact {number}");
                let link = json!({ "vendor": "jtel", "operation": "lock_contact_by_id", "exactly": number + 1 });
                world.verify(&link).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(world.journal().unwrap().len() as u64, number + 1);
                let others = json!({ "vendor": "mor", "never": true });
                world.verify(&others).unwrap();
            });
        }
    });
    assert!(shared.journal().unwrap().is_empty(), "nobody used the first world");
}

#[test]
fn a_piece_of_scenario_comes_into_one_world() {
    let ringback = Ringback::start().serve().unwrap();
    let world = ringback.world().unwrap();
    let piece = json!({ "jtel": { "contacts": [{ "id": 9, "campaign": 612, "name": "Neu" }] } });
    assert_eq!(world.seed(&piece).unwrap(), json!({ "jtel": { "contacts": 1 } }));
    let contacts = |world: &World| world.state(VendorName::Jtel, "contacts").unwrap().len();
    assert_eq!((contacts(&world), contacts(&ringback)), (3, 2));
    let Err(Error::Refused { status: 400, problem, .. }) = world.seed(&piece) else { panic!() };
    assert_eq!(problem["mistakes"][0]["pointer"], "/jtel/contacts/0/id");
    world.reset().unwrap();
    assert_eq!(contacts(&world), 2);
}

#[test]
fn a_world_is_gone_when_it_is_dropped() {
    let ringback = Ringback::start().serve().unwrap();
    let url = {
        let world = ringback.world().unwrap();
        assert!(lock(&world.url(VendorName::Jtel)).starts_with("HTTP/1.1 200"));
        world.url(VendorName::Jtel)
    };
    assert!(lock(&url).starts_with("HTTP/1.1 404"), "its world is gone");
}

#[test]
fn a_ringback_that_is_dropped_frees_its_port() {
    let is_free = || {
        let ringback = Ringback::start().serve().unwrap();
        let address = ringback.listen_url().trim_start_matches("http://").to_owned();
        drop(ringback);
        TcpStream::connect(address).is_err()
    };
    // A test beside this one may take the port at once; not each time.
    assert!((0..5).any(|_| is_free()), "somebody still listens");
}

#[test]
fn worlds_outlive_the_handle_that_made_them() {
    let world = Ringback::start().serve().unwrap().world().unwrap();
    assert!(lock(&world.url(VendorName::Jtel)).starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn it_works_inside_another_runtime_and_stops_there() {
    let ringback = Ringback::start().serve().unwrap();
    let url = ringback.url(VendorName::Jtel);
    let reply = tokio::task::spawn_blocking(move || lock(&url)).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"));
    let moved = ringback.advance("2026-03-02T10:00:00Z").unwrap();
    assert_eq!(moved["now"], "2026-03-02T10:00:00Z");
    ringback.advance("2026-03-02T09:00:00Z").unwrap_err();
    drop(ringback);
}

#[test]
fn a_scenario_is_a_name_a_path_or_a_text() {
    let title = |start: &str| -> Result<Value, Error> {
        let ringback = Ringback::start().scenario(start).serve()?;
        let world = ringback.call(&http::Method::GET, "", &Value::Null)?;
        Ok(world["title"].clone())
    };
    assert_eq!(title("demo").unwrap(), "Demo");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/demo.toml");
    assert_eq!(title(path).unwrap(), "Demo");
    assert_eq!(title("title = \"Own\"").unwrap(), "Own");
    let no_name = title("dmo").unwrap_err().to_string();
    assert_eq!(
        no_name,
        "there is no scenario called \"dmo\"; expected one of demo, working-day, empty, jtel, \
         infocu5, maestro, maxcontact, mor; did you mean \"demo\"?"
    );
    let mistake = title("title = 5").unwrap_err().to_string();
    assert_eq!(
        mistake,
        "scenario:1:9: \"title\" is the integer 5; expected text; write it in quotes"
    );
    assert!(matches!(title("lost/file.toml"), Err(Error::Scenario(_))));
}

#[test]
fn what_is_not_so_is_told() {
    let ringback = Ringback::start().serve().unwrap();
    lock(&ringback.url(VendorName::Jtel));
    let once = json!({ "vendor": "jtel", "operation": "unlock_contact_by_id" });
    let told = ringback.verify(&once).unwrap_err();
    assert!(matches!(told, Error::Differs { .. }), "{told}");
    assert!(told.to_string().contains("unlock_contact_by_id"), "{told}");
    let lost = ringback.event(VendorName::Jtel, "dial_contact", &json!({ "contact": 999 }));
    assert_eq!(lost.unwrap_err().to_string(), "there is no contact 999 in this world");
    ringback.set_variant(VendorName::Jtel, "pick", "highest_id").unwrap();
    ringback.set_variant(VendorName::Jtel, "pick", "middle").unwrap_err();
    ringback.reset().unwrap();
}
