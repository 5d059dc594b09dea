//! Why a body is no JSON, or not the JSON that was wanted.

use std::borrow::Cow;

use crate::base::text::{counted, grouped};
use crate::web::diagnosis::json_reader::{self, Reading};
use crate::web::diagnosis::json_shape;
use crate::web::diagnosis::json_words;
use crate::web::diagnosis::place::line_column;
use crate::web::diagnosis::report::{Asked, Diagnosis, Kind, Wanted};

/// Open brackets that are shown.
const OPEN_SHOWN_MAX: usize = 16;

/// Looks at a text that is meant as JSON.
pub(super) fn look(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let reading = json_reader::read(bytes);
    if reading.is_given_up {
        return None;
    }
    if reading.slips.first.is_some() {
        return broken(bytes, reading, asked);
    }
    if asked.is_refused
        && let Some(found) = beyond_the_parser(bytes, &reading)
    {
        return Some(found);
    }
    json_shape::look(bytes, &reading, asked)
}

/// Whether a text is JSON, of any depth.
pub(super) fn is_right(bytes: &[u8]) -> bool {
    let reading = json_reader::read(bytes);
    !reading.is_given_up && reading.slips.first.is_none() && !reading.top.is_empty()
}

/// Whether a text is JSON but for slips whose meaning is plain, and its top is an object or a list.
pub(super) fn is_nearly(bytes: &[u8]) -> bool {
    let reading = json_reader::read(bytes);
    !reading.is_halted && matches!(bytes.get(reading.top.start), Some(b'{' | b'['))
}

/// A text that is not JSON.
fn broken(bytes: &[u8], reading: Reading, asked: &Asked<'_>) -> Option<Diagnosis> {
    let trouble = reading.slips.first.clone()?;
    // Without what follows, that something is missing is a guess.
    let is_guess = matches!(trouble.kind, Kind::MissingComma | Kind::MissingColon);
    let kind = if is_guess && reading.is_halted { Kind::Unexpected } else { trouble.kind };
    let expected = match (kind, reading.belongs) {
        (Kind::CutShort, _) => return Some(cut(bytes, &reading).with_pointer(trouble.pointer)),
        (Kind::Unexpected, Some(belongs)) if trouble.kind == kind => belongs,
        (Kind::Unexpected, _) => json_words::expected(trouble.kind),
        _ => json_words::expected(kind),
    };
    let cure: Cow<'static, str> = if kind == trouble.kind {
        trouble.cure.into()
    } else {
        "make the body with a JSON writer, not by joining texts".into()
    };
    let lines =
        (kind == Kind::JsonLines && asked.wanted == Wanted::JsonArray).then(|| listed(bytes));
    let edit = if reading.is_halted { lines.flatten() } else { reading.slips.mended(bytes) };
    let found = Diagnosis::new(kind, bytes, trouble.at, expected, cure);
    Some(found.with_pointer(trouble.pointer).with_body(edit))
}

/// Lines of JSON as a list; `None` where a line is no JSON.
fn listed(bytes: &[u8]) -> Option<Vec<u8>> {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    let list = [b"[", lines.join(&b","[..]).as_slice(), b"]"].concat();
    lines.iter().all(|line| is_right(line)).then_some(list)
}

/// A text that ends too early.
fn cut(bytes: &[u8], reading: &Reading) -> Diagnosis {
    let open = &reading.open;
    let mut closing = String::new();
    if let Some(at) = reading.open_text {
        let (line, column) = line_column(bytes, at);
        closing = format!("the quote that closes line {line}, column {column}");
    }
    if !open.is_empty() {
        let shown = open.iter().rev().take(OPEN_SHOWN_MAX);
        let brackets: String = shown.map(|it| if *it == b'{' { '}' } else { ']' }).collect();
        let and = if closing.is_empty() { "" } else { ", then " };
        let more = if open.len() > OPEN_SHOWN_MAX { "…" } else { "" };
        let count = grouped(open.len() as u64);
        let noun = if open.len() == 1 { "bracket is" } else { "brackets are" };
        closing = format!("{closing}{and}{brackets}{more} ({count} {noun} open)");
    }
    if closing.is_empty() {
        "a value".clone_into(&mut closing);
    }
    let has_bracket = |at| matches!(bytes[at..].trim_ascii_end(), [.., b'}' | b']']);
    let cure = if reading.open_text.is_some_and(has_bracket) {
        "close the text with a quote before the last bracket; or send the whole body, if it was cut"
    } else {
        "send the whole body; Content-Length counts bytes, not characters"
    };
    let found = Diagnosis::new(Kind::CutShort, bytes, bytes.len(), closing, cure);
    let n_bytes = grouped(bytes.len() as u64);
    found.naming(format_args!("the end of the body, after {}", counted(n_bytes, "byte", "bytes")))
}

/// JSON that the program's own parser does not take.
fn beyond_the_parser(bytes: &[u8], reading: &Reading) -> Option<Diagnosis> {
    let huge = reading.huge.map(|at| {
        let cure = "send a smaller number, or the digits in quotes where they are a text";
        Diagnosis::new(Kind::NumberTooLarge, bytes, at, "a number below 1.8e308", cure)
    });
    let deep = reading.deep.map(|at| {
        let cure = "put fewer lists and objects in one another";
        Diagnosis::new(Kind::TooDeep, bytes, at, "fewer than 128 values in one another", cure)
    });
    [huge, deep].into_iter().flatten().min_by_key(|it| it.at.offset)
}
