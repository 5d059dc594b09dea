//! What a file is that was to be a table, as far as its beginning tells. A heading may begin with a
//! bracket: `[Name],[Number]`, `<Name>,<Number>`.
//!
//! Not here: what is to be done about it (the vendors), and bodies (`body`).

/// Bytes in which the end of an element is looked for.
const MARKUP_BYTES: usize = 4096;

/// Whether a text begins as JSON does: a bracket, and what can stand behind it there.
pub(crate) fn is_json(text: &[u8]) -> bool {
    let text = behind_mark(text);
    let next = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match (text.first(), next) {
        (Some(b'{'), Some(next)) => matches!(next, b'"' | b'\'' | b'}'),
        (Some(b'['), Some(next)) => {
            matches!(next, b'{' | b'[' | b'"' | b'\'' | b']' | b'-' | b'0'..=b'9')
        }
        _ => false,
    }
}

/// Whether a text begins as HTML or XML does: with a declaration, or with an element that ends.
pub(crate) fn is_markup(text: &[u8]) -> bool {
    let text = behind_mark(text);
    let head = &text[..text.len().min(MARKUP_BYTES)];
    match head {
        [b'<', b'!' | b'?', ..] => true,
        [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => {
            head.windows(2).any(|it| it == b"</" || it == b"/>")
        }
        _ => false,
    }
}

/// Whether a text begins as a ZIP archive does, which a spreadsheet is.
pub(crate) fn is_zip(text: &[u8]) -> bool {
    matches!(text, [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..])
}

/// A text without a byte-order mark and blanks before it.
fn behind_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_told_from_another_format() {
        for text in ["[{\"a\":1}]", " [\"1\"]", "[\n 37060001021]", "{\"a\":1}", "[]", "\u{feff}{}"]
        {
            assert!(is_json(text.as_bytes()), "{text}");
        }
        for text in ["<!doctype html>", "<?xml version", "<html>3</html>", "<br/>"] {
            assert!(is_markup(text.as_bytes()), "{text}");
        }
        for text in
            ["[Name],[PhoneNum]\n", "[number]\n", "{Name},{Phone}", "<Name>,<Phone>\nA,1", "[", ""]
        {
            assert!(!is_json(text.as_bytes()) && !is_markup(text.as_bytes()), "{text}");
        }
        assert!(is_zip(b"PK\x03\x04") && !is_zip(b"PKID,Phone"));
    }
}
