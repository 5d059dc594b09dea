//! Forms and queries: escapes, separators and names that do not say what was meant.

use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

use crate::web::diagnosis::chars::windows_1252;
use crate::web::diagnosis::encoding;
use crate::web::diagnosis::report::{Asked, Diagnosis, Kind, Wanted};

/// Fewest digits behind a plus that make a telephone number.
const PHONE_DIGITS_MIN: usize = 6;

/// What is escaped where a text is put into a form anew.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'=')
    .add(b'#')
    .add(b';')
    .add(b'"')
    .add(b'<')
    .add(b'>');

/// Looks at a form or a query.
pub(super) fn look(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    if let Some(found) = encoded(bytes) {
        return Some(found);
    }
    let separators = [amp_entity(bytes), semicolon(bytes, asked)];
    let mut nearest = separators.into_iter().flatten().min_by_key(|it| it.at.offset);
    let mut at = 0;
    for pair in bytes.split(|byte| *byte == b'&') {
        let span = at..at + pair.len();
        at = span.end + 1;
        if nearest.as_ref().is_some_and(|found| found.at.offset <= span.start) {
            break;
        }
        let length = pair.iter().position(|byte| *byte == b'=');
        let name = span.start..span.start + length.unwrap_or(pair.len());
        let value = length.map_or(span.end..span.end, |length| span.start + length + 1..span.end);
        let found = brackets(bytes, &name, asked)
            .into_iter()
            .chain(escapes(bytes, &name))
            .chain(escapes(bytes, &value))
            .chain(plus(bytes, &value));
        if let Some(found) = found.min_by_key(|it| it.at.offset)
            && nearest.as_ref().is_none_or(|nearest| found.at.offset < nearest.at.offset)
        {
            nearest = Some(found);
            break;
        }
    }
    nearest
}

/// Looks at one value as the query or the form has it, escaped, after it was refused: also for what a
/// right value may look like, a second round of percent escapes.
pub(crate) fn diagnose_value(raw: &[u8]) -> Option<Diagnosis> {
    let whole = 0..raw.len();
    let found = escapes(raw, &whole).or_else(|| plus(raw, &whole));
    found.or_else(|| {
        let once: Vec<u8> = percent_decode(raw).collect();
        let at = once
            .windows(3)
            .position(|it| it[0] == b'%' && it[1..].iter().all(u8::is_ascii_hexdigit))?;
        let all_escaped =
            once.iter().all(|it| it.is_ascii_alphanumeric() || b"-_.~%+*".contains(it));
        let is_text = std::str::from_utf8(&percent_decode(&once).collect::<Vec<u8>>()).is_ok();
        let cure = "percent-encode the value once; it was encoded and the result encoded again";
        let at = raw_offset(raw, at);
        let found =
            Diagnosis::new(Kind::PercentEncodedTwice, raw, at, "a value encoded once", cure);
        (all_escaped && is_text && first_bad(&once).is_none()).then(|| found.with_body(once))
    })
}

fn found(kind: Kind, bytes: &[u8], at: usize, cure: impl Into<String>) -> Diagnosis {
    Diagnosis::new(kind, bytes, at, Wanted::Form.words(), cure.into())
}

fn with(bytes: &[u8], span: &Range<usize>, instead: &[u8]) -> Vec<u8> {
    [&bytes[..span.start], instead, &bytes[span.end..]].concat()
}

/// A form whose signs are escaped too, so that it is one name without a value.
fn encoded(bytes: &[u8]) -> Option<Diagnosis> {
    if bytes.iter().any(|byte| matches!(byte, b'=' | b'&')) {
        return None;
    }
    let mut text: Vec<u8> = percent_decode(bytes).collect();
    let mut rounds = 1;
    let head = |text: &[u8]| text.get(..300.min(text.len())).is_some_and(|it| it.contains(&b'='));
    if !head(&text) {
        text = percent_decode(&text).collect();
        rounds = 2;
    }
    let is_name = |it: &u8| it.is_ascii_alphanumeric() || b"_.-[]".contains(it);
    let is_pair = |pair: &[u8]| {
        pair.iter()
            .position(|byte| *byte == b'=')
            .is_some_and(|at| at > 0 && pair[..at].iter().all(is_name))
    };
    if text == bytes || !text.split(|byte| *byte == b'&').all(is_pair) {
        return None;
    }
    let at = bytes.iter().position(|byte| *byte == b'%')?;
    let kind = if rounds == 1 { Kind::PercentEncoded } else { Kind::PercentEncodedTwice };
    let cure = "percent-encode names and values, not the = and & between them";
    Some(found(kind, bytes, at, cure).with_body(text))
}

/// `&amp;` between pairs, copied from a page or an XML file.
fn amp_entity(bytes: &[u8]) -> Option<Diagnosis> {
    let is_name = |it: &u8| it.is_ascii_alphanumeric() || b"_.-[]%".contains(it);
    let at = bytes.windows(5).position(|it| it == b"&amp;")?;
    let rest = &bytes[at + 5..];
    let length = rest.iter().take_while(|it| is_name(it)).count();
    if length == 0 || rest.get(length) != Some(&b'=') {
        return None;
    }
    let text = replaced(bytes, b"&amp;", b"&");
    let cure = "write & between the pairs; &amp; is for HTML and XML";
    Some(found(Kind::AmpEntity, bytes, at, cure).with_body(text))
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            text.extend_from_slice(to);
            at += from.len();
        } else {
            text.push(bytes[at]);
            at += 1;
        }
    }
    text
}

/// `;` between all pairs.
fn semicolon(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let at = bytes.iter().position(|byte| *byte == b';')?;
    if bytes.contains(&b'&') {
        return None;
    }
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || b"_.-[]".contains(it);
    let name = |pair: &[u8]| {
        let length = pair.iter().position(|byte| *byte == b'=')?;
        let name = &pair[..length];
        (length > 0 && name.iter().all(is_part)).then(|| String::from_utf8_lossy(name).into_owned())
    };
    let names: Option<Vec<String>> = bytes.split(|byte| *byte == b';').map(name).collect();
    let is_known = |name: &String| asked.known.is_empty() || asked.known.contains(&name.as_str());
    names?[1..].iter().any(is_known).then(|| {
        let cure = "write & between the pairs, not ;";
        found(Kind::SemicolonSeparator, bytes, at, cure).with_body(replaced(bytes, b";", b"&"))
    })
}

/// `name[]` and `group[name]` where the vendor knows `name`.
fn brackets(bytes: &[u8], span: &Range<usize>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let name: Vec<u8> = percent_decode(&bytes[span.clone()]).collect();
    let name = std::str::from_utf8(&name).ok()?;
    let (before, rest) = name.split_once('[')?;
    let inner = rest.strip_suffix(']')?;
    let is_index = inner.bytes().all(|byte| byte.is_ascii_digit());
    let meant = if is_index { before } else { inner };
    if asked.known.contains(&name) || !asked.known.contains(&meant) {
        return None;
    }
    let cure = format!("write {meant} for {name}; brackets in names are PHP's and Rails'");
    Some(found(Kind::BracketsInName, bytes, span.start, cure).with_body(with(
        bytes,
        span,
        meant.as_bytes(),
    )))
}

/// Escapes of a name or a value that give no UTF-8.
fn escapes(bytes: &[u8], span: &Range<usize>) -> Option<Diagnosis> {
    let raw = &bytes[span.clone()];
    if !raw.contains(&b'%') {
        return None;
    }
    if let Some(at) = first_bad(raw) {
        return Some(bad_percent(bytes, span, at));
    }
    let decoded: Vec<u8> = percent_decode(raw).collect();
    let wide = match decoded.as_slice() {
        [0xff, 0xfe, rest @ ..] => encoding::utf_16(rest, true),
        [0xfe, 0xff, rest @ ..] => encoding::utf_16(rest, false),
        [1..=0x7f, 0, _, 0, ..] => encoding::utf_16(&decoded, true),
        [0, 1..=0x7f, 0, _, ..] => encoding::utf_16(&decoded, false),
        _ => None,
    };
    if let Some(text) = wide {
        let at = raw.iter().position(|byte| *byte == b'%').unwrap_or(0);
        let cure = "percent-encode the bytes of the text in UTF-8, not in UTF-16";
        return Some(found(Kind::PercentUtf16, bytes, span.start + at, cure).with_body(with(
            bytes,
            span,
            &anew(&text),
        )));
    }
    let at = std::str::from_utf8(&decoded).err()?.valid_up_to();
    let has_wide = decoded.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let is_windows = decoded.iter().any(|byte| matches!(byte, 0x80..=0x9f));
    let (kind, name) = match (has_wide, is_windows) {
        (true, _) => (Kind::NotUtf8, "Windows-1252"),
        (false, true) => (Kind::Windows1252, "Windows-1252"),
        (false, false) => (Kind::Latin1, "Latin-1"),
    };
    let byte = decoded[at];
    let found = found(
        kind,
        bytes,
        span.start + raw_offset(raw, at),
        "percent-encode the bytes of the text in UTF-8",
    );
    let found = match windows_1252(byte) {
        Some(it) => found.naming(format_args!("%{byte:02X}, {it} in {name}")),
        None => found.naming(format_args!("%{byte:02X}")),
    };
    let text: Option<String> = decoded.iter().map(|byte| windows_1252(*byte)).collect();
    let text =
        text.filter(|_| !has_wide).map(|text| with(bytes, span, &anew(&text.replace('+', " "))));
    Some(found.with_body(text))
}

/// A percent sign without two hexadecimal digits behind it.
fn bad_percent(bytes: &[u8], span: &Range<usize>, at: usize) -> Diagnosis {
    let raw = &bytes[span.clone()];
    if let Some(text) = utf_16_escapes(raw) {
        let cure = "use encodeURIComponent, not escape: write %C3%BC for %u00FC";
        let found = found(Kind::PercentUtf16, bytes, span.start + at, cure);
        return found.with_body(with(bytes, span, &text));
    }
    let mut text = Vec::with_capacity(raw.len() + 2);
    for (idx, byte) in raw.iter().enumerate() {
        text.push(*byte);
        if *byte == b'%' && !is_escape(raw, idx) {
            text.extend_from_slice(b"25");
        }
    }
    let cure = "write %25 for a percent sign";
    found(Kind::BadPercent, bytes, span.start + at, cure).with_body(with(bytes, span, &text))
}

/// The first percent sign that begins no escape.
fn first_bad(raw: &[u8]) -> Option<usize> {
    (0..raw.len()).find(|at| raw[*at] == b'%' && !is_escape(raw, *at))
}

fn is_escape(raw: &[u8], at: usize) -> bool {
    raw.get(at + 1..at + 3).is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
}

/// `%u00FC` as JavaScript's `escape` writes it, written anew; `None` where an escape is another.
fn utf_16_escapes(raw: &[u8]) -> Option<Vec<u8>> {
    let mut units: Vec<u16> = Vec::new();
    let mut text = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        let digits = raw[at..].strip_prefix(b"%u").and_then(|rest| rest.get(..4));
        if let Some(digits) = digits {
            let digits = std::str::from_utf8(digits).ok()?;
            units.push(u16::from_str_radix(digits, 16).ok()?);
            at += 6;
            continue;
        }
        text.extend(flushed(&mut units)?);
        if raw[at] == b'%' && !is_escape(raw, at) {
            return None;
        }
        text.push(raw[at]);
        at += 1;
    }
    text.extend(flushed(&mut units)?);
    Some(text)
}

fn flushed(units: &mut Vec<u16>) -> Option<Vec<u8>> {
    let text = String::from_utf16(&std::mem::take(units)).ok()?;
    Some(anew(&text))
}

/// A text with its escapes.
fn anew(text: &str) -> Vec<u8> {
    utf8_percent_encode(text, ESCAPED).to_string().into_bytes()
}

/// Where the byte stands that becomes the decoded one at `at`.
fn raw_offset(raw: &[u8], at: usize) -> usize {
    let mut here = 0;
    for _ in 0..at {
        here += if raw[here] == b'%' && is_escape(raw, here) { 3 } else { 1 };
    }
    here
}

/// A plus that was meant as one: before a telephone number, and before the hours of a zone.
fn plus(bytes: &[u8], span: &Range<usize>) -> Option<Diagnosis> {
    let raw = &bytes[span.clone()];
    let is_phone = |raw: &[u8]| {
        let digits = raw.strip_prefix(b"+").unwrap_or_default();
        digits.len() >= PHONE_DIGITS_MIN && digits.iter().all(u8::is_ascii_digit)
    };
    let at = if is_phone(raw) { 0 } else { zone(raw)? };
    let cure = "write %2B for a plus; a + in a form or a query is a blank";
    let place = span.start + at;
    let found = found(Kind::PlusBecameBlank, bytes, place, cure);
    Some(found.with_body(with(bytes, &(place..place + 1), b"%2B")))
}

/// The plus of `2024-05-01T10:00:00+02:00`.
fn zone(raw: &[u8]) -> Option<usize> {
    let at = raw.iter().rposition(|byte| *byte == b'+')?;
    let decoded = |raw: &[u8]| percent_decode(raw).collect::<Vec<u8>>();
    let (before, after) = (raw.get(at.saturating_sub(20)..at)?, raw.get(at + 1..)?);
    let after = if after.len() < 10 { decoded(after) } else { return None };
    let is_after = matches!(after.as_slice(), [a, b, b':', c, d] | [a, b, c, d] if [a, b, c, d].iter().all(|it| it.is_ascii_digit()));
    let has_time = decoded(before)
        .windows(3)
        .any(|it| it[0] == b'T' && it[1..].iter().all(u8::is_ascii_digit));
    (is_after && has_time).then_some(at)
}
