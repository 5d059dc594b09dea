//! Both lists: which calls a window has, what an empty one says, and calls that are still running.

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maestro::store;
use crate::vendors::maestro::tests::{DAY, FIRST, HEADER, SECOND, call, check, csv_rows, get};

#[test]
fn a_window_outside_the_calendar_is_empty() {
    for (from, to) in [
        ("0000-01-01%2000:00:00", "1969-12-31%2000:00:00"),
        ("1969-12-31%2000:00:00", "0000-01-01%2000:00:00"),
        ("9999-12-31%2016:00:01", "9999-12-31%2023:59:59"),
    ] {
        let query = format!("{FIRST}&dateFrom={from}&dateTo={to}");
        let why = "maestro.empty_window: expected a window in which calls lie, found a window outside the years 1970 to 9999; no call lies there; are the dates those that were meant?";
        check("fetchCallersByDate", &query, HEADER, why);
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
        "NOSUCH",
        &format!(
            "{unknown} \"NOSUCH\", which is none; the vendor may as well refuse this (variant unknown_call); is it the right world?"
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

/// By the clock of the demo's worlds here.
const IN_FIVE_MINUTES: &str = "2026-03-02T09:05:00Z";

#[test]
fn who_is_to_agree_is_listed_from_then_on() {
    let stage = Stage::demo();
    let caller = "N0T1NTERESTED777";
    let later = json!({ "caller": caller, "offer": "4711", "at": IN_FIVE_MINUTES });
    stage.event("maestro", "opt_in", &later).unwrap();
    let listed = || {
        let by_call = format!("{FIRST}&call=K7Q2ZP0XN4V8T1RB");
        let (_, by_call) = get(&stage, "fetchCallersByCall", &by_call);
        let (_, by_date) = get(&stage, "fetchCallersByDate", &format!("{FIRST}&{DAY}"));
        [by_call, by_date].map(|it| it.contains(caller))
    };
    assert_eq!(listed(), [false, false]);
    // Those replies again, now from the memo, and at the last moment.
    stage.advance(std::time::Duration::from_secs(299));
    assert_eq!(listed(), [false, false]);
    stage.advance(std::time::Duration::from_secs(1));
    assert_eq!(listed(), [true, true]);
}

#[test]
fn nobody_agreed_where_all_are_to_agree() {
    let stage = Stage::demo();
    let call = stage
        .event(
            "maestro",
            "start_call",
            &json!({ "uid": "LATER", "name": "Later", "customer_emails": ["h@example.org"] }),
        )
        .unwrap();
    stage.event("maestro", "caller_joins", &json!({ "call": "LATER", "uid": "L1" })).unwrap();
    stage.event("maestro", "end_call", &call).unwrap();
    let later = json!({ "caller": "L1", "offer": "4712", "at": IN_FIVE_MINUTES });
    stage.event("maestro", "opt_in", &later).unwrap();
    let ask = || {
        get(&stage, "fetchCallersByCall", &format!("{FIRST}&call=LATER"));
        stage.why()
    };
    assert!(ask().starts_with("maestro.no_opt_in: "), "{}", stage.why());
    stage.advance(std::time::Duration::from_mins(5));
    assert!(ask().starts_with("maestro.foreign_call: "), "{}", stage.why());
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
    db.execute_batch(include_str!("../schema/0001.sql")).unwrap();
    for (name, index) in [
        (
            "LIST_CALLERS_BY_END",
            "maestro_opt_in_by_end (offer_id=? AND call_end_ms>? AND call_end_ms<?)",
        ),
        ("LIST_CALLERS_BY_CALL", "maestro_opt_in_by_call (call_id=? AND offer_id=?)"),
        // A client can ask for an unknown call as often as it likes.
        ("SELECT_UID_BEGUN_BY", "sqlite_autoindex_maestro_call_1 (uid>? AND uid<?)"),
    ] {
        let (_, sql) = store::STATEMENTS.iter().find(|(known, _)| *known == name).unwrap();
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps: Vec<String> =
            plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().unwrap();
        assert!(steps[0].contains(index), "{steps:?}");
        assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:?}");
    }
}
