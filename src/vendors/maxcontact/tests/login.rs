//! Tokens: what is wrong with a login or with a cookie, and what is counted.

use std::time::Duration;

use http::{HeaderValue, Method, header};
use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maxcontact::tests::{TOKEN, VENDOR, done, happens, scenario};
use crate::web::message::Request;

fn login(stage: &Stage, path: &str, authorization: &str) -> (u16, Value) {
    let response = stage.request(&format!(
        "GET /webservices/services/apitoken/login/{path} HTTP/1.1\n\
         Authorization: {authorization}\nContent-Type: application/json\n"
    ));
    let body = serde_json::from_slice(&response.body).unwrap_or_default();
    (response.status.as_u16(), body)
}

#[track_caller]
fn refused(path: &str, authorization: &str, why: &str) {
    let stage = Stage::demo();
    let (status, body) = login(&stage, path, authorization);
    assert_eq!((status, body), (401, Value::Null));
    let expected = "Authorization: Base64 of the password of the login in the path";
    let why = why.strip_prefix("… ").map_or_else(
        || format!("maxcontact.login: {why}"),
        |why| format!("maxcontact.login: expected {expected}, found {why}"),
    );
    assert_eq!(stage.why(), why);
}

#[test]
fn says_what_is_wrong_with_a_password() {
    refused(
        "api.user",
        "Basic UGE1NXdvcmQh",
        "… the scheme Basic and the right password behind it; take the scheme away: the header holds the Base64 and nothing else",
    );
    // Base64 of api.user:Pa55word!
    refused(
        "api.user",
        "Basic YXBpLnVzZXI6UGE1NXdvcmQh",
        "… the scheme Basic and the right login:password pair behind it; this is not HTTP Basic: send Base64 of the password alone, without scheme and login",
    );
    refused(
        "api.user",
        "YXBpLnVzZXI6UGE1NXdvcmQh",
        "… Base64 of login:password; encode the password alone; the login stands in the path",
    );
    refused("api.user", "Pa55word!", "… the password itself; encode it: Base64 of its ASCII bytes");
    // Base64 of Pa55word! and a line feed, as echo makes it.
    refused(
        "api.user",
        "UGE1NXdvcmQhCg==",
        "… the right password with white space around it; encode it without the line's end: echo adds one, printf does not",
    );
    refused("api.user", "VUdFMU5YZHZjbVFo", "… the password encoded twice; encode it once");
    refused(
        "api.user",
        "UGE1NXdvcmQ",
        "… a value that is not Base64; send Base64 of the password's ASCII bytes, with its padding",
    );
    refused(
        "api.user",
        "d3Jvbmc=",
        "… another password; compare it with the account's in [maxcontact] accounts, and with what the \
         event set_password made of it",
    );
    refused(
        "API.User",
        "UGE1NXdvcmQh",
        r#"expected a login of this world in the path, found "API.User", which is none; did you mean "api.user"? Logins are compared letter by letter"#,
    );
}

#[test]
fn a_password_outside_ascii_never_matches() {
    let mut scenario = scenario(1, &json!({}));
    scenario["maxcontact"]["accounts"][0]["password"] = json!("Pässword");
    let stage = Stage::new(&scenario);
    // The bytes that .NET's encoder makes of it, and those of UTF-8.
    for encoded in ["UD9zc3dvcmQ=", "UMOkc3N3b3Jk"] {
        assert_eq!(login(&stage, "api.user", encoded).0, 401);
        assert!(stage.why().contains("such a password can never match"), "{}", stage.why());
    }
}

#[test]
fn logins_are_counted_per_lifetime() {
    let stage = Stage::demo();
    let (_, first) = login(&stage, "api.user", "UGE1NXdvcmQh");
    stage.advance(Duration::from_mins(59));
    let (_, second) = login(&stage, "api.user", "UGE1NXdvcmQh");
    stage.advance(Duration::from_mins(61));
    let (_, third) = login(&stage, "api.user", "UGE1NXdvcmQh");
    assert_ne!(first["TokenKey"], second["TokenKey"]);
    assert_ne!(second["TokenKey"], third["TokenKey"]);
    let tokens = stage.table(VENDOR, "tokens");
    let counted: Vec<_> = tokens.iter().map(|it| it["logins_in_lifetime"].as_i64()).collect();
    // The first is the one that is out for a year.
    assert_eq!(counted, [Some(3), Some(2), Some(1), Some(1)]);
    let accounts = stage.table(VENDOR, "accounts");
    assert_eq!((&accounts[0]["logins"], &accounts[0]["early_logins"]), (&json!(3), &json!(1)));
    assert_eq!(
        (&accounts[0]["password"], &tokens[0]["token"]),
        (&json!("***(9.40)"), &json!("***(36.7a)"))
    );
}

#[test]
fn a_login_leaves_the_token_that_is_out_already() {
    let mut scenario = scenario(1, &json!({}));
    scenario["maxcontact"]["accounts"][0]["tokens"] = json!([TOKEN, "second-token"]);
    let stage = Stage::new(&scenario);
    let (_, first) = login(&stage, "api.user", "UGE1NXdvcmQh");
    assert_ne!(first["TokenKey"], TOKEN);
    let (_, second) = login(&stage, "api.user", "UGE1NXdvcmQh");
    assert_eq!(second["TokenKey"], "second-token");
    stage.advance(Duration::from_hours(24 * 29));
    // Its thirty days have not become the hour of a login's token.
    done(&stage, "getcalls/user/101");
}

#[test]
fn the_same_seed_draws_the_same_tokens() {
    let draw = || {
        let stage = Stage::new(&scenario(1, &json!({})));
        let token = |stage: &Stage| login(stage, "api.user", "UGE1NXdvcmQh").1["TokenKey"].clone();
        [token(&stage), token(&stage)]
    };
    let (tokens, again) = (draw(), draw());
    assert_eq!(tokens, again);
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(tokens[0].as_str().unwrap().len(), 36);
}

#[track_caller]
fn bad_cookie(headers: &str, why: &str) {
    let stage = Stage::demo();
    let response = stage.request(&format!(
        "GET /webservices/services/telephony/getcalls/user/101 HTTP/1.1\n{headers}"
    ));
    assert_eq!(response.status.as_u16(), 401);
    let expected = "expected Cookie: TokenKey=… with the token of a login, found";
    assert_eq!(stage.why(), format!("maxcontact.token: {expected} {why}"));
}

#[test]
fn says_what_is_wrong_with_a_cookie() {
    bad_cookie(
        "Authorization: UGE1NXdvcmQh\n",
        "an Authorization header and no cookie; Authorization is for the login alone; every other request carries the cookie",
    );
    bad_cookie(
        "Cookie: tokenkey=x\n",
        "a cookie tokenkey; write TokenKey in these capitals; cookie names are compared exactly",
    );
    bad_cookie(
        "Cookie: session=7\n",
        "cookies, but not this one: session; add TokenKey=… to the same header, behind a semicolon",
    );
    bad_cookie(
        "Cookie: TokenKey=\"7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47\"\n",
        "a known token in quotation marks; send it without the quotation marks",
    );
    bad_cookie(
        "Cookie: TokenKey=7F0C9D2E-52B1-4D0A-9A53-3F2F6C1E8B47\n",
        "a known token in other capitals; tokens are compared letter by letter",
    );
    bad_cookie(
        "Cookie: TokenKey=old; TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47\n",
        "2 TokenKey cookies, and the one that counts is none of a login; send one; another of them is known, so take away the rest",
    );
}

#[test]
fn bytes_of_another_cookie_do_not_matter() {
    let stage = Stage::new(&scenario(1, &json!({})));
    // Text in UTF-8, and in Latin-1.
    for other in [&b"lang=\xc3\xa9"[..], b"lang=\xe9"] {
        let mut request = Request::new(
            Method::GET,
            "/webservices/services/telephony/getcalls/user/101".parse().unwrap(),
        );
        let cookies = [other, b"; TokenKey=", TOKEN.as_bytes()].concat();
        request.headers.insert(header::COOKIE, HeaderValue::from_bytes(&cookies).unwrap());
        assert_eq!(stage.respond(request).status.as_u16(), 200, "{}", stage.why());
    }
}

#[test]
fn a_token_expires_between_two_calls() {
    let stage = Stage::demo();
    let (_, token) = login(&stage, "api.user", "UGE1NXdvcmQh");
    let key = token["TokenKey"].as_str().unwrap();
    let get = || {
        let response = stage.request(&format!(
            "GET /webservices/services/telephony/getcalls/user/101 HTTP/1.1\n\
             Cookie: theme=dark; TokenKey={key}\nAccept: application/json\n"
        ));
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        (response.status.as_u16(), body["ResponseCode"].clone())
    };
    assert_eq!(get(), (200, json!(0)));
    stage.advance(Duration::from_millis(3_599_999));
    assert_eq!(get(), (200, json!(0)));
    stage.advance(Duration::from_millis(1));
    assert_eq!(get(), (401, json!(2)));
    assert!(stage.why().contains(
        r#"one of "api.user" from 2026-03-02T09:00:00Z that expired at 2026-03-02T10:00:00Z"#
    ));
    happens(&stage, "set_api_right", &json!({ "login": "api.user", "api": false }));
    let (_, token) = login(&stage, "api.user", "UGE1NXdvcmQh");
    assert!(token["TokenKey"].is_string());
}
