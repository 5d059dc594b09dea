//! What a refusal says: dates, missing parameters, bodies, credentials, paths.

use serde_json::{Value, json};

use crate::contract::operation::Call;
use crate::testing::{Stage, parse_request};
use crate::vendors::maestro::errors;
use crate::vendors::maestro::tests::{DAY, FIRST, check, get};
use crate::web::params::Params;

#[track_caller]
fn check_date(date: &str, hint: &str) {
    let stage = Stage::demo();
    let query = format!("{FIRST}&dateFrom={date}&dateTo=2015-09-15%2000:00:00");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1, "-2,Invalid parameter: dateFrom");
    let why = stage.why();
    assert_eq!(why.split_once("; ").unwrap().1, hint);
    assert!(why.starts_with("maestro.date: expected dateFrom: a date such as 2015-09-14 00:00:00"));
}

#[test]
fn says_what_is_wrong_with_a_date() {
    check_date("2015-09-14T00:00:00", "date and time are joined by one blank, not by a T");
    check_date("2015-09-14", "the time is missing; append 00:00:00 behind a blank");
    check_date("2015-09-14%252000:00:00", "it was percent-encoded twice; encode it once");
    check_date(
        "2015-09-14%2B00:00:00",
        "the + came as %2B and so stayed a plus; send the blank as %20, or as a bare +",
    );
    // The plus of an offset has become a blank.
    check_date(
        "2015-09-14+00:00:00+02:00",
        "an offset is not taken (in a query its + becomes a blank); write the time in the vendor's zone and nothing behind it",
    );
    check_date(
        "2015.09.14+00:00:00",
        "dots are the Conference Management API's form; here it is hyphens",
    );
    check_date(
        "2015-09-31+00:00:00",
        "it has the form, but no calendar has the day or no clock the time",
    );
    check_date("1442188800", "a date as text, not a count of seconds");
}

#[test]
fn says_what_is_missing() {
    let missing = |name: &str| format!("-2,Missing parameter: {name}");
    let rule = |name: &str| format!("maestro.missing: expected the parameter {name}, found");
    check(
        "fetchCallersByDate",
        DAY,
        &missing("offer_id"),
        &format!(
            "{} no offer_id; every request carries offer_id and offer_token",
            rule("offer_id")
        ),
    );
    check(
        "fetchCallersByDate",
        &format!("offer_id=4711&token=5c0e77a1d94b42f8a6e13b90cf28d451&{DAY}"),
        &missing("offer_token"),
        &format!(
            "{} a parameter \"token\"; the parameter is called offer_token; names are compared letter by letter",
            rule("offer_token")
        ),
    );
    check(
        "fetchCallersByDate",
        &format!("offer_id=4711&offer_token=&{DAY}"),
        &missing("offer_token"),
        &format!(
            "{} offer_token without a value; an empty value is as if the parameter were not there",
            rule("offer_token")
        ),
    );
    check(
        "fetchCallersByDate",
        &format!("{FIRST}&DateFrom=2015-09-14%2000:00:00"),
        &missing("dateFrom"),
        &format!(
            "{} a parameter \"DateFrom\"; the parameter is called dateFrom; names are compared letter by letter",
            rule("dateFrom")
        ),
    );
    check(
        "fetchCallersByCall",
        &format!("{FIRST}&callUID=K7Q2ZP0XN4V8T1RB"),
        &missing("call"),
        &format!(
            "{} a parameter \"callUID\"; the parameter is called call, although the output's column is callUID; the variant accept_call_uid takes both",
            rule("call")
        ),
    );
    check(
        "fetchCallersByCall",
        &format!("{FIRST}&{DAY}"),
        &missing("call"),
        &format!("{} no call; dateFrom and dateTo belong to fetchCallersByDate", rule("call")),
    );
}

#[test]
fn reads_a_form_and_no_other_body() {
    let stage = Stage::demo();
    let post = |media_type: &str, body: &str| {
        stage.send(&format!(
            "POST /_access/fetchCallersByCall HTTP/1.1\nContent-Type: {media_type}\n\n{body}"
        ))
    };
    let form = format!("{FIRST}&call=K7Q2ZP0XN4V8T1RB");
    assert!(post("application/x-www-form-urlencoded; charset=UTF-8", &form).contains("Dana Whit"));
    assert!(
        post("application/json", "{\"offer_id\":4711}").ends_with("-2,Missing parameter: offer_id")
    );
    assert_eq!(
        stage.why(),
        "maestro.missing: expected a form (name=value&…), found JSON: \"{\\\"offer_id\\\":4711}\" at line 1, column 1 (byte 0); send name=value pairs joined with &, with Content-Type: application/x-www-form-urlencoded"
    );
}

#[test]
fn says_what_is_wrong_with_the_credentials() {
    let refused = |query: &str, why: &str| {
        check(
            "fetchCallersByDate",
            query,
            "-5,Invalid offer id or token",
            &format!("maestro.credentials: expected {why}"),
        );
    };
    // The pair is checked before the dates are even looked for.
    refused(
        "offer_id=4711&offer_token=e2b6419f07c84d35b1a98c52d07f63ee",
        "the offer_token of offer 4711, found the token of offer 4712; id and token are a pair; use both of the same offer",
    );
    refused(
        "offer_id=4711&offer_token=5C0E77A1D94B42F8A6E13B90CF28D451",
        "the offer_token of offer 4711, found the right token in other capitals; a token is compared letter by letter",
    );
    refused(
        "offer_id=4711&offer_token=5c0e77a1",
        "the offer_token of offer 4711, found a token of 8 characters; the offer's has another length; was it cut?",
    );
    refused(
        "offer_id=5c0e77a1d94b42f8a6e13b90cf28d451&offer_token=4711",
        "the offer_id of an offer of this world, found the token of offer 4711 as offer_id; offer_id and offer_token are exchanged",
    );
    refused(
        "offer_id=47&offer_token=x",
        "the offer_id of an offer of this world, found offer_id \"47\", which is none; seed the offer in [maestro] offers, or check which world was asked",
    );
    let stage = Stage::new(&json!({ "maestro": { "offers": [{ "id": 1, "token": "a+b" }] } }));
    assert!(get(&stage, "fetchCallersByCall", "offer_id=1&offer_token=a+b").1.starts_with("-5"));
    assert_eq!(
        stage.why(),
        "maestro.credentials: expected the offer_token of offer 1, found the right token with a blank where it has a plus; in a query a + is a blank; send the plus as %2B"
    );
}

#[test]
fn says_which_path_was_meant() {
    let stage = Stage::demo();
    let not_found = |path: &str, hint: &str| {
        assert_eq!(stage.request(&format!("GET {path} HTTP/1.1\n\n")).status.as_u16(), 404);
        assert_eq!(
            stage.why(),
            format!(
                "maestro.path: expected /_access/fetchCallersByDate or /_access/fetchCallersByCall, found {hint}"
            )
        );
    };
    not_found(
        "/fetchCallersByDate?x=1",
        "\"/fetchCallersByDate\"; put /_access in front; the variant mount = \"root\" takes it without",
    );
    not_found(
        "/_access/fetchcallersbydate",
        "\"/_access/fetchcallersbydate\"; did you mean fetchCallersByDate? Paths are compared letter by letter",
    );
    not_found(
        "/_access/getCallData?customer=1",
        "\"/_access/getCallData\"; only the Opt-in Contact Retrieval API is here, not the Conference Management API",
    );
    not_found(
        "/_access/fetchCallersByCall/",
        "\"/_access/fetchCallersByCall/\"; the path is /_access/fetchCallersByCall, with nothing before or behind it",
    );
    assert_eq!(
        stage.send(&format!("DELETE /_access/fetchCallersByDate?{FIRST} HTTP/1.1\n\n")),
        "405\nallow: GET, POST\n\n"
    );
}

#[test]
fn a_failure_of_our_own_is_in_band() {
    let said = |query: &str| {
        let request =
            parse_request(&format!("GET /_access/fetchCallersByDate?{query} HTTP/1.1\n\n"));
        let params = Params::from_query(request.query());
        let response =
            errors::failure(&Call { request: &request, operation: None, params: &params });
        String::from_utf8(response.body.to_vec()).unwrap()
    };
    assert_eq!(said("offer_id=1"), "-4,Unhandled exception");
    assert_eq!(
        said("type=XML"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><code>-4</code><message>Unhandled exception</message><value></value></response>"
    );
}

#[test]
fn a_rotated_token_is_refused_and_never_shown() {
    let stage = Stage::demo();
    let answer = stage.event("maestro", "rotate_token", &json!({ "offer": 4711 })).unwrap();
    let token = answer["token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    let query = format!("{FIRST}&{DAY}");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1, "-5,Invalid offer id or token");
    assert_eq!(
        stage.why(),
        "maestro.credentials: expected the offer_token of offer 4711, found the token that the offer had before it was rotated; take the new one; no function of the vendor's returns it"
    );
    let query = format!("offer_id=4711&offer_token={token}&{DAY}");
    assert_eq!(get(&stage, "fetchCallersByDate", &query).1.lines().count(), 3);
    let chosen = json!({ "offer": 4711, "token": "0123456789" });
    stage.event("maestro", "rotate_token", &chosen).unwrap();
    let foreign = json!({ "offer": 4712, "token": "0123456789" });
    assert!(
        stage.event("maestro", "rotate_token", &foreign).unwrap_err().contains("has this token")
    );

    let journal = Value::from(stage.journal()).to_string();
    for secret in [token, "5c0e77a1d94b42f8a6e13b90cf28d451", "0123456789"] {
        assert!(!journal.contains(secret), "{journal}");
    }
    let offers = stage.table("maestro", "offers");
    assert_eq!(offers[0]["token"], "***(10.84)");
    assert!(offers[0]["token_before"].as_str().unwrap().starts_with("***("));
}

#[test]
fn a_list_of_offers_is_not_one_in_groups_of_thousands() {
    let offer = |id: i64, token: &str| json!({ "id": id, "token": token });
    let stage = Stage::new(&json!({ "maestro": { "offers": [
        offer(12, "a"), offer(120, "b"), offer(301, "c"), offer(501, "d"), offer(301_501, "e"),
        offer(1234, "f"),
    ] } }));
    for (id, expected) in [
        ("12.0", "an offer_id with a fraction: \"12.0\"; an id has no fraction"),
        ("1,2", "offer_id \"1,2\"; an offer_id is digits only"),
        ("12,0", "offer_id \"12,0\"; an offer_id is digits only"),
        ("301,501", "several offers in offer_id: \"301,501\"; one offer per request"),
        ("1'234", "an offer_id in groups of thousands: \"1'234\"; an id has no sign between"),
    ] {
        let query = format!("offer_id={}&offer_token=x", id.replace('\'', "%27"));
        assert!(get(&stage, "fetchCallersByCall", &query).1.starts_with("-5"), "{id}");
        assert!(stage.why().contains(expected), "{id}: {}", stage.why());
    }
}
