//! A wrong credential, known to nobody, under its name: never shown.

use std::fmt::Write as _;

use super::masker;
use super::spellings::{json, xml};

/// Names as clients spell them; the last ones have escapes in them.
const NAMES: &[&str] = &[
    "affiliateKey",
    "affiliate_key",
    "AFFILIATE-KEY",
    "offer_token",
    "offerToken",
    "OfferToken",
    "token",
    "TokenKey",
    "Password",
    "secretKey",
    "hash",
    "leadCCNumber_2",
    "X-Token-Key",
    "access_token",
];

/// Values that end early for a careless reader. Their letters are in no name and no position.
const VALUES: &[&str] = &[
    "jjqq", "jj;qq", "jj,qq", "jj'qq", "jj.qq", "jj=qq", "jj:qq", "jj/qq", "jj+qq", "jj|qq#qq",
    "jj(qq)qq", "ééjjqq",
];

/// Values that need to be in quotes or escaped.
const QUOTED: &[&str] =
    &["jj qq", " jjqq", "jj&qq", "jj\"qq", "jj<qq>qq", "jj\\qq", "jj}qq", "jj, qq=qq", "jj\nqq"];

#[derive(Clone, Copy)]
enum Coding {
    Plain,
    Percent,
    Json,
    Xml,
    /// As it stands, even where it has to be escaped.
    Raw,
}

impl Coding {
    fn write(self, value: &str) -> String {
        match self {
            Coding::Plain | Coding::Raw => value.to_owned(),
            Coding::Percent => value.bytes().fold(String::new(), |mut text, byte| {
                if byte.is_ascii_alphanumeric() {
                    text.push(char::from(byte));
                } else {
                    let _ = write!(text, "%{byte:02X}");
                }
                text
            }),
            Coding::Json => json(value),
            Coding::Xml => xml(value),
        }
    }
}

/// Where a name `N` and its value `V` stand.
const POSITIONS: &[(&str, Coding)] = &[
    ("/x?N=V", Coding::Plain),
    ("/x?a=1&N=V&b=2", Coding::Percent),
    ("N=V&b=2", Coding::Plain),
    ("b=2&N=V", Coding::Percent),
    ("a[N]=V&b=2", Coding::Plain),
    ("a%5BN%5D=V&b=2", Coding::Percent),
    ("a[N][0]=V", Coding::Percent),
    ("N=\"V\"&b=2", Coding::Plain),
    ("{\"N\":\"V\",\"b\":2}", Coding::Json),
    ("{ \"N\" : \"V\" }", Coding::Json),
    ("[{\"a\":{\"N\":\"V\"}}]", Coding::Json),
    ("{\"N\":[\"V\",{\"a\":\"V\"}],\"b\":1}", Coding::Json),
    ("{\"N\":{\"a\":{\"b\":\"V\"}},\"b\":1}", Coding::Json),
    ("{\"b\":1,\"N\":\"V", Coding::Json),
    ("{b: 1, N: \"V\"}", Coding::Json),
    ("{'N': 'V', 'b': None}", Coding::Plain),
    ("junk {\"N\":\"V\"}", Coding::Json),
    ("{\"name\":\"N\",\"value\":\"V\"}", Coding::Json),
    ("<a><N>V</N></a>", Coding::Xml),
    ("<s:N xmlns:s=\"u\">V</s:N>", Coding::Xml),
    ("<N><b>V</b><c>V</c></N>", Coding::Xml),
    ("<N><![CDATA[V]]></N>", Coding::Raw),
    ("<a N=\"V\" b=\"2\"/>", Coding::Xml),
    ("<a N='V'>b</a>", Coding::Xml),
    ("<N value=\"V\"/>", Coding::Xml),
    ("<a><N>V", Coding::Xml),
    ("<param name=\"N\" value=\"V\"/>", Coding::Xml),
    ("<param name=\"N\">V</param>", Coding::Xml),
    ("--b\r\nContent-Disposition: form-data; name=\"N\"\r\n\r\nV\r\n--b--\r\n", Coding::Raw),
    (
        "--b\nContent-Disposition: form-data; name=\"N\"; filename=\"f\"\nContent-Type: text/plain\n\nV\nV\n--b--\n",
        Coding::Raw,
    ),
    ("--b\r\nContent-Disposition: form-data; name=N\r\n\r\nV\r\n--x\r\n--b--\r\n", Coding::Raw),
    ("GET / HTTP/1.1\r\nN: V\r\nHost: h\r\n\r\n", Coding::Plain),
    ("http://h/cb?u=http://g/?N=V&b=1", Coding::Plain),
    ("N = \"V\"\nb = 2\n", Coding::Json),
    ("b: 2\nN: V\n", Coding::Plain),
];

/// A text inside another one.
fn wrapped(text: &str) -> Vec<(&'static str, String)> {
    let percent = Coding::Percent.write(text);
    let base64 = {
        use base64::Engine as _;
        base64::prelude::BASE64_STANDARD.encode(text)
    };
    vec![
        ("as it is", text.to_owned()),
        ("in a form", format!("a=1&data={percent}&b=2")),
        ("in a form, twice", format!("data={}", Coding::Percent.write(&percent))),
        ("in JSON", format!("{{\"data\":\"{}\",\"b\":2}}", json(text))),
        (
            "in JSON in JSON",
            format!("{{\"data\":\"{}\"}}", json(&format!("{{\"a\":\"{}\"}}", json(text)))),
        ),
        ("in JSON in a form", format!("data={}", Coding::Percent.write(&json(text)))),
        ("in XML", format!("<data>{}</data>", xml(text))),
        ("in Base64", format!("{{\"data\":\"{base64}\"}}")),
        ("in hex", super::spellings::hex(text.as_bytes())),
    ]
}

fn holds(text: &str) -> bool {
    // What stays of a text that is packed as a whole is looked at by itself.
    ["jj", "qq"].iter().any(|it| text.contains(it))
}

fn unpacked(name: &str, shown: &str) -> String {
    use base64::Engine as _;
    match name {
        "in Base64" => {
            let run = shown.trim_start_matches("{\"data\":\"");
            let run: String = run.chars().take_while(|it| !matches!(it, '*' | '"')).collect();
            let whole = run.len() / 4 * 4;
            let bytes = base64::prelude::BASE64_STANDARD.decode(&run[..whole]).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        "in hex" => {
            let run: String = shown.chars().take_while(|it| *it != '*').collect();
            let byte = |at: usize| u8::from_str_radix(&run[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..run.len() / 2).map(|at| byte(at * 2)).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => shown.to_owned(),
    }
}

#[test]
fn no_wrong_credential_shows_in_any_position() {
    let masker = masker(false);
    let mut cases = 0;
    for (position, coding) in POSITIONS {
        let hard = if matches!(coding, Coding::Plain) { &[][..] } else { QUOTED };
        // A section of CDATA or a part of a form holds anything but its own end.
        for value in VALUES.iter().chain(hard) {
            for name in NAMES {
                let text = position.replace('N', "\0").replace('V', &coding.write(value));
                let text = text.replace('\0', name);
                for (how, text) in wrapped(&text) {
                    let shown = masker.text(&text);
                    let left = unpacked(how, &shown);
                    assert!(!holds(&left), "{how}: {text}\nshows {shown}\n{left}");
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 50_000, "{cases}");
}

#[test]
fn no_wrong_credential_shows_in_a_query_or_a_header() {
    let masker = masker(false);
    for name in NAMES {
        for value in VALUES.iter().chain(&["jj\"qq", "jj qq", " jjqq", "\"jj\"qq"]) {
            let shown = masker.query(&format!("/x?a=1&{name}={value}&b=2")).into_owned();
            assert!(!holds(&shown) && shown.ends_with("&b=2"), "{shown}");
            let shown = masker.header(name, value).into_owned();
            assert!(!holds(&shown), "{shown}");
            let shown = masker.header("authorization", &format!("Any {value}")).into_owned();
            assert!(!holds(&shown), "{shown}");
            let shown =
                masker.header("cookie", &format!("a=1; {name}=\"{value}\"; b=2")).into_owned();
            assert!(shown.ends_with("; b=2") && !holds(&shown), "{shown}");
        }
    }
}

#[test]
fn names_with_escapes_in_them() {
    let masker = masker(false);
    for text in [
        "affiliate%4bey=jj%26qq&b=2",
        "affiliate%4Bey=jj;qq",
        "%61ffiliate%254bey=jjqq",
        "{\"affiliate\\u004bey\":\"jj\\\"qq\"}",
        "{\"\\u0061ffiliateKey\":\"jjqq\"}",
        "data=%7B%22affiliateK\\u0065y%22%3A%22jj%2522qq%22%7D",
        "affiliateKey=jj\\u0026qq",
        "a=1\\u0026token=jjqq\\u0026b=2",
        "&lt;TokenKey&gt;jjqq&lt;/TokenKey&gt;",
        "<TokenKey><TokenKey>a</TokenKey>jjqq</TokenKey>",
        "<TokenKey><![CDATA[jj</TokenKey>]]>qq</TokenKey>",
        "<input type=\"hidden\" name=\"token\" value=\"jjqq\">",
        "%3Ctoken%3Ejjqq%3C%2Ftoken%3E",
        "name=token&value=jjqq",
        "http%3A%2F%2Fh%2F%3Foffer_token%3Djjqq%26b%3D1",
    ] {
        let shown = masker.text(text);
        assert!(!holds(&shown), "{text}\n{shown}");
    }
}
