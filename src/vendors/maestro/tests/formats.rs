//! CSV and XML as other programs read them, and what has to hold for any rows and any request.

use std::process::Command;

use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::base::time::Instant;
use crate::testing::Stage;
use crate::vendors::maestro::tests::{FIRST, call, csv_rows, get};
use crate::vendors::maestro::wire::COLUMNS;

/// The rows of an XML list of either shape, as values.
fn xml_rows(body: &str) -> Vec<Vec<String>> {
    let mut reader = quick_xml::Reader::from_str(body);
    let (mut rows, mut row, mut text) = (Vec::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => text.clear(),
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(entity) => text.push_str(&match entity.resolve_char_ref().unwrap() {
                Some(letter) => letter.to_string(),
                None => quick_xml::escape::resolve_predefined_entity(&entity).unwrap().to_owned(),
            }),
            Event::End(end) => match end.name().as_ref() {
                "caller" => rows.push(std::mem::take(&mut row)),
                name if COLUMNS.contains(&name) => {
                    row.push(std::mem::take(&mut text));
                }
                _ => {}
            },
            Event::Eof => return rows,
            _ => {}
        }
    }
}

/// What a caller may have typed, formulas and line ends included.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[=+@-][A-Z0-9+()!|' ]{0,12}",
        "[ -~]{0,20}",
        "[\"',;<>&\r\n\tàß漢😀]{1,8}",
    ]
}

/// Whether a program is there. Where it is not, the test says so and passes.
#[expect(clippy::print_stderr, reason = "a check that is left out has to be seen")]
fn has_program(name: &str) -> bool {
    let found = Command::new(name).arg("--version").output().is_ok();
    if !found {
        eprintln!("{name} is not on this machine: its reading of the list is not checked");
    }
    found
}

/// Runs a program over a text; answers what it prints.
fn through(program: &str, args: &[&str], text: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let output = Command::new(program).args(args).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Readers that are none of ours: Python's csv and libxml2.
#[test]
fn python_and_libxml2_read_the_same_rows() {
    let typed = ["=1+1", "+49 221", "-x", "@home", "a,b;\"c\"\r\nd", "<&>'\"", "漢字 😀\t", ""];
    let callers: Vec<Value> = typed
        .iter()
        .map(|text| json!({ "call": "C1", "ani": text, "name": text, "offers": [1] }))
        .collect();
    let stage = Stage::new(&json!({ "maestro": {
        "offers": [{ "id": 1, "token": "t" }],
        "calls": [call("C1", Some("2015-02-01T00:00:00Z"))],
        "callers": callers,
    }}));
    let query = "offer_id=1&offer_token=t&call=C1";
    let csv = get(&stage, "fetchCallersByCall", query).1;
    let expected = csv_rows(&csv);
    let names: Vec<&str> = expected.iter().map(|row| row[7].as_str()).collect();
    assert_eq!(names, typed);
    if has_program("python3") {
        let script = "import csv, json, sys\n\
                      rows = list(csv.reader(open(sys.argv[1], encoding='utf-8', newline='')))\n\
                      print(json.dumps(rows))";
        let rows: Vec<Vec<String>> =
            serde_json::from_str(&through("python3", &["-c", script], &csv)).unwrap();
        assert_eq!(rows[0], COLUMNS);
        assert_eq!(rows[1..], expected);
    }
    if has_program("xmllint") {
        let xml = get(&stage, "fetchCallersByCall", &format!("{query}&type=XML")).1;
        let canonical = through("xmllint", &["--nonet", "--c14n"], &xml);
        assert_eq!(xml_rows(&canonical), expected);
    }
}

/// Beyond what goes out whole; the same rows in both formats.
#[test]
fn a_long_list_is_written_while_it_is_sent() {
    let n_callers = 5_000;
    let callers: Vec<Value> = (0..n_callers)
        .map(|nth| json!({ "call": "C1", "ani": format!("51055{nth:05}"), "name": "n".repeat(60), "offers": [1] }))
        .collect();
    let stage = Stage::new(&json!({ "maestro": {
        "offers": [{ "id": 1, "token": "t" }],
        "calls": [call("C1", Some("2015-02-01T00:00:00Z"))],
        "callers": callers,
    }}));
    let query = "offer_id=1&offer_token=t&call=C1";
    let (_, body) = get(&stage, "fetchCallersByCall", query);
    assert!(body.len() > 256 * 1024);
    let from_csv = csv_rows(&body);
    assert_eq!(from_csv.len(), n_callers);
    assert_eq!(from_csv[n_callers - 1][6], "5105504999");
    let from_xml = xml_rows(&get(&stage, "fetchCallersByCall", &format!("{query}&type=XML")).1);
    assert!(from_csv == from_xml, "the same rows");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// CSV and XML hold the same rows, and both what the callers typed.
    #[test]
    fn csv_and_xml_hold_what_was_typed(
        people in prop::collection::vec((typed(), typed(), typed()), 1..6),
        envelope: bool,
    ) {
        let callers: Vec<Value> = people
            .iter()
            .map(|(ani, name, email)| json!({ "call": "C1", "ani": ani, "name": name, "email": email, "offers": [1] }))
            .collect();
        let stage = Stage::new(&json!({ "maestro": {
            "offers": [{ "id": 1, "token": "t" }],
            "calls": [call("C1", Some("2015-02-01T00:00:00Z"))],
            "callers": callers,
            "variants": { "xml_shape": if envelope { "envelope" } else { "plain" } },
        }}));
        let query = "offer_id=1&offer_token=t&call=C1";
        let from_csv = csv_rows(&get(&stage, "fetchCallersByCall", query).1);
        let from_xml = xml_rows(&get(&stage, "fetchCallersByCall", &format!("{query}&type=XML")).1);
        prop_assert_eq!(&from_csv, &from_xml);
        let found: Vec<_> = from_csv.iter().map(|row| (row[6].clone(), row[7].clone(), row[8].clone())).collect();
        prop_assert_eq!(found, people);
    }

    /// Windows laid end to end return each caller exactly once, over both changes of the clocks.
    #[test]
    fn windows_laid_end_to_end_return_each_caller_once(
        spring: bool,
        ends_s in prop::collection::vec(0_i64..2 * 86_400, 1..12),
        // Seconds of local time; every other one near the change itself.
        bounds_s in prop::collection::vec(prop_oneof![0_i64..2 * 86_400, 90_000_i64..100_000], 0..12),
        time_zone in prop_oneof![Just("los_angeles"), Just("utc")],
        doubled_hour in prop_oneof![Just("earlier"), Just("later")],
    ) {
        // Two days around the change, in UTC; local days begin up to eight hours later.
        let (first_day_s, first_day) =
            if spring { (1_425_715_200, "2015-03-07") } else { (1_446_278_400, "2015-10-31") };
        let (mut calls, mut callers) = (Vec::new(), Vec::new());
        for (nth, end_s) in ends_s.iter().enumerate() {
            let end = Instant::clamped_from_secs(first_day_s + end_s).to_string();
            calls.push(call(&format!("C{nth}"), Some(&end)));
            callers.push(json!({ "uid": format!("P{nth}"), "call": format!("C{nth}"), "offers": [1] }));
        }
        let stage = Stage::new(&json!({ "maestro": {
            "offers": [{ "id": 1, "token": "t" }], "calls": calls, "callers": callers,
            "variants": { "time_zone": time_zone, "doubled_hour": doubled_hour },
        }}));
        let day = chrono::NaiveDate::parse_from_str(first_day, "%Y-%m-%d").unwrap();
        let local = |at_s: i64| {
            let at = day.and_time(chrono::NaiveTime::MIN) + chrono::Duration::seconds(at_s);
            at.format("%Y-%m-%d+%H:%M:%S").to_string()
        };
        let mut bounds_s = bounds_s;
        bounds_s.extend([-86_400, 4 * 86_400]);
        bounds_s.sort_unstable();
        let mut found = Vec::new();
        for pair in bounds_s.windows(2) {
            let query = format!(
                "offer_id=1&offer_token=t&dateFrom={}&dateTo={}", local(pair[0]), local(pair[1])
            );
            let (status, body) = get(&stage, "fetchCallersByDate", &query);
            prop_assert_eq!(status, 200);
            found.extend(csv_rows(&body).into_iter().map(|row| row[5].clone()));
        }
        found.sort();
        let mut expected: Vec<String> = (0..ends_s.len()).map(|nth| format!("P{nth}")).collect();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    /// Whatever is sent: no failure of our own, and no row of another offer.
    #[test]
    fn any_parameters_never_fail_nor_leak(
        function in prop_oneof![
            Just("fetchCallersByDate"), Just("fetchCallersByCall"), Just("%66etch"), Just("")
        ],
        names in prop::collection::vec(
            ("offer_id|offer_token|dateFrom|dateTo|call|callUID|type|[a-z]{0,4}", prop_oneof![
                Just("4711".to_owned()),
                Just("5c0e77a1d94b42f8a6e13b90cf28d451".to_owned()),
                Just("W1N0ENDSATFROM01".to_owned()),
                Just("K7Q2ZP0XN4V8T1RB".to_owned()),
                Just("XML".to_owned()),
                "[0-9]{4}-[01][0-9]-[0-3][0-9]( |%20|\\+|T)[0-2][0-9]:[0-5][0-9]:[0-6][0-9]",
                "[!-~]{0,40}".prop_map(|text| text.replace(['#', '"', '<', '>', '\\', '^', '`', '{', '|', '}'], "%")),
            ]),
            0..8,
        ),
        signed: bool,
        post: bool,
    ) {
        let stage = Stage::demo();
        let mut query = if signed { FIRST.to_owned() } else { String::new() };
        for (name, value) in names {
            query = format!("{query}&{name}={}", value.replace(' ', "+"));
        }
        let response = stage.request(&if post {
            format!("POST /_access/{function} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{query}")
        } else {
            format!("GET /_access/{function}?{query} HTTP/1.1\n\n")
        });
        let body = String::from_utf8(response.body.to_vec()).unwrap();
        prop_assert!(response.status.as_u16() < 500);
        prop_assert!(!body.contains("CALLER0000000"), "{}", body);
        prop_assert!(!body.contains("N0T1NTERESTED777"), "{}", body);
        let last = stage.journal().pop().unwrap();
        prop_assert!(last["outcome"] != "error", "{}", last);
    }
}
