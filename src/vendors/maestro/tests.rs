//! Transcripts: a request in, the reply and the reason out. Then what has to hold for any request.

use std::process::Command;

use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::base::time::Instant;
use crate::contract::operation::Call;
use crate::testing::{Stage, parse_request};
use crate::vendors::maestro::wire::COLUMNS;
use crate::vendors::maestro::{errors, store};
use crate::web::params::Params;

const HEADER: &str = "customerEmail,callName,callTime,conferenceEmail,callUID,callerUID,ANI,name,email,affiliate\r\n";

/// The demo's two offers.
const FIRST: &str = "offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451";
const SECOND: &str = "offer_id=4712&offer_token=e2b6419f07c84d35b1a98c52d07f63ee";

const DAY: &str = "dateFrom=2015-09-14%2000:00:00&dateTo=2015-09-15%2000:00:00";

/// A GET of a function; status and body.
fn get(stage: &Stage, function: &str, query: &str) -> (u16, String) {
    let response = stage.request(&format!("GET /_access/{function}?{query} HTTP/1.1\n\n"));
    (response.status.as_u16(), String::from_utf8(response.body.to_vec()).unwrap())
}

/// Gets from the demo, and checks body and reason.
#[track_caller]
fn check(function: &str, query: &str, body: &str, why: &str) {
    let stage = Stage::demo();
    assert_eq!(get(&stage, function, query), (200, body.to_owned()));
    assert_eq!(stage.why(), why);
}

#[track_caller]
fn check_date(date: &str, hint: &str) {
    let stage = Stage::demo();
    let query = format!("{FIRST}&dateFrom={date}&dateTo=2015-09-15%2000:00:00");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1, "-2,Invalid parameter: dateFrom");
    let why = stage.why();
    assert_eq!(why.split_once("; ").unwrap().1, hint);
    assert!(why.starts_with("maestro.date: expected dateFrom: a date such as 2015-09-14 00:00:00"));
}

#[test]
fn says_what_is_wrong_with_a_date() {
    check_date("2015-09-14T00:00:00", "date and time are joined by one blank, not by a T");
    check_date("2015-09-14", "the time is missing; append 00:00:00 behind a blank");
    check_date("2015-09-14%252000:00:00", "it was percent-encoded twice; encode it once");
    check_date(
        "2015-09-14%2B00:00:00",
        "the + came as %2B and so stayed a plus; send the blank as %20, or as a bare +",
    );
    // The plus of an offset has become a blank.
    check_date(
        "2015-09-14+00:00:00+02:00",
        "an offset is not taken (in a query its + becomes a blank); write the time in the vendor's zone and nothing behind it",
    );
    check_date(
        "2015.09.14+00:00:00",
        "dots are the Conference Management API's form; here it is hyphens",
    );
    check_date(
        "2015-09-31+00:00:00",
        "it has the form, but no calendar has the day or no clock the time",
    );
    check_date("1442188800", "a date as text, not a count of seconds");
}

#[test]
fn says_what_is_missing() {
    let missing = |name: &str| format!("-2,Missing parameter: {name}");
    let rule = |name: &str| format!("maestro.missing: expected the parameter {name}, found");
    check(
        "fetchCallersByDate",
        DAY,
        &missing("offer_id"),
        &format!(
            "{} no offer_id; every request carries offer_id and offer_token",
            rule("offer_id")
        ),
    );
    check(
        "fetchCallersByDate",
        &format!("offer_id=4711&token=5c0e77a1d94b42f8a6e13b90cf28d451&{DAY}"),
        &missing("offer_token"),
        &format!("{} a parameter token; the parameter is called offer_token", rule("offer_token")),
    );
    check(
        "fetchCallersByDate",
        &format!("offer_id=4711&offer_token=&{DAY}"),
        &missing("offer_token"),
        &format!(
            "{} offer_token without a value; an empty value is as if the parameter were not there",
            rule("offer_token")
        ),
    );
    check(
        "fetchCallersByDate",
        &format!("{FIRST}&DateFrom=2015-09-14%2000:00:00"),
        &missing("dateFrom"),
        &format!(
            "{} a parameter \"DateFrom\"; did you mean dateFrom? Names are compared letter by letter",
            rule("dateFrom")
        ),
    );
    check(
        "fetchCallersByCall",
        &format!("{FIRST}&callUID=K7Q2ZP0XN4V8T1RB"),
        &missing("call"),
        &format!(
            "{} a parameter callUID; the parameter is called call, although the output's column is callUID; the variant accept_call_uid takes both",
            rule("call")
        ),
    );
    check(
        "fetchCallersByCall",
        &format!("{FIRST}&{DAY}"),
        &missing("call"),
        &format!("{} no call; dateFrom and dateTo belong to fetchCallersByDate", rule("call")),
    );
}

#[test]
fn reads_a_form_and_no_other_body() {
    let stage = Stage::demo();
    let post = |media_type: &str, body: &str| {
        stage.send(&format!(
            "POST /_access/fetchCallersByCall HTTP/1.1\nContent-Type: {media_type}\n\n{body}"
        ))
    };
    let form = format!("{FIRST}&call=K7Q2ZP0XN4V8T1RB");
    assert!(post("application/x-www-form-urlencoded; charset=UTF-8", &form).contains("Dana Whit"));
    assert!(
        post("application/json", "{\"offer_id\":4711}").ends_with("-2,Missing parameter: offer_id")
    );
    assert_eq!(
        stage.why(),
        "maestro.missing: expected a form (name=value&…), found JSON: \"{\\\"offer_id\\\":4711}\" at line 1, column 1 (byte 0); send name=value pairs joined with &, with Content-Type: application/x-www-form-urlencoded"
    );
}

#[test]
fn says_what_is_wrong_with_the_credentials() {
    let refused = |query: &str, why: &str| {
        check(
            "fetchCallersByDate",
            query,
            "-5,Invalid offer id or token",
            &format!("maestro.credentials: expected {why}"),
        );
    };
    // The pair is checked before the dates are even looked for.
    refused(
        "offer_id=4711&offer_token=e2b6419f07c84d35b1a98c52d07f63ee",
        "the token of offer 4711, found the token of offer 4712; id and token are a pair; use both of the same offer",
    );
    refused(
        "offer_id=4711&offer_token=5C0E77A1D94B42F8A6E13B90CF28D451",
        "the token of offer 4711, found the right token in other capitals; a token is compared letter by letter",
    );
    refused(
        "offer_id=4711&offer_token=5c0e77a1",
        "the token of offer 4711, found a token of 8 characters; the offer's has another length; was it cut?",
    );
    refused(
        "offer_id=5c0e77a1d94b42f8a6e13b90cf28d451&offer_token=4711",
        "the offer_id of an offer of this world, found the token of offer 4711 as offer_id; offer_id and offer_token are exchanged",
    );
    refused(
        "offer_id=47&offer_token=x",
        "the offer_id of an offer of this world, found offer_id \"47\", which is none; seed the offer in [maestro] offers, or check which world was asked",
    );
    let stage = Stage::new(&json!({ "maestro": { "offers": [{ "id": 1, "token": "a+b" }] } }));
    assert!(get(&stage, "fetchCallersByCall", "offer_id=1&offer_token=a+b").1.starts_with("-5"));
    assert_eq!(
        stage.why(),
        "maestro.credentials: expected the token of offer 1, found the right token with a blank where it has a plus; in a query a + is a blank; send the plus as %2B"
    );
}

#[test]
fn a_window_outside_the_calendar_is_empty() {
    for (from, to, end) in [
        ("0000-01-01%2000:00:00", "1969-12-31%2000:00:00", "1969-12-31 16:00:00"),
        ("1969-12-31%2000:00:00", "0000-01-01%2000:00:00", "1969-12-31 16:00:00"),
        ("9999-12-31%2016:00:01", "9999-12-31%2023:59:59", "9999-12-31 15:59:59"),
    ] {
        let query = format!("{FIRST}&dateFrom={from}&dateTo={to}");
        let why = format!(
            "maestro.empty_window: expected a caller of offer 4711 in a call that ended from {end} to before {end} (America/Los_Angeles), found a window outside the years 1970 to 9999; no call lies there; are the dates those that were meant?"
        );
        check("fetchCallersByDate", &query, HEADER, &why);
    }
}

#[test]
fn says_why_a_window_is_empty() {
    let empty = |query: &str, why: &str| check("fetchCallersByDate", query, HEADER, why);
    let rule = "maestro.empty_window: expected a caller of offer";
    let compared = "the end of a call is compared, not its start, which is all that callTime shows; ask for a window that holds the end";
    empty(
        &format!("{FIRST}&dateFrom=2015-09-14%2017:00:00&dateTo=2015-09-14%2018:00:00"),
        &format!(
            "{rule} 4711 in a call that ended from 2015-09-14 17:00:00 to before 2015-09-14 18:00:00 (America/Los_Angeles), found a call that starts in it: K7Q2ZP0XN4V8T1RB, started 2015-09-14 17:00:02, ended 2015-09-14 18:05:00; {compared}"
        ),
    );
    empty(
        &format!("{SECOND}&dateFrom=2015-09-14%2011:00:00&dateTo=2015-09-14%2013:00:00"),
        &format!(
            "{rule} 4712 in a call that ended from 2015-09-14 11:00:00 to before 2015-09-14 13:00:00 (America/Los_Angeles), found a call that starts in it: W5N0STILLRUNS005, started 2015-09-14 12:00:00 and still running; a call is listed when it has ended, in the window that holds its end; ask again then"
        ),
    );
    empty(
        &format!("{SECOND}&dateFrom=2015-09-14%2018:00:00&dateTo=2015-09-14%2019:00:00"),
        &format!(
            "{rule} 4712 in a call that ended from 2015-09-14 18:00:00 to before 2015-09-14 19:00:00 (America/Los_Angeles), found a call that ended in it: K7Q2ZP0XN4V8T1RB, started 2015-09-14 17:00:02, ended 2015-09-14 18:05:00, with 3 in the call, 2 opted in to offer 4711; only callers who agreed to the terms of this offer are listed; this is an answer, not a mistake, where nobody did"
        ),
    );
    empty(
        &format!("{FIRST}&dateFrom=2015-09-15%2000:00:00&dateTo=2015-09-15%2000:00:00"),
        &format!(
            "{rule} 4711 in a call that ended from 2015-09-15 00:00:00 to before 2015-09-15 00:00:00 (America/Los_Angeles), found a window of no length; dateTo does not belong to the window, so this one holds nothing; the next dateFrom is this dateTo"
        ),
    );
    empty(
        &format!("{FIRST}&dateFrom=2015-09-16%2000:00:00&dateTo=2015-09-17%2000:00:00"),
        &format!(
            "{rule} 4711 in a call that ended from 2015-09-16 00:00:00 to before 2015-09-17 00:00:00 (America/Los_Angeles), found the offer's last call before it, ended 2015-09-14 18:05:00; this is an answer, not a mistake, where no call ended; else check the zone: both dates are read as America/Los_Angeles (variant time_zone)"
        ),
    );
    empty(
        &format!("{FIRST}&dateFrom=2015-09-15%2000:00:00&dateTo=2015-09-14%2000:00:00"),
        "maestro.reversed_window: expected dateFrom before dateTo, found a window from 2015-09-15 00:00:00 to before 2015-09-14 00:00:00 (America/Los_Angeles); exchange them; the vendor may as well refuse this (variant reversed_window)",
    );
}

#[test]
fn says_why_a_call_gives_nothing() {
    let empty = |query: &str, why: &str| {
        check("fetchCallersByCall", &format!("{FIRST}&call={query}"), HEADER, why);
    };
    empty(
        "W1N0ENDSATFROM01",
        "maestro.foreign_call: expected callers of call W1N0ENDSATFROM01 who opted in to offer 4711, found 1 in the call, 1 opted in to offer 4712; callers who opted in to another offer are never shown; use that offer's id and token",
    );
    empty(
        "W5N0STILLRUNS005",
        "maestro.running_call: expected a call that has ended, found call W5N0STILLRUNS005, started 2015-09-14 12:00:00 (America/Los_Angeles) and still running; ask again when it has ended; the event end_call ends it",
    );
    let unknown = "maestro.unknown_call: expected the UID of a call, found";
    empty(
        "3M9XW5DJ0HTQ62LC",
        &format!(
            "{unknown} 3M9XW5DJ0HTQ62LC, the UID of a caller in call K7Q2ZP0XN4V8T1RB; send the column callUID, not callerUID"
        ),
    );
    empty(
        "k7q2zp0xn4v8t1rb",
        &format!(
            "{unknown} \"k7q2zp0xn4v8t1rb\", which differs from K7Q2ZP0XN4V8T1RB in capitals or blanks; a UID is compared letter by letter"
        ),
    );
    empty(
        "NONE",
        &format!(
            "{unknown} \"NONE\", which is none; the vendor may as well refuse this (variant unknown_call); is it the right world?"
        ),
    );
}

#[test]
fn an_empty_list_is_not_a_refusal_in_the_journal() {
    let stage = Stage::demo();
    get(&stage, "fetchCallersByCall", &format!("{FIRST}&call=NONE"));
    get(&stage, "fetchCallersByCall", "offer_id=4711");
    let outcomes: Vec<_> = stage.journal().iter().map(|it| it["outcome"].clone()).collect();
    assert!(outcomes.ends_with(&["ok".into(), "refused".into()]), "{outcomes:?}");
}

#[test]
fn says_which_path_was_meant() {
    let stage = Stage::demo();
    let not_found = |path: &str, hint: &str| {
        assert_eq!(stage.request(&format!("GET {path} HTTP/1.1\n\n")).status.as_u16(), 404);
        assert_eq!(
            stage.why(),
            format!(
                "maestro.path: expected /_access/fetchCallersByDate or /_access/fetchCallersByCall, found {hint}"
            )
        );
    };
    not_found(
        "/fetchCallersByDate?x=1",
        "\"/fetchCallersByDate\"; put /_access in front; the variant mount = \"root\" takes it without",
    );
    not_found(
        "/_access/fetchcallersbydate",
        "\"/_access/fetchcallersbydate\"; did you mean fetchCallersByDate? Paths are compared letter by letter",
    );
    not_found(
        "/_access/getCallData?customer=1",
        "\"/_access/getCallData\"; only the Opt-in Contact Retrieval API is here, not the Conference Management API",
    );
    not_found(
        "/_access/fetchCallersByCall/",
        "\"/_access/fetchCallersByCall/\"; the path is /_access/fetchCallersByCall, with nothing before or behind it",
    );
    assert_eq!(
        stage.send(&format!("DELETE /_access/fetchCallersByDate?{FIRST} HTTP/1.1\n\n")),
        "405\nallow: GET, POST\n\n"
    );
}

#[test]
fn a_failure_of_our_own_is_in_band() {
    let said = |query: &str| {
        let request =
            parse_request(&format!("GET /_access/fetchCallersByDate?{query} HTTP/1.1\n\n"));
        let params = Params::from_query(request.query());
        let response =
            errors::failure(&Call { request: &request, operation: None, params: &params });
        String::from_utf8(response.body.to_vec()).unwrap()
    };
    assert_eq!(said("offer_id=1"), "-4,Unhandled exception");
    assert_eq!(
        said("type=XML"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><code>-4</code><message>Unhandled exception</message><value></value></response>"
    );
}

#[test]
fn a_call_is_found_once_it_has_ended() {
    let stage = Stage::demo();
    let started = stage
        .event(
            "maestro",
            "start_call",
            &json!({ "name": "Live", "customer_emails": ["h@example.org"] }),
        )
        .unwrap();
    let call = started["call"].as_str().unwrap();
    assert_eq!(call.len(), 16);
    let joined = stage
        .event(
            "maestro",
            "caller_joins",
            &json!({ "call": call, "ani": "5105550100", "offers": [4711] }),
        )
        .unwrap();
    let second = stage.event("maestro", "caller_joins", &json!({ "call": call })).unwrap();
    let query = format!("{FIRST}&call={call}");
    assert_eq!(get(&stage, "fetchCallersByCall", &query).1, HEADER);

    let ended = stage.event("maestro", "end_call", &json!({ "call": call })).unwrap();
    assert_eq!(ended["call"], call);
    let lines = |stage: &Stage| get(stage, "fetchCallersByCall", &query).1.lines().count();
    assert_eq!(lines(&stage), 2);
    assert!(
        get(&stage, "fetchCallersByCall", &query).1.contains(joined["caller"].as_str().unwrap())
    );
    // Whoever opts in late is found late, in a window that a client has asked for already.
    let late = json!({ "caller": second["caller"], "offer": "4711" });
    stage.event("maestro", "opt_in", &late).unwrap();
    assert_eq!(lines(&stage), 3);

    let again = |name: &str, body: &Value| stage.event("maestro", name, body).unwrap_err();
    assert_eq!(again("opt_in", &late), "the caller has opted in to offer 4711 before");
    assert!(again("end_call", &json!({ "call": call })).ends_with("expected a running call"));
    assert_eq!(
        again("caller_joins", &json!({ "call": "W1N0ENDSATFROM01" })),
        "the caller would join before the start or after the end of call W1N0ENDSATFROM01"
    );
    assert_eq!(again("end_call", &json!({ "call": "X" })), "there is no call \"X\"");
    let foreign = json!({ "caller": second["caller"], "offer": "1" });
    assert_eq!(again("opt_in", &foreign), "there is no offer \"1\"");
}

#[test]
fn a_call_whose_end_has_not_come_is_running() {
    // Two hours before the demo's first call ends, by the world's clock.
    let caller = |uid: &str, call: &str| {
        json!({ "uid": uid, "call": call, "joined": "2015-09-14T10:05:00Z", "ani": "5105550188",
            "offers": [4711] })
    };
    let stage = Stage::new(&json!({
        "clock": { "mode": "frozen", "at": "2015-09-14T11:00:00Z" },
        "maestro": {
            "offers": [{ "id": 4711, "token": "5c0e77a1d94b42f8a6e13b90cf28d451" }],
            "calls": [
                call("PAST", Some("2015-09-14T10:30:00Z")),
                call("NEXT", Some("2015-09-14T12:00:00Z")),
                call("LAST", Some("2015-09-14T13:00:00Z")),
            ],
            "callers": [caller("P1", "PAST"), caller("N1", "NEXT"), caller("L1", "LAST")],
        },
    }));
    let day = || {
        let (_, body) = get(&stage, "fetchCallersByDate", &format!("{FIRST}&{DAY}"));
        csv_rows(&body).into_iter().map(|row| row[5].clone()).collect::<Vec<_>>()
    };
    assert_eq!(day(), ["P1"]);
    // That reply again, now from the memo.
    assert_eq!(day(), ["P1"]);
    let (_, body) = get(&stage, "fetchCallersByCall", &format!("{FIRST}&call=NEXT"));
    assert_eq!(body, HEADER);
    assert!(stage.why().starts_with("maestro.running_call: "), "{}", stage.why());
    assert!(stage.why().contains("ask again from 2015-09-14 05:00:00 on"), "{}", stage.why());
    let later = "dateFrom=2015-09-14%2005:00:00&dateTo=2015-09-15%2000:00:00";
    get(&stage, "fetchCallersByDate", &format!("{FIRST}&{later}"));
    assert!(stage.why().contains("a call that is to end in it: NEXT"), "{}", stage.why());
    stage.advance(std::time::Duration::from_hours(1));
    assert_eq!(day(), ["P1", "N1"]);
    stage.advance(std::time::Duration::from_hours(1));
    assert_eq!(day(), ["P1", "N1", "L1"]);
}

#[test]
fn drawn_uids_are_the_same_whatever_came_between() {
    let play = |between: bool| {
        let stage =
            Stage::new(&json!({ "maestro": { "calls": [call("C1", None), call("C2", None)] } }));
        if between {
            stage.event("maestro", "caller_joins", &json!({ "call": "C2" })).unwrap();
        }
        stage.event("maestro", "caller_joins", &json!({ "call": "C1" })).unwrap()["caller"].clone()
    };
    assert_eq!(play(false), play(true));
}

#[test]
fn a_rotated_token_is_refused_and_never_shown() {
    let stage = Stage::demo();
    let answer = stage.event("maestro", "rotate_token", &json!({ "offer": 4711 })).unwrap();
    let token = answer["token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    let query = format!("{FIRST}&{DAY}");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1, "-5,Invalid offer id or token");
    assert_eq!(
        stage.why(),
        "maestro.credentials: expected the token of offer 4711, found the token that the offer had before it was rotated; take the new one; no function of the vendor's returns it"
    );
    let query = format!("offer_id=4711&offer_token={token}&{DAY}");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1.lines().count(), 3);
    let chosen = json!({ "offer": 4711, "token": "0123456789" });
    stage.event("maestro", "rotate_token", &chosen).unwrap();
    let foreign = json!({ "offer": 4712, "token": "0123456789" });
    assert!(
        stage.event("maestro", "rotate_token", &foreign).unwrap_err().contains("has this token")
    );

    let journal = Value::from(stage.journal()).to_string();
    for secret in [token, "5c0e77a1d94b42f8a6e13b90cf28d451", "0123456789"] {
        assert!(!journal.contains(secret), "{journal}");
    }
    let offers = stage.table("maestro", "offers");
    assert_eq!(offers[0]["token"], "***(10.84)");
    assert!(offers[0]["token_before"].as_str().unwrap().starts_with("***("));
}

#[test]
fn tables_show_times_in_utc() {
    let stage = Stage::demo();
    let calls = stage.table("maestro", "calls");
    assert_eq!(calls[0]["start"], "2015-09-15T00:00:02.000Z");
    assert_eq!(calls[5]["end"], Value::Null);
    assert_eq!(stage.table("maestro", "callers")[2]["name"], "Lee Marsh");
    assert_eq!(stage.table("maestro", "opt_ins")[7 - 1]["call_end"], Value::Null);
}

#[test]
fn both_lists_are_one_stretch_of_an_index() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("schema/0001.sql")).unwrap();
    for (name, index) in [
        (
            "LIST_CALLERS_BY_END",
            "maestro_opt_in_by_end (offer_id=? AND call_end_ms>? AND call_end_ms<?)",
        ),
        ("LIST_CALLERS_BY_CALL", "maestro_opt_in_by_call (call_id=? AND offer_id=?)"),
    ] {
        let (_, sql) = store::STATEMENTS.iter().find(|(known, _)| *known == name).unwrap();
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps: Vec<String> =
            plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().unwrap();
        assert!(steps[0].contains(index), "{steps:?}");
        assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:?}");
    }
}

/// A call of a scenario that began with the year 2015.
fn call(uid: &str, end: Option<&str>) -> Value {
    json!({ "uid": uid, "name": uid, "start": "2015-01-01T00:00:00Z", "end": end, "customer_emails": ["h@example.org"] })
        .as_object()
        .map(|call| call.clone().into_iter().filter(|(_, value)| !value.is_null()).collect())
        .unwrap_or_default()
}

/// The rows of a CSV list with a header, as values.
fn csv_rows(body: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

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
