//! Transcripts: a request in, the reply and the reason out.

use serde_json::{Value, json};

use crate::testing::Stage;

const ID: &str = "A7k2Qm9ZrT4x";
const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Posts a body to the demo world, where `<ID>` and `<KEY>` stand for the affiliate's.
fn post(stage: &Stage, body: &str) -> (u16, String) {
    let body = body.replace("<ID>", ID).replace("<KEY>", KEY);
    let response = stage.request(&format!("POST /dialer/ HTTP/1.1\n\n{body}"));
    (response.status.as_u16(), String::from_utf8(response.body.to_vec()).unwrap())
}

/// Posts members beside the credentials.
fn call(stage: &Stage, members: &str) -> Value {
    let (status, body) =
        post(stage, &format!(r#"{{"affiliateID":"<ID>","affiliateKey":"<KEY>",{members}}}"#));
    assert_eq!(status, 200);
    serde_json::from_str(&body).unwrap()
}

/// Posts a body to the demo and checks the code and the reason.
#[track_caller]
fn refused(body: &str, code: i64, why: &str) {
    let stage = Stage::demo();
    let (status, reply) = post(&stage, body);
    assert_eq!(status, 200);
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["responseCode"], code, "{reply}");
    assert!(reply.get("responseDetails").is_none());
    assert_eq!(stage.why(), why);
}

#[test]
fn says_what_is_no_json() {
    refused(
        r#"{"affiliateID":"<ID>",}"#,
        80,
        "infocu5.json: expected a value or a name beside each comma, found \"\\\":\\\"…\\\",}\" at line 1, column 30 (byte 29); take away the comma before the closing }; the vendor's own getCalls example has it, and PHP refuses it",
    );
    refused(
        "",
        80,
        "infocu5.json: expected a JSON object, found an empty body at line 1, column 1 (byte 0); send a JSON object as the body",
    );
}

#[test]
fn says_what_is_wrong_with_the_credentials() {
    let with = |id: &str, key: &str| {
        format!(
            r#"{{"affiliateID":"{id}","affiliateKey":"{key}","dialerFunction":"getAgents","showAll":"n"}}"#
        )
    };
    let rule = "infocu5.credentials: expected";
    refused(
        &with("<ID>", "0f1e2d3c"),
        100,
        &format!(
            r#"{rule} the affiliateKey that belongs to "{ID}", found a key of 8 characters; an affiliateKey has 32 letters and digits; was it cut?"#
        ),
    );
    refused(
        &with("<ID>", "f0e1d2c3b4a5968778695a4b3c2d1e0f"),
        100,
        &format!(
            r#"{rule} the affiliateKey that belongs to "{ID}", found the key of "B3n8Wp5YsU6v"; id and key are a pair; use both of the same affiliate"#
        ),
    );
    refused(
        &with("<ID>", &KEY.to_uppercase()),
        100,
        &format!(
            r#"{rule} the affiliateKey that belongs to "{ID}", found the right key in other capitals; an affiliateKey is compared letter by letter"#
        ),
    );
    refused(
        &with(&ID.to_lowercase(), "<KEY>"),
        100,
        &format!(
            r#"{rule} the affiliateID of an affiliate of this world, found "a7k2qm9zrt4x", which differs from "{ID}" in its capitals; an affiliateID is compared letter by letter"#
        ),
    );
    refused(
        r#"{"affiliateID":7,"affiliateKey":"<KEY>"}"#,
        100,
        &format!(
            "{rule} affiliateID, text of 12 letters and digits, found affiliateID is a number, not text; send it as one text, in quotes"
        ),
    );
}

#[test]
fn says_what_is_no_function() {
    let with = |function: &str| {
        format!(r#"{{"affiliateID":"<ID>","affiliateKey":"<KEY>","dialerFunction":{function}}}"#)
    };
    let rule = "infocu5.function: expected dialerFunction: one of getAgents, getCalls, getCampaigns, found";
    refused(
        &with(r#""getDialers""#),
        800,
        &format!(
            r#"{rule} "getDialers"; that is a function of v2.4; v3.1 has getCampaigns in its place"#
        ),
    );
    refused(
        &with(r#""getcalls""#),
        800,
        &format!(
            r#"{rule} "getcalls"; did you mean getCalls? Names are compared letter by letter"#
        ),
    );
    refused(
        &with(r#""addLeads""#),
        800,
        &format!(
            r#"{rule} "addLeads"; v3.1 names addLeads only as a syntax example; its list of functions leaves it out"#
        ),
    );
}

#[test]
fn says_which_parameter_cannot_be_used() {
    let with = |members: &str| {
        format!(
            r#"{{"affiliateID":"<ID>","affiliateKey":"<KEY>","dialerFunction":"getCalls",{members}}}"#
        )
    };
    let rule = "infocu5.parameter: expected";
    refused(
        &with(r#""dateStart":"2022-03-04T00:00:00","dateEnd":"2022-03-05T00:00:00+00:00""#),
        900,
        &format!(
            r#"{rule} dateStart: a date with its offset, such as 2022-01-01T00:13:13+00:00, found "2022-03-04T00:00:00"; the offset is missing; append +00:00, or the one of your zone"#
        ),
    );
    refused(
        &with(r#""dateStart":"2022-03-04T00:00:00Z""#),
        900,
        &format!(
            "{rule} dateEnd: a date with its offset, such as 2022-01-01T00:13:13+00:00, found no member dateEnd; getCalls needs dateStart and dateEnd"
        ),
    );
    refused(
        &with(
            r#""dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-05T00:00:00Z","filterAgents":{}"#,
        ),
        900,
        &format!(
            r#"{rule} filterAgents: an array of ids, found an object; send ids as texts or numbers: ["2040"]"#
        ),
    );
    refused(
        r#"{"affiliateID":"<ID>","affiliateKey":"<KEY>","dialerFunction":"getAgents","showAll":"Y"}"#,
        900,
        &format!(r#"{rule} showAll: "y" or "n", found "Y"; one small letter, as text: "y""#),
    );
}

#[test]
fn says_why_nothing_was_found() {
    let with = |members: &str| {
        format!(
            r#"{{"affiliateID":"<ID>","affiliateKey":"<KEY>","dialerFunction":"getCalls",{members}}}"#
        )
    };
    let window = r#""dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T23:59:59Z""#;
    let between = "a call between 2022-03-04T00:00:00+00:00 and 2022-03-04T23:59:59+00:00";
    let rule = "infocu5.no_calls: expected";
    refused(
        &with(&format!(r#"{window},"filterAgents":["50022"]"#)),
        340,
        &format!(
            "{rule} {between} that passes filterAgents, found 1 in the window, none with filterAgents \"50022\"; the ids exist, but have no call in the window"
        ),
    );
    refused(
        &with(&format!(r#"{window},"filterCampaigns":"99""#)),
        340,
        &format!(
            "{rule} {between} that passes filterCampaigns, found 1 in the window, none with filterCampaigns \"99\"; there is no \"99\"; take the ids from getCampaigns"
        ),
    );
    refused(
        &with(r#""dateStart":"2022-03-05T00:00:00Z","dateEnd":"2022-03-04T00:00:00Z""#),
        340,
        &format!(
            "{rule} a call between 2022-03-05T00:00:00+00:00 and 2022-03-04T00:00:00+00:00, found a window that ends before it starts; dateStart has to lie before dateEnd; the vendor has no code for this"
        ),
    );
}

#[test]
fn the_window_is_closed_unless_it_is_half_open() {
    let at_the_end = r#""dialerFunction":"getCalls","dateStart":"2022-03-04T14:05:09Z","dateEnd":"2022-03-04T14:05:09.7+00:00""#;
    assert_eq!(call(&Stage::demo(), at_the_end)["responseCode"], 1);
    let half_open = r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T14:05:09Z""#;
    assert_eq!(
        call(&stage_with(&json!({ "window": "half_open" })), half_open)["responseCode"],
        340
    );
}

/// A world with one affiliate, two agents of which one is shared, and calls 0 and 1.
fn stage_with(variants: &Value) -> Stage {
    let call = |id: &str, date: &str| json!({ "id": id, "date": date, "campaign": "2040", "agent": "1", "type": "Inbound" });
    Stage::new(&json!({ "infocu5": {
        "affiliates": [{ "id": ID, "key": KEY }, { "id": "B3n8Wp5YsU6v", "key": KEY.replace('0', "9") }],
        "agents": [
            { "id": "1", "first": "Ines", "affiliate": ID },
            { "id": "2", "first": "Tom", "affiliate": "B3n8Wp5YsU6v", "shared_with": [ID] },
            { "id": "3", "first": "Jo", "affiliate": ID, "active": false },
        ],
        "campaigns": [{ "id": 2040, "name": "Spring \"Trial\"", "affiliate": ID }],
        "calls": [call("0", "2022-03-04T14:05:09Z"), call("1", "2022-03-04T14:06:09Z")],
        "variants": variants,
    }}))
}

const DAY: &str = r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T23:59:59Z""#;

#[test]
fn ids_that_count_up_from_0_make_an_array_as_in_php() {
    let reply = call(&stage_with(&json!({})), DAY);
    assert_eq!(reply["responseDetails"].as_array().map(Vec::len), Some(2), "{reply}");
    // From another id on it is an object again.
    let later = DAY.replace("00:00:00Z", "14:06:00Z");
    let reply = call(&stage_with(&json!({})), &later);
    assert_eq!(reply["responseDetails"]["1"]["callAgentName"], "Ines");
}

#[test]
fn calls_come_in_three_shapes() {
    let later = DAY.replace("00:00:00Z", "14:06:00Z");
    let reply = call(&stage_with(&json!({ "calls_shape": "keyed_with_id" })), &later);
    assert_eq!(reply["responseDetails"]["1"]["callID"], "1");
    let reply = call(&stage_with(&json!({ "calls_shape": "array" })), DAY);
    assert_eq!(reply["responseDetails"][1]["callID"], "1");
    let reply = call(&stage_with(&json!({ "missing_value": "null" })), &later);
    assert_eq!(reply["responseDetails"]["1"]["callContact"], Value::Null);
    assert_eq!(reply["responseDetails"]["1"]["callCampaignName"], "Spring \"Trial\"");
}

#[test]
fn show_all_adds_what_is_shared_and_never_what_is_not_current() {
    let names = |show_all: &str| {
        let members = format!(r#""dialerFunction":"getAgents","showAll":"{show_all}""#);
        let reply = call(&stage_with(&json!({})), &members);
        let agents = reply["responseDetails"].as_array().cloned().unwrap_or_default();
        agents.iter().map(|agent| agent["agentID"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("n"), ["1"]);
    assert_eq!(names("y"), ["1", "2"]);
}

#[test]
fn switches_change_the_answer() {
    let comma = format!(r#"{{"affiliateID":"<ID>","affiliateKey":"<KEY>",{DAY},}}"#);
    let stage = stage_with(&json!({ "lenient_json": "trailing_comma" }));
    assert!(post(&stage, &comma).1.starts_with(r#"{"responseCode":1,"#));

    let nameless = r#"{"dialerFunction":"getDialers"}"#;
    assert!(post(&stage_with(&json!({})), nameless).1.contains("100"));
    let stage = stage_with(&json!({ "check_order": "function_first" }));
    assert!(post(&stage, nameless).1.contains("800"));

    for (value, code) in [("900", 900), ("80", 80), ("340", 341)] {
        let stage = stage_with(&json!({ "bad_param_code": value }));
        assert_eq!(call(&stage, r#""dialerFunction":"getAgents""#)["responseCode"], code);
    }

    let stage = stage_with(&json!({ "other_method": "405", "content_type": "text_html" }));
    assert_eq!(
        stage.send("GET /dialer/ HTTP/1.1\n\n"),
        "405\ncontent-type: text/html; charset=UTF-8\nallow: POST\n\n{\"responseCode\":80,\"responseMessage\":\"Improperly formatted request (JSON format required)\"}"
    );
}

#[test]
fn a_cap_cuts_the_list() {
    let mut scenario: toml::Table =
        toml::from_str(include_str!("../../../scenarios/demo.toml")).unwrap();
    let section = scenario["infocu5"].as_table_mut().unwrap();
    let mut second = section["calls"][0].clone();
    second.as_table_mut().unwrap().insert("id".into(), "900312".into());
    section["calls"].as_array_mut().unwrap().push(second);
    let day = r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T23:59:59Z""#;
    for (calls_max, n_calls) in [(None, 2), (Some(1), 1)] {
        let section = scenario["infocu5"].as_table_mut().unwrap();
        if let Some(calls_max) = calls_max {
            let mut settings = toml::Table::new();
            settings.insert("calls_max".into(), toml::Value::Integer(calls_max));
            section.insert("settings".into(), settings.into());
        }
        let only = json!({ "infocu5": serde_json::to_value(&scenario["infocu5"]).unwrap() });
        let reply = call(&Stage::new(&only), day);
        assert_eq!(reply["responseDetails"].as_object().map(serde_json::Map::len), Some(n_calls));
    }
}

#[test]
fn events_change_what_is_listed() {
    let stage = Stage::demo();
    let agents = r#""dialerFunction":"getAgents","showAll":"n""#;
    stage.event("infocu5", "set_agent_active", &json!({ "id": "50022", "active": false })).unwrap();
    assert_eq!(call(&stage, agents)["responseDetails"].as_array().map(Vec::len), Some(1));

    let recorded =
        json!({ "campaign": "2040", "agent": 50017, "type": "Inbound", "time": "00:00:09" });
    let result = stage.event("infocu5", "record_call", &recorded).unwrap();
    assert_eq!(result, json!({ "call": "1" }));
    let today = r#""dialerFunction":"getCalls","dateStart":"2026-03-02T09:00:00Z","dateEnd":"2026-03-02T09:00:00Z""#;
    stage.reset();
    assert_eq!(call(&stage, agents)["responseDetails"].as_array().map(Vec::len), Some(2));
    assert_eq!(call(&stage, today)["responseCode"], 340);

    let foreign = json!({ "campaign": "1", "type": "Inbound" });
    assert_eq!(
        stage.event("infocu5", "record_call", &foreign).unwrap_err(),
        "there is no campaign \"1\""
    );
    let key = json!({ "affiliate": ID, "key": KEY.replace('0', "7") });
    stage.event("infocu5", "rotate_key", &key).unwrap();
    assert_eq!(call(&stage, agents)["responseCode"], 100);
}

#[test]
fn card_numbers_and_keys_are_not_in_the_journal() {
    let stage = Stage::demo();
    post(
        &stage,
        r#"{"affiliateID":"<ID>","affiliateKey":"<KEY>","dialerFunction":"addLeads","leads":[{"leadCCNumber":"4111111111111111"}]}"#,
    );
    post(&stage, r#"{"affiliateKey":"<KEY>","leadCCNumber":"4111111111111111"#);
    let journal = Value::from(stage.journal()).to_string();
    assert!(!journal.contains("4111111111111111"));
    assert!(!journal.contains(KEY));
    let shown = &stage.table("infocu5", "affiliates")[0]["key"];
    assert!(shown.as_str().unwrap().starts_with("***(32."), "{shown}");
}

#[test]
fn a_call_that_is_not_over_is_not_listed() {
    let call = |id: &str, date: &str| json!({ "id": id, "date": date, "campaign": "2040", "agent": "1", "type": "Inbound", "time": "00:10:00" });
    let stage = Stage::new(&json!({
        "clock": { "mode": "frozen", "at": "2022-03-04T12:00:00Z" },
        "infocu5": {
            "affiliates": [{ "id": ID, "key": KEY }, { "id": "B3n8Wp5YsU6v", "key": KEY.replace('0', "9") }],
            "agents": [{ "id": "1", "first": "Ines", "affiliate": ID }],
            "campaigns": [
                { "id": 2040, "name": "Spring", "affiliate": ID },
                { "id": 2050, "name": "Theirs", "affiliate": "B3n8Wp5YsU6v" },
            ],
            "calls": [
                call("a", "2022-03-04T11:00:00Z"),
                call("b", "2022-03-04T11:55:00Z"),
                call("c", "2022-03-04T13:00:00Z"),
                { "id": "d", "date": "2022-03-04T03:00:00Z", "campaign": "2050", "type": "Inbound" },
            ],
        },
    }));
    let ids = || {
        let reply = call_of(&stage, DAY);
        reply.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(ids(), ["a"]);
    assert_eq!(ids(), ["a"]);
    let window = |from: &str, to: &str| {
        let window = DAY.replace("T00:00:00Z", from).replace("T23:59:59Z", to);
        assert_eq!(crate::vendors::infocu5::tests::call(&stage, &window)["responseCode"], 340);
        stage.why()
    };
    let why = window("T12:00:00Z", "T23:59:59Z");
    assert!(why.contains("found 1 in the window, not over yet; a call is listed when"), "{why}");
    // Not "no call outside the window either": there is one inside that is another's.
    let why = window("T00:00:00Z", "T04:00:00Z");
    assert!(
        why.contains(&format!("1 in the window, all of campaigns that {ID} may not use")),
        "{why}"
    );
    stage.advance(std::time::Duration::from_mins(5));
    assert_eq!(ids(), ["a", "b"]);
    stage.advance(std::time::Duration::from_mins(65));
    assert_eq!(ids(), ["a", "b", "c"]);
    // What an event records without a date has just ended.
    let recorded = json!({ "id": "e", "campaign": "2040", "type": "Inbound", "time": "00:00:09" });
    stage.event("infocu5", "record_call", &recorded).unwrap();
    assert_eq!(call_of(&stage, DAY)["e"]["callDate"], "2022-03-04T13:09:51+00:00");
}

/// The details of a success.
fn call_of(stage: &Stage, members: &str) -> Value {
    let reply = call(stage, members);
    assert_eq!(reply["responseCode"], 1, "{reply}");
    reply["responseDetails"].clone()
}

#[test]
fn what_php_reads_is_read() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for more in [format!(r#""x":{deep}"#), r#""x":1e400"#.into(), r#""x":{"y":[-1e999]}"#.into()] {
        let members = format!(r#""dialerFunction":"getAgents","showAll":"n",{more}"#);
        assert_eq!(call(&Stage::demo(), &members)["responseCode"], 1, "{more}");
    }
    let deeper = format!("{}{}", "[".repeat(512), "]".repeat(512));
    let members = format!(r#""dialerFunction":"getAgents","showAll":"n","x":{deeper}"#);
    assert_eq!(call(&Stage::demo(), &members)["responseCode"], 80);
    let members = r#""dialerFunction":"getAgents","showAll":1e400"#;
    assert_eq!(call(&Stage::demo(), members)["responseCode"], 900);
}

#[test]
fn a_directory_without_its_slash_is_redirected() {
    let stage = Stage::demo();
    let reply = stage.request("POST /dialer?a=1&b=2 HTTP/1.1\nHost: api.infocu5.com\n\n{}");
    assert_eq!(reply.status.as_u16(), 301);
    let header = |name: &str| {
        let found = reply.headers.iter().find(|(known, _)| known == name);
        found.unwrap().1.to_str().unwrap().to_owned()
    };
    assert_eq!(header("location"), "http://api.infocu5.com/dialer/?a=1&b=2");
    assert_eq!(header("content-type"), "text/html; charset=UTF-8");
    let page = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(page.contains("href=\"http://api.infocu5.com/dialer/?a=1&amp;b=2\""), "{page}");
    assert!(stage.why().starts_with("infocu5.directory: expected /dialer/, with a slash"));
    let reply = stage.request("GET /x_dialer HTTP/1.1\n\n");
    assert_eq!(reply.status.as_u16(), 301);
}

#[test]
fn traffic_lets_it_ring_and_names_the_number_that_was_called() {
    let source = |name: &str, kind: &str| {
        json!({ "name": name, "vendor": "infocu5", "kind": kind, "campaign": 2040, "per_hour": 60,
            "hours": ["09:00-10:00"] })
    };
    let stage = Stage::new(&json!({
        "clock": { "mode": "frozen", "at": "2022-03-04T09:00:00Z" },
        "crowd": 200,
        "traffic": [source("in", "inbound"), source("out", "outbound")],
        "infocu5": {
            "affiliates": [{ "id": ID, "key": KEY }],
            "agents": [{ "id": "1", "first": "Ines", "affiliate": ID }, { "id": "2", "first": "Tom", "affiliate": ID }],
            "campaigns": [{ "id": 2040, "name": "Spring", "affiliate": ID }],
        },
    }));
    stage.advance(std::time::Duration::from_hours(2));
    let calls = call_of(&stage, DAY);
    let calls: Vec<&Value> = calls.as_object().unwrap().values().collect();
    let (inbound, outbound): (Vec<&Value>, Vec<&Value>) =
        calls.iter().partition(|call| call["callType"] == "Inbound");
    assert!(inbound.len() > 20 && outbound.len() > 20);
    let line = inbound[0]["callNumberOutbound"].as_str().unwrap();
    assert!(line.starts_with("88855501"), "{line}");
    assert!(inbound.iter().all(|call| call["callNumberOutbound"] == line));
    assert!(inbound.iter().all(|call| call["callNumberInbound"] != line));
    let mut unanswered = outbound.iter().filter(|call| call["callAgentName"] == "").peekable();
    assert!(unanswered.peek().is_some());
    for call in unanswered {
        let rang = call["callTime"].as_str().unwrap();
        assert!(("00:00:20"..="00:00:40").contains(&rang), "{call}");
    }
}

#[test]
fn a_filter_whose_calls_the_affiliate_may_not_see_is_told_so() {
    let affiliate = |letter: &str| format!("{}{letter}", "A7k2Qm9ZrT4");
    let key = |letter: &str| format!("{}{letter}", "0f1e2d3c4b5a69788796a5b4c3d2e1f");
    let stage = Stage::new(&json!({ "infocu5": {
        "affiliates": [
            { "id": affiliate("B"), "key": key("b") }, { "id": affiliate("C"), "key": key("c") },
        ],
        "agents": [
            { "id": "2", "first": "A", "last": "One", "affiliate": affiliate("B") },
            { "id": "4", "first": "B", "last": "Two", "affiliate": affiliate("B") },
        ],
        "campaigns": [
            { "id": "200", "name": "Shared", "affiliate": affiliate("B"), "shared_with": [affiliate("C")] },
            { "id": "201", "name": "Own", "affiliate": affiliate("B") },
        ],
        "calls": [
            { "id": "1", "date": "2026-03-01T11:00:00Z", "campaign": "201", "agent": "2", "type": "Outbound", "time": "00:05:00" },
            { "id": "2", "date": "2026-03-01T12:00:00Z", "campaign": "200", "agent": "4", "type": "Outbound", "time": "00:05:00" },
        ],
    } }));
    for filter in [r#""filterAgents":["2"]"#, r#""filterCampaigns":["201"]"#] {
        let body = format!(
            r#"{{"affiliateID":"{}","affiliateKey":"{}","dialerFunction":"getCalls","dateStart":"2026-03-01T00:00:00Z","dateEnd":"2026-03-01T23:59:59Z",{filter}}}"#,
            affiliate("C"),
            key("c"),
        );
        let (_, reply) = post(&stage, &body);
        assert!(reply.contains("340"), "{reply}");
        let why = stage.why();
        assert!(
            why.contains("1 in the window, none with") && why.contains("1 of campaigns that"),
            "{why}"
        );
        assert!(why.contains("may not use; ask as the affiliate that owns"), "{why}");
    }
}

#[test]
fn what_passes_both_filters_and_is_not_shown_is_told_before_that_nothing_does() {
    let other = "B3n8Wp5YsU6v";
    let talk = |id: &str, at: &str, campaign: &str, agent: &str| json!({ "id": id, "date": format!("2026-03-02T{at}Z"), "campaign": campaign, "agent": agent, "type": "Outbound", "time": "00:05:00" });
    let stage = Stage::new(&json!({ "infocu5": {
        "affiliates": [{ "id": ID, "key": KEY }, { "id": other, "key": KEY.replace('0', "9") }],
        "agents": [
            { "id": "1", "first": "A", "affiliate": ID }, { "id": "2", "first": "B", "affiliate": ID },
            { "id": "3", "first": "C", "affiliate": ID }, { "id": "10", "first": "D", "affiliate": ID },
        ],
        "campaigns": [
            { "id": "200", "name": "One", "affiliate": ID }, { "id": "201", "name": "Two", "affiliate": ID },
            { "id": "202", "name": "Theirs", "affiliate": other },
        ],
        "calls": [
            talk("1", "08:00:00", "200", "1"), talk("2", "08:10:00", "201", "2"),
            talk("3", "08:20:00", "201", "3"), talk("4", "08:30:00", "202", "3"),
            talk("5", "08:58:00", "200", "2"),
        ],
    } }));
    let why = |campaigns: &str, agent: &str| {
        let window = r#""dateStart":"2026-03-02T00:00:00Z","dateEnd":"2026-03-02T23:59:59Z""#;
        let filters = format!(r#""filterCampaigns":[{campaigns}],"filterAgents":["{agent}"]"#);
        let reply = call(&stage, &format!(r#""dialerFunction":"getCalls",{window},{filters}"#));
        assert_eq!(reply["responseCode"], 340, "{reply}");
        stage.why()
    };
    let running = why(r#""200""#, "2");
    assert!(
        running.contains(
            "3 in the window, 1 with both filters not over yet; a call is listed when it has ended"
        ),
        "{running}"
    );
    let foreign = why(r#""200","202""#, "3");
    assert!(
        foreign.contains("1 of campaigns that A7k2Qm9ZrT4x may not use; ask as the affiliate"),
        "{foreign}"
    );
    let list = why(r#""200""#, "1,0");
    assert!(
        list.contains(r#"send each id as an element of its own: ["1","0"]"#),
        "an agent 10 is not meant: {list}"
    );
    let none = why(r#""201""#, "1");
    assert!(none.contains("none that passes both filters; both filters have to hold"), "{none}");
}
