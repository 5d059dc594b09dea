//! Numbers of JSON, and what other languages write for them.

use std::ops::Range;

use crate::web::diagnosis::report::Kind;

/// Longest number that a cure repeats.
const SHOWN_BYTES_MAX: usize = 40;

/// What a token that begins like a number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Right,
    Wrong {
        kind: Kind,
        /// Where it is certain.
        instead: Option<String>,
        cure: String,
    },
}

/// The length of the token that begins like a number.
pub(super) fn length(bytes: &[u8]) -> usize {
    let is_part = |at: usize, byte: u8| match byte {
        b'+' | b'-' | b'.' | b'_' => true,
        // Of a date or a time.
        b':' | b'/' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => byte.is_ascii_alphanumeric(),
    };
    bytes.iter().enumerate().take_while(|(at, byte)| is_part(*at, **byte)).count()
}

/// Looks at such a token.
pub(super) fn look(token: &[u8]) -> Number {
    if is_right(token) {
        return Number::Right;
    }
    let text = String::from_utf8_lossy(token).into_owned();
    if text.len() > SHOWN_BYTES_MAX {
        return wrong(
            Kind::BadNumber,
            None,
            "write a number as JSON does, such as -12.5e3".to_owned(),
        );
    }
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", text.as_str()),
    };
    let is_size = |text: &str| is_right(text.as_bytes()) && !text.starts_with('-');
    if let Some(rest) = text.strip_prefix('+').filter(|rest| is_size(rest) || is_digits(rest)) {
        let cure = format!(
            "write {rest} without the plus sign, or \"{text}\" in quotes where it is a telephone number"
        );
        return wrong(Kind::PlusSign, None, cure);
    }
    if matches!(size.to_ascii_lowercase().as_str(), "infinity" | "inf" | "nan") {
        let cure = format!("write null or leave the member out; JSON has no {text}");
        return wrong(Kind::NotANumber, Some("null".to_owned()), cure);
    }
    let whole = size.split('.').next().unwrap_or_default();
    if whole.len() > 1 && whole.starts_with('0') && is_digits(whole) && is_size_behind_zeros(size) {
        let cure = format!("write \"{text}\" in quotes where the zero counts, else without it");
        return wrong(Kind::LeadingZero, None, cure);
    }
    if let Some(digits) = size.strip_prefix("0x").or_else(|| size.strip_prefix("0X"))
        && let Ok(number) = u64::from_str_radix(digits, 16)
        && !digits.starts_with('+')
    {
        let instead = format!("{sign}{number}");
        let cure = format!("write {instead}; JSON has no hexadecimal numbers");
        return wrong(Kind::HexNumber, Some(instead), cure);
    }
    let padded = if size.starts_with('.') { format!("0{size}") } else { size.to_owned() };
    let padded = if padded.ends_with('.') { format!("{padded}0") } else { padded };
    if padded != size && is_size(&padded) {
        let instead = format!("{sign}{padded}");
        let cure = format!("write {instead}; a digit stands on both sides of the point");
        return wrong(Kind::BareFraction, Some(instead), cure);
    }
    if token[0].is_ascii_digit()
        && text.contains(|it: char| it.is_ascii_alphabetic() || ":/-_".contains(it))
    {
        let cure = format!("write \"{text}\" in quotes, if it is a text");
        return wrong(Kind::UnquotedText, None, cure);
    }
    wrong(
        Kind::BadNumber,
        None,
        format!("write a number as JSON does, such as -12.5e3, for {text}"),
    )
}

/// A comma inside a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comma {
    /// The comma and the digits behind it.
    pub(super) span: Range<usize>,
    /// Where it is certain.
    pub(super) instead: Option<Vec<u8>>,
    pub(super) cure: String,
}

/// Looks at a comma of an object behind which digits stand where a name belongs. `None` where it is
/// between two members.
pub(super) fn comma(bytes: &[u8], at: usize) -> Option<Comma> {
    let (n_behind, rest) = digits(bytes.get(at + 1..)?);
    let next = rest.trim_ascii_start().first();
    if n_behind == 0 || n_behind > SHOWN_BYTES_MAX || !matches!(next, None | Some(b',' | b'}')) {
        return None;
    }
    let before = &bytes[..at];
    let n_before = before.iter().rev().take_while(|it| it.is_ascii_digit()).count();
    if n_before == 0 || n_before > SHOWN_BYTES_MAX {
        return None;
    }
    let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
    let whole = text(&before[at - n_before..]);
    let behind = text(&bytes[at + 1..=at + n_behind]);
    let (instead, cure) = match n_behind {
        3 => (
            None,
            format!("write {whole}{behind}, or {whole}.{behind} where the comma begins a fraction"),
        ),
        _ => (
            Some(format!(".{behind}").into_bytes()),
            format!("write {whole}.{behind}; a fraction begins with a point"),
        ),
    };
    Some(Comma { span: at..at + 1 + n_behind, instead, cure })
}

fn wrong(kind: Kind, instead: Option<String>, cure: String) -> Number {
    Number::Wrong { kind, instead, cure }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_size_behind_zeros(size: &str) -> bool {
    let rest = size.trim_start_matches('0');
    rest.is_empty() || is_right(rest.as_bytes()) || is_right(format!("0{rest}").as_bytes())
}

/// Whether a token is a number of JSON (RFC 8259, 6), of any size.
fn is_right(token: &[u8]) -> bool {
    let rest = token.strip_prefix(b"-").unwrap_or(token);
    let (whole, rest) = digits(rest);
    if whole == 0 || (whole > 1 && token.strip_prefix(b"-").unwrap_or(token)[0] == b'0') {
        return false;
    }
    let rest = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => match digits(fraction) {
            (0, _) => return false,
            (_, rest) => rest,
        },
    };
    let Some(power) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) else {
        return rest.is_empty();
    };
    let power = power.strip_prefix(b"+").or_else(|| power.strip_prefix(b"-")).unwrap_or(power);
    matches!(digits(power), (1.., []))
}

/// How many digits a text begins with, and what follows them.
fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, &text[count..])
}

/// Whether a number of JSON is beyond a double.
pub(super) fn is_huge(token: &[u8]) -> bool {
    let text = std::str::from_utf8(token).unwrap_or_default();
    text.parse::<f64>().is_ok_and(f64::is_infinite)
}
