//! Credentials that no vendor declares: by names that everybody uses, and by their form.

use super::super::known::Known;
use super::super::masker::Masker;
use super::super::names::Names;

/// Names of credentials everywhere.
const NAMES: &[&str] = &[
    "pwd",
    "pass",
    "auth",
    "bearer",
    "jwt",
    "sessionid",
    "session_id",
    "sid",
    "otp",
    "pin",
    "cvv",
    "creds",
    "credential",
    "signature",
    "csrf",
    "card_number",
    "Authorization",
    "X-Auth",
    "X-Authorization",
    "X-Amz-Security-Token",
    "x-csrf-token",
    "token",
    "password",
    "PIN",
];

/// Where a name `N` and its value stand.
const POSITIONS: &[&str] = &[
    "/x?N=jj7qq",
    "a=1&N=jj7qq&b=2",
    "{\"N\":\"jj7qq\"}",
    "{\"a\":{\"N\": \"jj7qq\"}}",
    "<a><N>jj7qq</N></a>",
    "<a N=\"jj7qq\"/>",
    "--b\r\nContent-Disposition: form-data; name=\"N\"\r\n\r\njj7qq\r\n--b--\r\n",
    "login,N\nanna,jj7qq\n",
    "N;login\r\n\"jj7\"\"qq\";anna\r\n\"jj7, qq\";otto\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nid,N\r\n1,jj7qq\r\n--b--\r\n",
];

/// Credentials that are known by their form or place alone.
const FORMS: &[&str] = &[
    "https://bob:jj7qq@host/x",
    "{\"url\":\"https://bob:jj7@qq@host:80\"}",
    "u=https%3A%2F%2Fbob%3Ajj7qq%40host",
    "/v1/password/jj7qq",
    "/zz/token/JJQQ/x",
    "{\"path\":\"/a/access_token/jj7qq\"}",
    "see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqajdxcSJ9.jj7qqjj7qqjj7qq_-x for more",
];

/// What looks like one and is none.
const INNOCENTS: &[&str] = &[
    "pin the page, pass the test, and see whose sid it is",
    "pass: 3 of 4, fail: 1 of 4",
    "auth: none of the clients has one",
    "the auth of a request is checked before the pin",
    "bypass=1&author=Anna&side=left&pinned=7&passenger=2&authority=x&compass=9",
    "{\"author\":\"Anna\",\"bypass\":7,\"pinned\":\"x\",\"sidebar\":\"y\"}",
    "{\"pass\":true,\"pin\":null}",
    "<author>Anna</author>",
    "/token/refresh",
    "/password/reset",
    "/auth/7",
    "/tokens/17",
    "https://bob@host/x",
    "https://host:8080/a@b",
    "http://host/x:y@z",
    "eyJhbGciOiJIUzI1NiJ9",
    "name,number\nanna,4711\n",
    "Dear all, password, token\nand more",
    "2026_03_02/2026_03_03",
    "4111/1111",
];

fn masker() -> Masker {
    Masker::new(&Names::default(), &Known::default(), false)
}

fn holds(text: &str) -> bool {
    ["jj", "qq", "JJQQ"].iter().any(|it| text.contains(it))
}

#[test]
fn credentials_of_everybody_are_masked_by_name() {
    let masker = masker();
    for name in NAMES {
        for position in POSITIONS {
            let text = position.replace('N', name);
            let shown = masker.text(&text);
            assert!(!holds(&shown), "{text}\nshows {shown}");
        }
        let shown = masker.header(name, "jj7qq");
        assert!(!holds(&shown), "{name}: {shown}");
        let shown = masker.json(serde_json::json!({ *name: "jj7qq" })).to_string();
        assert!(!holds(&shown), "{shown}");
    }
}

#[test]
fn credentials_are_masked_by_form_and_place() {
    let masker = masker();
    for text in FORMS {
        for shown in [masker.text(text), masker.query(text), masker.sentence(text)] {
            assert!(!holds(&shown), "{text}\nshows {shown}");
        }
    }
}

#[test]
fn look_alikes_stay() {
    let masker = masker();
    for text in INNOCENTS {
        for shown in [masker.text(text), masker.query(text), masker.sentence(text)] {
            assert_eq!(shown, *text);
        }
    }
}

#[test]
fn cards_are_found_whatever_parts_their_digits() {
    let masker = masker();
    for separator in ["_", "/", "\u{2011}", "\u{a0}", "\u{202f}", "-", " "] {
        let card = ["4111", "1111", "1111", "1111"].join(separator);
        for text in [card.clone(), format!("é card {card} é"), format!("{{\"x\":\"{card}\"}}")] {
            let shown = masker.text(&text);
            assert!(!shown.contains("1111") && shown.contains("***"), "{text}: {shown}");
        }
    }
}
