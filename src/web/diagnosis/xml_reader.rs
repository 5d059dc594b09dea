//! A reader of XML that goes on behind what is plain, and notes it: bare `&` and `<`, attributes without
//! quotes. A text without a slip is well-formed as far as it looks: tags, attributes, references.
//!
//! Not here: namespaces, and what a document type declares.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::text::excerpt_bytes;
use crate::web::diagnosis::chars::{char_at, is_curly_double, is_curly_single};
use crate::web::diagnosis::place::line_column;
use crate::web::diagnosis::report::Kind;
use crate::web::diagnosis::slips::Slips;

/// Elements in one another that are followed; nothing is said of a body with more.
const DEPTH_MAX: usize = 100_000;

/// Characters of a name that a sentence repeats.
const NAME_CHARS: usize = 40;

/// Longest name of an entity that is looked for.
const ENTITY_BYTES_MAX: usize = 32;

/// Entities of HTML that XML does not know.
const HTML_ENTITIES: &[(&str, char)] = &[
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("euro", '€'),
    ("pound", '£'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ccedil", 'ç'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
];

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) slips: Slips,
    pub(super) is_halted: bool,
    pub(super) is_given_up: bool,
}

#[derive(Debug)]
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    open: Vec<Range<usize>>,
    has_root: bool,
    has_doctype: bool,
    out: Reading,
}

/// Reads a body.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut reader = Reader {
        bytes,
        at,
        open: Vec::new(),
        has_root: false,
        has_doctype: false,
        out: Reading::default(),
    };
    reader.late_declaration();
    while reader.at < bytes.len() {
        if reader.step().is_none() {
            return reader.out;
        }
    }
    reader.end();
    reader.out
}

impl Reader<'_> {
    fn step(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        match rest {
            [b'<', b'!', b'-', b'-', ..] => self.skip_past(4, b"-->"),
            [b'<', b'!', b'[', b'C', b'D', ..] => self.skip_past(9, b"]]>"),
            [b'<', b'?', ..] => self.skip_past(2, b"?>"),
            [b'<', b'!', b'D', b'O', ..] => self.doctype(),
            [b'<', b'/', ..] => self.end_tag(),
            [b'<', next, ..] if begins_name(*next) => self.start_tag(),
            [b'<', ..] => {
                if rest.len() == 1 {
                    return self.cut("the rest of a tag");
                }
                self.bare_less("write &lt; for < in a text");
                Some(())
            }
            [b'&', ..] => {
                self.reference();
                Some(())
            }
            _ => self.text(),
        }
    }

    /// Blanks before `<?xml`, which has to be the first.
    fn late_declaration(&mut self) {
        let blanks = self.bytes[self.at..].iter().take_while(|it| it.is_ascii_whitespace()).count();
        let at = self.at + blanks;
        if blanks > 0 && self.bytes[at..].starts_with(b"<?xml ") {
            self.out.slips.add(Kind::LateDeclaration, self.at..at, Some(Vec::new()), || {
                "send nothing before <?xml, no blanks and no empty line".to_owned()
            });
            self.at = at;
        }
    }

    fn skip_past(&mut self, skip: usize, end: &[u8]) -> Option<()> {
        let rest = self.bytes.get(self.at + skip..).unwrap_or_default();
        match rest.windows(end.len()).position(|it| it == end) {
            Some(length) => {
                self.at += skip + length + end.len();
                Some(())
            }
            None => self.cut("the end of a comment, a CDATA section or an instruction"),
        }
    }

    fn doctype(&mut self) -> Option<()> {
        self.has_doctype = true;
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => return Some(()),
                _ => {}
            }
        }
        self.cut("the end of the document type")
    }

    fn text(&mut self) -> Option<()> {
        let byte = self.bytes[self.at];
        if self.open.is_empty() && !byte.is_ascii_whitespace() {
            let what = if self.has_root { "behind" } else { "before" };
            return self
                .halt(Kind::TextOutsideRoot, || format!("send nothing {what} the root element"));
        }
        self.character();
        Some(())
    }

    /// Takes one byte of text, which may be a control character.
    fn character(&mut self) {
        let byte = self.bytes[self.at];
        if matches!(byte, 0..=8 | 0xb | 0xc | 0xe..=0x1f) {
            self.out.slips.add(Kind::ControlCharacter, self.at..self.at + 1, None, || {
                format!("take the control character U+{byte:04X} away; XML cannot hold it, not even escaped")
            });
        }
        self.at += 1;
    }

    fn bare_less(&mut self, cure: &'static str) {
        let span = self.at..self.at + 1;
        self.at = span.end;
        self.out.slips.add(Kind::BareLess, span, Some(b"&lt;".to_vec()), || cure.to_owned());
    }

    fn reference(&mut self) {
        let from = self.at;
        let near = &self.bytes[from + 1..self.bytes.len().min(from + 1 + ENTITY_BYTES_MAX)];
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || b"#_.-".contains(it);
        let length = near.iter().take_while(|it| is_part(it)).count();
        let name = std::str::from_utf8(&near[..length]).unwrap_or_default();
        self.at += 1;
        if length == 0 || near.get(length) != Some(&b';') {
            self.out.slips.add(
                Kind::BareAmpersand,
                from..from + 1,
                Some(b"&amp;".to_vec()),
                || "write &amp; for & in a text".to_owned(),
            );
            return;
        }
        let span = from..from + length + 2;
        self.at = span.end;
        if let Some(number) = name.strip_prefix('#') {
            let read = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            let is_fit = |it: &u32| {
                matches!(it, 9 | 10 | 13) || (*it >= 0x20 && char::from_u32(*it).is_some())
            };
            if !read.ok().is_some_and(|it| is_fit(&it)) {
                self.out.slips.add(Kind::ControlCharacter, span, None, || {
                    format!("take &#{number}; away; it is no character that XML can hold")
                });
            }
            return;
        }
        if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || self.has_doctype {
            return;
        }
        let known = HTML_ENTITIES.iter().find(|(known, _)| *known == name);
        let instead = known.map(|(_, it)| format!("&#{};", u32::from(*it)).into_bytes());
        self.out.slips.add(Kind::UnknownEntity, span, instead, || match known {
            Some((_, it)) => format!(
                "write &#{}; or the character for &{name};, which only HTML knows",
                u32::from(*it)
            ),
            None => {
                format!("write the character for &{name};, or &amp;{name}; where that is the text")
            }
        });
    }

    fn start_tag(&mut self) -> Option<()> {
        let from = self.at;
        self.at += 1;
        let name = self.name();
        if self.open.is_empty() && self.has_root {
            self.at = from;
            return self.halt(Kind::SecondRoot, || {
                "send one root element; put several into one that holds them".to_owned()
            });
        }
        if self.open.len() == DEPTH_MAX {
            self.out.is_given_up = true;
            return None;
        }
        self.has_root = true;
        let is_empty = self.attributes()?;
        if !is_empty {
            self.open.push(name);
        }
        Some(())
    }

    fn name(&mut self) -> Range<usize> {
        let from = self.at;
        let is_end = |it: &u8| it.is_ascii_whitespace() || b"/<>='\"&".contains(it);
        let length = self.bytes[from..].iter().position(is_end);
        self.at = length.map_or(self.bytes.len(), |length| from + length);
        from..self.at
    }

    fn skip_blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Reads to the end of a tag: whether the element has no content.
    fn attributes(&mut self) -> Option<bool> {
        let mut names = BTreeSet::new();
        loop {
            self.skip_blanks();
            let rest = &self.bytes[self.at..];
            match rest {
                [] => return self.cut("the > of a tag"),
                [b'>', ..] => {
                    self.at += 1;
                    return Some(false);
                }
                [b'/', b'>', ..] => {
                    self.at += 2;
                    return Some(true);
                }
                [b'<' | b'/' | b'=' | b'"' | b'\'' | b'&', ..] => {
                    return self.halt(Kind::Unexpected, || {
                        "close the tag with > or write an attribute as name=\"value\"".to_owned()
                    });
                }
                _ => {}
            }
            let name = self.name();
            let text = &self.bytes[name.clone()];
            if !names.insert(text) {
                self.out.slips.add(Kind::AttributeTwice, name.clone(), None, || {
                    format!("write the attribute {} once", excerpt_bytes(text, NAME_CHARS))
                });
            }
            self.skip_blanks();
            if self.bytes.get(self.at) == Some(&b'=') {
                self.at += 1;
                self.skip_blanks();
                self.value()?;
            } else if self.at == self.bytes.len() {
                return self.cut("the > of a tag");
            } else {
                self.out.slips.add(Kind::UnquotedAttribute, name, None, || {
                    "write the attribute with a value, as name=\"value\"".to_owned()
                });
            }
        }
    }

    fn value(&mut self) -> Option<()> {
        let from = self.at;
        let Some(&quote) = self.bytes.get(from) else {
            return self.cut("the value of an attribute");
        };
        if matches!(quote, b'"' | b'\'') {
            self.at += 1;
            while let Some(&byte) = self.bytes.get(self.at) {
                match byte {
                    b'<' => {
                        self.bare_less("write &lt; for < in a value, or close the quote before it");
                    }
                    b'&' => self.reference(),
                    _ if byte == quote => {
                        self.at += 1;
                        return Some(());
                    }
                    _ => self.character(),
                }
            }
            return self.cut("the quote that closes the value of an attribute");
        }
        let is_curly =
            char_at(self.bytes, from).is_some_and(|it| is_curly_double(it) || is_curly_single(it));
        let is_end = |it: &u8| it.is_ascii_whitespace() || *it == b'>';
        let length = self.bytes[from..].iter().position(is_end);
        let mut end = length.map_or(self.bytes.len(), |length| from + length);
        if self.bytes.get(end) == Some(&b'>') && end > from + 1 && self.bytes[end - 1] == b'/' {
            end -= 1;
        }
        self.at = end;
        let word = &self.bytes[from..end];
        let is_plain =
            !word.iter().any(|it| matches!(it, b'"' | b'\'' | b'<' | b'&')) && !word.is_empty();
        let (kind, cure) = if is_curly {
            (Kind::CurlyQuotes, "write the straight quote \" (U+0022) round the value")
        } else {
            (Kind::UnquotedAttribute, "write the value in quotes")
        };
        let instead = (is_plain && !is_curly).then(|| [b"\"", word, b"\""].concat());
        self.out.slips.add(kind, from..end, instead, || cure.to_owned());
        Some(())
    }

    fn end_tag(&mut self) -> Option<()> {
        let from = self.at;
        self.at += 2;
        let name = self.name();
        self.skip_blanks();
        if self.at == self.bytes.len() {
            return self.cut("the > of a tag");
        }
        if self.bytes[self.at] != b'>' {
            return self
                .halt(Kind::Unexpected, || "close the end tag with > behind its name".to_owned());
        }
        self.at += 1;
        let Some(open) = self.open.pop() else {
            self.at = from;
            return self.halt(Kind::WrongNesting, || {
                "take this end tag away; no element is open".to_owned()
            });
        };
        if self.bytes[open.clone()] == self.bytes[name.clone()] {
            return Some(());
        }
        let (line, column) = line_column(self.bytes, open.start - 1);
        let shown = |span: Range<usize>| {
            excerpt_bytes(&self.bytes[span], NAME_CHARS).trim_matches('"').to_owned()
        };
        let cure = format!(
            "close <{}> of line {line}, column {column} before </{}>",
            shown(open),
            shown(name)
        );
        self.at = from;
        self.halt(Kind::WrongNesting, || cure)
    }

    fn end(&mut self) {
        if let Some(open) = self.open.last() {
            let (line, column) = line_column(self.bytes, open.start - 1);
            let shown = excerpt_bytes(&self.bytes[open.clone()], NAME_CHARS);
            let name = shown.trim_matches('"');
            let cure = format!(
                "close <{name}> of line {line}, column {column} with </{name}>, or send the whole body"
            );
            self.halt::<()>(Kind::ElementOpen, || cure);
        } else if !self.has_root {
            self.halt::<()>(Kind::Unexpected, || "send an element, <name>…</name>".to_owned());
        }
    }

    fn cut<T>(&mut self, missing: &'static str) -> Option<T> {
        self.at = self.bytes.len();
        self.halt(Kind::CutShort, || format!("send the whole body; {missing} is missing"))
    }

    fn halt<T>(&mut self, kind: Kind, cure: impl FnOnce() -> String) -> Option<T> {
        self.out.is_halted = true;
        self.out.slips.halt(kind, self.at, cure);
        None
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}
