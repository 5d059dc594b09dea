//! Bodies that are no lead or no form, and what is said of them.

use http::{HeaderName, HeaderValue, Method, header};

use crate::testing::Stage;
use crate::vendors::maxcontact::tests::{TOKEN, manual};
use crate::web::message::Request;

/// Sends a body to lead management; answers the reason, and what a client sees is the platform's page.
fn why(stage: &Stage, operation: &str, headers: &[(HeaderName, &str)], body: &[u8]) -> String {
    let target = format!("/webservices/services/LeadManagement/{operation}");
    let mut request = Request::new(Method::POST, target.parse().unwrap());
    let cookie = format!("TokenKey={TOKEN}");
    request.headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).unwrap());
    for (name, value) in headers {
        request.headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    request.body = body.to_owned().into();
    let response = stage.respond(request);
    assert_eq!(response.status.as_u16(), 400, "{}", stage.why());
    stage.why()
}

#[test]
fn says_what_a_body_is_where_a_lead_belongs() {
    let stage = manual(1);
    for (media_type, body, found) in [
        ("application/json", "{\"ListID\":12,", "line 1"),
        ("application/json", "{'ListID': 12}", "'"),
        ("application/json", "{\"Name\": None}", "None"),
        ("application/json", "[{\"ListID\":12}]", "["),
        ("application/json", "ListID=12&Name=Asha", "a form"),
        ("application/json", "<Lead><Name>Asha</Name></Lead>", "XML"),
        ("application/json", "", "an empty body"),
        ("application/xml", "<Lead><Name>Marks & Co</Name></Lead>", "&"),
        ("application/xml", "{\"ListID\":12}", "JSON"),
        ("application/x-www-form-urlencoded", "ListID=12", "a form"),
    ] {
        let why = why(&stage, "AddLead", &[(header::CONTENT_TYPE, media_type)], body.as_bytes());
        assert!(why.starts_with("maxcontact.body: expected ") && why.contains(found), "{why}");
        assert!(why.contains(" at "), "{body} has no place: {why}");
    }
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")];
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";
    let compressed = why(&stage, "AddLead", &headers, gzip);
    assert!(compressed.contains("gzip"), "{compressed}");
    // The bytes are right; what was said of them is not.
    let unsaid = why(&stage, "AddLead", &[], b"{\"ListID\":12}");
    assert!(unsaid.contains("found no Content-Type; send application/json"), "{unsaid}");
    let typed =
        why(&stage, "AddLead", &[(header::CONTENT_TYPE, "text/json")], b"{\"ListID\":\"x\"}");
    assert!(typed.contains("found ListID: \"x\" at /ListID; the member is an int"), "{typed}");
}

#[test]
fn says_what_a_body_is_where_a_form_belongs() {
    let stage = manual(1);
    for (media_type, body, found) in [
        ("application/json", "{\"mapname\":\"leads\"}", "JSON"),
        (
            "multipart/form-data",
            "--x\r\nContent-Disposition: form-data; name=\"mapname\"\r\n\r\nm\r\n--x--\r\n",
            "boundary",
        ),
        ("application/x-www-form-urlencoded", "mapname=leads&options=1", "a form"),
    ] {
        let why =
            why(&stage, "ImportCsvFiles", &[(header::CONTENT_TYPE, media_type)], body.as_bytes());
        assert!(why.starts_with("maxcontact.body: expected ") && why.contains(found), "{why}");
    }
}
