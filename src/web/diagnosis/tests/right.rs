//! What is right gets no diagnosis, and what is anything gets one in time that grows with it alone.

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::form::diagnose_value;
use crate::web::diagnosis::report::{Asked, Body, Wanted};

const ALL: [Wanted; 8] = [
    Wanted::JsonObject,
    Wanted::JsonArray,
    Wanted::JsonValue,
    Wanted::Form,
    Wanted::Multipart,
    Wanted::Xml,
    Wanted::Csv,
    Wanted::Text,
];

/// Enough for work that grows with the square of a body to be felt.
const BODY_BYTES: usize = 20_000;

#[track_caller]
fn right(bytes: &[u8], wanted: Wanted) {
    let found = diagnose(&Body::plain(bytes), &Asked::new(wanted));
    assert_eq!(found, None, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(200)]));
}

#[test]
fn odd_json_is_right() {
    for text in [
        "1e400",
        "-0",
        "-0.0E-7",
        "\"\"",
        "null",
        " [ ] ",
        "{}",
        "\"\\ud83d\\ude00\"",
        "\"\\u0000\\/\"",
        "[[],{}]",
        "\"\u{feff}\u{2028}\u{a0}“”‘’\"",
        "{\"\":{\"\":0}}",
        "123456789012345678901234567890",
        "\t\r\n1\n",
        "\"// /* # '\"",
        "[\"{{x}}\",\"None\",\"a=1&b=2\"]",
        "{\"a\":\"=>\",\"b\":\",]\"}",
        "\"\u{7f}\"",
        "true",
    ] {
        right(text.as_bytes(), Wanted::JsonValue);
    }
    let deep =
        |open: &str, close: &str, count| format!("{}1{}", open.repeat(count), close.repeat(count));
    right(deep("[", "]", 10_000).as_bytes(), Wanted::JsonValue);
    right(deep("{\"a\":", "}", 10_000).as_bytes(), Wanted::JsonObject);
    // Too deep to be followed: nothing is said.
    right("[".repeat(1_000_000).as_bytes(), Wanted::JsonValue);
    right("<a>".repeat(1_000_000).as_bytes(), Wanted::Xml);
}

#[test]
fn odd_xml_is_right() {
    for text in [
        "<a/>",
        "<a></a>\n",
        "\u{feff}<a/>",
        "<?xml version=\"1.0\"?>\n<!-- < & -->\n<a b='\"' c=\"'\"/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a><![CDATA[ < & ]]></a>",
        "<a>&#252;&#xfc;&lt;</a>",
        "<x:a xmlns:x=\"u\"><x:b/></x:a >",
        "<ä>ü</ä>",
        "<a>]] > ' \"</a>",
        "<a b = \"1\"\n/>",
        "<?p x?><a/><?q?>",
    ] {
        right(text.as_bytes(), Wanted::Xml);
    }
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    right(deep.as_bytes(), Wanted::Xml);
}

#[test]
fn time_and_memory_grow_with_the_body_alone() {
    // Each would take minutes if something were looked at again for every sign of it.
    let rows = [
        "{\"a\":",
        "[",
        "'",
        "\"",
        "\\",
        "{'a':'b',",
        "[1,",
        "a=1&",
        "%",
        "%zz",
        "<a ",
        "<a>",
        "<",
        "&",
        "&amp;a=",
        ";a=",
        "a;b\n",
        "\r",
        "--x\r\n",
        "{\"a\":1}\n",
        "//",
        "/*",
        "\u{a0}",
        "\"a\" \"b",
        "nil ",
        "callback(",
        "\\ud800",
        "{{x}}",
        "<!--",
        "=\">",
        "%u00fc",
        "+1234567&",
        "1\r\na\r\n",
        "\u{fc}",
        "🙂",
        "x y ",
        "\"\"",
    ];
    for row in rows {
        let body = row.repeat(BODY_BYTES / row.len());
        for wanted in ALL {
            diagnose(&Body::plain(body.as_bytes()), &Asked::new(wanted).refused());
            let open = format!("{{\"a\":\"{body}");
            diagnose(&Body::plain(open.as_bytes()), &Asked::new(wanted));
        }
        diagnose_value(body.as_bytes());
    }
}

/// A value of JSON with any text.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn json_is_right(value in json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            right(text.as_bytes(), Wanted::JsonValue);
            if value.is_object() {
                right(text.as_bytes(), Wanted::JsonObject);
            }
            if value.is_array() {
                right(text.as_bytes(), Wanted::JsonArray);
            }
        }
    }

    #[test]
    fn a_form_is_right(pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..5)) {
        // A blank before digits is written as a plus, which is told.
        let pairs = pairs.iter().filter(|(_, value)| !value.starts_with(' '));
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        right(form.as_bytes(), Wanted::Form);
    }

    #[test]
    fn xml_is_right(name in "[a-zA-Z_][a-zA-Z0-9_.-]{0,8}", value in "[^\\p{Cc}]*", texts in prop::collection::vec("[^\\p{Cc}]*", 0..4)) {
        use quick_xml::escape::escape;
        let inner: String = texts.iter().flat_map(|text| ["<b>".into(), escape(text.as_str()), "</b>".into()]).collect();
        let text = format!("<{name} a=\"{}\">{inner}</{name}>", escape(value.as_str()));
        // A root of that name is a page.
        prop_assume!(!name.to_ascii_lowercase().starts_with("html"));
        right(text.as_bytes(), Wanted::Xml);
    }

    #[test]
    fn any_bytes_are_looked_at(bytes in any::<Vec<u8>>(), content_type in prop::option::of("[ -~]{0,40}")) {
        for wanted in ALL {
            let body = Body { bytes: &bytes, content_type: content_type.as_deref(), content_encoding: None };
            if let Some(found) = diagnose(&body, &Asked::new(wanted).refused()) {
                prop_assert!(found.at.offset <= bytes.len());
                prop_assert!(!found.cure.is_empty() && !found.expected.is_empty() && !found.found.is_empty());
                super::apply(&body, &Asked::new(wanted).refused(), &found);
            }
        }
        diagnose_value(&bytes);
    }

    #[test]
    fn broken_texts_are_looked_at(text in "([{}\\[\\]:,\"'\\\\ua0-9<>/=&;%+. \n\r\t#*“”\u{a0}é-]|true|None|\\\\u|=>|&amp;|<a>|</a>|-->|%u00){0,30}") {
        for wanted in ALL {
            let asked = Asked::new(wanted);
            let body = Body::plain(text.as_bytes());
            if let Some(found) = diagnose(&body, &asked) {
                super::apply(&body, &asked, &found);
            }
        }
        diagnose_value(text.as_bytes());
    }

    /// JSON that the program's parser refuses is always told.
    #[test]
    fn what_the_parser_refuses_is_told(text in "[{}\\[\\]:,\"'\\\\a0-9 n.-]{1,20}") {
        if serde_json::from_str::<Value>(&text).is_err() {
            let asked = Asked::new(Wanted::JsonValue).refused();
            prop_assert!(diagnose(&Body::plain(text.as_bytes()), &asked).is_some(), "{text}");
        }
    }
}
