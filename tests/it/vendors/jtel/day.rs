//! A scripted day: contacts imported over HTTP, some of them locked, eight hours of dialling.

use serde_json::{Value, json};

use super::{BASE, admin, ask_admin, client, start};

const CONTACTS: usize = 1000;

/// Every how many contacts one is locked: ten of them.
const LOCKED_EVERY: usize = 100;

/// What a day left behind, as it came over the wire.
struct Day {
    /// The history of each contact, in the order of the imports.
    histories: Vec<Value>,
    contacts: Value,
    effects: Vec<String>,
    bytes: Vec<u8>,
}

fn day() -> Day {
    let running = start(&(1..=20).collect::<Vec<i64>>());
    // Each step has a connection of its own: on a busy machine one that waits for another step is
    // idle for so long that the server closes it.
    let mut importer = client(&running);
    for n in 0..CONTACTS {
        let contact = json!({
            "DiallerCampaignsName": "Spring Recall", "UserData": format!("D-{n}"),
            "Name": format!("N{n:04}"), "PhoneNumber1": format!("49302312{n:04}"),
        });
        let path = format!("{BASE}/contacts/import?overwriteDuplicates=false");
        let (status, reply) = importer.json("POST", &path, &contact);
        assert_eq!(status, 200, "{reply}");
        if n % LOCKED_EVERY == 0 {
            let id = &reply["records"][0]["ID"];
            let path = format!("{BASE}/contacts/contact/{id}/lock");
            assert_eq!(importer.send("PATCH", &path, ""), (200, br#"{"status":200}"#.into()));
        }
    }
    let mut admin = admin(&running);
    let campaign = json!({"campaign": 612});
    ask_admin(&mut admin, "POST", "events/jtel/start_campaign", &campaign);
    ask_admin(&mut admin, "POST", "clock/advance", &json!({"by": "8h"}));
    // Behind the imports and the locks.
    let path = format!("journal?after={}&limit=1000", CONTACTS + CONTACTS / LOCKED_EVERY);
    let entries = ask_admin(&mut admin, "GET", &path, &Value::Null);
    let entries = entries["entries"].as_array().unwrap().iter();
    let effects = entries.flat_map(|it| it["effects"].as_array().unwrap());
    let effects = effects.map(|it| it["text"].as_str().unwrap().to_owned()).collect();

    let mut reader = client(&running);
    let mut bytes = Vec::new();
    let mut read = |path: &str| {
        let (status, body) = reader.send("GET", &format!("{BASE}/{path}"), "");
        assert_eq!(status, 200, "{path}");
        bytes.extend_from_slice(&body);
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    let path = |n| format!("contacts/contact/history?userData=D-{n}");
    let histories = (0..CONTACTS).map(|n| read(&path(n))).collect();
    let contacts = read("contacts?diallerCampaignsID=612");
    Day { histories, contacts, effects, bytes }
}

#[test]
fn a_day_leaves_locked_contacts_alone_adds_up_and_is_the_same_again() {
    let first = day();
    for (n, history) in first.histories.iter().enumerate() {
        assert_eq!(history["count"] == 0, n % LOCKED_EVERY == 0, "contact {n}: {history}");
    }
    let passed_over = first.effects.iter().filter(|it| it.contains("is locked: not dialled"));
    assert_eq!(passed_over.count(), CONTACTS / LOCKED_EVERY);

    let records = first.contacts["records"].as_array().unwrap();
    assert_eq!(records.len(), CONTACTS);
    for (contact, history) in records.iter().zip(&first.histories) {
        let history = history["records"].as_array().unwrap();
        let calls: Vec<&Value> =
            history.iter().map(|it| &it["StatisticsPartA"]).filter(|it| !it.is_null()).collect();
        assert_eq!(contact["nTriesPhoneNumber1"], calls.len(), "{contact}");
        for call in &calls {
            assert_eq!(call["BNumber"], contact["PhoneNumber1"]);
            assert!(call["dtCallStart"].as_str() <= call["dtCallEnd"].as_str(), "{call}");
        }
        let mut codes = history.iter().rev().map(|it| &it["DiallerCampaignsResultCodesID"]);
        let last = codes.find(|it| !it.is_null()).unwrap_or(&Value::Null);
        assert_eq!(contact["DiallerCampaignsResultCodesID"], *last, "{contact}");
        let dialled = first
            .effects
            .iter()
            .filter(|it| it.starts_with(&format!("contact {} dialled: ", contact["ID"])));
        assert_eq!(dialled.count(), calls.len(), "{contact}");
    }
    assert_eq!(first.bytes, day().bytes);
}
