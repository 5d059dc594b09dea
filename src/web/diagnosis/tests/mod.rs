//! Bodies that people really send, each with the kind, the place and the cure that must be told.
//!
//! In a body, `▸` marks the place and is taken away before.

mod bytes;
mod form;
mod json;
mod json_around;
mod parts;
mod right;
mod shape;
mod table;
mod xml;

use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::place::line_column;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Edit, Kind, Wanted};
use crate::web::multipart;
use crate::web::xml::Element;

/// The sign that marks a place.
const MARK: char = '▸';

/// Longest text of a diagnosis.
const TEXT_CHARS_MAX: usize = 700;

/// A body in which the place is marked, its kind, words of its cure, and the body after the edit; empty
/// where no edit is certain.
type Row<'r> = (&'r str, Kind, &'r str, &'r str);

/// All rows, and then those that are not as they say.
#[track_caller]
fn check_all(asked: &Asked<'_>, rows: &[Row<'_>]) {
    let mut faults = Vec::new();
    for (marked, kind, cure, edited) in rows {
        let at = marked.find(MARK).expect(marked);
        let text = marked.replacen(MARK, "", 1);
        let body = Body::plain(text.as_bytes());
        let edited = (!edited.is_empty()).then(|| edited.as_bytes().to_vec());
        faults.extend(fault(&body, asked, (*kind, at, cure), edited.as_deref()));
        if let Some(found) = diagnose(&body, asked) {
            apply(&body, asked, &found);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether the diagnosis is that, and its edit is right.
#[track_caller]
fn check(body: &Body<'_>, asked: &Asked<'_>, wanted: (Kind, usize, &str), edited: Option<&[u8]>) {
    assert_eq!(fault(body, asked, wanted, edited), None);
    apply(body, asked, &diagnose(body, asked).unwrap());
}

/// What of a diagnosis is not as it should be.
fn fault(
    body: &Body<'_>,
    asked: &Asked<'_>,
    (kind, at, cure): (Kind, usize, &str),
    edited: Option<&[u8]>,
) -> Option<String> {
    let shown = String::from_utf8_lossy(&body.bytes[..body.bytes.len().min(300)]).into_owned();
    let Some(found) = diagnose(body, asked) else { return Some(format!("{shown}: nothing")) };
    let bytes = match &found.edit {
        Some(Edit::Body(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    let is_right = (found.kind, found.at.offset) == (kind, at)
        && (found.at.line, found.at.column) == line_column(body.bytes, at)
        && found.cure.contains(cure)
        && found.found.chars().count() < TEXT_CHARS_MAX
        && found.cure.chars().count() < TEXT_CHARS_MAX
        && bytes == edited;
    let edit = bytes.map(String::from_utf8_lossy);
    (!is_right)
        .then(|| format!("{shown}: wanted {kind} at {at}, is {} {found}, {edit:?}", found.kind))
}

/// The edited request has no diagnosis, and the real parser takes it.
#[track_caller]
fn apply(body: &Body<'_>, asked: &Asked<'_>, found: &Diagnosis) {
    let (bytes, content_type) = match &found.edit {
        None => return,
        Some(Edit::Body(bytes)) => (bytes.as_slice(), body.content_type),
        Some(Edit::ContentType(value)) => (body.bytes, Some(value.as_str())),
    };
    let edited = Body { bytes, content_type, content_encoding: None };
    assert_eq!(diagnose(&edited, asked), None);
    let wanted = asked.takes.iter().find(|it| content_type == Some(it.media_type()));
    match wanted.copied().unwrap_or(asked.wanted) {
        Wanted::JsonObject => {
            assert!(serde_json::from_slice::<serde_json::Value>(bytes).unwrap().is_object());
        }
        Wanted::JsonArray => {
            assert!(serde_json::from_slice::<serde_json::Value>(bytes).unwrap().is_array());
        }
        Wanted::JsonValue => drop(serde_json::from_slice::<serde_json::Value>(bytes).unwrap()),
        Wanted::Xml => drop(Element::parse(bytes).unwrap()),
        Wanted::Multipart => {
            let body = ::bytes::Bytes::copy_from_slice(bytes);
            drop(multipart::parse(content_type.unwrap_or_default(), &body).unwrap());
        }
        Wanted::Csv => {
            let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
            assert!(reader.byte_records().all(|it| it.is_ok()));
        }
        Wanted::Form | Wanted::Text => drop(String::from_utf8(bytes.to_vec()).unwrap()),
    }
}

#[test]
fn names_of_kinds_are_stable_words() {
    let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert!(names.iter().all(|it| {
        it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_' || it.is_ascii_digit())
    }));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Kind::ALL.len());
}
