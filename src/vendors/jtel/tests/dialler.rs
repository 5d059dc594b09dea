//! Days of a dialler.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::jtel::tests::{ask, contract, effects, get, ids, import, scenario};

fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3600)
}

fn event(stage: &Stage, name: &str, body: &Value) {
    stage.event("jtel", name, body).unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// The effects of everything so far, in order, without what requests did.
fn all_effects(stage: &Stage) -> Vec<String> {
    let journal = stage.journal();
    let all = journal.iter().flat_map(|shown| shown["effects"].as_array().into_iter().flatten());
    all.map(Value::to_string).collect()
}

/// Everything that the dialler keeps.
fn state(stage: &Stage) -> Vec<Vec<Value>> {
    ["contacts", "history", "calls", "campaigns"].map(|name| stage.table("jtel", name)).into()
}

/// A campaign of three agents and 40 contacts with numbers of every ending.
fn small_day() -> Stage {
    let mut scenario = scenario();
    scenario["jtel"]["campaigns"][0]["agents"] = json!([44, 45, 46]);
    scenario["jtel"]["campaigns"][0]["active_from"] = "10:00".into();
    scenario["jtel"]["campaigns"][0]["active_to"] = "16:30".into();
    scenario["jtel"]["result_codes"][3]["weight"] = 1.into();
    let contacts: Vec<Value> = (1..=40_i64)
        .map(|id| {
            let phone = format!("4930231{id:03}{:04}", id % 8);
            let second =
                if id % 3 == 0 { json!(format!("4940669{id:03}000")) } else { Value::Null };
            json!({"id": id, "campaign": 612, "name": format!("N{id}"), "phone_number1": phone,
                   "phone_number2": second, "locked": id % 10 == 0})
        })
        .collect();
    scenario["jtel"]["contacts"] = contacts.into();
    Stage::new(&scenario)
}

#[test]
fn the_same_day_in_any_number_of_steps_is_the_same_day() {
    let day = |n_steps: u32| {
        let stage = small_day();
        event(&stage, "start_campaign", &json!({"campaign": 612}));
        for _ in 0..n_steps {
            stage.advance(hours(8) / n_steps);
        }
        (state(&stage), all_effects(&stage))
    };
    let whole = day(1);
    assert!(whole.0[1].len() > 60, "{} calls", whole.0[1].len());
    for n_steps in [8, 480] {
        let stepped = day(n_steps);
        assert_eq!(whole.0, stepped.0, "{n_steps} steps");
        assert_eq!(whole.1, stepped.1, "{n_steps} steps");
    }
}

#[test]
fn a_day_keeps_to_its_rules() {
    let stage = small_day();
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(hours(8));
    let (contacts, history) = (stage.table("jtel", "contacts"), stage.table("jtel", "history"));
    let calls: Vec<&Value> = history.iter().filter(|it| !it["call_id"].is_null()).collect();
    let hours = 1_709_546_400_000..1_709_569_800_000_i64;
    for call in &calls {
        assert!(hours.contains(&call["at_ms"].as_i64().unwrap()), "outside the hours: {call}");
        let agents = [44, 45, 46].map(Some);
        assert!(agents.contains(&call["users_id"].as_i64()), "{call}");
    }
    for agent in [44, 45, 46] {
        let mut spans: Vec<(i64, i64)> = calls
            .iter()
            .filter(|it| it["users_id"] == agent)
            .map(|it| (it["at_ms"].as_i64().unwrap(), it["end_ms"].as_i64().unwrap()))
            .collect();
        spans.sort_unstable();
        assert!(spans.windows(2).all(|two| two[0].1 <= two[1].0), "two calls at once: {agent}");
    }
    for contact in &contacts {
        let id = contact["id"].as_i64().unwrap();
        let of_contact = || calls.iter().filter(|it| it["contact_id"] == id);
        let tries: i64 = (1..=6).map(|n| contact[format!("tries{n}")].as_i64().unwrap()).sum();
        assert_eq!(of_contact().count(), usize::try_from(tries).unwrap(), "contact {id}");
        assert!(tries <= 6 && (id % 10 != 0 || tries == 0), "contact {id}: {tries} tries");
        if id % 8 == 3 && id % 10 != 0 {
            assert_eq!(contact["phone_number1_invalid"], 1, "contact {id}");
            let has_second = !contact["phone_number2"].is_null();
            assert_eq!(contact["result_code"] == 3101, !has_second, "contact {id}");
        }
        if id % 8 == 4 && id % 10 != 0 {
            assert_eq!(contact["last_result_mailbox"], i64::from(id % 3 != 0), "contact {id}");
        }
    }
}

#[test]
fn a_locked_contact_is_passed_over_once_and_comes_back() {
    let stage = contract(&json!({}));
    ask(&stage, "PATCH", "contacts/contact/1/lock", None);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(hours(1));
    assert_eq!(effects(&stage)[0], "contact 1 is locked: not dialled until unlocked");
    assert_eq!(get(&stage, "contacts/contact/1/history")["count"], 0);
    stage.advance(hours(1));
    assert!(effects(&stage).is_empty());
    ask(&stage, "PATCH", "contacts/contact/1/unlock", None);
    assert_eq!(effects(&stage), ["contact 1 unlocked"]);
    stage.advance(hours(1));
    assert_eq!(effects(&stage)[0], "contact 1 dialled: 4943155501, try 1, call 2, agent 44");
    assert_eq!(get(&stage, "contacts/1")["records"][0]["DiallerCampaignsResultCodesID"], 3105);
}

#[test]
fn a_contact_deleted_on_a_call_leaves_nothing() {
    let stage = contract(&json!({}));
    event(&stage, "dial_contact", &json!({"contact": 1}));
    assert_eq!(effects(&stage), ["contact 1 dialled: 4943155501, try 1, call 1, agent 44"]);
    assert_eq!(
        get(&stage, "contacts/contact/1/history")["records"][0]["StatisticsPartA"]["dtCallEnd"],
        Value::Null
    );
    ask(&stage, "DELETE", "contacts/contact/1", None);
    assert_eq!(
        effects(&stage),
        [
            "contact 1 deleted with 1 history entry",
            "call 1 with contact 1 is up: it goes on, and nothing is kept of it"
        ]
    );
    assert_eq!(stage.table("jtel", "calls").len(), 1);
    stage.advance(hours(1));
    assert_eq!(
        effects(&stage),
        ["call 1 ended: answers; contact 1 was deleted meanwhile, nothing is kept"]
    );
    assert!(stage.table("jtel", "calls").is_empty() && stage.table("jtel", "history").is_empty());
}

#[test]
fn a_contact_overwritten_on_a_call_keeps_its_result() {
    let stage = contract(&json!({}));
    event(&stage, "dial_contact", &json!({"contact": 1}));
    let body =
        json!({"DiallerCampaignsID": 612, "UserData": "U", "Name": "Neu", "PhoneNumber1": "49301"});
    assert_eq!(import(&stage, true, &body)["nTriesPhoneNumber1"], 1);
    assert_eq!(
        effects(&stage)[2],
        "call 1 with contact 1 is up: it goes on, and its result counts"
    );
    stage.advance(hours(1));
    let record = get(&stage, "contacts/1")["records"][0].clone();
    assert_eq!(
        (&record["DiallerCampaignsResultCodesID"], &record["Name"]),
        (&json!(3105), &json!("Neu"))
    );
    let history = get(&stage, "contacts/contact/1/history");
    assert_eq!(history["records"][0]["StatisticsPartA"]["BNumber"], "4943155501");
}

#[test]
fn a_contact_locked_on_a_call_is_not_dialled_again() {
    let mut scenario = scenario();
    scenario["line"] = json!([{"vendor": "jtel", "then": "busy"}]);
    let stage = Stage::new(&scenario);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(Duration::from_millis(1));
    ask(&stage, "PATCH", "contacts/contact/1/lock", None);
    assert_eq!(
        effects(&stage),
        ["contact 1 locked", "call 1 with contact 1 is up: it goes on, and is the last one"]
    );
    stage.advance(hours(8));
    let tries = |id: i64| {
        get(&stage, &format!("contacts/{id}"))["records"][0]["nTriesPhoneNumber1"].clone()
    };
    assert_eq!((tries(1), tries(2)), (json!(1), json!(3)));
    let used_up = get(&stage, "contacts/2")["records"][0].clone();
    assert_eq!(used_up["DiallerCampaignsResultCodesID"], 3103);
    assert_eq!(
        (&used_up["nPhoneNumber1LastCause"], &used_up["dtNextTry"]),
        (&json!(17), &Value::Null)
    );
}

#[test]
fn a_pause_behind_the_end_of_the_calendar_is_the_last() {
    let mut scenario = scenario();
    scenario["clock"]["at"] = "9999-12-31T23:50:00Z".into();
    scenario["line"] = json!([{"vendor": "jtel", "then": "busy"}]);
    let stage = Stage::new(&scenario);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(Duration::from_millis(10 * 60_000 - 1));
    for id in [1, 2] {
        let contact = get(&stage, &format!("contacts/{id}"))["records"][0].clone();
        assert_eq!(contact["nTriesPhoneNumber1"], 1, "{contact}");
        assert_eq!(contact["dtNextTry"], Value::Null, "{contact}");
    }
    assert_eq!(stage.table("jtel", "contacts")[0]["due_ms"], Value::Null);
}

#[test]
fn results_are_recorded_by_hand() {
    let stage = contract(&json!({}));
    event(&stage, "dial_contact", &json!({"contact": 1, "user": 77}));
    event(&stage, "record_result", &json!({"contact": 1, "result_code": 3104}));
    assert_eq!(
        effects(&stage),
        ["call 1 ended: answers; contact 1 has result code 3104 and is dialled again from \
          2024-03-04T11:00:00Z on"]
    );
    let appointment = json!({"contact": 1, "result_code": 3107, "at": "2024-03-05T10:00:00Z"});
    event(&stage, "record_result", &appointment);
    let record = get(&stage, "contacts/1")["records"][0].clone();
    assert_eq!(record["dtNextTry"], "2024-03-05T10:00:00.000Z");
    let history = get(&stage, "contacts/contact/1/history");
    assert_eq!(history["records"][0]["DiallerCampaignsResultCodes"]["bDelay"], true);
    assert_eq!(history["records"][1]["StatisticsPartA"], Value::Null);
    for (body, reason) in [
        (
            json!({"contact": 3, "result_code": 3104}),
            "result code 3104 is not one of campaign 613, to which contact 3 belongs",
        ),
        (json!({"contact": 9, "result_code": 3104}), "there is no contact 9 in this world"),
        (
            json!({"contact": 1, "result_code": 3105, "at": "2024-03-05T10:00:00Z"}),
            "result code 3105 is final (done); expected no \"at\"",
        ),
        (
            json!({"contact": 1, "result_code": 3107, "at": "2024-03-01T10:00:00Z"}),
            "at is 2024-03-01T10:00:00Z, in the past; expected a time from 2024-03-04T09:00:00Z on",
        ),
    ] {
        assert_eq!(stage.event("jtel", "record_result", &body).unwrap_err(), reason);
    }
}

#[test]
fn dialling_by_hand_is_refused_where_it_cannot_be() {
    let stage = contract(&json!({}));
    let refused = |body: &Value| stage.event("jtel", "dial_contact", body).unwrap_err();
    ask(&stage, "PATCH", "contacts/contact/1/lock", None);
    assert_eq!(
        refused(&json!({"contact": 1})),
        "contact 1 is locked; expected one that is not: unlock it first"
    );
    assert_eq!(
        refused(&json!({"contact": 2, "number": 3})),
        "contact 2 has no such number; expected one that is set"
    );
    event(&stage, "dial_contact", &json!({"contact": 2}));
    assert_eq!(
        refused(&json!({"contact": 2})),
        "contact 2 is on call 1; expected one that is on no call"
    );
    assert_eq!(refused(&json!({"contact": 99})), "there is no contact 99 in this world");
}

#[test]
fn an_incoming_call_closes_the_contact_where_the_campaign_says_so() {
    let stage = contract(&json!({}));
    event(&stage, "incoming_call", &json!({"client": 7, "number": "4943155501"}));
    assert_eq!(
        effects(&stage),
        ["contact 1 called from 4943155501 and has result code 3102 and is closed"]
    );
    let history = get(&stage, "contacts/contact/1/history");
    assert_eq!(history["records"][0]["StatisticsPartA"]["bOutbound"], false);
    event(&stage, "incoming_call", &json!({"client": 7, "number": "4930555030"}));
    assert_eq!(effects(&stage), ["a call from 4930555030 closed no contact"]);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(hours(1));
    let dialled: Vec<i64> = stage
        .table("jtel", "history")
        .iter()
        .filter(|it| it["outbound"] == 1)
        .filter_map(|it| it["contact_id"].as_i64())
        .collect();
    assert_eq!(dialled, [2]);
}

#[test]
fn a_stopped_campaign_ends_its_calls_and_begins_no_other() {
    let stage = contract(&json!({}));
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(Duration::from_millis(1));
    event(&stage, "stop_campaign", &json!({"campaign": 612}));
    import(
        &stage,
        false,
        &json!({"DiallerCampaignsID": 612, "Name": "X", "PhoneNumber1": "49302312345"}),
    );
    stage.advance(hours(2));
    assert_eq!(stage.table("jtel", "history").len(), 2);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(hours(2));
    assert_eq!(stage.table("jtel", "history").len(), 3);
    // What comes in while it runs is dialled at once.
    import(
        &stage,
        false,
        &json!({"DiallerCampaignsID": 612, "Name": "Y", "PhoneNumber1": "49302312346"}),
    );
    stage.advance(Duration::from_millis(1));
    assert_eq!(effects(&stage)[0], "contact 6 dialled: 49302312346, try 1, call 4, agent 44");
}

#[test]
fn a_cap_on_lines_holds() {
    let mut scenario = scenario();
    scenario["jtel"]["campaigns"][0]["parallel_lines"] = 1.into();
    let stage = Stage::new(&scenario);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(Duration::from_millis(1));
    assert_eq!(stage.table("jtel", "calls").len(), 1);
    assert_eq!(ids(&get(&stage, "contacts?diallerCampaignsID=612")), [1, 2]);
}

#[test]
fn a_contact_with_a_final_code_stays_closed() {
    let stage = contract(&json!({}));
    event(&stage, "record_result", &json!({"contact": 1, "result_code": 3105}));
    event(&stage, "incoming_call", &json!({"client": 7, "number": "4943155501"}));
    assert_eq!(
        effects(&stage),
        [
            "contact 1 called from 4943155501 and stays closed with result code 3105",
            "a call from 4943155501 closed no contact",
        ]
    );
    // The call is on record, and the contact is as it was.
    let history = get(&stage, "contacts/contact/1/history");
    assert_eq!(history["count"], 2);
    assert_eq!(history["records"][1]["DiallerCampaignsResultCodesID"], Value::Null);
    let contact = get(&stage, "contacts/1");
    assert_eq!(contact["records"][0]["DiallerCampaignsResultCodesID"], 3105);
    let refused = stage.event("jtel", "dial_contact", &json!({"contact": 1})).unwrap_err();
    assert!(refused.contains("closed with result code 3105, which is final"), "{refused}");
    // Another code opens it again.
    event(&stage, "record_result", &json!({"contact": 1, "result_code": 3104}));
    event(&stage, "dial_contact", &json!({"contact": 1}));
}

#[test]
fn blanks_are_no_number_to_dial() {
    let mut scenario = scenario();
    scenario["jtel"]["contacts"][0]["phone_number1"] = "  ".into();
    let stage = Stage::new(&scenario);
    event(&stage, "start_campaign", &json!({"campaign": 612}));
    stage.advance(Duration::from_millis(1));
    assert_eq!(effects(&stage)[0], "contact 1 has no number to dial: closed with result code 3101");
}

#[test]
fn a_campaign_that_cannot_dial_says_why() {
    for (field, value, why) in [
        ("parallel_lines", json!(0), "it has no line (nMaxParallelLines is 0)"),
        ("to", json!("2024-03-04T08:59:59Z"), "it ended at 2024-03-04T08:59:59Z (dtTo)"),
        ("to", json!("2024-03-04T09:00:00Z"), "it ended at 2024-03-04T09:00:00Z (dtTo)"),
    ] {
        let mut scenario = scenario();
        scenario["jtel"]["campaigns"][0][field] = value;
        let stage = Stage::new(&scenario);
        event(&stage, "start_campaign", &json!({"campaign": 612}));
        let said = format!("campaign 612 started, and dials nobody: {why}");
        assert_eq!(effects(&stage), [said]);
    }
}

#[test]
fn people_become_contacts_one_by_one() {
    let mut scenario = scenario();
    scenario["crowd"] = 100.into();
    scenario["traffic"] = json!([{ "name": "recall", "vendor": "jtel", "kind": "campaign",
        "campaign": 613, "per_hour": 60, "hours": ["09:00-10:00"] }]);
    let stage = Stage::new(&scenario);
    let n_contacts = || stage.table("jtel", "contacts").len() - 4;
    stage.advance(Duration::from_secs(1));
    assert!(n_contacts() < 5, "{}", n_contacts());
    stage.advance(Duration::from_mins(30));
    assert!((15..45).contains(&n_contacts()), "{}", n_contacts());
    stage.advance(Duration::from_mins(30));
    assert_eq!(n_contacts(), 60);
}
