//! Targets that are reached over HTTP and whose rows nobody told: other ids, names and credentials, more
//! rows, another seed; and one behind a proxy that changes what it says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{given, n_games};
use crate::calibrate::game::Stop;
use crate::calibrate::know::{at_random, generator};
use crate::calibrate::order::{CalibrateError, Order, calibrate};
use crate::calibrate::pool::all;
use crate::calibrate::pool::given::Given;
use crate::calibrate::question::Risk;
use crate::calibrate::report::Report;
use crate::calibrate::twin::{Reading, Twin, vendor};
use crate::embed::Ringback;
use crate::web::mask::masker::Masker;

/// What a proxy makes of a reply.
type Plant = fn(String) -> String;

const INFOCU5: &[(&str, &str)] =
    &[("id", "Q9x8W7v6U5t4"), ("key", "99887766554433221100ffeeddccbbaa")];

const MAESTRO: &[(&str, &str)] = &[("offer_id", "9001"), ("offer_token", "tok-of-another")];

const JTEL: &[(&str, &str)] = &[("client", "31"), ("token", "FOREIGN-TOKEN")];

fn infocu5() -> Value {
    let calls: Vec<Value> = (0..9)
        .map(|nth| {
            json!({
                "id": (777_000 + nth).to_string(), "date": format!("2026-03-01T1{nth}:07:0{nth}Z"),
                "campaign": "88", "list": "4400", "agent": "61", "contact": "Robin Vale",
                "type": "Outbound", "number_outbound": "3105550101", "time": "00:01:00",
            })
        })
        .collect();
    json!({
        "seed": 4242,
        "clock": { "mode": "frozen", "at": "2026-03-02T10:00:00Z" },
        "infocu5": {
            "affiliates": [
                { "id": "Q9x8W7v6U5t4", "key": "99887766554433221100ffeeddccbbaa" },
                { "id": "ZZZZzzzz0000", "key": "00000000000000000000000000000001" },
            ],
            "agents": [
                { "id": "61", "first": "Kim", "last": "Osei", "affiliate": "Q9x8W7v6U5t4" },
                {
                    "id": "62", "first": "Lou", "affiliate": "ZZZZzzzz0000",
                    "shared_with": ["Q9x8W7v6U5t4"],
                },
            ],
            "campaigns": [{ "id": "88", "name": "Harvest", "affiliate": "Q9x8W7v6U5t4" }],
            "lists": [{ "id": "4400", "name": "Walk-ins", "campaign": "88" }],
            "mappings": [{
                "list": "4400", "dialer_id": "D1", "dialer_name": "West", "fields": ["leadPhone"],
            }],
            "calls": calls,
        },
    })
}

fn maestro() -> Value {
    json!({
        "seed": 99,
        "clock": { "mode": "frozen", "at": "2026-03-02T10:00:00Z" },
        "maestro": {
            "offers": [{ "id": 9001, "token": "tok-of-another" }],
            "calls": [
                {
                    "uid": "FOREIGNCALL00001", "name": "One, two", "start": "2026-02-27T17:00:02Z",
                    "end": "2026-02-27T18:05:00Z", "customer_emails": ["a@example.org"],
                    "conference_emails": ["a@example.org", "b@example.org"],
                },
                {
                    "uid": "FOREIGNCALL00002", "name": "Three", "start": "2026-03-01T17:00:02Z",
                    "end": "2026-03-01T17:45:00Z", "customer_emails": ["a@example.org"],
                },
            ],
            "callers": [
                {
                    "uid": "FOREIGNCALLER001", "call": "FOREIGNCALL00001", "ani": "5105550999",
                    "name": "Ada \"Q\" Lark", "email": "ada@example.net", "offers": [9001],
                },
                {
                    "uid": "FOREIGNCALLER002", "call": "FOREIGNCALL00002", "ani": "5105550998",
                    "offers": [9001],
                },
            ],
        },
    })
}

fn jtel() -> Value {
    json!({
        "seed": 5,
        "clock": { "mode": "frozen", "at": "2026-03-02T10:00:00Z" },
        "jtel": {
            "clients": [{ "id": 31, "tokens": ["FOREIGN-TOKEN"] }],
            "campaigns": [
                { "id": 9001, "client": 31, "name": "Alpha", "language": 2 },
                { "id": 9002, "client": 31, "name": "Beta", "language": 2 },
            ],
            "contacts": [
                { "id": 880_001, "campaign": 9001, "user_data": "F-1", "name": "Ono", "phone_number1": "441" },
                { "id": 880_002, "campaign": 9001, "user_data": "F-2", "name": "Rue", "city": "Bath", "amount": 1.5 },
            ],
        },
    })
}

fn maxcontact() -> Value {
    json!({
        "seed": 77,
        "clock": { "mode": "frozen", "at": "2026-03-02T10:00:00Z" },
        "maxcontact": {
            "accounts": [
                { "login": "bot.north", "password": "Other-pass9" },
                { "login": "bot.south", "password": "Third-pass9" },
            ],
            "lists": [{ "id": 41, "name": "Movers" }],
            "campaigns": [{ "id": 31, "name": "Movers out", "list": 41 }],
            "users": [
                { "id": 881, "name": "Ada Quist", "campaign": 31 },
                { "id": 882, "name": "Bo Lind" },
                { "id": 883, "name": "Cy Marr" },
            ],
            "result_codes": [{ "code": "DONE", "description": "Done", "success": true, "id": 9 }],
            "queues": [{ "id": 6, "name": "Front" }, { "id": 7, "name": "Back" }],
            "leads": [
                { "id": 70001, "list": 41, "name": "Kit", "reference": "X-1" },
                { "id": 70002, "list": 41, "name": "Lo", "reference": "X-2" },
            ],
            "lead_phones": [
                { "id": 60001, "lead": 70001, "number": "07700900301", "type": 1 },
                { "id": 60002, "lead": 70001, "number": "07700900302", "type": 0 },
            ],
        },
    })
}

const MAXCONTACT: &[(&str, &str)] = &[("login", "bot.north"), ("password", "Other-pass9")];

fn mor() -> Value {
    json!({
        "seed": 31,
        "clock": { "mode": "frozen", "at": "2026-03-02T10:00:00Z" },
        "mor": {
            "settings": { "secret_key": "another-key-7" },
            "users": [
                { "username": "north_ann" },
                { "username": "resale", "type": "reseller", "secret_key": "resale-key-3" },
                { "username": "resale_joe", "owner": "resale" },
            ],
            "campaigns": [
                {
                    "id": 204, "name": "Autumn poll", "user": "north_ann",
                    "actions": [{ "action": "IVR", "data": 9 }], "answers": ["Yes", "No"],
                },
                { "id": 205, "name": "Empty", "user": "north_ann" },
                { "id": 206, "name": "Theirs", "user": "resale_joe" },
                { "id": 207, "name": "Nobody told", "user": "resale_joe" },
            ],
            "numbers": [
                { "campaign": 204, "number": "37069000001" },
                {
                    "campaign": 204, "number": "37069000002", "executed": "2026-02-05T10:00:19Z",
                    "completed": "2026-02-05T10:01:02Z",
                    "answers": [{ "at": "2026-02-05T10:00:41Z", "text": "Yes" }],
                },
            ],
            "calls": [{
                "campaign": 204, "number": "37069000002", "at": "2026-02-05T10:00:19Z",
                "outcome": "answered", "billed": 43,
            }],
        },
    })
}

const MOR: &[(&str, &str)] = &[("u", "north_ann"), ("key", "another-key-7")];

fn order(vendor: &str, target: String, pairs: &[(&str, &str)]) -> Order {
    let given = given(pairs);
    // A number is refused where nothing dials.
    let number = given.number.filter(|_| all::of(vendor).unwrap().dials);
    Order {
        vendor: vendor.into(),
        target,
        given: Given { number, ..given },
        scenario: None,
        risk: Risk::Reads,
        budget: 200,
        rate: 1000,
        patience: Duration::from_secs(20),
    }
}

/// A world with these rows, its switches at random; what they stand at.
fn served(name: &str, scenario: &Value, game: u64) -> (Ringback, Vec<u8>) {
    let vendor = vendor(name).unwrap();
    let readings = [Reading { when: Vec::new(), scenario: scenario.clone() }];
    let twin = Twin::new(vendor, &readings, super::now(), &[]).unwrap();
    let positions = at_random(&twin, &mut generator(5000 + game));
    let text = crate::scenario::to_toml(scenario).unwrap();
    let ringback = Ringback::start().scenario(text).serve().unwrap();
    for (variant, at) in vendor.surface.variants.iter().zip(&positions) {
        ringback.set_variant(name, variant.name, variant.values[usize::from(*at)].name).unwrap();
    }
    (ringback, positions)
}

fn check(name: &str, report: &Report, positions: &[u8]) -> usize {
    for (switch, variant) in report.surface.variants.iter().enumerate() {
        let left = &report.outcome.open.left[switch];
        assert!(
            left.contains(&positions[switch]),
            "{name}: {}: {}",
            variant.name,
            report.text(&Masker::default())
        );
    }
    report.n_found()
}

fn play(name: &str, scenario: &Value, pairs: &[(&str, &str)]) -> Vec<usize> {
    play_knowing(name, scenario, &|url| order(name, url, pairs))
}

fn play_knowing(name: &str, scenario: &Value, order: &dyn Fn(String) -> Order) -> Vec<usize> {
    let (mut found, mut requests) = (Vec::new(), Vec::new());
    for game in 0..n_games().div_ceil(2) {
        let (ringback, positions) = served(name, scenario, game);
        let report = calibrate(order(ringback.url(name)), &|_| {}).unwrap();
        found.push(check(name, &report, &positions));
        requests.push(report.n_looked + report.outcome.n_requests);
        if game == 0 {
            eprintln!("{}\n{}", report.text(&Masker::default()), report.toml());
        }
    }
    found.sort_unstable();
    requests.sort_unstable();
    let (median, worst) = (requests[requests.len() / 2], requests[requests.len() - 1]);
    eprintln!(
        "{name}, foreign: requests median {median} worst {worst}; right median {} worst {}: {found:?}",
        found[found.len() / 2],
        found[0]
    );
    found
}

/// Plays where the account is not looked around in: who asks knows a part of its rows.
fn play_told(name: &str, scenario: &Value, unknown: &[&str], pairs: &[(&str, &str)]) -> Vec<usize> {
    let mut known = scenario.clone();
    known["seed"] = 1.into();
    for collection in unknown {
        known[name][collection].as_array_mut().unwrap().pop();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.toml");
    std::fs::write(&file, crate::scenario::to_toml(&known).unwrap()).unwrap();
    play_knowing(name, scenario, &|url| Order {
        scenario: Some(file.clone()),
        ..order(name, url, pairs)
    })
}

#[test]
fn infocu5_with_rows_that_nobody_told_is_found() {
    let found = play("infocu5", &infocu5(), INFOCU5);
    assert!(found[found.len() / 2] >= 9, "{found:?}");
}

#[test]
fn maestro_with_rows_that_nobody_told_is_never_wrong() {
    let found = play("maestro", &maestro(), MAESTRO);
    assert!(found[found.len() / 2] >= 13, "{found:?}");
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn jtel_with_rows_that_nobody_told_is_never_wrong() {
    let found = play("jtel", &jtel(), JTEL);
    assert!(found[found.len() / 2] >= 8, "{found:?}");
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn maxcontact_of_which_a_part_is_known_is_never_wrong() {
    let found = play_told("maxcontact", &maxcontact(), &["users", "queues", "leads"], MAXCONTACT);
    assert!(found[found.len() / 2] >= 10, "{found:?}");
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn mor_of_which_a_part_is_known_is_never_wrong() {
    let found = play_told("mor", &mor(), &["campaigns"], MOR);
    assert!(found[found.len() / 2] >= 7, "{found:?}");
}

/// Stands between a client and a target, and changes what comes back.
fn proxy(target: &str, change: fn(String) -> String) -> String {
    let (address, path) = {
        let bare = target.trim_start_matches("http://");
        let (address, path) = bare.split_once('/').unwrap_or((bare, ""));
        (address.to_owned(), path.to_owned())
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut client) = stream else { return };
            let asked = message(&mut client);
            let asked = asked.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            let mut server = TcpStream::connect(&address).unwrap();
            server.write_all(asked.as_bytes()).unwrap();
            let mut answer = String::new();
            server.read_to_string(&mut answer).unwrap();
            let changed = change(answer);
            let (head, body) = changed.split_once("\r\n\r\n").unwrap();
            let lines = head.lines();
            let lines = lines.filter(|it| !it.to_lowercase().starts_with("content-length"));
            let head = lines.collect::<Vec<_>>().join("\r\n");
            let whole = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = client.write_all(whole.as_bytes());
        }
    });
    format!("http://{own}/{path}")
}

/// A whole request.
fn message(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let n_read = stream.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..n_read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        assert!(n_read > 0, "a request was cut");
    }
}

#[test]
fn what_nobody_expected_is_told_and_strikes_nothing() {
    let plants: [(Plant, &str); 3] = [
        (|it| it.replace("callDate", "call_date"), "call_date"),
        // The call then falls out of what was looked at, and its row is what differs.
        (|it| it.replace("+00:00\"", "Z\""), "/responseDetails"),
        (|it| it.replacen("\r\n", "\r\nx-vendor-node: n3\r\n", 1), "x-vendor-node"),
    ];
    for (game, (plant, told)) in plants.into_iter().enumerate() {
        let (ringback, positions) = served("infocu5", &infocu5(), game as u64);
        let target = proxy(&ringback.url("infocu5"), plant);
        let report = calibrate(order("infocu5", target, INFOCU5), &|_| {}).unwrap();
        check("infocu5", &report, &positions);
        let text = report.text(&Masker::default());
        let facts = text.split_once("facts").map_or("", |(_, facts)| facts);
        assert!(facts.contains(told), "{told}: {text}");
    }
}

#[test]
fn a_target_that_is_none_is_one_clear_line() {
    let ringback = Ringback::start().scenario("demo").serve().unwrap();
    let stopped = |order: Order| match calibrate(order, &|_| {}) {
        Err(CalibrateError::Stopped(Stop::Target(text))) => text,
        other => panic!("{other:?}"),
    };
    let wrong = [("id", "Q9x8W7v6U5t4"), ("key", "00000000000000000000000000000000")];
    let text = stopped(order("infocu5", ringback.url("infocu5"), &wrong));
    assert!(text.contains("refuses the credentials"), "{text}");
    let other_vendor = stopped(order("infocu5", ringback.url("maestro"), &wrong));
    assert!(other_vendor.contains("is it the right vendor"), "{other_vendor}");
    let nobody = stopped(order("infocu5", "http://127.0.0.1:9".into(), &wrong));
    assert!(nobody.contains("nothing answers"), "{nobody}");
    let page = proxy(&ringback.url("infocu5"), |_| {
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<!doctype html><p>hello".into()
    });
    let page = stopped(order("infocu5", page, &wrong));
    assert!(page.contains("<!doctype html>"), "{page}");
    let busy = proxy(&ringback.url("infocu5"), |_| "HTTP/1.1 429 Too Many\r\n\r\n".into());
    let busy = stopped(order("infocu5", busy, &wrong));
    assert!(busy.contains("429"), "{busy}");
}
