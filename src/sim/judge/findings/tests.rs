//! Journals of clients with bad habits, and of some without.

use serde_json::{Value, json};

use crate::base::seq::Seq;
use crate::contract::oracle::{Oracle, Polled};
use crate::testing::Stage;

const TOKEN: &str = "Authorization: Bearer SIMTOKEN-7A";

/// Name and entries of all that is found.
fn found(stage: &Stage) -> Vec<(&'static str, Vec<u64>)> {
    stage
        .findings()
        .kept
        .into_iter()
        .map(|it| (it.name, it.entries.into_iter().map(Seq::get).collect()))
        .collect()
}

fn import(stage: &Stage, user_data: &str) {
    let contact = json!({ "DiallerCampaignsID": 612, "UserData": user_data, "Name": "Ada",
        "PhoneNumber1": "4943155502" });
    let reply = stage.send(&format!(
        "POST /rest/v1.0/7/dialler/contacts/import\n{TOKEN}\nContent-Type: application/json\n\n{contact}"
    ));
    assert!(reply.starts_with("200") || reply.starts_with("201"), "{reply}");
}

#[test]
fn an_import_that_is_sent_again_after_a_lost_reply_is_found() {
    let stage = Stage::demo();
    import(&stage, "NEW-1");
    import(&stage, "NEW-1");
    assert_eq!(found(&stage), []);
    stage.fault(&json!({ "on": { "vendor": "jtel", "operation": "import_contact", "nth": 1 },
        "then": "lose_reply" }));
    import(&stage, "NEW-2");
    import(&stage, "NEW-3");
    assert_eq!(found(&stage), []);
    import(&stage, "NEW-2");
    let findings = stage.findings().kept;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].name, findings[0].entries.len()), ("repeated_write", 2));
    assert_eq!(findings[0].vendor, Some("jtel"));
}

#[test]
fn a_toggle_that_undoes_itself_after_a_lost_reply_is_found() {
    let stage = Stage::demo();
    let toggle = || {
        stage.send(
            "POST /billing/api/autodialer_change_campaign_status?u=dialer_bob&id=17\
             &hash=5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24\n\n",
        )
    };
    toggle();
    toggle();
    assert_eq!(found(&stage), []);
    stage.fault(
        &json!({ "on": { "vendor": "mor", "operation": "change_campaign_status", "nth": 1 },
        "then": "lose_reply" }),
    );
    toggle();
    assert_eq!(found(&stage), []);
    toggle();
    let findings = stage.findings().kept;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].name, findings[0].entries.len()), ("turned_back", 2));
    assert!(findings[0].what.ends_with("the second undid the first"), "{}", findings[0].what);
    // Whoever turns it once more wants that.
    toggle();
    assert_eq!(stage.findings().kept.len(), 1);
}

#[test]
fn a_locked_contact_that_is_dialled_is_found() {
    let stage = Stage::demo();
    let call = |what: &str| {
        stage.send(&format!(
            "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/{what}\n{TOKEN}\n\n"
        ));
    };
    call("lock");
    call("unlock");
    stage.event("jtel", "dial_contact", &json!({ "contact": 301_501 })).unwrap();
    assert_eq!(found(&stage), []);
    stage.reset();
    call("lock");
    stage.event("jtel", "dial_contact", &json!({ "contact": 301_501 })).unwrap_err();
    assert_eq!(found(&stage), [("locked_dialled", vec![5, 6])]);
}

#[test]
fn a_lock_that_a_second_client_takes_and_gives_back_is_found() {
    let stage = Stage::demo();
    let call = |client: &str, what: &str| {
        let reply = stage.send(&format!(
            "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/{what}\n{TOKEN}\nUser-Agent: {client}\n\n"
        ));
        assert!(reply.starts_with("200"), "{reply}");
    };
    // One client that locks twice is careful.
    for what in ["lock", "lock", "unlock"] {
        call("job", what);
    }
    // One that looks on and leaves it alone too.
    call("desk", "lock");
    call("job", "lock");
    call("desk", "unlock");
    assert_eq!(found(&stage), []);
    stage.reset();
    call("desk", "lock");
    call("job", "lock");
    call("job", "unlock");
    let found = found(&stage);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].1.len()), ("lock_taken", 3));
}

const COOKIE: &str = "Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";

fn phone(stage: &Stage, path: &str) -> String {
    let reply = stage.send(&format!("GET /webservices/services/telephony/{path}\n{COOKIE}\n\n"));
    assert!(reply.starts_with("200"), "{reply}");
    reply
}

#[test]
fn a_login_before_every_request_is_found() {
    let log_in = |stage: &Stage| {
        let login = "GET /webservices/services/apitoken/login/api.user\n\
             Authorization: UGE1NXdvcmQh\n\n";
        let reply = stage.send(login);
        assert!(reply.starts_with("200"), "{reply}");
    };
    let stage = Stage::demo();
    for _ in 0..2 {
        log_in(&stage);
        phone(&stage, "getcalls/user/101");
    }
    phone(&stage, "getcalls/user/101");
    assert_eq!(found(&stage), []);
    for _ in 0..4 {
        log_in(&stage);
        phone(&stage, "getcalls/user/101");
    }
    assert_eq!(found(&stage), [("login_each_time", vec![6, 8, 10, 12])]);
    let told = stage.findings().to_json().to_string();
    assert!(told.contains("api.user logged in 4 times in a row"), "{told}");
    assert!(!told.contains("Pa55word"), "{told}");
}

#[test]
fn an_agent_that_is_driven_in_two_calls_is_found() {
    let offer = |stage: &Stage| -> Value {
        let event = json!({ "user": 101, "phone": "07700900142" });
        stage.event("maxcontact", "offer_call", &event).unwrap()
    };
    let stage = Stage::demo();
    phone(&stage, "goready/user/101");
    let first = offer(&stage)["call"].clone();
    phone(&stage, &format!("hold/user/101/call/{first}"));
    phone(&stage, &format!("retrieve/user/101/call/{first}"));
    assert_eq!(found(&stage), []);
    phone(&stage, &format!("hold/user/101/call/{first}"));
    phone(&stage, "dial/user/101/phone/01632960178");
    let second = json!(first.as_i64().unwrap() + 1);
    stage.event("maxcontact", "far_end_answers", &json!({ "call": second })).unwrap();
    phone(&stage, &format!("startrecord/user/101/call/{second}"));
    assert_eq!(found(&stage), []);
    phone(&stage, &format!("startrecord/user/101/call/{first}"));
    phone(&stage, &format!("stoprecord/user/101/call/{second}"));
    let names: Vec<_> = found(&stage).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["two_calls", "two_calls"]);
}

#[test]
fn windows_that_do_not_fit_together_are_found() {
    let stage = Stage::demo();
    let poll = |from: &str, to: &str| {
        let reply = stage.send(&format!(
            "GET /_access/fetchCallersByDate?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451\
             &dateFrom={from}%2000:00:00&dateTo={to}%2000:00:00\n\n"
        ));
        assert!(reply.starts_with("200"), "{reply}");
    };
    poll("2015-09-01", "2015-09-02");
    poll("2015-09-02", "2015-09-03");
    poll("2015-09-02", "2015-09-03");
    poll("2015-09-01", "2015-09-02");
    assert_eq!(found(&stage), []);
    poll("2015-09-04", "2015-09-05");
    poll("2015-09-04", "2015-09-06");
    let findings = stage.findings().kept;
    let what: Vec<&str> = findings.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "the window of entry 2 ends at 2015-09-03 00:00:00, that of entry 5 begins at \
             2015-09-04 00:00:00 and leaves out what lies between",
            "the window of entry 5 ends at 2015-09-05 00:00:00, that of entry 6 begins at \
             2015-09-04 00:00:00 and holds the time between a second time",
        ]
    );
}

#[test]
fn a_window_whose_reply_was_lost_is_none_that_its_client_has_seen() {
    let stage = Stage::demo();
    for (vendor, operation) in [("maestro", "fetch_callers_by_date"), ("infocu5", "get_calls")] {
        stage.fault(&json!({ "on": { "vendor": vendor, "operation": operation, "nth": 1 },
            "then": "lose_reply" }));
    }
    for to in ["2015-09-02", "2015-09-03"] {
        stage.send(&format!(
            "GET /_access/fetchCallersByDate?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451\
             &dateFrom=2015-09-01%2000:00:00&dateTo={to}%2000:00:00\n\n"
        ));
    }
    let asked = |to: &str| {
        stage.send(&format!(
            "POST /dialer/\n\n{}",
            json!({ "affiliateID": "A7k2Qm9ZrT4x", "affiliateKey": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                "dialerFunction": "getCalls", "dateStart": "2022-03-04T00:00:00Z", "dateEnd": to })
        ));
    };
    asked("2022-03-04T00:00:20Z");
    asked("2022-03-05T00:00:00Z");
    assert_eq!(found(&stage), []);
}

/// Asks INFOCU5 for the calls of a window.
fn calls(stage: &Stage, from: &str, to: &str) {
    let reply = stage.send(&format!(
        "POST /dialer/\n\n{}",
        json!({ "affiliateID": "A7k2Qm9ZrT4x", "affiliateKey": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "dialerFunction": "getCalls", "dateStart": from, "dateEnd": to })
    ));
    assert!(reply.starts_with("200"), "{reply}");
}

#[test]
fn closed_windows_that_do_not_fit_together_are_found() {
    let stage = Stage::demo();
    let day = |day: &str| {
        calls(&stage, &format!("2022-03-{day}T00:00:00Z"), &format!("2022-03-{day}T23:59:59Z"));
    };
    // The first finds nothing, which the vendor says with a code of its own.
    day("03");
    day("04");
    day("04");
    // Read again with a margin, and with another offset.
    calls(&stage, "2022-03-04T23:00:00Z", "2022-03-06T01:00:00+01:00");
    calls(&stage, "2022-03-06T00:00:01Z", "2022-03-07T00:00:00Z");
    assert_eq!(found(&stage), []);
    calls(&stage, "2022-03-07T00:00:00Z", "2022-03-08T00:00:00Z");
    calls(&stage, "2022-03-08T00:00:02Z", "2022-03-09T00:00:00Z");
    let findings = stage.findings().kept;
    let what: Vec<&str> = findings.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "the window of entry 5 ends with 2022-03-07T00:00:00Z, that of entry 6 begins with \
             2022-03-07T00:00:00Z and holds its last second a second time",
            "the window of entry 6 ends with 2022-03-08T00:00:00Z, that of entry 7 begins with \
             2022-03-08T00:00:02Z and leaves out what lies between",
        ]
    );
    assert_eq!(findings[0].name, "poll_window");
}

#[test]
fn windows_fit_together_as_the_switch_has_them() {
    let stage = Stage::demo();
    stage.set_variant("infocu5", "window", "half_open");
    calls(&stage, "2022-03-04T00:00:00Z", "2022-03-05T00:00:00Z");
    calls(&stage, "2022-03-05T00:00:00Z", "2022-03-06T00:00:00Z");
    assert_eq!(found(&stage), []);
    calls(&stage, "2022-03-06T00:00:01Z", "2022-03-07T00:00:00Z");
    let findings = stage.findings().kept;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].what.ends_with("leaves out what lies between"), "{}", findings[0].what);
    let told = stage.findings().to_json().to_string();
    assert!(told.contains("begin each window where the last one ended"), "{told}");
}

#[test]
fn windows_that_end_with_the_present_are_found() {
    let stage = Stage::demo();
    // The clock stands at nine.
    calls(&stage, "2026-03-02T08:00:00Z", "2026-03-02T08:29:59Z");
    calls(&stage, "2026-03-02T08:30:00Z", "2026-03-02T08:44:59Z");
    assert_eq!(found(&stage), []);
    calls(&stage, "2026-03-02T08:45:00Z", "2026-03-02T08:59:59Z");
    assert_eq!(found(&stage), [("late_rows", vec![2, 3])]);
    // Who reads again what may have come since loses nothing.
    let stage = Stage::demo();
    for (from, to) in [("08:00", "08:30"), ("08:00", "08:45"), ("08:15", "09:00")] {
        calls(&stage, &format!("2026-03-02T{from}:00Z"), &format!("2026-03-02T{to}:00Z"));
    }
    assert_eq!(found(&stage), []);
}

#[test]
fn what_was_before_a_reset_is_forgotten() {
    let stage = Stage::demo();
    let lock = "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock";
    let poll = |from: &str, to: &str| {
        stage.send(&format!(
            "GET /_access/fetchCallersByDate?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451\
             &dateFrom={from}&dateTo={to}\n\n"
        ));
    };
    let dial = || stage.event("jtel", "dial_contact", &json!({ "contact": 301_501 }));
    stage.fault(&json!({ "on": { "vendor": "jtel", "operation": "import_contact", "nth": 1 },
        "then": "lose_reply" }));
    import(&stage, "NEW-1");
    stage.send(&format!("{lock}\n{TOKEN}\n\n"));
    poll("2015-09-01%2000:00:00", "2015-09-03%2000:00:00");
    stage.reset();
    import(&stage, "NEW-1");
    dial().unwrap();
    poll("2015-09-02%2000:00:00", "2015-09-04%2000:00:00");
    assert_eq!(found(&stage), []);
}

#[test]
fn a_credential_in_a_query_is_found_and_not_shown() {
    let stage = Stage::demo();
    stage.send("GET /rest/v1.0/7/dialler/contacts/301501?token=SIMTOKEN-7A\n\n");
    stage.send("GET /rest/v1.0/7/dialler/contacts/301502?Token=SIMTOKEN-7A\n\n");
    assert_eq!(found(&stage), [("secret_in_query", vec![1, 2])]);
    assert!(!stage.findings().to_json().to_string().contains("SIMTOKEN"));
}

#[test]
fn oracles_name_switches_that_there_are() {
    for vendor in crate::vendors::ALL {
        for oracle in vendor.surface.oracles {
            let Oracle::ClosedWindow(polled) = *oracle else { continue };
            let Some((switch, position)) = polled.half_open else { continue };
            let switch = vendor.surface.variants.iter().find(|it| it.name == switch).unwrap();
            assert!(switch.position(position).is_some(), "{}: {position}", switch.name);
        }
    }
}

#[test]
fn oracles_name_operations_that_there_are() {
    for vendor in crate::vendors::ALL {
        let surface = vendor.surface;
        for oracle in surface.oracles {
            let (Oracle::Repeated { operation, .. }
            | Oracle::LoginEachTime { operation, .. }
            | Oracle::Window { operation, .. }
            | Oracle::ClosedWindow(Polled { operation, .. })
            | Oracle::LateRows(Polled { operation, .. })) = *oracle
            else {
                continue;
            };
            assert!(surface.operation(operation).is_some(), "{}: {operation}", surface.vendor);
        }
    }
}
