//! JSON that can be read and is not what was wanted.

use super::check_all;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::Kind::*;
use crate::web::diagnosis::report::{Asked, Body, Wanted};

const KNOWN: &[&str] = &["firstname", "phone", "userData"];

#[test]
fn an_object_was_wanted() {
    check_all(
        &Asked::new(Wanted::JsonObject).knowing(KNOWN),
        &[
            (
                r#"{▸"contact": {"firstname": "x"}}"#,
                Wrapped,
                "what stands in \"contact\"",
                r#"{"firstname": "x"}"#,
            ),
            (
                r#"{▸"params": {"phone": "1", "z": 2}}"#,
                Wrapped,
                "\"params\"",
                r#"{"phone": "1", "z": 2}"#,
            ),
            (r#"{▸"data": [{"phone": "1"}]}"#, Wrapped, "\"data\"", r#"{"phone": "1"}"#),
            (r#"{"id": 1, ▸"attributes": {"phone": "1"}}"#, Wrapped, "\"attributes\"", ""),
            (r#"▸[{"phone": "1"}]"#, ListAroundOne, "without the [ ]", r#"{"phone": "1"}"#),
            (r#"▸[[{"phone": "1"}]]"#, ListForObject, "one object", ""),
            (r#"▸[{"phone": "1"}, {"phone": "2"}]"#, ListForObject, "one object per request", ""),
            ("▸[]", ListForObject, "one object", ""),
            (r#"{"phone": "1", ▸"phone": "2"}"#, MemberTwice, "line 1, column 2", ""),
            ("{\"phone\": \"1\",\n ▸\"phone\": \"2\"}", MemberTwice, "send \"phone\" once", ""),
            (r#"▸"x""#, WrongTop, "send a JSON object", ""),
            ("▸17", WrongTop, "send a JSON object", ""),
            ("▸null", WrongTop, "send a JSON object", ""),
            (" ▸true", WrongTop, "send a JSON object", ""),
        ],
    );
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            (r#"{"a": 1, "b": 2, ▸"a": 3}"#, MemberTwice, "column 2", ""),
            (r#"{"a": {"b": 1, ▸"b": 2}}"#, MemberTwice, "column 8", ""),
        ],
    );
}

#[test]
fn a_list_was_wanted() {
    check_all(
        &Asked::new(Wanted::JsonArray),
        &[
            (r#"▸{"a": 1}"#, ObjectForList, "put [ ] round", r#"[{"a": 1}]"#),
            (r#"▸{"ids": [1, 2]}"#, Wrapped, "the list in \"ids\"", "[1, 2]"),
            (r#"▸"[1,2]""#, JsonEncodedTwice, "once", "[1,2]"),
            ("▸1", WrongTop, "send a JSON array", ""),
        ],
    );
}

#[test]
fn nothing_is_said_of_what_may_be_right() {
    let asked = Asked::new(Wanted::JsonObject).knowing(KNOWN);
    for body in [
        r#"{"phone": {"firstname": 1}}"#,
        r#"{"contact": {"other": 1}}"#,
        r#"{"x": 1, "x": 2}"#,
        r#"{"phone": {"x": 1, "x": 2}}"#,
        "{}",
    ] {
        assert_eq!(diagnose(&Body::plain(body.as_bytes()), &asked), None, "{body}");
    }
    let any = Asked::new(Wanted::JsonValue);
    assert_eq!(diagnose(&Body::plain(br#""{\"a\":1}""#), &any), None);
}

#[test]
fn a_place_has_its_pointer() {
    for (body, pointer) in [
        (r#"{"a": {"b": [1, 2, nil]}}"#, "/a/b/2"),
        (r#"{"a": {"b": [1, 2,]}}"#, "/a/b"),
        (r#"{"a/b": {"~": 'x'}}"#, "/a~1b/~0"),
        (r#"{"\u0061": +1}"#, "/a"),
        (r#"[{}, {"x": tr"#, "/1/x"),
    ] {
        let found =
            diagnose(&Body::plain(body.as_bytes()), &Asked::new(Wanted::JsonValue)).unwrap();
        assert_eq!(found.at.pointer.as_deref(), Some(pointer), "{body}");
    }
}
