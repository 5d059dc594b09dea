//! A text in every encoding that the masker knows, written here a second time, the slow way.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};

fn percent(text: &str, is_encoded: impl Fn(usize, u8) -> bool, is_upper: bool) -> String {
    let mut coded = String::new();
    let mut bytes = Vec::new();
    for (idx, byte) in text.bytes().enumerate() {
        if is_encoded(idx, byte) || !byte.is_ascii() {
            let digits = if is_upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
            bytes.extend_from_slice(digits.as_bytes());
        } else {
            bytes.push(byte);
        }
    }
    coded.push_str(&String::from_utf8(bytes).unwrap());
    coded
}

fn needs_percent(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !b"-_.~".contains(&byte)
}

fn each(text: &str, write: impl Fn(&mut String, char)) -> String {
    let mut coded = String::new();
    text.chars().for_each(|it| write(&mut coded, it));
    coded
}

pub(super) fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

pub(super) fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&apos;")
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Each spelling with its name, so that a failure says which.
pub(super) fn all(text: &str) -> Vec<(&'static str, String)> {
    let component = percent(text, |_, it| needs_percent(it), true);
    let utf16: String = each(text, |coded, it| {
        let mut units = [0; 2];
        it.encode_utf16(&mut units).iter().for_each(|unit| {
            let _ = write!(coded, "\\u{unit:04x}");
        });
    });
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut spellings = vec![
        ("plain", text.to_owned()),
        ("percent where it must be", component.clone()),
        ("percent, small", percent(text, |_, it| needs_percent(it), false)),
        ("percent everywhere", percent(text, |_, _| true, true)),
        (
            "percent here and there",
            percent(text, |idx, it| idx % 3 == 0 || needs_percent(it), false),
        ),
        ("percent twice", percent(&component, |_, it| needs_percent(it), true)),
        ("form", component.replace("%20", "+")),
        ("json", json(text)),
        ("json with slashes", json(text).replace('/', "\\/")),
        ("json in json", json(&json(text))),
        ("json escapes", utf16.clone()),
        ("json escapes, capital", utf16.to_uppercase().replace("\\U", "\\u")),
        ("json escapes in json", json(&utf16)),
        ("json in percent", percent(&utf16, |_, it| needs_percent(it), true)),
        ("xml", xml(text)),
        ("xml twice", xml(&xml(text))),
        (
            "xml, decimal",
            each(text, |coded, it| {
                let _ = write!(coded, "&#{};", u32::from(it));
            }),
        ),
        (
            "xml, hex",
            each(text, |coded, it| {
                let _ = write!(coded, "&#x{:X};", u32::from(it));
            }),
        ),
        ("xml in json", json(&xml(text))),
        ("hex", hex(text.as_bytes())),
        ("hex, capital", hex(text.as_bytes()).to_uppercase()),
        ("hex of utf-16", hex(&little)),
        ("hex within hex", format!("a{}", hex(text.as_bytes()))),
        ("base64 of utf-16", BASE64_STANDARD.encode(&little)),
        ("base64 of utf-16, big end first", BASE64_STANDARD.encode(&big)),
        (
            "base64 in percent",
            percent(&BASE64_STANDARD.encode(text), |_, it| needs_percent(it), true),
        ),
        ("base64 of percent", BASE64_STANDARD.encode(percent(text, |_, _| true, true))),
        ("base64 of base64", BASE64_STANDARD.encode(BASE64_STANDARD.encode(text))),
        ("capital", text.to_ascii_uppercase()),
    ];
    for before in ["", "u", "us", "user:", "api.user:"] {
        let pair = format!("{before}{text}");
        spellings.push(("base64", BASE64_STANDARD.encode(&pair)));
        spellings.push(("base64 without padding", BASE64_STANDARD_NO_PAD.encode(&pair)));
        spellings.push(("base64 for addresses", BASE64_URL_SAFE.encode(&pair)));
        spellings.push(("base64 with more", BASE64_URL_SAFE_NO_PAD.encode(format!("{pair}:x"))));
    }
    spellings
}
