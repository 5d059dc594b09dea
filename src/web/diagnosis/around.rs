//! What stands round a text and does not belong to it: quotes of a shell, a callback, a head, the
//! framing of chunks, percent escapes; and what was sent in its place: the name of a file, a print.

use std::ops::Range;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use percent_encoding::percent_decode;

use crate::web::diagnosis::json;
use crate::web::diagnosis::report::{Asked, Diagnosis, Kind};

/// Longest head that is looked for in front of a body.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// What servers put before JSON so that a browser does not run it.
const GUARDS: &[&[u8]] = &[b")]}',", b")]}'", b")]}", b"while(1);", b"for(;;);"];

/// What a language shows for a value that it was asked to join into a text.
const PRINTS: &[&str] =
    &["[object Object]", "[object FormData]", "[object Promise]", "Array", "System.Object"];

/// Looks at a body that is meant as text in the wanted format.
pub(super) fn look(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let is_json = asked.wanted.is_json();
    head(bytes, asked)
        .or_else(|| chunks(bytes, asked))
        .or_else(|| print(bytes, asked))
        .or_else(|| file_name(bytes, asked))
        .or_else(|| if is_json { quoted(bytes, asked) } else { None })
        .or_else(|| if is_json { jsonp(bytes, asked) } else { None })
        .or_else(|| if is_json { guard(bytes, asked) } else { None })
        .or_else(|| if is_json { percent(bytes, asked) } else { None })
        .or_else(|| if is_json { base64(bytes, asked) } else { None })
        .or_else(|| if is_json { entities(bytes, asked) } else { None })
}

fn found(kind: Kind, bytes: &[u8], at: usize, asked: &Asked<'_>, cure: &'static str) -> Diagnosis {
    Diagnosis::new(kind, bytes, at, asked.wanted.words(), cure)
}

fn first_at(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// A request line or a header in front, then an empty line.
fn head(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let near = &bytes[..bytes.len().min(HEAD_BYTES_MAX)];
    let (end, length) = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|gap| Some((near.windows(gap.len()).position(|it| it == *gap)?, gap.len())))
        .min()?;
    let head = std::str::from_utf8(&near[..end]).ok()?;
    let mut lines = head.lines();
    let first = lines.next()?;
    let is_start = first.starts_with("HTTP/1.")
        || first.ends_with(" HTTP/1.1")
        || first.ends_with(" HTTP/1.0");
    let is_http = |name: &str| {
        let known = ["content-type", "content-length", "host", "accept", "user-agent"];
        known.iter().any(|it| name.eq_ignore_ascii_case(it))
    };
    let name = |line: &str| line.split_once(": ").is_some_and(|(name, _)| is_http(name));
    let is_header = |line: &str| {
        line.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
        })
    };
    if !(is_start || name(first)) || !lines.all(is_header) {
        return None;
    }
    let cure = "send the body without the head; the client writes the headers itself";
    let rest = bytes[end + length..].to_vec();
    Some(
        found(Kind::HeadInBody, bytes, 0, asked, cure)
            .naming("headers inside the body")
            .with_body(rest),
    )
}

/// A body in chunks, with their lengths.
fn chunks(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let mut content = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.iter().take(10).position(|byte| *byte == b'\r')?;
        let digits = std::str::from_utf8(&rest[..end]).ok()?;
        let is_hex = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
        let length = usize::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        rest = rest[end..].strip_prefix(b"\r\n")?;
        if length == 0 {
            break;
        }
        content.extend_from_slice(rest.get(..length)?);
        rest = rest[length..].strip_prefix(b"\r\n")?;
    }
    if content.is_empty() {
        return None;
    }
    let cure = "send Transfer-Encoding: chunked with such a body, or the body without the lengths of its chunks";
    Some(
        found(Kind::ChunkFraming, bytes, 0, asked, cure)
            .naming("the length of a chunk")
            .with_body(content),
    )
}

fn print(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let text = std::str::from_utf8(bytes.trim_ascii()).ok()?;
    let is_one_word = !text.contains(char::is_whitespace);
    let is_dotnet = text.starts_with("System.") && is_one_word;
    let is_go = text.starts_with("map[") && text.ends_with(']');
    let is_php = text.starts_with("Array\n(") || text.starts_with("Array\r\n(");
    let cure = if PRINTS.contains(&text) {
        "turn the value into text yourself before sending, in JavaScript with JSON.stringify"
    } else if is_dotnet || is_go || is_php {
        "make the body with a JSON writer; this is a language's own print of the value"
    } else {
        return None;
    };
    Some(found(Kind::ObjectPrint, bytes, first_at(bytes), asked, cure))
}

/// `@lead.json`, which curl reads only where its option says so.
fn file_name(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let name = bytes.trim_ascii().strip_prefix(b"@")?;
    let is_name = |it: &u8| it.is_ascii_alphanumeric() || b"._-/\\:~".contains(it);
    let has_dot = name.iter().rev().take(6).any(|it| *it == b'.');
    (has_dot && name.iter().all(is_name)).then(|| {
        let cure =
            "send what the file holds: curl reads @name with --data-binary, not with --data-raw";
        found(Kind::FileName, bytes, first_at(bytes), asked, cure).naming("the name of a file")
    })
}

/// `'{"a":1}'`, and `b'{"a":1}'` of Python.
fn quoted(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let from = first_at(bytes);
    let text = bytes.trim_ascii();
    let (is_print, text) = match text.strip_prefix(b"b") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let inner = text.strip_prefix(b"'").and_then(|rest| rest.strip_suffix(b"'"))?;
    if !json::is_nearly(inner) {
        return None;
    }
    let cure = if is_print {
        "decode the bytes before they are joined into a text; b'…' is Python's print of them"
    } else {
        "take the single quotes round the body away; cmd.exe and some tools pass them on as they are"
    };
    Some(found(Kind::QuotedWhole, bytes, from, asked, cure).with_body(inner.to_vec()))
}

/// `callback({…});`
fn jsonp(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let from = first_at(bytes);
    let text = bytes.trim_ascii();
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || b"_$.".contains(it);
    let length = text.iter().take_while(|it| is_part(it)).count();
    let inner = text[length..].strip_prefix(b"(")?.trim_ascii_end();
    let inner = inner.strip_suffix(b";").unwrap_or(inner).trim_ascii_end().strip_suffix(b")")?;
    if !json::is_nearly(inner) {
        return None;
    }
    let cure = "send the JSON alone, without the function round it";
    Some(found(Kind::Jsonp, bytes, from, asked, cure).with_body(inner.to_vec()))
}

fn guard(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let from = first_at(bytes);
    let text = &bytes[from..];
    let rest = GUARDS.iter().find_map(|guard| text.strip_prefix(*guard))?;
    let is_json = json::is_nearly(rest);
    let cure =
        "send the JSON alone; what stands before it is a guard that servers write for browsers";
    is_json.then(|| found(Kind::GuardPrefix, bytes, from, asked, cure).with_body(rest.to_vec()))
}

/// A JSON text whose braces and quotes are percent-encoded, once or twice.
fn percent(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let text = bytes.trim_ascii();
    let opens = |text: &[u8]| {
        let head = text.get(..3).unwrap_or_default().to_ascii_uppercase();
        matches!(head.as_slice(), b"%7B" | b"%5B")
    };
    let (text, is_field) = match text.strip_suffix(b"=") {
        Some(key) => (key, true),
        None => (text, false),
    };
    let is_twice = text.starts_with(b"%25");
    let once = if is_twice { percent_decode(text).collect() } else { text.to_vec() };
    let inner = Some(once).filter(|once| opens(once)).map(|once| decoded_json(&once))??;
    let (kind, cure) = match (is_twice, is_field) {
        (true, _) => {
            (Kind::PercentEncodedTwice, "send the JSON as it is; it was percent-encoded twice")
        }
        (false, true) => (
            Kind::JsonAsFormKey,
            "send the JSON as it is with Content-Type: application/json; it was sent as the name of a form's field",
        ),
        (false, false) => (
            Kind::PercentEncoded,
            "send the JSON as it is; only addresses and forms are percent-encoded",
        ),
    };
    Some(found(kind, bytes, first_at(bytes), asked, cure).with_body(inner))
}

/// A JSON text in Base64.
fn base64(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let text = bytes.trim_ascii();
    let inner = BASE64_STANDARD.decode(text).or_else(|_| BASE64_URL_SAFE.decode(text)).ok()?;
    let opens = matches!(inner.first(), Some(b'{' | b'['));
    (opens && json::is_nearly(&inner)).then(|| {
        let cure = "send the JSON as it is, not in Base64";
        found(Kind::Base64, bytes, first_at(bytes), asked, cure)
            .naming("JSON in Base64")
            .with_body(inner)
    })
}

/// A JSON text with the references of HTML for its quotes.
fn entities(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let text = std::str::from_utf8(bytes).ok()?;
    let at = text.find("&quot;").or_else(|| text.find("&#34;"))?;
    if text[..at].contains('"') {
        return None;
    }
    let plain = text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#39;", "'");
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    json::is_nearly(plain.as_bytes()).then(|| {
        let cure = "send the JSON as it is; its quotes were escaped as for a page of HTML";
        found(Kind::HtmlEscaped, bytes, at, asked, cure)
            .naming("references of HTML")
            .with_body(plain.into_bytes())
    })
}

/// What is percent-encoded, if it is JSON; with blanks as `%20` or as `+`.
pub(super) fn decoded_json(encoded: &[u8]) -> Option<Vec<u8>> {
    let blanks: Vec<u8> = encoded.iter().map(|it| if *it == b'+' { b' ' } else { *it }).collect();
    let both = [encoded, &blanks].map(|it| percent_decode(it).collect::<Vec<u8>>());
    let right = both.iter().find(|it| json::is_right(it));
    right.or_else(|| both.iter().find(|it| json::is_nearly(it))).cloned()
}

/// The text of a body without blanks round it, as a span.
pub(super) fn trimmed(bytes: &[u8]) -> Range<usize> {
    let from = first_at(bytes);
    from..from + bytes[from..].trim_ascii_end().len()
}
