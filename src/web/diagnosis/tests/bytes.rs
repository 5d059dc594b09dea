//! Bodies that are not UTF-8.

use super::{apply, check};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::Kind::{self, *};
use crate::web::diagnosis::report::{Asked, Body, Wanted};

const JSON: &str = r#"{"name": "Zoë"}"#;
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>ü</a>";

fn utf_16(text: &str, is_little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf_32(text: &str, is_little: bool) -> Vec<u8> {
    let bytes = |it: char| {
        if is_little { u32::from(it).to_le_bytes() } else { u32::from(it).to_be_bytes() }
    };
    text.chars().flat_map(bytes).collect()
}

#[test]
fn wide_units() {
    let asked = Asked::new(Wanted::JsonObject);
    for is_little in [true, false] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{JSON}");
            let cure = "encode the text as UTF-8";
            let right = Some(JSON.as_bytes());
            check(&Body::plain(&utf_16(&text, is_little)), &asked, (Utf16, 0, cure), right);
            check(&Body::plain(&utf_32(&text, is_little)), &asked, (Utf32, 0, cure), right);
        }
        let right = XML.replace("UTF-16", "UTF-8");
        let body = utf_16(&format!("\u{feff}{XML}"), is_little);
        check(
            &Body::plain(&body),
            &Asked::new(Wanted::Xml),
            (Utf16, 0, "UTF-8"),
            Some(right.as_bytes()),
        );
        let body = utf_16("\u{feff}a,b\n1,2\n", is_little);
        check(
            &Body::plain(&body),
            &Asked::new(Wanted::Csv),
            (Utf16, 0, "UTF-8"),
            Some(b"a,b\n1,2\n"),
        );
        let body = utf_16("a=1&b=ü", is_little);
        check(
            &Body::plain(&body),
            &Asked::new(Wanted::Form),
            (Utf16, 0, "UTF-8"),
            Some("a=1&b=ü".as_bytes()),
        );
    }
    let slips = utf_16("{'a': None}", true);
    check(&Body::plain(&slips), &asked, (Utf16, 0, "UTF-8"), Some(br#"{"a": null}"#));
    let cut = utf_16("{\"a\": 1", true);
    check(&Body::plain(&cut), &asked, (Utf16, 0, "UTF-8"), None);
}

#[test]
fn compressed() {
    let asked = Asked::new(Wanted::JsonObject);
    for (bytes, said, cure) in [
        (
            &b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf"[..],
            Some("gzip"),
            "without Content-Encoding: gzip",
        ),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", None, "compressed with gzip and no header"),
        (b"\x78\x9c\xab\x56\x4a\x54", Some("deflate"), "without Content-Encoding: deflate"),
        (b"\x78\xda\xab\x56\x4a\xd4", None, "compressed with deflate"),
        (b"\x78\x01\xab\x56\x4a\x54", None, "compressed with deflate"),
        (b"\x28\xb5\x2f\xfd\x04\x00", Some("zstd"), "without Content-Encoding: zstd"),
        (b"\x28\xb5\x2f\xfd\x04\x00", None, "compressed with zstd"),
        (b"\x8b\x03\x80{}\x03", Some("br"), "without Content-Encoding: br"),
        (b"\xab\x56\x4a\x54", Some("deflate"), "without Content-Encoding: deflate"),
    ] {
        let body = Body { bytes, content_type: None, content_encoding: said };
        check(&body, &asked, (Compressed, 0, cure), None);
    }
    // The header alone proves nothing: the body is what it should be.
    let body = Body { bytes: b"{}", content_type: None, content_encoding: Some("gzip") };
    assert_eq!(diagnose(&body, &asked), None);
    assert_eq!(diagnose(&Body::plain(b"x^=1"), &Asked::new(Wanted::Form)), None);
}

/// What is asked for, what came, and the kind, place, finding and cure that are told.
type Row<'a> = (&'a Asked<'a>, &'a [u8], Kind, usize, &'a str, &'a str);

#[test]
fn one_byte_per_character() {
    let object = Asked::new(Wanted::JsonObject);
    let xml = Asked::new(Wanted::Xml);
    let declared = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>M\xfcller</a>";
    let rows: &[Row<'_>] = &[
        (
            &object,
            b"{\"a\": \"M\xfcller\"}",
            Latin1,
            8,
            "0xfc, ü in Latin-1",
            "{\"a\": \"Müller\"}",
        ),
        (&object, b"{\"a\": \"\xe9t\xe9\"}", Latin1, 7, "0xe9, é in Latin-1", "{\"a\": \"été\"}"),
        (
            &object,
            b"{\"a\": \"5 \x80\"}",
            Windows1252,
            9,
            "0x80, € in Windows-1252",
            "{\"a\": \"5 €\"}",
        ),
        (&object, b"{\"a\": \"\xfc\x80\"}", Windows1252, 7, "ü in Windows-1252", "{\"a\": \"ü€\"}"),
        (
            &object,
            b"{\"a\": \"\x93x\x94\"}",
            Windows1252,
            7,
            "“ in Windows-1252",
            "{\"a\": \"“x”\"}",
        ),
        (&object, b"{\"a\": \"\x81\"}", Windows1252, 7, "byte 0x81", ""),
        (&object, "{\"a\": \"ü?\"}".as_bytes(), NotUtf8, 9, "ü in Windows-1252", ""),
        (
            &object,
            b"{\"a\": \"M\xfcller\", 'b': None}",
            Latin1,
            8,
            "ü in Latin-1",
            "{\"a\": \"Müller\", \"b\": null}",
        ),
        (
            &xml,
            declared,
            Latin1,
            47,
            "ü in Latin-1",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>Müller</a>",
        ),
        (&xml, b"<a>M\xfcller</a>", Latin1, 4, "ü in Latin-1", "<a>Müller</a>"),
        (
            &Asked::new(Wanted::Csv),
            b"name,phone\nM\xfcller,1\n",
            Latin1,
            12,
            "ü in Latin-1",
            "name,phone\nMüller,1\n",
        ),
        (&Asked::new(Wanted::Form), b"name=M\xfcller", Latin1, 6, "ü in Latin-1", "name=Müller"),
        (&Asked::new(Wanted::Text), b"M\xfcller", Latin1, 1, "ü in Latin-1", "Müller"),
        (&Asked::new(Wanted::Text), b"caf\xe9", Latin1, 3, "é in Latin-1", "café"),
        (&Asked::new(Wanted::Text), b"\x89PNG\r\n\x1a\n\0\xff", NotText, 0, "0x89", ""),
        (&object, b"{\"a\": \"x\xc3", Utf8Cut, 8, "inside a character", ""),
        (&object, b"{\"a\": \"\xf0\x9f\x98", Utf8Cut, 7, "inside a character", ""),
        (&Asked::new(Wanted::Text), b"\xe2\x82", Utf8Cut, 0, "inside a character", ""),
    ];
    for (asked, bytes, kind, at, found, edited) in rows {
        let bytes: Vec<u8> = bytes
            .iter()
            .map(|byte| if *kind == NotUtf8 && *byte == b'?' { 0xfc } else { *byte })
            .collect();
        let body = Body::plain(&bytes);
        let edited = (!edited.is_empty()).then_some(edited.as_bytes());
        check(&body, asked, (*kind, *at, ""), edited);
        let diagnosis = diagnose(&body, asked).unwrap();
        assert!(diagnosis.found.contains(found), "{diagnosis}");
        apply(&body, asked, &diagnosis);
    }
}

#[test]
fn the_nearer_to_the_first_byte_wins() {
    let asked = Asked::new(Wanted::JsonObject);
    let right = Some("{\"a\": \"ü\"}".as_bytes());
    check(&Body::plain(b"{'a': \"\xfc\"}"), &asked, (SingleQuotes, 1, "double quotes"), right);
    check(
        &Body::plain(b"{\"a\": \"\xfc\",}"),
        &asked,
        (Latin1, 7, "UTF-8"),
        Some("{\"a\": \"ü\"}".as_bytes()),
    );
    // Of what cannot be read, the shape is not judged.
    check(
        &Body::plain(b"[{\"a\": \"\xfc\"}]"),
        &asked,
        (Latin1, 8, "UTF-8"),
        Some("{\"a\": \"ü\"}".as_bytes()),
    );
}

#[test]
fn empty_bodies() {
    for wanted in [
        Wanted::JsonObject,
        Wanted::JsonArray,
        Wanted::JsonValue,
        Wanted::Xml,
        Wanted::Csv,
        Wanted::Multipart,
    ] {
        for bytes in [&b""[..], b" \r\n\t"] {
            check(&Body::plain(bytes), &Asked::new(wanted), (Empty, 0, wanted.words()), None);
        }
    }
    for wanted in [Wanted::Form, Wanted::Text] {
        assert_eq!(diagnose(&Body::plain(b""), &Asked::new(wanted)), None);
    }
}
