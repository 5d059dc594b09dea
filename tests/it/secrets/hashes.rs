//! MOR's right hashes under every name and in every place, and credentials that are nearly right.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringback::Ringback;

use super::shown::{KNOWN, POSITIONS, assert_hidden, ways_out};
use super::{send, spellings};

/// Right for the user `dialer_bob` and campaign 17 with the demo's key, and good for ever.
const HASH: &str = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";

/// Right with periods of the client's own, so that no row tells it.
const DATED: &str = "a862c92bb7ee561f74d2cec341fdc30aa6e34e32";

/// Where MOR's clients put a hash, if not under its name; `@` is its place.
const MISPLACED: &[(&str, &str)] = &[
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&sig=@", ""),
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&h=@", ""),
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&@", ""),
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=@", ""),
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=@&id=17", ""),
    ("POST /billing/api/autodialer_get_campaign_ivr_poll_results/@?u=dialer_bob&id=17", ""),
    ("POST /billing/api/@", ""),
    (
        "POST /billing/api/autodialer_get_campaign_statistics?u=dialer_bob&id=17\
         &period_start=1767225600&period_end=1769903999&checksum=@",
        "",
    ),
];

/// Headers and bodies with it, of a request to MOR.
const BODIES: &[(&str, &str)] = &[
    ("X-Sum: @", ""),
    ("Content-Type: application/x-www-form-urlencoded", "u=dialer_bob&id=17&digest=@"),
    ("Content-Type: application/json", "{\"u\":\"dialer_bob\",\"id\":17,\"code\":\"@\"}"),
    ("Content-Type: text/plain", "the hash is @"),
    ("Content-Type: text/xml", "<a x=\"@\"><hsh>@</hsh></a>"),
];

#[test]
fn no_right_hash_shows_whatever_it_is_called() {
    let ringback = Ringback::start().serve().unwrap();
    for secret in [HASH, DATED] {
        for (_, spelling) in spellings::all(secret) {
            for (head, body) in MISPLACED {
                let head = format!("{} HTTP/1.1", head.replace('@', &spelling.replace(' ', "+")));
                send(&ringback, &head, &body.replace('@', &spelling));
            }
            for (head, body) in BODIES {
                let line = "POST /billing/api/autodialer_get_campaign_statistics HTTP/1.1\r\n";
                let head = format!("{line}{}", head.replace('@', &spelling));
                send(&ringback, &head, &body.replace('@', &spelling));
            }
        }
    }
    // What is right for the rows of the world is known wherever it comes.
    for (_, spelling) in spellings::all(HASH) {
        for (head, body) in POSITIONS {
            send(&ringback, &head.replace('@', &spelling), &body.replace('@', &spelling));
        }
    }
    let ways = ways_out(&ringback);
    assert_hidden(&ways, &[HASH, DATED]);
    let reasons = ways.iter().filter(|(_, shown)| shown.contains("sig holds the right hash"));
    assert!(reasons.count() > 0, "the reason tells where it stands");
}

#[test]
fn no_bytes_of_a_right_hash_show_in_base64() {
    let ringback = Ringback::start().serve().unwrap();
    let bytes: Vec<u8> = (0..DATED.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&DATED[at..at + 2], 16).unwrap())
        .collect();
    let coded = BASE64_STANDARD.encode(bytes);
    let form = "POST /billing/api/autodialer_get_campaign_statistics HTTP/1.1\r\n\
                Content-Type: application/json";
    send(&ringback, form, &format!("{{\"u\":\"dialer_bob\",\"id\":17,\"sig\":\"{coded}\"}}"));
    for (way, shown) in ways_out(&ringback) {
        assert!(!shown.contains(&coded), "{way}: {shown}");
    }
}

#[test]
fn no_credential_shows_that_lacks_a_letter_or_has_another() {
    let ringback = Ringback::start().serve().unwrap();
    let mut nearly = Vec::new();
    for secret in KNOWN.iter().copied().chain([HASH]) {
        let count = secret.len();
        let middle = if secret.as_bytes()[count / 2] == b'8' { "9" } else { "8" };
        nearly.extend([
            secret[..count - 1].to_owned(),
            secret[1..].to_owned(),
            format!("{}{middle}{}", &secret[..count / 2], &secret[count / 2 + 1..]),
        ]);
        if count >= 24 {
            nearly.extend([secret[..count - 6].to_owned(), secret[6..].to_owned()]);
        }
    }
    for near in &nearly {
        for spelling in [near.clone(), percent(near)] {
            for (head, body) in POSITIONS {
                send(&ringback, &head.replace('@', &spelling), &body.replace('@', &spelling));
            }
            let call = format!("GET /_access/fetchCallersByCall?call={spelling} HTTP/1.1");
            send(&ringback, &call, "");
        }
    }
    let nearly: Vec<&str> = nearly.iter().map(String::as_str).collect();
    assert_hidden(&ways_out(&ringback), &nearly);
}

/// A text with each byte percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |all, it| format!("{all}%{it:02x}"))
}
