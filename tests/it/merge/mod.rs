//! Pieces of scenario that are merged into a world that lives.

mod alive;

use std::path::Path;

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, Running, serve};

const TOKEN: (&str, &str) = ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47");
const BEARER: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Rows of every vendor for the demo, most of which refer to rows of the demo.
fn piece() -> Value {
    json!({
        "infocu5": {
            "agents": [{ "id": "50099", "first": "Neu", "affiliate": "A7k2Qm9ZrT4x" }],
            "calls": [{ "id": "900400", "date": "2022-03-04T15:00:00Z", "campaign": "2040",
                "list": "310500", "agent": "50017", "type": "Inbound", "number_inbound": "2125550199" }],
        },
        "jtel": {
            "contacts": [{ "id": 500_000, "campaign": 612, "name": "Neumann", "result_code": 3104,
                "user_data": "SIM-9999", "phone_number1": "4940555999" }],
            "history": [{ "id": 70100, "contact": 500_000, "start": "2024-03-05T08:20:00Z",
                "call": 880_100, "result_code": 3104 }],
        },
        "maestro": {
            "callers": [{ "uid": "NEUCALLER0000001", "call": "K7Q2ZP0XN4V8T1RB",
                "ani": "5105550777", "name": "Nora Neu", "offers": [4711] }],
        },
        "maxcontact": {
            "users": [{ "id": 199, "name": "Nina Neu", "campaign": 7 }],
            "leads": [{ "id": 60000, "list": 12, "name": "Neu", "phone": "07700900777" }],
        },
        "mor": {
            "users": [{ "username": "neu", "owner": "shop" }],
            "numbers": [{ "campaign": 17, "number": "37069999999" }],
        },
    })
}

/// What shows a row of the piece, with what it has to hold.
fn shown(running: &Running, world: &str) -> [(&'static str, bool); 6] {
    let ask = |method, path: &str, headers: &[_], body: &str| {
        let reply = http(method, &format!("/w/{world}{path}"), headers, body);
        running.raw("listen", reply.as_bytes())
    };
    let calls = AGENTS.replace(
        r#""getAgents","showAll":"n""#,
        r#""getCalls","dateStart":"2022-03-04T10:00:00-05:00","dateEnd":"2022-03-04T10:00:01-05:00""#,
    );
    let poll = "u=dialer_bob&id=17&hash=5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
    let callers = "/_access/fetchCallersByCall?offer_token=5c0e77a1d94b42f8a6e13b90cf28d451\
                   &offer_id=4711&call=K7Q2ZP0XN4V8T1RB";
    let contact = "/rest/v1.0/7/dialler/contacts/500000";
    let users = "/webservices/services/telephony/users/user/101";
    let poll_path = "/billing/api/autodialer_get_campaign_ivr_poll_results";
    [
        ("infocu5 agent", ask("POST", "/dialer/", &[], AGENTS).contains("50099")),
        ("infocu5 call", ask("POST", "/dialer/", &[], &calls).contains("Ines Okafor")),
        ("jtel", ask("GET", contact, &[BEARER], "").contains("Neumann")),
        ("maestro", ask("GET", callers, &[], "").contains("Nora Neu")),
        ("maxcontact", ask("GET", users, &[TOKEN], "").contains("Nina Neu")),
        ("mor", ask("POST", poll_path, &[FORM], poll).contains("37069999999")),
    ]
}

fn assert_shown(running: &Running, world: &str, expected: bool) {
    for (what, is_shown) in shown(running, world) {
        assert_eq!(is_shown, expected, "{what} in {world}");
    }
}

fn seed(running: &Running, world: &str, piece: &Value) -> (u16, Value) {
    running.admin("POST", &format!("/v1/worlds/{world}/seed"), &piece.to_string())
}

fn do_to(running: &Running, world: &str, what: &str, body: &str) {
    let (status, said) = running.admin("POST", &format!("/v1/worlds/{world}/{what}"), body);
    assert!(status < 300, "{what}: {said}");
}

#[test]
fn every_vendor_serves_what_was_merged() {
    let running = serve(&[]);
    assert_shown(&running, "default", false);
    let (status, merged) = seed(&running, "default", &piece());
    assert_eq!(status, 200, "{merged}");
    assert_eq!(
        merged["added"],
        json!({
            "infocu5": { "agents": 1, "calls": 1 },
            "jtel": { "contacts": 1, "history": 1 },
            "maestro": { "callers": 1 },
            "maxcontact": { "users": 1, "leads": 1 },
            "mor": { "users": 1, "numbers": 1 },
        })
    );
    assert_eq!((&merged["seq"], &merged["world"]["inputs"]), (&json!(7), &json!(7)));
    assert_shown(&running, "default", true);

    let (_, entry) = running.admin("GET", "/v1/worlds/default/journal/7", "");
    assert_eq!((&entry["action"], &entry["outcome"]), (&json!("seed"), &json!("ok")));
    assert_eq!(entry["detail"]["added"], merged["added"]);

    // Rows that the vendor itself makes come behind those of the piece.
    let import = json!({ "DiallerCampaignsID": 612, "Name": "Next", "PhoneNumber1": "4940555998" });
    let path = "/rest/v1.0/7/dialler/contacts/import";
    let request = http("POST", path, &[BEARER, JSON], &import.to_string());
    assert!(body_of(&running.raw("listen", request.as_bytes())).contains("500001"));
    let lead = r#"{"ListID":12,"Name":"Next","LeadPhones":[{"PhoneNum":"07700900778"}]}"#;
    let path = "/webservices/services/LeadManagement/AddLead";
    let request = http("POST", path, &[TOKEN, JSON], lead);
    assert_eq!(status_of(&running.raw("listen", request.as_bytes())), 200);
    let leads = "/v1/worlds/default/state/maxcontact/leads?limit=1000";
    let (_, leads) = running.admin("GET", leads, "");
    assert_eq!(leads["rows"].as_array().unwrap().last().unwrap()["id"], 60001, "{leads}");
}

#[test]
fn what_is_there_already_is_told_with_its_place_and_nothing_changes() {
    let running = serve(&[]);
    let state =
        || running.admin("GET", "/v1/worlds/default/scenario", "").1["scenario"].to_string();
    running.admin("PUT", "/v1/worlds/default/clock", r#"{"mode":"frozen"}"#);
    let before = state();
    // One row of each vendor's is sound, and must not stay.
    let (status, problem) = seed(
        &running,
        "default",
        &json!({
            "title": "x",
            "clock": { "mode": "real" },
            "people": [{ "phone": "+49 30 23125 001", "name": "Sound" }],
            "fault": [{ "on": { "vendor": "mor" }, "then": "lose_reply" }],
            "infocu5": {
                "affiliates": [{ "id": "A7k2Qm9ZrT4x", "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }],
                "agents": [
                    { "id": 1, "first": "Sound", "affiliate": "A7k2Qm9ZrT4x" },
                    { "id": 50017, "first": "Ines", "affiliate": "A7k2Qm9ZrT4x" },
                ],
                "calls": [{ "id": "900311", "date": "2022-03-04T15:00:00Z", "campaign": "2041",
                    "type": "Inbound" }],
            },
            "jtel": {
                "contacts": [
                    { "id": 400_000, "campaign": 612, "name": "Sound" },
                    { "id": 301_501, "campaign": 612, "name": "Adler" },
                    { "id": 400_001, "campaign": 613, "name": "Code", "result_code": 3104 },
                ],
                "variants": { "pick": "highest_id" },
            },
            "maestro": {
                "offers": [{ "id": 1, "token": "e2b6419f07c84d35b1a98c52d07f63ee" }],
                "callers": [{ "uid": "3M9XW5DJ0HTQ62LC", "call": "K7Q2ZP0XN4V8T1RB" }],
            },
            "maxcontact": {
                "phone_types": [{ "id": 1, "name": "Mobil" }],
                "users": [{ "id": 300, "name": "Sound" }, { "id": 301, "name": "x", "campaign": 8 }],
                "settings": { "line": "manual" },
            },
            "mor": {
                "settings": { "secret_key": "sound" },
                "users": [{ "username": "admin" }, { "username": "chef", "type": "admin" }],
                "campaigns": [{ "id": 30, "name": "Sound", "user": "dialer_bob" },
                    { "id": 17, "name": "x", "user": "dialer_bob" }],
                "numbers": [{ "campaign": 17, "number": "37060000001" }],
            },
        }),
    );
    assert_eq!(status, 400, "{problem}");
    assert_eq!(problem["detail"], "the piece has mistakes; nothing was changed");
    let found: Vec<String> = problem["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["message"].as_str().unwrap().trim_start_matches("piece#").to_owned())
        .collect();
    let no_other = "; expected a value that no other row has";
    let expected = [
        r#"/title: "title" in a piece for a world that lives; the world keeps its own"#.to_owned(),
        r#"/clock: "clock" in a piece for a world that lives; PUT /v1/worlds/{world}/clock sets it"#
            .to_owned(),
        format!(r#"/infocu5/affiliates/0/id: "id" is "A7k2Qm9ZrT4x", already there among the affiliates of this world{no_other}"#),
        format!(r#"/infocu5/agents/1/id: "id" is "50017", already there among the agents of this world{no_other}"#),
        format!(r#"/infocu5/calls/0/id: "id" is "900311", already there among the calls of this world{no_other}"#),
        r#"/infocu5/calls/0/campaign: "campaign" is "2041"; expected the id of one of campaigns; did you mean "2040"?"#
            .to_owned(),
        format!(r#"/jtel/contacts/1/id: "id" is "301501", already there among the contacts of this world{no_other}"#),
        "/jtel/contacts/2/result_code: result code 3104 is not one of campaign 613".to_owned(),
        r#"/jtel/variants: "variants" in a piece for a world that lives; PUT /v1/worlds/{world}/variants turns them"#
            .to_owned(),
        format!(r#"/maestro/offers/0/token: "token" is ***(32.bf), already there among the offers of this world{no_other}"#),
        format!(r#"/maestro/callers/0/uid: "uid" is "3M9XW5DJ0HTQ62LC", already there among the callers of this world{no_other}"#),
        format!(r#"/maxcontact/phone_types/0/id: "id" is "1", already there among the phone_types of this world{no_other}"#),
        r#"/maxcontact/users/1/campaign: "campaign" is "8"; expected the id of one of campaigns"#
            .to_owned(),
        "/maxcontact/settings/line: how calls go on is settled when a world is made; make one with this line"
            .to_owned(),
        format!(r#"/mor/users/0/username: "username" is "admin", already there among the users of this world{no_other}"#),
        r#"/mor/users/1: "admin" is the administrator already"#.to_owned(),
        format!(r#"/mor/campaigns/1/id: "id" is "17", already there among the campaigns of this world{no_other}"#),
        "/mor/numbers/0/number: campaign 17 has 37060000001 already and allows no duplicates"
            .to_owned(),
    ];
    assert_eq!(found, expected);
    assert_eq!(state(), before);
    for rest in ["people", "faults"] {
        let (_, page) = running.admin("GET", &format!("/v1/worlds/default/{rest}"), "");
        assert_eq!(page[rest], json!([]));
    }
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal", "");
    let entry = &journal["entries"][1];
    assert_eq!((&entry["action"], &entry["outcome"]), (&json!("seed"), &json!("refused")));
    assert!(!journal.to_string().contains("e2b6419f"), "{journal}");

    // What is no scenario at all, and a world that is not there.
    assert_eq!(seed(&running, "default", &json!([1])).0, 400);
    let (_, unknown) = seed(&running, "default", &json!({ "scenario": "demo" }));
    assert!(unknown.to_string().contains("unknown key"), "{unknown}");
    assert_eq!(seed(&running, "nowhere", &json!({})).0, 404);
}

#[test]
fn a_reset_drops_the_piece_and_checkpoints_forks_and_exports_hold_it() {
    let running = serve(&[]);
    assert_eq!(seed(&running, "default", &piece()).0, 200);
    do_to(&running, "default", "checkpoint", r#"{"name":"with"}"#);
    do_to(&running, "default", "fork", r#"{"name":"fork"}"#);
    do_to(&running, "default", "reset", "");
    assert_shown(&running, "default", false);
    assert_shown(&running, "fork", true);
    do_to(&running, "fork", "reset", "");
    assert_shown(&running, "fork", false);
    do_to(&running, "default", "rollback", r#"{"name":"with"}"#);
    assert_shown(&running, "default", true);
    assert_eq!(seed(&running, "default", &piece()).0, 400);
    do_to(&running, "default", "reset", "");
    assert_eq!(seed(&running, "default", &piece()).0, 200);

    let there = serve(&[]);
    let export = http("GET", "/v1/worlds/default/export", &[], "");
    let file = exported(&running, &export);
    let head = format!(
        "POST /v1/worlds/copy/import HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\
         Content-Type: application/vnd.sqlite3\r\nContent-Length: {}\r\n\r\n",
        file.len()
    );
    let reply = there.raw("admin", &[head.into_bytes(), file].concat());
    assert_eq!(status_of(&reply), 201, "{reply}");
    assert_shown(&there, "copy", true);
}

/// The body of a reply that is sent in chunks.
fn exported(running: &Running, request: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut stream = running.connect("admin");
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let at = reply.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
    let (head, mut rest) = reply.split_at(at);
    if !String::from_utf8_lossy(head).to_lowercase().contains("chunked") {
        return rest.to_vec();
    }
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|it| it == b"\r\n").unwrap();
        let length = std::str::from_utf8(&rest[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
    }
}

#[test]
fn a_world_in_a_file_keeps_the_piece_when_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let start = |folder: &Path| serve(&["--data", folder.to_str().unwrap()]);
    let running = start(folder.path());
    let fault = json!({ "name": "busy", "on": { "vendor": "infocu5", "nth": 50 }, "then": "fail" });
    do_to(&running, "default", "faults", &fault.to_string());
    assert_shown(&running, "default", false);
    let mut piece = piece();
    piece["fault"] =
        json!([{ "name": "later", "on": { "vendor": "mor", "nth": 90 }, "then": "fail" }]);
    assert_eq!(seed(&running, "default", &piece).0, 200);
    let faults = |running: &Running| {
        let (_, faults) = running.admin("GET", "/v1/worlds/default/faults", "");
        let faults = faults["faults"].as_array().unwrap().clone();
        faults.iter().map(|it| (it["name"].clone(), it["matched"].clone())).collect::<Vec<_>>()
    };
    // The count of the rule that was there goes on.
    let expected = [(json!("busy"), json!(2)), (json!("later"), json!(0))];
    assert_eq!(faults(&running), expected);
    // A piece that is refused changes neither.
    assert_eq!(seed(&running, "default", &piece).0, 400);
    assert_eq!(faults(&running), expected);
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal", "");
    drop(running);

    let running = start(folder.path());
    assert_eq!(faults(&running), expected);
    let (_, again) = running.admin("GET", "/v1/worlds/default/journal", "");
    assert_eq!(again["entries"], journal["entries"]);
    assert_shown(&running, "default", true);
    do_to(&running, "default", "reset", "");
    assert_shown(&running, "default", false);
    assert_eq!(faults(&running), []);
}
