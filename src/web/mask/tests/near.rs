//! What is nearly a credential, and what only looks so; and digests by their form.

use super::super::known::Known;
use super::super::masker::Masker;
use super::super::names::Names;
use super::{SECRETS, masker};

/// A credential less some of its characters, and with one that is another.
fn variations(secret: &str) -> Vec<String> {
    let letters: Vec<char> = secret.chars().collect();
    let count = letters.len();
    let most = if count >= 24 { count / 3 } else { 1 };
    let mut all = Vec::new();
    for n in 1..=most {
        all.push(letters[..count - n].iter().collect());
        all.push(letters[n..].iter().collect());
    }
    for at in 0..count {
        let mut other = letters.clone();
        other[at] = if other[at] == 'x' { 'y' } else { 'x' };
        all.push(other.iter().collect());
        let mut doubled = letters.clone();
        doubled.insert(at, 'z');
        all.push(doubled.iter().collect());
    }
    all
}

/// The longest stretch of a credential that a text shows.
fn shown_of(text: &str, secret: &str) -> usize {
    let letters: Vec<char> = secret.chars().collect();
    let stretches = (0..letters.len()).map(|from| {
        let ends = (from..=letters.len()).rev();
        let shows = |to: &usize| text.contains(&letters[from..*to].iter().collect::<String>());
        ends.clone().find(shows).map_or(0, |to| to - from)
    });
    stretches.max().unwrap_or_default()
}

const POSITIONS: &[&str] =
    &["@", "/x?note=@&y=1", "{\"note\":\"@\"}", "<a n=\"@\">@</a>", "no @, but two", "a;@;b\n"];

#[test]
fn what_is_nearly_a_credential_is_masked() {
    let masker = masker(false);
    let mut cases = 0;
    for secret in SECRETS.iter().filter(|it| it.len() >= 11 && it.is_ascii()) {
        // A sign may end the value where it stands, and what is left is another text then.
        if !secret.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
            continue;
        }
        for near in variations(secret) {
            let percent = percent(&near);
            for spelling in [&near, &near.to_uppercase(), &percent] {
                for position in POSITIONS {
                    let text = position.replace('@', spelling);
                    let masked = masker.text(&text);
                    assert_ne!(masked, text, "{secret}: {near}");
                    let shown = shown_of(&masked.to_lowercase(), &secret.to_lowercase());
                    assert!(shown <= 2, "{secret}: {text}: {masked}");
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 3_000, "{cases}");
}

#[test]
fn how_long_a_cut_credential_is_shows_and_what_stands_around_it_stays() {
    let masker = masker(false);
    let key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    for (text, start, end) in [
        (format!("id={}&n=1", &key[..31]), "id=***(31.", ")&n=1"),
        (format!("see {}, twice", &key[1..]), "see ***(31.", "), twice"),
        (format!("{{\"a\":\"{}\"}}", &key[..20]), "{\"a\":\"***(20.", ")\"}"),
        ("x SIMTOKEN-7 y".to_owned(), "x ***(10.", ") y"),
    ] {
        let shown = masker.text(&text);
        assert!(shown.starts_with(start) && shown.ends_with(end), "{text}: {shown}");
        assert!(shown.len() <= text.len(), "{text}: {shown}");
    }
}

#[test]
fn what_shares_its_beginning_with_a_credential_and_is_none_stays() {
    let mut known = Known::builder();
    for secret in [
        "SIM-0001-x9Yq",
        "a0000000-0000-4000-8000-000000000001",
        "campaign-2026-spring-Qz7",
        "1234567890123456",
        "agent101-secret-9f3kQ2",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "office-key-0001",
        "office-key-0002",
    ] {
        known.secret(secret);
    }
    known.public("office-key-0003");
    let masker = Masker::new(&Names::default(), &known.build().unwrap(), false);
    for text in [
        "SIM-0001",
        "SIM-0001-",
        "a0000000-0000-4000-8000-000000000002",
        "campaign-2026",
        "campaign-2026-autumn",
        "12345678",
        "123456789012345",
        "agent101",
        "agent101-secret",
        "0f1e2d3c4b5a6978",
        "the secret-9 of agent101",
        "office-key-0003",
        "office-key",
    ] {
        let text = text.replace("0f1e2d3c4b5a6978", "0f1e2d3c4b5a697");
        assert_eq!(masker.text(&text), text);
    }
}

const HASH: &str = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";

#[test]
fn digests_are_masked_with_the_vendor_whose_credentials_they_are() {
    let masker = Masker::default().with_digests([("bell", 40)].into_iter());
    let apart = |by: usize, sign: &str| {
        let groups: Vec<&str> = (0..40).step_by(by).map(|at| &HASH[at..at + by]).collect();
        groups.join(sign)
    };
    let mut spellings = vec![
        HASH.to_owned(),
        HASH.to_uppercase(),
        HASH[..39].to_owned(),
        HASH[2..].to_owned(),
        HASH.replace("de5f", "dE5g"),
        "W+wvoxWw3l/ku0i9Wtssok+J2iQ=".to_owned(),
        percent(HASH),
    ];
    for sign in [":", "-", " ", "."] {
        spellings.extend([2, 4, 8].map(|by| apart(by, sign)));
    }
    for spelling in spellings {
        for position in POSITIONS {
            let text = position.replace('@', &spelling);
            let shown = masker.of(Some("bell")).text(&text);
            assert!(shown.contains("***(") && !shown.contains(&spelling), "{text}: {shown}");
            assert_eq!(masker.of(Some("other")).text(&text), text);
            assert_eq!(masker.text(&text), text);
        }
    }
    let showing = Masker::new(&Names::default(), &Known::default(), true);
    let showing = showing.with_digests([("bell", 40)].into_iter());
    assert_eq!(showing.of(Some("bell")).text(HASH), HASH);
}

#[test]
fn numbers_and_other_digests_are_no_such_credentials() {
    let masker = Masker::default().with_digests([("bell", 40)].into_iter());
    for text in [
        "37060000001 37060000002 37060000003 37060000004",
        "1234567890123456789012345678901234567890",
        "c0a80101-4111-4111-8111-111111111111",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "autodialerGetCampaignIvrPollResultsOfAllCampaigns",
        "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20",
        "sha1(\"dialer_bob\" + \"17\" + key) = 5bec2fa3…",
        "2026-03-02 09:00:00 2026-03-02 09:00:00",
    ] {
        assert_eq!(masker.of(Some("bell")).text(text), text);
    }
}

/// A text with each byte percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |all, it| format!("{all}%{it:02x}"))
}
