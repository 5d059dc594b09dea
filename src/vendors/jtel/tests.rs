//! Transcripts: a request in, the reply, the reason and the effects out.

mod dialler;
mod property;
mod reasons;

use serde_json::{Value, json};

use crate::base::seed::Seed;
use crate::testing::Stage;

/// The world of the contract's examples, with switches turned.
fn contract(variants: &Value) -> Stage {
    let mut scenario = scenario();
    scenario["jtel"]["variants"] = variants.clone();
    Stage::new(&scenario)
}

/// Two client accounts, three campaigns, two contacts with the same `UserData` and one without.
fn scenario() -> Value {
    let code = |id: i64, campaign: i64, kind: &str, weight: i64| {
        json!({
            "id": id, "campaign": campaign, "export_key": format!("KEY_{id}"), "type": kind,
            "weight": weight, "texts": [{"language": 2, "text": format!("Text {id}")}],
        })
    };
    json!({
        "seed": 42,
        "clock": {"mode": "frozen", "at": "2024-03-04T09:00:00Z"},
        "jtel": {
            "clients": [
                {"id": 7, "tokens": ["SIMTOKEN-7A"]},
                {"id": 8, "tokens": ["SIMTOKEN-8A"]},
            ],
            "campaigns": [
                {"id": 612, "client": 7, "name": "Spring Recall", "language": 2,
                 "close_on_incoming": true, "no_number_code": 3101, "incoming_code": 3102,
                 "tries_used_up_code": 3103, "agents": [44, 45]},
                {"id": 613, "client": 7, "name": "Winback 2024"},
                {"id": 812, "client": 8, "name": "Spring Recall"},
            ],
            "result_codes": [
                code(3101, 612, "abort", 0), code(3102, 612, "done", 0),
                code(3103, 612, "abort", 0), code(3104, 612, "delay", 0),
                code(3105, 612, "done", 1), code(3107, 612, "appointment", 0),
            ],
            "contacts": [
                {"id": 1, "campaign": 612, "user_data": "U", "name": "Adler",
                 "phone_number1": "4943155501"},
                {"id": 2, "campaign": 612, "user_data": "U", "name": "Brandt",
                 "phone_number1": "4940555020"},
                {"id": 3, "campaign": 613, "user_data": "U", "name": "Castell",
                 "phone_number1": "4930555030"},
                {"id": 4, "campaign": 812, "user_data": "FOREIGN", "name": "Dorn",
                 "phone_number1": "4930555031"},
            ],
        },
    })
}

/// Sends a request of client account 7; answers status and body as JSON (null where it is empty).
fn ask(stage: &Stage, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let body = body.map(Value::to_string).unwrap_or_default();
    let text = format!(
        "{method} /rest/v1.0/7/dialler/{path} HTTP/1.1\nAuthorization: Bearer SIMTOKEN-7A\n\
         Content-Type: application/json\n\n{body}\n"
    );
    let response = stage.request(&text);
    (response.status.as_u16(), serde_json::from_slice(&response.body).unwrap_or_default())
}

fn get(stage: &Stage, path: &str) -> Value {
    let (status, body) = ask(stage, "GET", path, None);
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn import(stage: &Stage, overwrite: bool, body: &Value) -> Value {
    let path = format!("contacts/import?overwriteDuplicates={overwrite}");
    let (status, reply) = ask(stage, "POST", &path, Some(body));
    assert_eq!(status, 200, "{reply}");
    reply["records"][0].clone()
}

/// The effects of the last input.
fn effects(stage: &Stage) -> Vec<String> {
    let last = stage.journal().pop().unwrap_or_default();
    let texts = last["effects"].as_array().into_iter().flatten();
    texts.filter_map(|it| it["text"].as_str()).map(str::to_owned).collect()
}

fn ids(records: &Value) -> Vec<i64> {
    records["records"].as_array().unwrap().iter().filter_map(|it| it["ID"].as_i64()).collect()
}

#[test]
fn each_pick_takes_another_victim_and_the_same_one_every_time() {
    let victims = |pick: &str| {
        let mut scenario = scenario();
        scenario["seed"] = 1.into();
        scenario["jtel"]["variants"] = json!({ "pick": pick });
        let stage = Stage::new(&scenario);
        let all = ids(&get(&stage, "contacts/contact?userData=U"));
        let mut order = Vec::new();
        for _ in 0..3 {
            let before = ids(&get(&stage, "contacts/contact?userData=U"));
            assert_eq!(ask(&stage, "DELETE", "contacts/contact?userData=U", None).0, 200);
            let after = ids(&get(&stage, "contacts/contact?userData=U"));
            order.extend(before.into_iter().filter(|id| !after.contains(id)));
        }
        assert_eq!(ask(&stage, "DELETE", "contacts/contact?userData=U", None).0, 404);
        (all, order)
    };
    assert_eq!(victims("lowest_id"), (vec![1, 2, 3], vec![1, 2, 3]));
    assert_eq!(victims("highest_id"), (vec![1, 2, 3], vec![3, 2, 1]));
    let drawn = victims("seeded_random");
    assert_eq!(drawn, victims("seeded_random"));
    assert_eq!(drawn.1[0], 2, "drawn from the seed: a change here moves every world");
    assert_ne!(drawn.0, drawn.1, "the list is no hint at the victim");
}

#[test]
fn a_pick_among_several_stands_in_the_effects() {
    let stage = contract(&json!({}));
    ask(&stage, "PATCH", "contacts/contact/lock?userData=U", None);
    assert_eq!(
        effects(&stage),
        [
            "userData \"U\" is that of contacts 1, 2, 3: 1 taken (pick is lowest_id)",
            "contact 1 locked"
        ]
    );
    ask(&stage, "PATCH", "contacts/contact/1/lock", None);
    assert_eq!(effects(&stage), ["contact 1 was locked already"]);
    let locked: Vec<_> =
        stage.table("jtel", "contacts").iter().map(|it| it["locked"].clone()).collect();
    assert_eq!(locked, [json!(1), json!(0), json!(0), json!(0)]);
}

#[test]
fn an_import_overwrites_within_its_scope() {
    let body =
        json!({"DiallerCampaignsID": 613, "UserData": "U", "Name": "Neu", "PhoneNumber2": "1"});
    let stage = contract(&json!({}));
    assert_eq!(import(&stage, true, &body)["ID"], 3);
    assert_eq!(effects(&stage), ["contact 3 overwritten: UserData, Name, PhoneNumber2"]);
    let stage = contract(&json!({"match_scope": "client"}));
    let overwritten = import(&stage, true, &body);
    assert_eq!((&overwritten["ID"], &overwritten["DiallerCampaignsID"]), (&json!(1), &json!(612)));
    assert_eq!(overwritten["PhoneNumber1"], "4943155501");
    let stage = contract(&json!({"overwrite_extent": "full", "pick": "highest_id"}));
    let overwritten = import(&stage, true, &body);
    assert_eq!((&overwritten["ID"], &overwritten["PhoneNumber1"]), (&json!(3), &Value::Null));
    let stage = contract(&json!({"overwrite_absent": "true"}));
    let (_, reply) = ask(&stage, "POST", "contacts/import", Some(&body));
    assert_eq!(ids(&reply), [3]);
}

#[test]
fn without_user_data_an_import_always_makes_a_new_contact() {
    let stage = contract(&json!({}));
    for user_data in [json!(""), Value::Null] {
        let body = json!({"DiallerCampaignsID": 612, "UserData": user_data, "Name": "X", "PhoneNumber6": "1"});
        let first = import(&stage, true, &body)["ID"].as_i64().unwrap();
        assert_eq!(import(&stage, true, &body)["ID"], first + 1);
    }
    let duplicate =
        json!({"DiallerCampaignsID": 612, "UserData": "U", "Name": "X", "PhoneNumber1": "1"});
    assert_eq!(import(&stage, false, &duplicate)["ID"], 9);
    assert_eq!(ids(&get(&stage, "contacts/contact?userData=U")), [1, 2, 3, 9]);
}

#[test]
fn an_import_is_answered_as_a_read_is() {
    let stage = contract(&json!({}));
    for amount in [json!(-0.0), json!(0), json!(1e300), json!(12), Value::Null] {
        let body = json!({"DiallerCampaignsID": 612, "Name": "\u{0}\"é", "PhoneNumber1": "1", "Amount": amount,
            "RandomSortOrder": i64::MIN, "UserData": "", "Title": "  "});
        let made = import(&stage, false, &body);
        assert_eq!(get(&stage, &format!("contacts/{}", made["ID"]))["records"][0], made);
    }
}

#[test]
fn an_import_reads_values_as_its_switches_say() {
    let body = |extra: Value| {
        let mut body = json!({"DiallerCampaignsID": 612, "Name": "X", "PhoneNumber1": "1"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let stage = contract(&json!({}));
    let stored = import(
        &stage,
        false,
        &body(json!({
            "Amount": 12.5, "RandomSortOrder": 7, "City": "", "Salutation": "ä".repeat(16),
            "nTriesPhoneNumber1": 9, "dtImported": "x", "Phonenumber2": "2",
        })),
    );
    assert_eq!((&stored["Amount"], &stored["RandomSortOrder"]), (&json!(12.5), &json!(7)));
    assert_eq!((&stored["City"], &stored["nTriesPhoneNumber1"]), (&Value::Null, &json!(0)));
    assert_eq!(
        effects(&stage)[1],
        "not importable, ignored: nTriesPhoneNumber1, dtImported, Phonenumber2"
    );
    let stage = contract(&json!({
        "field_types": "lenient", "length_policy": "truncate", "empty_text": "kept",
    }));
    let stored = import(
        &stage,
        false,
        &body(json!({
            "DiallerCampaignsID": "612", "PhoneNumber1": 4930, "Amount": "1.5", "City": "",
            "Salutation": "ä".repeat(17), "Amount2": true,
        })),
    );
    assert_eq!((&stored["PhoneNumber1"], &stored["Amount"]), (&json!("4930"), &json!(1.5)));
    assert_eq!((&stored["City"], &stored["Salutation"]), (&json!(""), &json!("ä".repeat(16))));
    let both = json!({"DiallerCampaignsID": 612, "DiallerCampaignsName": "Winback 2024",
        "Name": "X", "PhoneNumber1": "1"});
    assert_eq!(import(&stage, false, &both)["DiallerCampaignsID"], 612);
    let stage = contract(&json!({"both_campaign_keys": "name"}));
    assert_eq!(import(&stage, false, &both)["DiallerCampaignsID"], 613);
}

#[test]
fn a_reset_puts_the_state_back_only_where_it_is_taken() {
    let body = json!({"DiallerCampaignsID": 612, "UserData": "U", "Name": "Adler",
        "PhoneNumber1": "4943155501", "ResetContact": true});
    for (switch, tries, due) in [("ignored", 1, Value::Null), ("taken", 0, json!(0))] {
        let stage = contract(&json!({"reset_contact": switch}));
        stage.event("jtel", "dial_contact", &json!({"contact": 1})).unwrap();
        stage.event("jtel", "record_result", &json!({"contact": 1, "result_code": 3105})).unwrap();
        let contact = import(&stage, true, &body);
        assert_eq!(contact["nTriesPhoneNumber1"], tries);
        assert_eq!(stage.table("jtel", "contacts")[0]["due_ms"], due);
    }
}

#[test]
fn dates_keys_and_media_type_follow_their_switches() {
    let stage = contract(&json!({
        "date_style": "z_micros", "key_order": "shuffled", "response_content_type": "plain",
    }));
    import(&stage, false, &json!({"DiallerCampaignsID": 612, "Name": "X", "PhoneNumber1": "1"}));
    let text = stage.send(
        "GET /rest/v1.0/7/dialler/contacts/5 HTTP/1.1\nAuthorization: Bearer SIMTOKEN-7A\n\n",
    );
    assert!(text.contains("\"dtImported\":\"2024-03-04T09:00:00.000000Z\""), "{text}");
    assert!(text.contains("content-type: application/json\n"), "{text}");
    let body: Value = serde_json::from_str(text.split("\n\n").nth(1).unwrap()).unwrap();
    let shuffled: Vec<&String> = body["records"][0].as_object().unwrap().keys().collect();
    let plain = get(&contract(&json!({})), "contacts/1");
    let keys: Vec<&String> = plain["records"][0].as_object().unwrap().keys().collect();
    assert_ne!(shuffled, keys);
    assert_eq!(shuffled.len(), keys.len());
}

#[test]
fn a_long_list_goes_out_row_by_row_and_is_the_same() {
    let mut scenario = scenario();
    let contacts: Vec<Value> = (1..=500_i64)
        .map(|id| json!({"id": id, "campaign": 612, "name": format!("N{:03}", 999 - id)}))
        .collect();
    scenario["jtel"]["contacts"] = contacts.into();
    let stage = Stage::new(&scenario);
    let list = get(&stage, "contacts?diallerCampaignsID=612");
    assert_eq!(list["count"], 500);
    assert_eq!(ids(&list), (1..=500).rev().collect::<Vec<i64>>());
    assert_eq!(list["records"][499], get(&stage, "contacts/1")["records"][0]);
}

#[test]
fn what_is_generated_can_be_loaded() {
    let mut csv = Vec::new();
    let generators = crate::vendors::jtel::generate::GENERATORS;
    (generators[0].write)(&mut csv, 300, Seed(7)).unwrap();
    let mut scenario = scenario();
    scenario["jtel"]["contacts"] = json!({"csv": String::from_utf8(csv).unwrap()});
    let list = get(&Stage::new(&scenario), "contacts?diallerCampaignsID=612");
    assert_eq!(list["count"], 300);
    assert_eq!(list["records"][0]["Country"], "DE");
}

#[test]
fn tokens_come_and_go() {
    let stage = contract(&json!({}));
    let status = |token: &str| {
        let text = format!(
            "GET /rest/v1.0/7/dialler/campaigns HTTP/1.1\nAuthorization: Bearer {token}\n\n"
        );
        stage.request(&text).status.as_u16()
    };
    stage.event("jtel", "add_token", &json!({"client": 7, "token": "B"})).unwrap();
    assert_eq!((status("SIMTOKEN-7A"), status("B")), (200, 200));
    stage.event("jtel", "remove_token", &json!({"client": 7, "token": "SIMTOKEN-7A"})).unwrap();
    assert_eq!((status("SIMTOKEN-7A"), status("B")), (401, 200));
    stage
        .event("jtel", "rotate_token", &json!({"client": 7, "token": "C", "old_token": "B"}))
        .unwrap();
    assert_eq!((status("B"), status("C")), (401, 200));
    let taken = stage.event("jtel", "add_token", &json!({"client": 8, "token": "C"}));
    assert_eq!(taken.unwrap_err(), "the token is in use already; expected one that nobody has");
    let journal = Value::from(stage.journal()).to_string()
        + &Value::from(stage.table("jtel", "tokens")).to_string();
    assert!(!journal.contains("SIMTOKEN") && !journal.contains("\"B\""), "{journal}");
}

#[test]
fn lock_methods_take_what_they_name() {
    for (switch, taken) in [
        ("patch_put", [true, true, false, false]),
        ("get", [false, false, false, true]),
        ("put_post_get", [false, true, true, true]),
        ("any", [true, true, true, true]),
    ] {
        let stage = contract(&json!({ "lock_methods": switch }));
        let found = ["PATCH", "PUT", "POST", "GET"]
            .map(|method| ask(&stage, method, "contacts/contact/1/unlock", None).0 == 200);
        assert_eq!(found, taken, "{switch}");
    }
}
