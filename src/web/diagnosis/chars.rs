//! Characters that are told apart: those of the one-byte encodings, and blanks and quotes that look
//! like others.

/// What Windows-1252 has at 0x80 to 0x9f; a NUL where it has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The character of a byte in Windows-1252, which Latin-1 agrees with but for 0x80 to 0x9f.
pub(super) fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => Some(WINDOWS_1252[usize::from(byte - 0x80)]).filter(|it| *it != '\0'),
        _ => Some(char::from(byte)),
    }
}

/// The character that begins at an offset of bytes in UTF-8.
pub(super) fn char_at(bytes: &[u8], at: usize) -> Option<char> {
    let end = bytes.len().min(at + 4);
    let head = bytes.get(at..end)?;
    head.utf8_chunks().next()?.valid().chars().next()
}

/// The name of a character that looks like a blank, or like nothing, and is no blank to a parser.
pub(super) fn odd_blank(it: char) -> Option<&'static str> {
    match it {
        '\u{a0}' => Some("a non-breaking blank (U+00A0)"),
        '\u{feff}' => Some("a byte-order mark (U+FEFF)"),
        '\u{200b}' => Some("a blank of no width (U+200B)"),
        '\u{200c}' | '\u{200d}' | '\u{2060}' => Some("a sign of no width"),
        '\u{2028}' => Some("a line separator (U+2028)"),
        '\u{2029}' => Some("a paragraph separator (U+2029)"),
        '\u{85}' => Some("a next-line sign (U+0085)"),
        '\u{b}' => Some("a vertical tab (U+000B)"),
        '\u{c}' => Some("a form feed (U+000C)"),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Some("a blank that is not U+0020")
        }
        _ => None,
    }
}

/// Whether a character is a quote that a text program sets in place of `"`.
pub(super) fn is_curly_double(it: char) -> bool {
    matches!(it, '“' | '”' | '„' | '‟')
}

/// Whether a character is a quote that a text program sets in place of `'`.
pub(super) fn is_curly_single(it: char) -> bool {
    matches!(it, '‘' | '’' | '‚' | '‛')
}
