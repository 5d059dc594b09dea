//! What the journal says of each refusal.

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::jtel::tests::{ask, contract, import as import_contact};

/// Sends a request and compares its status and the reason behind it; nothing may change.
#[track_caller]
fn check(request: &str, status: u16, why: &str) {
    let stage = contract(&json!({}));
    let before = contacts(&stage);
    let response = stage.request(request);
    assert_eq!(response.status.as_u16(), status, "{request}\n{}", stage.why());
    assert_eq!(stage.why(), why, "{request}");
    assert_eq!(contacts(&stage), before);
}

fn contacts(stage: &Stage) -> Vec<Value> {
    stage.table("jtel", "contacts")
}

const TOKEN: &str = "Authorization: Bearer SIMTOKEN-7A";

fn seven(method: &str, path: &str) -> String {
    format!("{method} /rest/v1.0/7/dialler/{path} HTTP/1.1\n{TOKEN}\n\n")
}

fn import(body: &str) -> String {
    format!(
        "POST /rest/v1.0/7/dialler/contacts/import HTTP/1.1\n{TOKEN}\n\
         Content-Type: application/json; charset=utf-8\n\n{body}\n"
    )
}

#[test]
fn names_what_is_wrong_with_a_token() {
    let with = |header: &str| format!("GET /rest/v1.0/7/dialler/campaigns HTTP/1.1\n{header}\n\n");
    let expected =
        "jtel.token: expected Authorization: Bearer with a token of client account 7, found";
    let check = |header: &str, rest: &str| check(&with(header), 401, &format!("{expected} {rest}"));
    check(
        "Authorization: Bearer SIMTOKEN-8A",
        "a token of client account 8; token and path belong together: use /rest/v1.0/8/…",
    );
    check(
        "Authorization: Basic dXNlcjpw",
        "Authorization: Basic; the vendor takes bearer tokens, not user and password",
    );
    check(
        "Authorization: SIMTOKEN-7A",
        "Authorization without the scheme Bearer; write the word Bearer and a blank before the token",
    );
    check(
        "X-Nothing: 1",
        "no header Authorization; every call needs the token that the portal gave out",
    );
    check(
        "Authorization: Bearer simtoken-7a",
        "a token in other capitals; it is compared letter by letter, capitals too",
    );
    check(
        "Authorization: Bearer SIMTOKEN-7",
        "a token that lacks its last or first signs; the token is cut at one end: send all of it",
    );
    check(
        "Authorization: Bearer SIMTOKEN-9",
        "a token that no client account has; compare it with the scenario's; tokens are compared letter by \
         letter",
    );
}

#[test]
fn names_a_token_that_was_replaced() {
    let stage = contract(&json!({}));
    stage.event("jtel", "rotate_token", &json!({"client": 7, "token": "NEW"})).unwrap();
    stage.request(&seven("GET", "campaigns"));
    assert_eq!(
        stage.why(),
        "jtel.token: expected Authorization: Bearer with a token of client account 7, found a token \
         that was taken back at 2024-03-04T09:00:00Z; a replaced or removed token is dead at once; \
         use the new one"
    );
}

#[test]
fn names_the_client_account() {
    check(
        &format!("GET /rest/v1.0/9/dialler/campaigns HTTP/1.1\n{TOKEN}\n\n"),
        401,
        "jtel.token: expected Authorization: Bearer with a token of client account 9, found no \
         client account 9; the token is one of client account 7; use /rest/v1.0/7/…, or check which \
         world was asked",
    );
    check(
        &format!("GET /rest/v1.0/seven/dialler/campaigns HTTP/1.1\n{TOKEN}\n\n"),
        401,
        "jtel.token: expected the ID of a client account as the segment behind /rest/v1.0/, found \
         \"seven\"; the ClientsID is an integer, such as 7; the account's name is not taken",
    );
}

#[test]
fn a_word_where_only_an_id_can_stand_is_no_path() {
    let stage = contract(&json!({}));
    for (method, path) in [
        ("POST", "imports"),
        ("POST", "Import"),
        ("POST", "batch"),
        ("PUT", "abc"),
        ("DELETE", "SIM-0001"),
        ("PATCH", "contact/Lock"),
        ("POST", "contact/x/history"),
        ("PATCH", "contact/x/lock/y"),
    ] {
        let response = stage.request(&seven(method, &format!("contacts/{path}")));
        assert_eq!(response.status.as_u16(), 404, "{method} {path}");
        assert!(response.body.is_empty());
        assert!(stage.why().starts_with("jtel.endpoint: "), "{}", stage.why());
    }
}

#[test]
fn a_known_path_tells_its_methods() {
    let stage = contract(&json!({}));
    let allow = |method: &str, path: &str| {
        let response = stage.request(&seven(method, path));
        assert_eq!(response.status.as_u16(), 405, "{method} {path}");
        let named = response.headers.iter().find(|(name, _)| *name == http::header::ALLOW);
        named.unwrap().1.to_str().unwrap().to_owned()
    };
    assert_eq!(allow("PUT", "contacts/import"), "POST");
    assert_eq!(allow("PUT", "contacts/1"), "GET, HEAD");
    assert_eq!(allow("PATCH", "contacts/contact/1"), "GET, DELETE, HEAD");
    // What the switch opens, not what the table of routes has.
    assert_eq!(allow("GET", "contacts/contact/1/lock"), "PATCH, PUT");
    assert_eq!(allow("HEAD", "contacts/contact/1/lock"), "PATCH, PUT");
}

#[test]
fn head_is_answered_as_get_is() {
    let stage = contract(&json!({}));
    for path in ["contacts/1", "contacts/999", "campaigns"] {
        let get = stage.request(&seven("GET", path));
        let head = stage.request(&seven("HEAD", path));
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.headers, get.headers, "{path}");
    }
}

#[test]
fn blanks_are_no_phone_number() {
    check(
        &import(r#"{"DiallerCampaignsID": 612, "Name": "X", "PhoneNumber1": " "}"#),
        400,
        "jtel.phone_missing: expected one of PhoneNumber1 to PhoneNumber6, found none that is set; \
         PhoneNumber1 is empty; any one of the six will do, also when a contact is overwritten",
    );
}

#[test]
fn names_a_path_that_is_none() {
    check(
        &seven("GET", "contacts/contact/1/histroy"),
        404,
        "jtel.endpoint: expected a path under /rest/v1.0/{ClientsID}/dialler/ that the vendor has, \
         found GET /rest/v1.0/7/dialler/contacts/contact/1/histroy; did you mean \
         GET /rest/v1.0/7/dialler/contacts/contact/1/history? Paths are compared letter by letter",
    );
    check(
        &seven("PATCH", "contacts/301501/lock"),
        404,
        "jtel.endpoint: expected a path under /rest/v1.0/{ClientsID}/dialler/ that the vendor has, \
         found PATCH /rest/v1.0/7/dialler/contacts/301501/lock; did you mean PATCH \
         /rest/v1.0/7/dialler/contacts/contact/301501/lock? Paths are compared letter by letter",
    );
    check(
        &seven("GET", "contacts/abc"),
        404,
        "jtel.id: expected an ID of digits in the path, found \"abc\"; IDs are integers that the \
         vendor gives out; a key of your own goes into the query as userData",
    );
    check(
        &seven("PUT", "contacts/import"),
        405,
        "jtel.method: expected POST, found PUT /rest/v1.0/7/dialler/contacts/import; the path is \
         known; only the method is another one",
    );
    check(
        &seven("POST", "contacts/contact/1/lock"),
        405,
        "jtel.method: expected PATCH or PUT, found POST; nobody outside the vendor knows the \
         method; the switch lock_methods says which are taken here",
    );
}

#[test]
fn an_id_that_was_given_out_is_known_after_its_contact_is_gone() {
    let stage = contract(&json!({}));
    let body = json!({"DiallerCampaignsID": 612, "Name": "X", "PhoneNumber1": "1"});
    let id = import_contact(&stage, false, &body)["ID"].clone();
    let path = format!("contacts/contact/{id}");
    assert_eq!(ask(&stage, "DELETE", &path, None).0, 200);
    assert_eq!(ask(&stage, "DELETE", &path, None).0, 404);
    let why = stage.why();
    assert!(why.ends_with("found 5, which is none; it was deleted, or never given out"), "{why}");
}

#[test]
fn names_the_contacts_whose_ids_are_a_slip_away() {
    let stage = Stage::demo();
    let read = |id: &str| {
        stage.request(&format!(
            "GET /rest/v1.0/7/dialler/contacts/{id} HTTP/1.1\nAuthorization: Bearer SIMTOKEN-7A\n\n"
        ));
        stage.why()
    };
    let cut = read("30150");
    assert!(cut.ends_with("never given out; near it: 301501, 301502"), "{cut}");
    let swapped = read("310501");
    assert!(swapped.ends_with("the import; near it: 301501"), "{swapped}");
    assert!(read("777777").ends_with("take the ID from the reply to the import"));
}

#[test]
fn names_a_contact_that_is_not_there() {
    let expected = "jtel.contact: expected the ID of a contact of client account 7, found";
    let by_id =
        |path: &str, rest: &str| check(&seven("GET", path), 404, &format!("{expected} {rest}"));
    by_id(
        "contacts/99",
        "99; the highest ID so far is 4; take the ID from the reply to the import",
    );
    by_id(
        "contacts/4",
        "4, a contact of client account 8; the objects of another client account are as good as \
         absent",
    );
    by_id(
        "contacts/99999999999999999999",
        "an ID beyond all integers; IDs are integers of 64 bits",
    );
    let expected = "jtel.contact: expected the UserData of a contact of client account 7, found";
    let by_user_data = |value: &str, rest: &str| {
        let request = seven("DELETE", &format!("contacts/contact?userData={value}"));
        check(&request, 404, &format!("{expected} {rest}"));
    };
    by_user_data("u", "\"u\"; in other capitals there is one: \"U\"");
    by_user_data("U%20", "\"U \"; without the blanks around it there is one: \"U\"");
    by_user_data(
        "FOREIGN",
        "\"FOREIGN\", which client account 8 has; the objects of another client account are as good \
         as absent",
    );
    by_user_data(
        "X",
        "\"X\", which none has; where a delete before this one took the last, 404 is right; else \
         compare it with GET …/dialler/contacts, which shows each contact's UserData",
    );
    by_user_data(
        &"x".repeat(65),
        "a text of 65 characters; UserData has at most 64 characters, so no contact has this",
    );
}

#[test]
fn names_what_is_wrong_with_a_parameter() {
    check(
        &seven("DELETE", "contacts/contact?UserData=U"),
        400,
        "jtel.parameter_missing: expected userData in the query, found UserData, in other capitals; \
         send ?userData=…, percent-encoded; names are compared letter by letter",
    );
    check(
        &seven("DELETE", "contacts/contact?userData=%FF"),
        400,
        "jtel.parameter: expected text in UTF-8, percent-encoded once, found \"%FF\" at the query \
         parameter userData; percent-encode the bytes of the text in UTF-8: userData=%C3%BF",
    );
    check(
        &seven("GET", "contacts?diallerCampaignsID=x"),
        400,
        "jtel.parameter: expected diallerCampaignsID: an integer, found \"x\"; leave the parameter \
         out, or send digits",
    );
    check(
        &seven("GET", "contacts?diallerCampaignsID=812"),
        404,
        "jtel.campaign: expected the ID of a campaign of client account 7, found 812, a campaign of \
         client account 8; GET …/dialler/campaigns lists the 2 that there are",
    );
}

#[test]
fn names_what_is_wrong_with_an_import() {
    check(
        &import(r#"{"name": "Dorn"}"#),
        400,
        "jtel.field_missing: expected Name, found no Name, but \"name\"; call it Name; Name is the surname, and \
         mandatory, also when a contact is overwritten",
    );
    check(
        &import(r#"{"Name": "Dorn", "DiallerCampaignsID": 612, "Phonenumber1": "1"}"#),
        400,
        "jtel.phone_missing: expected one of PhoneNumber1 to PhoneNumber6, found none that is set, \
         but \"Phonenumber1\"; call it PhoneNumber1; any one of the six will do, also when a contact is overwritten",
    );
    let long = format!(r#"{{"UserData": "{}"}}"#, "x".repeat(65));
    check(
        &import(&long),
        400,
        "jtel.field_length: expected UserData of at most 64 characters, found 65 characters; the \
         limit is the CSV import's; the switch length_policy can cut instead",
    );
    check(
        &import(
            r#"{"Name": "Dorn", "DiallerCampaignsName": "spring recall", "PhoneNumber1": "1"}"#,
        ),
        404,
        "jtel.campaign: expected the name of a campaign of client account 7, found \"spring \
         recall\"; did you mean \"Spring Recall\"? Names are compared letter by letter",
    );
    check(
        &import(r#"{"Name": "Dorn", "DiallerCampaignsID": "612", "PhoneNumber1": "1"}"#),
        400,
        "jtel.field: expected DiallerCampaignsID: an integer, found text; send the ID as a number \
         without quotes: 612",
    );
    let huge = format!(r#"{{"Name": "Dorn", "City": "{}"}}"#, "x".repeat(10_000_000));
    check(
        &import(&huge),
        400,
        "jtel.field_length: expected City of at most 64 characters, found 10000000 characters; the \
         limit is the CSV import's; the switch length_policy can cut instead",
    );
    check(
        &import("{}").replace("application/json; charset=utf-8", "text/json"),
        415,
        "jtel.content_type: expected Content-Type: application/json, found Content-Type: \
         \"text/json\" at the header Content-Type; the vendor asks for this header on every function that sends POST data",
    );
}
