//! Why a body is no XML.

use crate::web::diagnosis::encoding;
use crate::web::diagnosis::report::{Diagnosis, Kind};
use crate::web::diagnosis::xml_reader;

/// Looks at a text that is meant as XML.
pub(super) fn look(bytes: &[u8]) -> Option<Diagnosis> {
    let reading = xml_reader::read(bytes);
    if reading.is_given_up {
        return None;
    }
    let declared = contradicted(bytes);
    let Some(trouble) = reading.slips.first.clone() else { return declared };
    if declared.as_ref().is_some_and(|it| it.at.offset < trouble.at) {
        return declared;
    }
    let found =
        Diagnosis::new(trouble.kind, bytes, trouble.at, expected(trouble.kind), trouble.cure);
    let edit = if reading.is_halted { None } else { reading.slips.mended(bytes) };
    Some(found.with_body(edit))
}

/// A declaration that names an encoding which these bytes cannot be in.
fn contradicted(bytes: &[u8]) -> Option<Diagnosis> {
    let span = encoding::declared(bytes)?;
    let name = String::from_utf8_lossy(&bytes[span.clone()]).to_ascii_lowercase();
    // The declaration was read byte by byte, so its units are bytes.
    let is_wide =
        ["utf-16", "utf-32", "ucs-2", "ucs-4", "iso-10646"].iter().any(|it| name.starts_with(it));
    let is_ascii = name == "us-ascii" && !bytes.is_ascii();
    if !is_wide && !is_ascii {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?.to_owned();
    let cure = "write encoding=\"UTF-8\" into the declaration; that is what the bytes are";
    let found =
        Diagnosis::new(Kind::EncodingContradicts, bytes, span.start, "encoding=\"UTF-8\"", cure);
    let edit = [&bytes[..span.start], b"UTF-8", &text.as_bytes()[span.end..]].concat();
    Some(found.with_body(edit))
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::BareAmpersand => "&amp;, or a reference that ends in ;",
        Kind::UnknownEntity => "&amp;, &lt;, &gt;, &quot;, &apos; or a number such as &#160;",
        Kind::BareLess => "&lt;, or the name of an element behind <",
        Kind::UnquotedAttribute | Kind::CurlyQuotes => "name=\"value\"",
        Kind::AttributeTwice => "each attribute once in a tag",
        Kind::ElementOpen | Kind::WrongNesting => "the end tag of the element that was opened last",
        Kind::TextOutsideRoot => "an element and nothing beside it",
        Kind::SecondRoot => "the end of the body behind the root element",
        Kind::LateDeclaration => "<?xml as the first five characters",
        Kind::ControlCharacter => "a character that XML can hold",
        Kind::CutShort => "the rest of the document",
        _ => "XML",
    }
}
