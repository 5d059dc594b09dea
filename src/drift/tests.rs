use crate::calibrate::question::Heard;
use crate::contract::vendor::Vendors;
use crate::drift::compare::{Body, Knows, Pair, compare};
use crate::drift::finding::OfOperation;
use crate::drift::shape::Shape;
use crate::vendors::ALL;

fn shape(body: &str) -> Shape {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Shape::of(&Heard { status: 200, headers, body: body.as_bytes().to_vec() })
}

/// What differs, and what varies, a line each.
fn compared(before: &str, now: &str) -> (Vec<String>, Vec<String>) {
    compared_as(Knows::ALL, before, now)
}

fn compared_as(knows: Knows, before: &str, now: &str) -> (Vec<String>, Vec<String>) {
    let vendor = Vendors(ALL).find("jtel").unwrap();
    let (before, now) = (shape(before), shape(now));
    let pair = Pair { vendor, step: "a", before: &before, now: &now, knows };
    let mut found = OfOperation::default();
    compare(pair, &mut found);
    let findings = found.findings.iter().map(|it| format!("{}: {}", it.kind, it.words()));
    let varied = found
        .varied
        .iter()
        .flat_map(|(why, places)| places.iter().map(move |place| format!("{place}: {why}")));
    (findings.collect(), varied.collect())
}

#[test]
fn what_varies_by_its_nature_is_no_drift() {
    for (before, now, place) in [
        (r#"{"at":"2026-03-02T09:00:00Z"}"#, r#"{"at":"2027-04-03T10:11:12Z"}"#, "/at"),
        (r#"{"ID":301501}"#, r#"{"ID":301777}"#, "/ID"),
        (
            r#"{"t":"7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47"}"#,
            r#"{"t":"1a2b3c4d-aaaa-4444-bbbb-0123456789ab"}"#,
            "/t",
        ),
        (r#"{"FirstName":"Ann"}"#, r#"{"FirstName":"Bo"}"#, "/FirstName"),
        (r#"{"r":[{"a":1}]}"#, r#"{"r":[]}"#, "/r"),
    ] {
        let (findings, varied) = compared(before, now);
        assert!(findings.is_empty(), "{before}: {findings:?}");
        assert!(varied.iter().any(|it| it.starts_with(place)), "{before}: {varied:?}");
    }
}

#[test]
fn what_changed_is_told_as_what_it_is() {
    for (before, now, told) in [
        (r#"{"a":"x","b":1}"#, r#"{"a":"x"}"#, "missing: /b"),
        (r#"{"a":"x"}"#, r#"{"a":"x","b":1}"#, "extra: /b"),
        (r#"{"a":"x","b":1}"#, r#"{"c":"x","b":1}"#, "renamed: /a is called c"),
        (r#"{"a":"x","b":1}"#, r#"{"b":1,"a":"x"}"#, "order: order in the body"),
        (r#"{"a":1}"#, r#"{"a":"1"}"#, "type: /a"),
        (r#"{"a":"ok"}"#, r#"{"a":"OK"}"#, "value: /a"),
        (r#"{"a":"2026-03-02"}"#, r#"{"a":"02.03.2026"}"#, "form: form of /a"),
        (r#"{"a":1}"#, "<a>1</a>", "writing: form of the body"),
        (r#"{"r":[{"a":1,"b":2}]}"#, r#"{"r":[{"a":1},{"a":1}]}"#, "missing: /r/*/b"),
    ] {
        let (findings, _) = compared(before, now);
        assert_eq!(findings.len(), 1, "{before}: {findings:?}");
        assert!(findings[0].starts_with(told), "{before}: {findings:?}");
    }
}

#[test]
fn of_a_body_that_is_known_in_part_what_is_more_is_not_told() {
    let knows = Knows { body: Body::Part, ..Knows::ALL };
    for (before, now, told) in [
        (r#"{"a":"x"}"#, r#"{"b":1,"a":"x"}"#, None),
        (r#"{"r":[{"a":1}]}"#, r#"{"n":1,"r":[{"b":2,"a":1}]}"#, None),
        (r#"{"b":1,"a":"x"}"#, r#"{"a":"x","b":1}"#, None),
        (r#"{"a":"x"}"#, r#"{"a":"y","b":1}"#, Some("value: /a")),
        (r#"{"a":"x","b":1}"#, r#"{"c":true,"b":1}"#, Some("missing: /a")),
    ] {
        let (findings, _) = compared_as(knows, before, now);
        assert_eq!(findings.len(), usize::from(told.is_some()), "{before}: {findings:?}");
        assert!(told.is_none_or(|told| findings[0].starts_with(told)), "{before}: {findings:?}");
    }
}
