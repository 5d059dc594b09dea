//! A known credential, in every position and every encoding: never shown.

use proptest::prelude::*;
use serde_json::json;

use super::super::known::{Known, is_telling};
use super::super::masker::{Masked, Masker};
use super::super::names::Names;
use super::spellings::{self, json as json_text, xml};
use super::{SECRETS, masker};

/// Texts in which a value can stand under a name that says nothing. `@` is the value.
const POSITIONS: &[&str] = &[
    "@",
    "see @",
    "the client sent @, twice",
    "(@)",
    "/rest/v1.0/7/@/contacts",
    "/x?note=@&y=1",
    "a=1&b=@",
    "a[b]=@&c[]=2",
    "{\"note\":\"@\",\"x\":1}",
    "{\"@\":true}",
    "{\"note\":\"{\\\"deep\\\":\\\"@\\\"}\"}",
    "{\"broken\":\"@",
    "['@', None]",
    "<a>@</a>",
    "<a note=\"@\"/>",
    "<a><![CDATA[@]]></a>",
    "x-note: @\r\nhost: y\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\none\r\n@\r\n--b--",
    "17;@;\"Bob\"\r\n",
    "curl -H 'x-note: @' http://localhost/",
    "Bob\t@\t17",
    "before[@]after",
];

fn shows(text: &str, secret: &str) -> Option<&'static str> {
    let mut spellings = spellings::all(secret).into_iter();
    spellings.find(|(_, spelling)| text.contains(spelling)).map(|(name, _)| name)
}

#[test]
fn no_known_credential_shows_in_any_position_and_encoding() {
    let masker = masker(false);
    let mut cases = 0;
    for secret in SECRETS {
        for (name, spelling) in spellings::all(secret) {
            for position in POSITIONS {
                let text = position.replace('@', &spelling);
                for shown in [masker.text(&text), masker.query(&text), masker.sentence(&text)] {
                    assert_ne!(shown, text, "{secret} as {name} in {position}");
                    assert_eq!(shows(&shown, secret), None, "{name} in {position}: {shown}");
                }
                cases += 3;
            }
        }
    }
    assert!(cases > 20_000, "{cases}");
}

#[test]
fn what_stands_around_a_credential_stays() {
    let masker = masker(false);
    for (text, shown) in [
        ("see SIMTOKEN-7A, twice", "see ***(11.80), twice"),
        ("/x?note=%53IMTOKEN-7A&y=1", "/x?note=***(11.80)&y=1"),
        (r#"{"x":"SIMTOKEN-7\u0041","y":1}"#, r#"{"x":"***(11.80)","y":1}"#),
        ("<a>&#83;IMTOKEN-7A</a>", "<a>***(11.80)</a>"),
        ("AtokenSIMTOKEN-7Ab", "Atoken***(11.80)b"),
    ] {
        assert_eq!(masker.text(text), shown);
    }
    // What is masked once is masked for good.
    for text in
        ["see ***(11.80)", "{\"token\":\"***(11.80)\"}", "token=***(4)", "Bearer ***(11.80)"]
    {
        assert_eq!(masker.text(text), text);
    }
}

#[test]
fn bodies_that_are_no_utf_8_are_searched() {
    let masker = masker(false);
    let wide = |text: &str, big: bool| -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(|it| if big { it.to_be_bytes() } else { it.to_le_bytes() }).collect()
    };
    for secret in SECRETS {
        let body = format!("{{\"x\":\"{secret}\"}}");
        for big in [false, true] {
            let coded = wide(secret, big);
            for mark in [&b"\xff\xfe"[..], b"\xfe\xff", b"\xff"] {
                let bytes = [mark, &wide(&body, big)].concat();
                let Some(Masked::Bytes(shown)) = masker.body(&bytes, None) else {
                    panic!("{secret}")
                };
                assert!(!shown.windows(coded.len()).any(|it| it == coded), "{secret} {big}");
            }
        }
    }
    // Latin-1.
    let bytes = b"{\"x\":\"p\xe4ssw\xf6rd-17\"}";
    let shown = Masked::Bytes(b"{\"x\":\"***(11.c5)\"}".to_vec());
    assert_eq!(masker.body(bytes, None), Some(shown));
    // By its name too, and a value that is not known.
    let wrong = [b"\xff\xfe", &*wide("{\"affiliateKey\":\"wrong\"}", false)].concat();
    let Some(Masked::Bytes(shown)) = masker.body(&wrong, None) else { panic!("{wrong:?}") };
    assert!(!shown.contains(&b'w'), "{shown:?}");
}

#[test]
fn a_compressed_body_is_told_by_length_and_digest() {
    let masker = masker(false);
    for bytes in [&b"\x1f\x8b\x08\0\0\0\0\0"[..], b"\x78\x9c\xcb\xff", b"\x28\xb5\x2f\xfd\0"] {
        assert!(matches!(masker.body(bytes, None), Some(Masked::Opaque { .. })), "{bytes:?}");
    }
    assert!(matches!(
        masker.body(b"\x0b\xff\x80", Some("br")),
        Some(Masked::Opaque { bytes: 3, .. })
    ));
    assert_eq!(masker.body(b"plain", Some("gzip")), None);
    assert_eq!(super::masker(true).body(b"\x1f\x8b\xff", None), None);
}

#[test]
fn values_are_masked_as_texts_are() {
    let shown = masker(false).json(json!({
        "note": "SIMTOKEN-7A", "Authorization": "Bearer abcdefgh", "token": 12_345_678,
        "password": null, "list": [["authorization", "Basic dTpw"], ["host", "x"]],
        "match": { "name": "offer_token", "value": "wrong" }, "deep": ["x SIMTOKEN-7A"],
        "SIMTOKEN-7A": 1, "number": 4_111_111_111_111_111_u64,
    }));
    assert_eq!(
        shown,
        json!({
            "note": "***(11.80)", "Authorization": "Bearer ***(8.9c)", "token": "***(8.ef)",
            "password": null, "list": [["authorization", "Basic ***(4)"], ["host", "x"]],
            "match": { "name": "offer_token", "value": "***(5)" }, "deep": ["x ***(11.80)"],
            "***(11.80)": 1, "number": "***(16)",
        })
    );
    let named = masker(false).named(["a", "offerToken"].into_iter(), "wrong".into());
    assert_eq!(named, "***(5)");
    assert_eq!(masker(false).column(&["key"], "key", "abc".into()), "***(3)");
    assert_eq!(masker(false).column(&[], "name", "Bob".into()), "Bob");
}

#[test]
fn a_value_counts_only_if_it_tells() {
    for telling in SECRETS.iter().chain(&["a1b2c3d4", "plain-key-3", "correct horse battery"]) {
        assert!(is_telling(telling), "{telling}");
    }
    for plain in
        ["", "abc123", "password", "agent101", "SIM-0001", "1772442000000", "+49 221 4710123"]
    {
        assert!(!is_telling(plain), "{plain}");
    }
    let mut known = Known::builder();
    let known = known.secret("bob-7-bob-7").public("Bob-7-Bob-7").build().unwrap();
    assert!(!known.contains(b"bob-7-bob-7"));
}

/// Something that may stand before or behind a credential.
fn around() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just("%"),
        Just("\\"),
        Just("&"),
        Just("&#"),
        Just("\""),
        Just("'"),
        Just("<token>"),
        Just("token="),
        Just("\"token\":"),
        Just("{"),
        Just("}"),
        Just("\r\n"),
        Just("a"),
        Just("Z9"),
        Just("é"),
        Just("4111"),
        Just("/apitoken/login/"),
        Just("+"),
        Just("="),
        Just("***"),
        Just("<![CDATA["),
        Just("--b\r\n"),
        Just("name=\"token\""),
        Just(" value="),
        Just("<token a=\""),
        Just("</token>"),
        Just(":"),
        Just("\"name\""),
        Just("\0"),
        Just("%25"),
        Just("SIMTOKEN"),
        Just("0f1e"),
    ];
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn whatever_stands_around_it(
        before in around(),
        after in around(),
        secret in prop::sample::select(SECRETS.to_vec()),
    ) {
        let masker = masker(false);
        let text = format!("{before}{secret}{after}");
        for shown in [masker.text(&text), masker.query(&text), masker.sentence(&text)] {
            prop_assert!(!shown.contains(secret), "{}", shown);
        }
        let shown = masker.header("x", &text).into_owned();
        prop_assert!(!shown.contains(secret), "{}", shown);
    }

    #[test]
    fn any_secret_in_any_text(
        secret in "[!-~]{16,40}[a-z]",
        // What would be an escape together with a part of the secret makes it another value.
        before in "[a-zA-Z0-9 .,:{}<>=\"'+/é\n]{0,20}",
        after in "[a-zA-Z0-9 .,:{}<>=\"'+/é\n]{0,20}",
    ) {
        let mut known = Known::builder();
        let known = known.secret(&secret).build().unwrap();
        let masker = Masker::new(&Names::default(), &known, false);
        for inner in [secret.clone(), json_text(&secret), xml(&secret), spellings::hex(secret.as_bytes())] {
            let text = format!("{before}{inner}{after}");
            prop_assert!(!masker.text(&text).contains(&inner), "{}", text);
        }
    }

    #[test]
    fn traps_of_all_kinds_together(parts in prop::collection::vec(around(), 0..30)) {
        let text = parts.concat();
        let once = masker(false).text(&text).into_owned();
        let _ = masker(false).query(&once);
        let _ = masker(true).sentence(&text);
        let _ = masker(false).header("cookie", &text);
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = masker(false).body(&bytes, None);
        let _ = masker(true).body(&bytes, Some("gzip"));
        let text = String::from_utf8_lossy(&bytes);
        let once = masker(false).text(&text).into_owned();
        let _ = masker(false).text(&once);
    }
}
