//! Excerpts: foreign text as it may stand in a sentence of ours.
//!
//! Whatever a client sent may be long, on many lines, or made to look like something else. An excerpt
//! is in quotes, escaped, on one line and bounded, and says how long the whole is where it was cut.
//!
//! Not here: what must not be shown at all, which is masked before.

use std::borrow::Cow;
use std::fmt::{Display, Write};

/// Characters of a foreign text that a sentence repeats, where nothing else is said: a name, an
/// address or a number whole, of a token or a body its head.
pub(crate) const EXCERPT_CHARS_MAX: usize = 80;

/// A text without the two characters that no XML may hold and that programs which write it let through.
pub(crate) fn fit_for_xml(text: String) -> String {
    let unfit = ['\u{fffe}', '\u{ffff}'];
    if text.contains(unfit) { text.replace(unfit, "\u{fffd}") } else { text }
}

/// A number with its noun.
pub(crate) fn counted(number: impl Display, one: &str, many: &str) -> String {
    let number = number.to_string();
    format!("{number} {}", if number == "1" { one } else { many })
}

/// At most `chars_max` characters of a text, in quotes and escaped: `"Bob"`, `"a\tb"`,
/// `"aaaa…" (20,480 bytes)`.
///
/// Escaped are quotes and backslashes, control characters, line ends of all kinds, and what is
/// invisible or turns the direction of writing, so that the excerpt looks like what it is.
pub(crate) fn excerpt(text: &str, chars_max: usize) -> String {
    let (head, is_cut) = head(text, chars_max);
    quoted(head, is_cut, text.len())
}

/// Characters of a sentence of ours that foreign text may have a part in. Longer ones are lists of
/// what is known, which nobody reads to their end.
pub(crate) const SENTENCE_CHARS_MAX: usize = 1200;

/// A sentence of ours with foreign text in it, on one line and bounded: control characters are
/// escaped, and of one that is too long head and tail are left, and how long it was.
pub(crate) fn sentence<'t>(text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
    const TAIL_CHARS: usize = SENTENCE_CHARS_MAX / 4;
    let text = text.into();
    let is_plain = !text.chars().any(|it| it.is_control() || is_line_end(it));
    if is_plain && text.len() <= SENTENCE_CHARS_MAX {
        return text;
    }
    let n_chars = text.chars().count();
    let mut shown = String::with_capacity(text.len().min(2 * SENTENCE_CHARS_MAX));
    for (idx, it) in text.chars().enumerate() {
        let is_cut_out = n_chars > SENTENCE_CHARS_MAX
            && (SENTENCE_CHARS_MAX - TAIL_CHARS..n_chars - TAIL_CHARS).contains(&idx);
        if is_cut_out {
            if idx == SENTENCE_CHARS_MAX - TAIL_CHARS {
                // Writing to a String cannot fail.
                let _ = write!(shown, " … ({} bytes in all) … ", grouped(text.len() as u64));
            }
        } else if it.is_control() || is_line_end(it) {
            shown.extend(it.escape_default());
        } else {
            shown.push(it);
        }
    }
    shown.into()
}

fn is_line_end(it: char) -> bool {
    matches!(it, '\u{2028}' | '\u{2029}')
}

/// An excerpt of bytes that should be UTF-8; each byte that belongs to no character is shown as
/// `\xff`.
pub(crate) fn excerpt_bytes(bytes: &[u8], chars_max: usize) -> String {
    let mut shown = String::from("\"");
    let mut left = chars_max;
    let mut is_cut = false;
    for chunk in bytes.utf8_chunks() {
        let (head, was_cut) = head(chunk.valid(), left);
        push_escaped(&mut shown, head);
        left -= head.chars().count();
        let broken = chunk.invalid();
        let n_shown = broken.len().min(left);
        for byte in &broken[..n_shown] {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
        left -= n_shown;
        is_cut = was_cut || n_shown < broken.len();
        if is_cut {
            break;
        }
    }
    close(shown, is_cut, bytes.len())
}

/// A count with its thousands apart: `20,480`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (idx, digit) in digits.char_indices() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn head(text: &str, chars_max: usize) -> (&str, bool) {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => (&text[..end], true),
        None => (text, false),
    }
}

fn quoted(head: &str, is_cut: bool, n_bytes: usize) -> String {
    let mut shown = String::with_capacity(head.len() + 2);
    shown.push('"');
    push_escaped(&mut shown, head);
    close(shown, is_cut, n_bytes)
}

fn close(mut shown: String, is_cut: bool, n_bytes: usize) -> String {
    if is_cut {
        let n_bytes = grouped(n_bytes as u64);
        // Writing to a String cannot fail.
        let _ = write!(shown, "…\" ({n_bytes} bytes)");
    } else {
        shown.push('"');
    }
    shown
}

fn push_escaped(shown: &mut String, text: &str) {
    for it in text.chars() {
        match escaped(it) {
            Some(escape) => shown.push_str(&escape),
            None => shown.push(it),
        }
    }
}

/// How a character is written in quotes; `None` for as it is.
fn escaped(it: char) -> Option<Cow<'static, str>> {
    match it {
        '"' => Some("\\\"".into()),
        '\\' => Some("\\\\".into()),
        '\n' => Some("\\n".into()),
        '\r' => Some("\\r".into()),
        '\t' => Some("\\t".into()),
        it if it.is_control() || is_unseen(it) => Some(it.escape_unicode().to_string().into()),
        _ => None,
    }
}

/// Whether a character shows nothing, looks like a common blank, ends a line, or turns the direction
/// of writing.
fn is_unseen(it: char) -> bool {
    matches!(
        it,
        '\u{a0}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{1680}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{3000}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_escapes_and_counts() {
        for (text, shown) in [
            ("Bob", r#""Bob""#),
            ("", r#""""#),
            ("Zoë ☎", r#""Zoë ☎""#),
            ("a\tb\r\n", r#""a\tb\r\n""#),
            ("a \"b\" \\", r#""a \"b\" \\""#),
            ("\0\u{1b}[31m", r#""\u{0}\u{1b}[31m""#),
            ("\u{202e}gpj.exe", r#""\u{202e}gpj.exe""#),
            ("\u{a0}b\u{200b}\u{2028}", r#""\u{a0}b\u{200b}\u{2028}""#),
            ("12345678", r#""12345678""#),
            ("123456789", r#""12345678…" (9 bytes)"#),
            ("ééééééééé", r#""éééééééé…" (18 bytes)"#),
        ] {
            assert_eq!(excerpt(text, 8), shown);
            assert_eq!(excerpt_bytes(text.as_bytes(), 8), shown);
        }
        assert_eq!(excerpt(&"a".repeat(20_480), 4), r#""aaaa…" (20,480 bytes)"#);
    }

    #[test]
    fn shows_bytes_that_are_no_text() {
        for (bytes, shown) in [
            (&b"a\xffb"[..], r#""a\xffb""#),
            (b"\xc3", r#""\xc3""#),
            (b"abcd\xff", r#""abcd…" (5 bytes)"#),
            (b"\xff\xfe\xfd\xfc\xfb", r#""\xff\xfe\xfd\xfc…" (5 bytes)"#),
            (b"\xe2\x82a\xe2\x82\xacbc", r#""\xe2\x82a€…" (8 bytes)"#),
        ] {
            assert_eq!(excerpt_bytes(bytes, 4), shown);
        }
    }

    #[test]
    fn groups_thousands() {
        let shown = [0, 999, 1000, 20_480, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "20,480", "1,234,567"]);
    }

    #[test]
    fn a_sentence_is_one_bounded_line() {
        assert_eq!(sentence("no {\"a\"} here"), "no {\"a\"} here");
        assert_eq!(sentence("a\tb\r\n\u{1b}[0m\u{2028}"), r"a\tb\r\n\u{1b}[0m\u{2028}");
        let long = sentence(format!("the path {:?} leads nowhere", "ü".repeat(20_000)));
        assert!(long.starts_with("the path \"ü") && long.ends_with("ü\" leads nowhere"), "{long}");
        assert!(long.contains(" … (40,025 bytes in all) … "), "{long}");
        assert!(long.chars().count() < SENTENCE_CHARS_MAX + 40);
    }

    proptest! {
        #[test]
        fn an_excerpt_is_one_bounded_line(
            text in any::<String>(),
            bytes in any::<Vec<u8>>(),
            chars_max in 0_usize..50,
        ) {
            for shown in [excerpt(&text, chars_max), excerpt_bytes(&bytes, chars_max)] {
                prop_assert!(!shown.chars().any(|it| it.is_control() || is_unseen(it)));
                prop_assert!(shown.chars().count() <= chars_max * ESCAPE_CHARS_MAX + 30);
                prop_assert!(shown.starts_with('"'));
            }
        }
    }

    /// Of `\u{10ffff}`.
    const ESCAPE_CHARS_MAX: usize = 10;
}
