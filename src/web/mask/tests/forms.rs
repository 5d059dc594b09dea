//! Each form in which a name and its value stand, one by one.

use super::super::known::Known;
use super::super::masker::Masker;
use super::super::names::{Form, Names, Rule};
use super::masker;

#[track_caller]
fn check(text: &str, hidden: &str, shown: &str) {
    assert_eq!(masker(false).text(text), hidden);
    assert_eq!(masker(true).text(text), shown);
}

#[track_caller]
fn masks(text: &str, hidden: &str) {
    check(text, hidden, text);
}

#[test]
fn masks_json_query_form_xml_and_multipart() {
    check(
        r#"{"affiliateKey": "s\"ecret", "leads":[{"leadCCNumber":4111111111111111}], "x":1}"#,
        r#"{"affiliateKey": "***(7)", "leads":[{"leadCCNumber":***(16)}], "x":1}"#,
        r#"{"affiliateKey": "s\"ecret", "leads":[{"leadCCNumber":***(16)}], "x":1}"#,
    );
    masks("a=1&affiliateKey=abc&b=2", "a=1&affiliateKey=***(3)&b=2");
    for (text, hidden) in [
        ("<leadCCNumber_1>4111</leadCCNumber_1>", "<leadCCNumber_1>***(4)</leadCCNumber_1>"),
        ("name=\"leadCCNumber\"\r\n\r\n4111\r\n--b", "name=\"leadCCNumber\"\r\n\r\n***(4)\r\n--b"),
    ] {
        check(text, hidden, hidden);
    }
}

#[test]
fn masks_what_is_broken_or_escaped() {
    for (text, hidden) in [
        (r#"{"leadCCNumber":"4111"#, r#"{"leadCCNumber":"***(4)"#),
        (r#"{"lead\u0043CNumber":"4111"}"#, r#"{"lead\u0043CNumber":"***(4)"}"#),
        (r#"{"leadCCNumber":["41","11"]}"#, r#"{"leadCCNumber":***(11)}"#),
    ] {
        check(text, hidden, hidden);
    }
    masks(r#"{"token":"ab"cd","x":1}"#, r#"{"token":"***(5)","x":1}"#);
    masks("{token: abc, x: 1}", "{token: ***(3), x: 1}");
    masks("{'token': 'abc', 'x': None}", "{'token': '***(3)', 'x': None}");
}

#[test]
fn a_short_name_is_a_parameter_and_no_element() {
    masks("/api/x?u=bob&p=pa55&id=1", "/api/x?u=bob&p=***(4)&id=1");
    masks("p=pa55", "p=***(4)");
    masks(r#"{"u":"bob","p":"pa55"}"#, r#"{"u":"bob","p":"***(4)"}"#);
    masks("name=\"p\"\r\n\r\npa55\r\n--b", "name=\"p\"\r\n\r\n***(4)\r\n--b");
    let page = "<p>Hello</p><p class=\"x\">you\r\n\r\nthere</p> http://x/?q=p";
    masks(page, page);
}

#[test]
fn a_secret_in_a_path_is_found_by_its_place() {
    masks("/w/a/apitoken/login/bob/pa55", "/w/a/apitoken/login/bob/***(4)");
    masks("/ApiToken/Login/bob/pa55?x=1", "/ApiToken/Login/bob/***(4)?x=1");
    masks("GET /apitoken/login/bob/pa55, twice", "GET /apitoken/login/bob/***(4), twice");
    masks("/apitoken/login/bob/pa55/more", "/apitoken/login/bob/***(4)/more");
    masks("/apitoken/login/bob/p,a'5;5?x", "/apitoken/login/bob/***(7)?x");
    masks("%2Fapitoken%2Flogin%2Fbob%2Fpa55", "%2Fapitoken%2Flogin%2Fbob%2F***(4)");
    for plain in ["/apitoken/login/bob", "/apitoken/login/", "/apitoken/login", "/é/login"] {
        masks(plain, plain);
    }
    let twice = "/apitoken/login/apitoken/login/b/pa55";
    masks(twice, "/apitoken/login/apitoken/***(5)/b/pa55");
    let said = masker(false);
    let said = said.sentence("p=1 at /apitoken/login/bob/pa55");
    assert_eq!(said, "p=1 at /apitoken/login/bob/***(4)");
}

#[test]
fn leaves_the_name_alone_where_no_value_follows() {
    for text in [
        r#"{"fields":["leadCCNumber","leadPhone"]}"#,
        r#"{"password":null,"token":"","hash":false}"#,
        "token=&password=",
        "<token></token><password/>",
    ] {
        masks(text, text);
    }
}

#[test]
fn headers_keep_their_schemes_and_cookies_their_names() {
    let masker = masker(false);
    for (name, value, shown) in [
        ("authorization", "Bearer abc", "Bearer ***(3)"),
        ("Authorization", "abc", "***(3)"),
        ("proxy-authorization", "Digest username=\"bob\", nonce=\"x\"", "Digest ***(25.39)"),
        ("authorization", "abc def", "***(7)"),
        ("cookie", "lang=de; TokenKey=abc; s=0123456789", "lang=de; TokenKey=***(3); s=***(10.84)"),
        ("cookie", "TokenKey=\"a;b c\"; x=1", "TokenKey=\"***(5)\"; x=1"),
        ("cookie", "token_key = abc ;x", "token_key = ***(3) ;x"),
        (
            "set-cookie",
            "TokenKey=abc; Path=/longer/path; HttpOnly",
            "TokenKey=***(3); Path=/longer/path; HttpOnly",
        ),
        ("x-token-key", "Bearer abc", "***(10.c3)"),
        ("referer", "http://h/?offerToken=abc&x=1", "http://h/?offerToken=***(3)&x=1"),
        ("content-type", "application/json", "application/json"),
    ] {
        assert_eq!(masker.header(name, value), shown, "{name}");
        assert_eq!(super::masker(true).header(name, value), value, "{name}");
    }
}

#[test]
fn a_request_as_it_was_sent() {
    masks(
        "POST /x?hash=adf2 HTTP/1.1\nAuthorization: Bearer wrong-one\ncookie: TokenKey=abc\n\n{\"x\":1}",
        "POST /x?hash=***(4) HTTP/1.1\nAuthorization: Bearer ***(9.f9)\ncookie: TokenKey=***(3)\n\n{\"x\":1}",
    );
    masks(
        "curl -H 'authorization: Bearer wrong-one' -H 'x: y'",
        "curl -H 'authorization: Bearer ***(9.f9)' -H 'x: y'",
    );
}

#[test]
fn sentences_are_masked_where_a_value_is_clear() {
    let masker = masker(false);
    for (text, shown) in [
        (
            "expected a token, found offerToken=abcd in the query",
            "expected a token, found offerToken=***(4) in the query",
        ),
        ("found {\"affiliateKey\":\"abc\"}", "found {\"affiliateKey\":\"***(3)\"}"),
        ("sent Authorization: Bearer abc", "sent Authorization: Bearer ***(3)"),
    ] {
        assert_eq!(masker.sentence(text), shown);
    }
    for text in [
        "token: expected text, found a number",
        "send TokenKey=… in the cookie, as in Authorization",
        "write hash=<sha1 of the id and the key>",
        "password = what the user was given",
    ] {
        assert_eq!(masker.sentence(text), text);
    }
}

#[test]
fn cards_are_masked_always_and_wherever_they_stand() {
    for card in [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5500005555555559",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "30569309025904",
        "3530111333300000",
        "6304000000000000",
        "4222222222222",
        "4000 0000 0000 0000 006",
    ] {
        for position in [
            "@",
            "17,@,Bob",
            "{\"x\":\"@\"}",
            "{\"x\":@}",
            "<a>@</a>",
            "x=@&y",
            "id @ 22",
            "card@x",
        ] {
            let digits = card.bytes().filter(u8::is_ascii_digit).count();
            let text = position.replace('@', card);
            for show in [false, true] {
                let shown = masker(show).text(&text).into_owned();
                assert!(!shown.contains(card), "{shown}");
                assert!(shown.contains("***("), "{digits} {shown}");
            }
        }
    }
    check("x=4111%201111%201111%201111", "x=***(19)", "x=***(19)");
}

#[test]
fn names_of_one_world_are_masked_at_every_vendor() {
    let names = Names::new([
        Rule { name: "key", form: Form::Named, always: false },
        Rule { name: "/a/{x}/b/{secret}", form: Form::Segment, always: true },
    ]);
    let masker = Masker::new(&names, &Known::default(), false);
    // Two letters short of a free spelling: it is known as it stands.
    assert_eq!(masker.text("KEY=abc&key_1=abc&monkey=abc"), "KEY=***(3)&key_1=abc&monkey=abc");
    assert_eq!(
        Masker::new(&names, &Known::default(), true).text("/a/1/b/12345678"),
        "/a/1/b/***(8)"
    );
    assert_eq!(masker.text("client_secret=abc"), "client_secret=***(3)");
}
