//! The door: what is wrong with a body.

use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Edit, Kind, Wanted};
use crate::web::diagnosis::{around, csv, encoding, foreign, form, json, multipart, xml};

/// Mistakes of different kinds in one another that an edit mends.
const MENDED_MAX: usize = 8;

/// Why a body cannot be read as what was wanted; `None` where nothing is plain, or nothing is wrong.
///
/// Of several mistakes it is the one nearest to the first byte. An edit mends all of them, or there is
/// none.
pub(crate) fn diagnose(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let mut found = first(body, asked)?;
    for _ in 0..MENDED_MAX {
        let next = match &found.edit {
            None => return Some(found),
            Some(Edit::Body(bytes)) => {
                first(&Body { bytes, content_encoding: None, ..*body }, asked)
            }
            Some(Edit::ContentType(value)) => {
                first(&Body { content_type: Some(value), ..*body }, asked)
            }
        };
        match next {
            None => return Some(found),
            // A body and a header to change are two edits.
            Some(next) => found.edit = next.edit.filter(|it| is_alike(it, found.edit.as_ref())),
        }
    }
    found.edit = None;
    Some(found)
}

fn is_alike(edit: &Edit, before: Option<&Edit>) -> bool {
    matches!((edit, before), (Edit::Body(_), Some(Edit::Body(_))))
}

/// The first mistake.
fn first(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let announced = body.media_type();
    let taken = asked.takes.iter().find(|it| announced.as_deref() == Some(it.media_type()));
    let asked = &Asked { wanted: taken.copied().unwrap_or(asked.wanted), ..*asked };
    let bytes = body.bytes;
    if let Some(found) = encoding::whole(body, asked).or_else(|| empty(bytes, asked)) {
        return Some(found);
    }
    // The content of parts may be in any encoding.
    let broken = match asked.wanted {
        Wanted::Multipart => None,
        _ => encoding::broken(bytes, asked),
    };
    let other = format(body, asked);
    match (broken, other) {
        (Some(broken), Some(other))
            if other.kind.is_shape() || other.at.offset >= broken.at.offset =>
        {
            Some(broken)
        }
        (broken, other) => other.or(broken),
    }
}

fn empty(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let may_be_empty = matches!(asked.wanted, Wanted::Form | Wanted::Text);
    if may_be_empty || !bytes.trim_ascii().is_empty() {
        return None;
    }
    let words = asked.wanted.words();
    let found = Diagnosis::new(Kind::Empty, bytes, 0, words, format!("send {words} as the body"));
    let what = if bytes.is_empty() { "an empty body" } else { "nothing but blanks" };
    Some(Diagnosis { found: what.to_owned(), ..found })
}

fn format(body: &Body<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let bytes = body.bytes;
    let before = || around::look(bytes, asked).or_else(|| foreign::look(body, asked));
    match asked.wanted {
        Wanted::JsonObject | Wanted::JsonArray | Wanted::JsonValue => {
            before().or_else(|| json::look(bytes, asked))
        }
        Wanted::Xml => before().or_else(|| xml::look(bytes)),
        Wanted::Multipart => {
            encoding::mark(bytes).or_else(|| multipart::look(body)).or_else(before)
        }
        Wanted::Form => encoding::mark(bytes).or_else(before).or_else(|| form::look(bytes, asked)),
        Wanted::Csv => encoding::mark(bytes).or_else(before).or_else(|| csv::look(bytes, asked)),
        Wanted::Text => None,
    }
}
