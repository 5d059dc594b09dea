//! Campaigns as they run: started, dialled, filled, and what people do to them in the GUI.

use std::time::Duration;

use serde_json::{Value, json};

use super::{BOB, KEY, POLL, STATISTICS, STATUS, UPLOAD, inner, post, sha1};
use crate::testing::Stage;

#[test]
fn toggles_and_journals_what_it_did() {
    let stage = Stage::demo();
    let query = format!("{BOB}&hash={}", sha1(&format!("dialer_bob17{KEY}")));
    let effects = || {
        let last = stage.journal().pop().unwrap_or_default();
        last["effects"].as_array().unwrap().iter().map(|it| it["text"].clone()).collect::<Value>()
    };
    assert_eq!(post(&stage, STATUS, &query), "Campaign started");
    assert_eq!(effects(), json!(["campaign 17 started"]));
    assert_eq!(post(&stage, STATUS, &query), "Campaign stopped");
    assert_eq!(effects(), json!(["campaign 17 stopped"]));
    stage.advance(Duration::from_hours(1));
    assert_eq!(stage.table("mor", "numbers")[0]["status"], "new");
}

#[test]
fn a_running_campaign_dials_retries_and_takes_more_numbers() {
    let stage = Stage::new(&json!({
        "line": [{"ends_with": "01", "attempt": 1, "then": "busy", "ring": "1s"},
                 {"ends_with": "01", "attempt": 2, "then": "answers", "ring": "2s", "talk": "30s"}],
        "mor": {
            "settings": {"secret_key": KEY},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "max_retries": 1,
                           "start_time": "10:00", "stop_time": "18:00", "answers": ["yes"],
                           "actions": [{"action": "IVR", "data": 4}]}],
            "numbers": [{"campaign": 17, "number": "3701"}],
        },
    }));
    // The clock stands at 09:00, before the campaign's hours.
    stage.event("mor", "start_campaign", &json!({"campaign": 17})).unwrap();
    stage.advance(Duration::from_hours(1));
    let first = |column: &str| stage.table("mor", "numbers")[0][column].clone();
    assert_eq!(first("status"), "executed");
    stage.advance(Duration::from_mins(1));
    assert_eq!(first("n_tries"), 2);
    stage.advance(Duration::from_secs(32));
    assert_eq!(first("status"), "completed");
    let query = format!("{BOB}&hash={}", sha1(&format!("dialer_bob17{KEY}")));
    let row = post(&stage, POLL, &query);
    assert!(
        row.starts_with("3701,2026-03-02 10:01:00,2026-03-02 10:01:32,2026-03-02 10:01:"),
        "{row}"
    );
    assert!(row.ends_with(",yes"), "{row}");
    let calls = stage.table("mor", "calls");
    let brief = |call: &Value| (call["disposition"].clone(), call["billed_s"].clone());
    let calls: Vec<_> = calls.iter().map(brief).collect();
    assert_eq!(calls, [(json!("busy"), json!(0)), (json!("answered"), json!(30))]);
    // Out of numbers behind its wait time, it waits for more.
    stage.advance(Duration::from_secs(10));
    stage.event("mor", "reactivate_number", &json!({"campaign": 17, "number": "3701"})).unwrap();
    stage.advance(Duration::from_secs(5 * 60 + 1));
    assert_eq!(stage.table("mor", "calls").len(), 3);
    let stopped = stage.event("mor", "stop_campaign", &json!({"campaign": 17}));
    assert_eq!(stopped, Ok(json!({"campaign": 17, "running": false})));
}

#[test]
fn a_campaign_that_is_seeded_running_dials() {
    let world = |auto_dial: bool| {
        let stage = Stage::new(&json!({"mor": {
            "settings": {"secret_key": KEY, "auto_dial": auto_dial},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "running": true}],
            "numbers": [{"campaign": 17, "number": "37060000001"}],
        }}));
        stage.advance(Duration::from_mins(5));
        stage.table("mor", "numbers")[0]["status"].clone()
    };
    assert_eq!(world(true), "executed");
    assert_eq!(world(false), "new");
}

#[test]
fn auto_dial_may_be_switched_in_between() {
    let stage = Stage::new(&json!({"mor": {
        "settings": {"secret_key": KEY},
        "users": [{"username": "dialer_bob"}],
        "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "running": true}],
        "numbers": [{"campaign": 17, "number": "37060000001"}],
    }}));
    let status = || stage.table("mor", "numbers")[0]["status"].clone();
    stage.event("mor", "set_setting", &json!({"auto_dial": false})).unwrap();
    stage.advance(Duration::from_mins(30));
    assert_eq!(status(), "new");
    stage.event("mor", "set_setting", &json!({"auto_dial": true})).unwrap();
    stage.advance(Duration::from_mins(5));
    assert_eq!(status(), "executed");
}

#[test]
fn a_retry_is_not_put_off() {
    let calls_after_a_minute = |then: &dyn Fn(&Stage)| {
        let stage = dialling(&json!({"then": "busy", "ring": "1s"}));
        stage.advance(Duration::from_secs(15));
        then(&stage);
        stage.advance(Duration::from_mins(1));
        stage.table("mor", "calls").len()
    };
    let block = |stage: &Stage, blocked: bool| {
        let user = json!({"user": "dialer_bob", "blocked": blocked});
        stage.event("mor", "block_user", &user).unwrap();
    };
    assert_eq!(calls_after_a_minute(&|_| ()), 2);
    let number = json!({"campaign": 17, "number": "3701"});
    assert_eq!(
        calls_after_a_minute(&|stage| {
            stage.event("mor", "reactivate_number", &number).unwrap();
        }),
        2
    );
    assert_eq!(
        calls_after_a_minute(&|stage| {
            block(stage, true);
            block(stage, false);
        }),
        2
    );
}

#[test]
fn a_call_of_before_leaves_the_last_one_the_last() {
    let stage = Stage::demo();
    let dial = |outcome: &str, at: &str| {
        let call = json!({"campaign": 17, "number": "37060000001", "outcome": outcome, "at": at});
        stage.event("mor", "dial_number", &call)
    };
    dial("busy", "2026-03-01T10:00:00Z").unwrap();
    dial("no_answer", "2026-03-01T09:00:00Z").unwrap();
    let number = &stage.table("mor", "numbers")[0];
    // 10:00.
    assert_eq!((&number["id"], &number["executed_ms"]), (&json!(1), &json!(1_772_359_200_000_i64)));
    let refused = dial("answered", "2026-03-01T09:30:00Z").unwrap_err();
    assert!(
        refused.starts_with("37060000001 was dialled again at 2026-03-01T10:00:00Z"),
        "{refused}"
    );
    dial("answered", "2026-03-01T10:00:00Z").unwrap();
}

#[test]
fn events_keep_the_rules() {
    let stage = Stage::demo();
    let refused = |event: &str, body: Value| stage.event("mor", event, &body).unwrap_err();
    assert_eq!(
        refused("set_setting", json!({"secret_key": ""})),
        "Invalid API secret key: the API cannot be on without one; set secret_key too"
    );
    assert_eq!(
        refused("set_setting", json!({"allow_api": false, "allow_get": true})),
        "allow_get cannot be edited while allow_api is off; switch it on first"
    );
    assert_eq!(
        refused("dial_number", json!({"campaign": 17, "number": "37060000003", "outcome": "busy"})),
        "37060000003 is completed and is not dialled again; reactivate it first"
    );
    assert_eq!(
        refused(
            "dial_number",
            json!({"campaign": 17, "number": "37060000001", "outcome": "busy", "talk": "5s"})
        ),
        "a call that ends as busy has no talk"
    );
    let late = json!({"campaign": 17, "number": "37060000001", "outcome": "answered", "at": "2026-03-02T09:00:00Z"});
    assert!(refused("dial_number", late).starts_with("the call would end after the world's time"));
    assert_eq!(
        refused("start_campaign", json!({"campaign": 18})),
        "campaign 18 cannot start: it has no free numbers"
    );
    assert_eq!(refused("stop_campaign", json!({"campaign": 17})), "campaign 17 is not running");
    assert_eq!(
        refused("rotate_key", json!({"reseller": "dialer_bob", "secret_key": "another"})),
        "there is no reseller \"dialer_bob\" in this world"
    );
    let query = format!("{BOB}&hash={}", sha1("dialer_bob17new-key-22"));
    stage.event("mor", "rotate_key", &json!({"secret_key": "new-key-22"})).unwrap();
    assert!(post(&stage, POLL, &query).starts_with("37060000001"));
    let answered = json!({"campaign": 17, "number": "37060000001", "outcome": "answered", "talk": "43s",
        "at": "2026-03-01T10:00:19Z", "answers": [{"after": "22s", "text": "Answer 1 yes"}]});
    stage.event("mor", "dial_number", &answered).unwrap();
    let row =
        "37060000001,2026-03-01 10:00:19,2026-03-01 10:01:02,2026-03-01 10:00:41,Answer 1 yes\n";
    assert!(post(&stage, POLL, &query).starts_with(row));
}

#[test]
fn takes_a_hundred_thousand_lines() {
    let stage = Stage::demo();
    let query = format!("{BOB}&hash={}", sha1(&format!("17{KEY}")));
    let lines: Vec<String> = (0..100_000).map(|n| format!("3706{n:07}\r\n")).collect();
    let lines = lines.concat();
    let request = format!(
        "POST /billing/api/autodialer_{UPLOAD}?{query} HTTP/1.1\r\n\
         Content-Type: multipart/form-data; boundary=xx\r\n\r\n\
         --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"leads.csv\"\r\n\r\n\
         {lines}\r\n--xx--\r\n"
    );
    let answer = inner(&stage.send(&request));
    // Four of them are in the campaign already.
    assert_eq!(answer, "99996 out of 100000 numbers were imported");
    assert_eq!(stage.table("mor", "campaigns")[0]["numbers"], 100_000);
}

#[test]
fn a_retry_behind_the_end_of_the_calendar_never_comes() {
    let stage = Stage::new(&json!({
        "clock": {"mode": "frozen", "at": "9999-12-31T23:54:30Z"},
        "line": [{"ends_with": "01", "then": "busy", "ring": "1s"}],
        "mor": {
            "settings": {"secret_key": KEY},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "running": true,
                           "max_retries": 5, "retry_time": 60}],
            "numbers": [{"campaign": 17, "number": "3701"}],
        },
    }));
    stage.advance(Duration::from_mins(5));
    assert_eq!(stage.table("mor", "calls").len(), 0, "it rings");
    stage.advance(Duration::from_secs(29));
    assert_eq!(stage.table("mor", "calls").len(), 1);
    assert_eq!(stage.table("mor", "numbers")[0]["status"], "executed");
}

/// A campaign that dials its number at 09:05, and whose calls last as long as `line` says.
fn dialling(line: &Value) -> Stage {
    let stage = Stage::new(&json!({
        "line": [line],
        "mor": {
            "settings": {"secret_key": KEY},
            "users": [{"username": "dialer_bob"}],
            "campaigns": [{"id": 17, "name": "Spring poll", "user": "dialer_bob", "running": true,
                           "max_retries": 3, "retry_time": 60, "answers": ["yes"],
                           "actions": [{"action": "IVR", "data": 4}]}],
            "numbers": [{"campaign": 17, "number": "3701"}],
        },
    }));
    stage.advance(Duration::from_mins(5));
    stage
}

fn n_calls(stage: &Stage) -> (usize, usize) {
    (stage.table("mor", "calls_in_progress").len(), stage.table("mor", "calls").len())
}

#[test]
fn a_number_on_a_call_is_left_alone() {
    let stage = dialling(&json!({"then": "answers", "ring": "1s", "talk": "20m"}));
    let number = json!({"campaign": 17, "number": "3701"});
    let mut busy = number.clone();
    busy["outcome"] = json!("busy");
    let on_call =
        "3701 is on a call of campaign 17; advance the clock to the call's end first".to_owned();
    assert_eq!(stage.event("mor", "reactivate_number", &number), Err(on_call.clone()));
    assert_eq!(stage.event("mor", "dial_number", &busy), Err(on_call));
    let campaign = json!({"campaign": 17});
    let redialled = stage.event("mor", "redial_failed", &campaign);
    assert_eq!(redialled, Ok(json!({"campaign": 17, "numbers": 0})));
    // The retry is due long before the end of the call, and more numbers come.
    stage.event("mor", "stop_campaign", &campaign).unwrap();
    let query = format!("{BOB}&hash={}", sha1(&format!("17{KEY}")));
    let upload = format!(
        "POST /billing/api/autodialer_{UPLOAD}?{query} HTTP/1.1\r\n\
         Content-Type: multipart/form-data; boundary=xx\r\n\r\n\
         --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"more.csv\"\r\n\r\n\
         3702\r\n--xx--\r\n"
    );
    assert_eq!(inner(&stage.send(&upload)), "1 out of 1 numbers were imported");
    stage.event("mor", "start_campaign", &campaign).unwrap();
    for _ in 0..19 {
        stage.advance(Duration::from_mins(1));
        assert_eq!(n_calls(&stage), (1, 0));
        assert_eq!(stage.table("mor", "numbers")[0]["n_tries"], 1);
    }
    stage.advance(Duration::from_secs(61));
    assert_eq!(n_calls(&stage), (0, 1));
    stage.advance(Duration::from_secs(10));
    assert_eq!(n_calls(&stage), (1, 1), "the next number's turn");
    assert_eq!(stage.table("mor", "numbers")[1]["status"], "executed");
}

#[test]
fn a_call_counts_when_it_has_ended() {
    for (far_end, disposition) in
        [("busy", "busy"), ("no_answer", "no_answer"), ("invalid", "failed"), ("rejects", "busy")]
    {
        let stage = dialling(&json!({"then": far_end, "ring": "20s"}));
        assert_eq!(n_calls(&stage), (1, 0), "{far_end}");
        stage.advance(Duration::from_secs(19));
        assert_eq!(n_calls(&stage), (1, 0), "{far_end}");
        stage.advance(Duration::from_secs(1));
        assert_eq!(n_calls(&stage), (0, 1), "{far_end}");
        assert_eq!(stage.table("mor", "calls")[0]["disposition"], disposition);
        assert_eq!(stage.table("mor", "numbers")[0]["status"], "executed");
    }
}

#[test]
fn a_machine_answers_no_poll() {
    for (far_end, n_answers) in [("answers", 1), ("machine", 0)] {
        let stage = dialling(&json!({"then": far_end, "ring": "1s", "talk": "30s"}));
        stage.advance(Duration::from_secs(31));
        assert_eq!(stage.table("mor", "numbers")[0]["status"], "completed");
        assert_eq!(stage.table("mor", "calls")[0]["disposition"], "answered");
        assert_eq!(stage.table("mor", "ivr_logs").len(), n_answers, "{far_end}");
    }
}

#[test]
fn a_user_who_may_not_call_dials_nothing() {
    let stage = dialling(&json!({"then": "busy", "ring": "1s"}));
    let blocked = |blocked: bool| {
        stage.event("mor", "block_user", &json!({"user": "dialer_bob", "blocked": blocked}))
    };
    blocked(true).unwrap();
    stage.advance(Duration::from_hours(1));
    assert_eq!(n_calls(&stage), (0, 1), "the call that was under way");
    let said = |text: &str| Value::from(stage.journal()).to_string().contains(text);
    assert!(said("campaign 17 does not dial: its user is blocked"));
    blocked(false).unwrap();
    stage.advance(Duration::from_secs(330));
    assert_eq!(n_calls(&stage), (0, 2));
    let empty = json!({"user": "dialer_bob", "postpaid": false, "balance": 0.0});
    stage.event("mor", "set_user", &empty).unwrap();
    stage.advance(Duration::from_hours(1));
    assert_eq!(n_calls(&stage), (0, 2));
    assert!(said("campaign 17 does not dial: its user is prepaid and has an empty balance"));
    stage.event("mor", "set_user", &json!({"user": "dialer_bob", "balance": 5.0})).unwrap();
    stage.advance(Duration::from_secs(330));
    assert_eq!(n_calls(&stage), (0, 3));
}

#[test]
fn every_answer_is_xml_that_parses() {
    let text = "A\u{1}\u{b}\u{ffff}B\u{7f}\u{1f600}\t";
    let stage = Stage::new(&json!({"mor": {
        "settings": {"secret_key": KEY, "disable_hash": true},
        "users": [{"username": "dialer_bob"}],
        "campaigns": [{"id": 17, "name": text, "user": "dialer_bob"}],
        "numbers": [{"campaign": 17, "number": "1", "executed": "2026-03-01T10:00:00Z",
            "answers": [{"at": "2026-03-01T10:00:01Z", "text": text}]}],
        "calls": [{"campaign": 17, "number": "1", "at": "2026-03-02T01:00:00Z", "outcome": "busy"}],
    }}));
    let shown = "A\u{fffd}\u{fffd}\u{fffd}B\u{7f}\u{1f600}\t";
    for (method, expected) in [
        (POLL, format!("1,2026-03-01 10:00:00,2026-03-01 10:00:01,{shown}")),
        (STATISTICS, shown.to_owned()),
    ] {
        assert_eq!(post(&stage, method, BOB), expected);
    }
    let response = stage.request("POST /billing/api/f%01 HTTP/1.1\n\n");
    assert_eq!(
        str::from_utf8(&response.body).unwrap(),
        "<error><type>Undefined method</type><name>f\u{fffd}</name></error>"
    );
}
