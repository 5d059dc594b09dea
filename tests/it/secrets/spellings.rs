//! The ways in which one value can be written.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

fn each(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

fn percent(text: &str) -> String {
    each(text, |byte| format!("%{byte:02x}"))
}

/// All of them, each with its name. They can stand in a header, a body and a query alike.
pub(super) fn all(value: &str) -> Vec<(&'static str, String)> {
    vec![
        ("as it is", value.to_owned()),
        ("in capitals", value.to_uppercase()),
        ("in small letters", value.to_lowercase()),
        ("percent", percent(value)),
        ("percent twice", percent(value).replace('%', "%25")),
        ("a letter in percent", format!("%{:02X}{}", value.as_bytes()[0], &value[1..])),
        ("unicode escapes", each(value, |byte| format!("\\u{byte:04x}"))),
        ("character references", each(value, |byte| format!("&#{byte};"))),
        ("hex references", each(value, |byte| format!("&#x{byte:X};"))),
        ("Base64", BASE64_STANDARD.encode(value)),
        ("Base64 in a text", BASE64_STANDARD.encode(format!("user:{value}"))),
        ("Base64 for addresses", BASE64_URL_SAFE_NO_PAD.encode(format!("{{\"t\":\"{value}\"}}"))),
        ("hex", each(value, |byte| format!("{byte:02x}"))),
    ]
}
