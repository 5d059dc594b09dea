//! Bodies that cannot be read, or are of another kind: the reason says where, and the request with its
//! edit gets past the rule.

use serde_json::{Value, json};

use crate::testing::{Stage, parse_request};
use crate::web::message::Request;

const IMPORT: &str = "POST /rest/v1.0/7/dialler/contacts/import HTTP/1.1\n\
                      Authorization: Bearer SIMTOKEN-7A";
const BATCH: &str = "POST /rest/v1.0/7/dialler/contacts HTTP/1.1\n\
                     Authorization: Bearer SIMTOKEN-7A";
const INFOCU5: &str = "POST /dialer/ HTTP/1.1";
const MAESTRO: &str = "POST /_access/fetchCallersByCall HTTP/1.1";

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

const CONTACT: &str = r#"{"DiallerCampaignsID": 612, "Name": "Å", "PhoneNumber1": "49"}"#;

fn request(head: &str, content_type: &str, body: &[u8]) -> Request {
    let typed = if content_type.is_empty() { "" } else { "\nContent-Type: " };
    let mut request = parse_request(&format!("{head}{typed}{content_type}\n\n"));
    request.body = body.to_vec().into();
    request
}

/// The reason behind the refusal of a request, with all its secrets, which an edit has to hold.
fn why(stage: &Stage, request: Request) -> Value {
    stage.respond(request);
    let page = crate::sim::world::journal::Page {
        limit: usize::MAX,
        show_secrets: true,
        ..crate::sim::world::journal::Page::default()
    };
    let mut last = stage.world().journal_page(&page).unwrap().to_json().pop().unwrap();
    last["why"].take()
}

/// Sends a request and checks rule, place and words of the reason; where an edit is told, it is made,
/// and the request gets past the rule.
#[track_caller]
fn check(head: &str, content_type: &str, body: &[u8], wanted: (&str, &str, &str), is_exact: bool) {
    let stage = Stage::demo();
    let told = why(&stage, request(head, content_type, body));
    let (rule, at, found) = wanted;
    assert_eq!(told["rule"], rule, "{told}");
    assert_eq!(told["at"], at, "{told}");
    let words = format!("{} {}", told["found"], told["hint"]);
    assert!(words.contains(found), "{told}");
    assert_eq!(told.get("edit").is_some(), is_exact, "{told}");
    let Some(edit) = told.get("edit") else { return };
    let edited = match (&edit["body"], &edit["content_type"]) {
        (Value::String(body), Value::Null) => request(head, content_type, body.as_bytes()),
        (Value::Null, Value::String(content_type)) => request(head, content_type, body),
        _ => panic!("{edit}"),
    };
    let told = why(&stage, edited);
    assert_ne!(told["rule"], rule, "{edit}: {told}");
}

/// A text in UTF-16 with its mark.
fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A text in Latin-1.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect()
}

const START: &str = "line 1, column 1 (byte 0)";

#[test]
fn jtel_says_why_a_contact_cannot_be_read() {
    let check = |body: &[u8], at: &str, found: &str, is_exact: bool| {
        check(IMPORT, JSON, body, ("jtel.json", at, found), is_exact);
    };
    check(b"", START, "an empty body", false);
    check(&utf_16(CONTACT), START, "UTF-16", true);
    check(&latin_1(CONTACT), "line 1, column 38 (byte 37)", "Latin-1", true);
    check(format!("\u{feff}{CONTACT}").as_bytes(), START, "byte-order mark", true);
    check(
        CONTACT.replace('"', "'").as_bytes(),
        "line 1, column 2 (byte 1), in \"/DiallerCampaignsID\"",
        "double quotes",
        true,
    );
    check(format!("[{CONTACT}]").as_bytes(), START, "", true);
    check(br#"{"Name": None}"#, "line 1, column 10 (byte 9), in \"/Name\"", "None", true);
    check(
        br#"{"Name": "X""#,
        "line 1, column 13 (byte 12), in \"/Name\"",
        "the end of the body",
        false,
    );
    check(b"Name=X&PhoneNumber1=49&DiallerCampaignsID=612", START, "form", false);
    check(b"\x1f\x8b\x08\0\0\0\0\0", START, "gzip", false);
    check(b"<contact><Name>X</Name></contact>", START, "XML", false);
}

#[test]
fn jtel_says_which_media_type_belongs_there() {
    let at = "the header Content-Type";
    let rule = "jtel.content_type";
    check(IMPORT, "text/plain", CONTACT.as_bytes(), (rule, at, "text/plain"), true);
    check(IMPORT, "", CONTACT.as_bytes(), (rule, at, "no Content-Type"), true);
    // Another header would not make JSON of it.
    check(IMPORT, FORM, b"Name=X", (rule, at, FORM), false);
    // Numbers can only be meant for one of the two lists.
    check(BATCH, JSON, b"[301501]", ("jtel.json", START, ""), true);
}

#[test]
fn infocu5_says_why_a_body_is_no_object() {
    let body = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}"#;
    let check = |body: &[u8], at: &str, found: &str, is_exact: bool| {
        check(INFOCU5, JSON, body, ("infocu5.json", at, found), is_exact);
    };
    check(b" ", START, "blanks", false);
    let comma = body.replace('}', ",}");
    let at = format!("line 1, column {} (byte {})", body.len(), body.len() - 1);
    check(comma.as_bytes(), &at, "the vendor's own getCalls example has it", true);
    check(&utf_16(body), START, "UTF-16", true);
    let twice = json!(body).to_string();
    check(twice.as_bytes(), START, "", true);
    check(format!(r#"{{"params":{body},}}"#).as_bytes(), "line 1, column 134 (byte 133)", "", true);
    let form = "affiliateID=A7k2Qm9ZrT4x&affiliateKey=0f1e2d3c4b5a69788796a5b4c3d2e1f0&dialerFunction=getAgents&showAll=n";
    check(form.as_bytes(), START, "", false);
    check(b"<getDialers/>", START, "XML was v2.4", false);
}

#[test]
fn maestro_says_why_a_form_gives_no_parameters() {
    let stage = Stage::demo();
    let form = "offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&call=K7Q2ZP0XN4V8T1RB";
    let rule = "maestro.missing";
    let object = r#"{"offer_id":"4711","offer_token":"5c0e77a1d94b42f8a6e13b90cf28d451","call":"K7Q2ZP0XN4V8T1RB"}"#;
    check(MAESTRO, FORM, object.as_bytes(), (rule, START, ""), true);
    // Two things are to be changed, so no edit does it alone.
    check(MAESTRO, JSON, object.as_bytes(), (rule, START, "JSON"), false);
    let at = "the header Content-Type";
    check(MAESTRO, "text/plain", form.as_bytes(), (rule, at, "text/plain"), true);
    // In a query it is the query that is told of.
    let query = form.replace('&', "&amp;");
    let head = format!("GET /_access/fetchCallersByCall?{query} HTTP/1.1");
    let told = why(&stage, request(&head, "", b""));
    assert_eq!(told["rule"], rule);
    assert_eq!(told["at"], "line 1, column 14 (byte 13) of the query");
    assert!(told["hint"].as_str().unwrap().contains('&'), "{told}");
}

#[test]
fn an_edit_shows_no_secret() {
    let stage = Stage::demo();
    let key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    stage.respond(request(INFOCU5, JSON, format!(r#"{{"affiliateKey":"{key}",}}"#).as_bytes()));
    let last = stage.journal().pop().unwrap();
    let body = last["why"]["edit"]["body"].as_str().unwrap();
    assert!(body.starts_with(r#"{"affiliateKey":"***"#), "{body}");
    assert!(!last.to_string().contains(key));
}

#[test]
fn jtel_says_which_signs_of_user_data_were_lost_on_the_way() {
    let stage = Stage::demo();
    let head = |value: &str| {
        format!(
            "DELETE /rest/v1.0/7/dialler/contacts/contact?userData={value} HTTP/1.1\n\
             Authorization: Bearer SIMTOKEN-7A"
        )
    };
    for (value, hint) in
        [("+4943155501", "userData=%2B4943155501"), ("SIM%252D0001", "userData=SIM%2D0001")]
    {
        let told = why(&stage, request(&head(value), "", b""));
        assert_eq!(told["rule"], "jtel.contact", "{told}");
        assert_eq!(told["at"], "the query parameter userData", "{told}");
        assert!(told["hint"].as_str().unwrap().contains(hint), "{told}");
    }
}
