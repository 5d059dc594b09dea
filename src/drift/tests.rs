use crate::calibrate::question::Heard;
use crate::contract::vendor::Vendors;
use crate::drift::compare::{Pair, compare};
use crate::drift::finding::OfOperation;
use crate::drift::shape::Shape;
use crate::vendors::ALL;

fn shape(body: &str) -> Shape {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Shape::of(&Heard { status: 200, headers, body: body.as_bytes().to_vec() })
}

/// What differs, and what varies, a line each.
fn compared(before: &str, now: &str) -> (Vec<String>, Vec<String>) {
    let vendor = Vendors(ALL).find("jtel").unwrap();
    let (before, now) = (shape(before), shape(now));
    let (has_headers, has_body) = (true, true);
    let pair = Pair { vendor, step: "a", before: &before, now: &now, has_headers, has_body };
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
