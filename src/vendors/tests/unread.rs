//! Parameters that nothing reads: the vendor's answer says nothing of them, the journal does.

use serde_json::{Value, json};

use crate::base::nearest::is_same_name;
use crate::base::opposites::is_opposite;
use crate::testing::Stage;
use crate::vendors;

/// What the journal says of a request, and the status of its reply.
fn unread(request: &str) -> (u16, Value) {
    let stage = Stage::demo();
    let status = stage.request(request).status.as_u16();
    let mut last = stage.journal().pop().unwrap();
    (status, last["unread"].take())
}

const TOKEN: &str = "Authorization: Bearer SIMTOKEN-7A";

#[test]
fn a_misspelt_parameter_is_named_with_the_one_that_may_be_meant() {
    let list = |query: &str| {
        unread(&format!("GET /rest/v1.0/7/dialler/contacts{query} HTTP/1.1\n{TOKEN}\n\n"))
    };
    assert_eq!(list("?diallerCampaignsID=612"), (200, Value::Null));
    assert_eq!(list(""), (200, Value::Null));
    let parameter =
        |name: &str, near: Value| json!({ "place": "query", "name": name, "near": near });
    let meant = "diallerCampaignsID";
    assert_eq!(
        list("?diallerCampaignId=612"),
        (200, json!([parameter("diallerCampaignId", meant.into())]))
    );
    // Names are compared letter by letter, and decoded.
    let other_case = "diallerCampaignsId";
    assert_eq!(
        list("?dialler%43ampaignsId=612&colour=2"),
        (200, json!([parameter(other_case, meant.into()), parameter("colour", Value::Null)]))
    );
}

#[test]
fn a_form_is_looked_at_as_a_query_is() {
    let credentials = "offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451";
    let (status, found) = unread(&format!(
        "POST /_access/fetchCallersByCall?tpye=XML HTTP/1.1\n\
         Content-Type: Application/X-WWW-Form-Urlencoded; charset=utf-8\n\n\
         {credentials}&call=K7Q2ZP0XN4V8T1RB&Type=XML"
    ));
    assert_eq!(status, 200);
    let expected = json!([
        { "place": "query", "name": "tpye", "near": "type" },
        { "place": "form", "name": "Type", "near": "type" },
    ]);
    assert_eq!(found, expected);
    // A body that is no form has no names.
    let (_, found) = unread(&format!(
        "POST /_access/fetchCallersByCall?{credentials}&call=K7Q2ZP0XN4V8T1RB HTTP/1.1\n\
         Content-Type: text/plain\n\nType=XML"
    ));
    assert_eq!(found, Value::Null);
}

#[test]
fn a_name_that_is_read_in_another_place_is_told_with_it() {
    let list = |query: &str| {
        unread(&format!("GET /rest/v1.0/7/dialler/contacts{query} HTTP/1.1\n{TOKEN}\n\n")).1
    };
    let expected = json!([
        { "place": "query", "name": "ClientsID", "near": null, "belongs": "path" },
    ]);
    assert_eq!(list("?ClientsID=7"), expected);
}

#[test]
fn a_query_that_was_encoded_twice_shows_no_secret() {
    // One name, with a wrong key in it that no world knows.
    let (_, found) = unread(
        "GET /billing/api/autodialer_get_campaign_statistics?u%3Dadmin%26hash%3D0c8f4a1b2d3e4f50617283940a1b2c3d4e5f6071 HTTP/1.1\n\n",
    );
    let found = found.to_string();
    assert!(found.contains("u=admin&hash=***"), "{found}");
    assert!(!found.contains("0c8f4a1b"), "{found}");
}

#[test]
fn names_that_the_vendor_finds_in_any_case_are_read() {
    let dial = |query: &str| {
        let path = "/webservices/services/telephony/dial/user/101/phone/07700900142";
        let cookie = "Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";
        unread(&format!("GET {path}{query} HTTP/1.1\n{cookie}\n\n")).1
    };
    assert_eq!(dial("?LeadID=50012"), Value::Null);
    let expected = json!([{ "place": "query", "name": "lead", "near": "leadid" }]);
    assert_eq!(dial("?lead=50012"), expected);
}

#[test]
fn a_query_of_thousands_of_names_does_not_fill_the_journal() {
    let query: Vec<String> = (0..3000).map(|n| format!("n{n}=1")).collect();
    let query = query.join("&");
    let (_, found) =
        unread(&format!("GET /rest/v1.0/7/dialler/contacts?{query} HTTP/1.1\n{TOKEN}\n\n"));
    assert_eq!(found.as_array().unwrap().len(), 10);
}

#[test]
fn a_misspelt_member_is_named_with_the_one_that_may_be_meant() {
    let member = |name: &str, near: Value| json!({ "place": "json", "name": name, "near": near });
    let calls_as = |kind: &str, more: &str| {
        let credentials =
            r#""affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0""#;
        let window = r#""dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-05T00:00:00Z""#;
        unread(&format!(
            "POST /dialer/ HTTP/1.1\n{kind}\n{{{credentials},\"dialerFunction\":\"getCalls\",{window}{more}}}"
        ))
    };
    let calls = |more: &str| calls_as("", more);
    assert_eq!(calls(""), (200, Value::Null));
    // Without a word, the filter would be off.
    let expected = json!([member("filterCampaign", "filterCampaigns".into())]);
    assert_eq!(calls(r#","filterCampaign":["2040"]"#), (200, expected));
    // Some clients call any body a form, curl among them.
    for kind in ["application/x-www-form-urlencoded", "application/json", "text/plain"] {
        let found = calls_as(&format!("Content-Type: {kind}\n"), r#","filterCampaign":["2040"]"#);
        let expected = json!([member("filterCampaign", "filterCampaigns".into())]);
        assert_eq!(found, (200, expected), "{kind}");
    }
    let expected = json!([member("note", Value::Null)]);
    assert_eq!(calls(r#","note":{"filterAgent":1}"#), (200, expected));
    let expected = json!([member("FilterAgents", "filterAgents".into())]);
    assert_eq!(calls(r#","FilterAgents":["9"]"#), (200, expected));

    let post = |path: &str, body: &str| {
        unread(&format!(
            "POST /rest/v1.0/7/dialler/contacts{path} HTTP/1.1\n{TOKEN}\n\
             Content-Type: application/json\n\n{body}"
        ))
    };
    let body = r#"{"DiallerCampaignsID":612,"Name":"X","PhoneNumber1":"49","Firstname":"A"}"#;
    let expected = json!([member("Firstname", "FirstName".into())]);
    assert_eq!(post("/import", body), (200, expected));
    let expected = json!([member("idList", "IDList".into())]);
    assert_eq!(post("", r#"{"idList":[301501],"UserDataList":["SIM-0001"]}"#), (200, expected));
    // Of a body that cannot be read the reason tells, and nothing else.
    assert_eq!(post("", r#"{"idList":[301501],}"#), (400, Value::Null));
}

#[test]
fn a_name_that_came_twice_is_told_with_the_value_that_counts() {
    let twice = |place: &str, name: &str, counts: &str| json!([{ "place": place, "name": name, "near": null, "counts": counts }]);
    let list = |query: &str| {
        unread(&format!("GET /rest/v1.0/7/dialler/contacts?{query} HTTP/1.1\n{TOKEN}\n\n"))
    };
    let name = "diallerCampaignsID";
    assert_eq!(list(&format!("{name}=612&{name}=613")), (200, twice("query", name, "first")));
    // A third adds nothing.
    let (_, found) = list(&format!("{name}=612&{name}=613&{name}=613"));
    assert_eq!(found, twice("query", name, "first"));

    let (status, found) = unread(
        "POST /_access/fetchCallersByCall HTTP/1.1\n\
         Content-Type: application/x-www-form-urlencoded\n\n\
         offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&call=K7Q2ZP0XN4V8T1RB&type=XML&type=",
    );
    assert_eq!((status, found), (200, twice("form", "type", "first")));

    let body = r#"{"DiallerCampaignsID":612,"Name":"X","PhoneNumber1":"49","Name":"Y"}"#;
    let (status, found) = unread(&format!(
        "POST /rest/v1.0/7/dialler/contacts/import HTTP/1.1\n{TOKEN}\n\
         Content-Type: application/json\n\n{body}"
    ));
    assert_eq!((status, found), (200, twice("json", "Name", "last")));
}

#[test]
fn a_name_with_one_value_in_the_query_and_another_in_the_body_is_told() {
    let either = |place: &str, name: &str| json!([{ "place": place, "name": name, "near": null, "counts": "either" }]);
    let hash = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
    let path = "/billing/api/autodialer_get_campaign_ivr_poll_results";
    let post = |path: &str, query: &str, kind: &str, body: &str| {
        unread(&format!("POST {path}?{query} HTTP/1.1\nContent-Type: {kind}\n\n{body}")).1
    };
    let (form, query) =
        ("application/x-www-form-urlencoded", format!("u=dialer_bob&id=17&hash={hash}"));
    assert_eq!(post(path, &query, form, "id=18"), either("form", "id"));
    assert_eq!(post(path, &query, "application/json", "{\"id\":18}"), either("json", "id"));
    assert_eq!(post(path, &query, form, "id=17&u="), Value::Null);
    let query = "offer_id=4711&offer_token=x&call=K7Q2ZP0XN4V8T1RB";
    let found = post("/_access/fetchCallersByCall", query, form, "offer_token=y");
    assert_eq!(found, either("form", "offer_token"));
}

#[test]
fn what_people_send_to_a_method_that_takes_no_such_thing_is_told_with_what_it_does() {
    let (_, found) = unread(
        "GET /billing/api/autodialer_change_campaign_status?u=admin&status=enabled HTTP/1.1\n\n",
    );
    let because = found[0]["because"].as_str().unwrap();
    assert!(because.contains("stops one that runs"), "{found}");
    assert_eq!((&found[0]["name"], &found[0]["near"]), (&json!("status"), &Value::Null));
    let (status, found) = unread(&format!(
        "GET /rest/v1.0/7/dialler/contacts?limitPageSize=10 HTTP/1.1\n{TOKEN}\n\n"
    ));
    assert_eq!(status, 200);
    assert!(found[0]["because"].as_str().unwrap().contains("whole"), "{found}");
}

#[test]
fn of_two_keys_of_a_campaign_the_one_that_does_not_count_is_told() {
    let effects = |name: &str| {
        let stage = Stage::demo();
        let body = format!(
            r#"{{"DiallerCampaignsID":612,"DiallerCampaignsName":"{name}","Name":"X","PhoneNumber1":"49"}}"#
        );
        stage.request(&format!(
            "POST /rest/v1.0/7/dialler/contacts/import HTTP/1.1\n{TOKEN}\n\
             Content-Type: application/json\n\n{body}"
        ));
        stage.journal().pop().unwrap()["effects"].to_string()
    };
    let stage = Stage::demo();
    let name_of = |id: i64| {
        let campaigns = stage.table("jtel", "campaigns");
        let own = campaigns.iter().find(|it| it.to_string().contains(&format!("{id}"))).unwrap();
        ["Name", "name"].iter().find_map(|key| own[*key].as_str()).unwrap().to_owned()
    };
    assert!(!effects(&name_of(612)).contains("passed over"));
    let other = effects(&name_of(613));
    assert!(other.contains("DiallerCampaignsName is campaign 613, and is passed over"), "{other}");
    let none = effects("No such campaign");
    assert!(none.contains("DiallerCampaignsName names no campaign, and is passed over"), "{none}");
}

#[test]
fn a_lead_that_has_not_the_number_and_an_id_of_no_lead_are_told() {
    let cookie = "Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";
    let effects = |path: &str| {
        let stage = Stage::demo();
        stage.request(&format!("GET /webservices/services/telephony{path} HTTP/1.1\n{cookie}\n\n"));
        stage.journal().pop().unwrap()["effects"].to_string()
    };
    let found = effects("/dial/user/101/phone/02079460000?leadid=50012");
    assert!(found.contains("lead 50012, which has not the number 02079460000"), "{found}");
    assert!(!effects("/dial/user/101/phone/07700900142?leadid=50012").contains("has not"));
    let found = effects("/leadphones/user/101/lead/987654");
    assert!(found.contains("987654 is the id of no lead, so the list is empty"), "{found}");
    assert_eq!(effects("/leadphones/user/101/lead/50012"), "[]");
}

#[test]
fn other_names_lead_to_names_that_are_there() {
    let mut wrong = Vec::new();
    for vendor in vendors::ALL {
        let api = vendor.surface.api;
        let params = api.params.iter().map(|it| it.name);
        let fields = vendor.surface.wire_fields.iter().map(|it| it.name);
        let credentials = api.credentials.iter().map(|it| it.name);
        let known: Vec<&str> = params.chain(fields).chain(credentials).collect();
        for (other, meant) in api.other_names {
            let is_there = known.iter().any(|known| is_same_name(known, meant));
            if !is_there || is_opposite(other, meant) {
                wrong.push((vendor.surface.vendor, *other, *meant));
            }
        }
    }
    assert!(wrong.is_empty(), "absent, or the reverse: {wrong:?}");
}
