//! What looks like a secret and is none stays as it is.

use super::masker;

const INNOCENTS: &[&str] = &[
    // Telephone numbers.
    "+49 221 4710123",
    "+492214710123",
    "00492214710123",
    "0221/4710123",
    "(0221) 4710-123",
    "+1 510 555 0188",
    "5105550188",
    "+44 7700 900123",
    "447700900123",
    "4915112345678",
    "4915112345674",
    "4915112345677",
    "%2B4915112345674",
    "+491511234567890",
    "33 6 12 34 56 78",
    "41 44 668 18 00, 41 44 668 18 01",
    "436641234567890",
    "492214710123",
    "492214710123;492214710124;492214710125",
    // Ids, and names that are somebody's password.
    "17",
    "4711",
    "{\"id\":17,\"agent\":\"agent101\"}",
    "SIM-0001",
    "sim-0001",
    "agent101",
    "Smith",
    "{\"name\":\"Wilhelmina Smith\"}",
    "A7k2Qm9ZrT4x",
    "K7Q2ZP0XN4V8T1RB",
    "id=4711&campaign=612",
    "<id>4711</id>",
    "/rest/v1.0/7/dialler/contacts/4711",
    "1234567890123456",
    "9999999999999999",
    "2026030209000012",
    // Times.
    "1772442000000",
    "1772442000001",
    "1772442000009",
    "1772442000000000",
    "1772442000000000005",
    "4102444800000.5",
    "2026-03-02T09:00:00Z",
    "2026-03-02 09:00:00.123456",
    "20260302090000",
    "Mon, 02 Mar 2026 09:00:00 GMT",
    // Digests and ids that are no credentials.
    "adf2226897709d5c661d1c580dcf384651b09421",
    "4111111111111111aaaaaaaaaaaaaaaaaaaaaaaa",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "body_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "etag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
    "c0a80101-4111-4111-8111-111111111111",
    "8f14e45f-ceea-467f-a8f0-5a3c1b2d4e6f",
    // Prices and numbers.
    "19.99",
    "1,299.00 EUR",
    "0.4111111111111111",
    "3.141592653589793",
    "{\"lat\":50.9375,\"lon\":6.960278600000001}",
    "1e308",
    "4111111111111112",
    // Words in prose.
    "The token is checked before the key.",
    "Your password has expired; ask for a new one.",
    "a token: it is sent in a header",
    "expected affiliateKey, found nothing",
    "the hash of the values, with the secret key last",
    "\"password\" and \"token\" are members",
    "[\"token\",\"password\",\"hash\"]",
    "{\"fields\":[\"offer_token\",\"hash\"]}",
    "tokens=5&keys=7&passwords=no&hashed=yes",
    "{\"tokens\":5,\"monkey\":1,\"turkey\":2,\"passwordless\":true}",
    "{\"password\":null,\"token\":true}",
    "Authorization and Cookie are headers",
    "see https://example.com/docs/token#password",
    "why: mor.hash",
    "a ? b : c; x = y",
    "Bearer <token>, or TokenKey=\u{2026}",
    // Markup.
    "<p>Hello</p>",
    "<p class=\"x\">token</p>",
    "<html><head><title>Key &amp; token</title></head><p>x</p></html>",
    "<status>Success</status>",
    "<tokens><a>5</a></tokens>",
    // Packed text.
    "SGVsbG8gV29ybGQ=",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
    "48656c6c6f20576f726c64",
    "100%25 sure",
    "C:\\users\\new\\table",
    "***",
    "***(16.3f)",
    "",
    "é\u{1f600}\u{202e}",
];

#[test]
fn what_is_innocent_stays() {
    assert!(INNOCENTS.len() >= 80, "{}", INNOCENTS.len());
    for show in [false, true] {
        let masker = masker(show);
        for text in INNOCENTS {
            assert_eq!(masker.text(text), *text);
            assert_eq!(masker.query(text), *text);
            assert_eq!(masker.sentence(text), *text);
            assert_eq!(masker.header("x-note", text), *text);
            assert_eq!(masker.json((*text).into()), *text);
        }
    }
}

#[test]
fn what_is_innocent_stays_inside_other_texts() {
    let masker = masker(false);
    for innocent in INNOCENTS.iter().filter(|it| !it.contains(['"', '<', ':', '=', '\\'])) {
        for text in [
            format!("{{\"x\":\"{innocent}\",\"y\":1}}"),
            format!("<a>{innocent}</a>"),
            format!("17;{innocent};x"),
        ] {
            assert_eq!(masker.text(&text), text);
        }
    }
}
