//! A reader of JSON that goes on where JSON does not allow something whose meaning is plain, and notes
//! it: other quotes, words and commas, comments, numbers of other languages.
//!
//! A text without a slip is JSON as RFC 8259 has it. The reader keeps a stack of its own, so that depth
//! costs memory and no calls.
//!
//! Not here: what the values mean, and whether bytes are UTF-8.

use std::ops::Range;

use crate::web::diagnosis::chars::{char_at, odd_blank};
use crate::web::diagnosis::json_frame::{self, Frame};
use crate::web::diagnosis::json_number::{self, Number};
use crate::web::diagnosis::json_text::{self, Quote};
use crate::web::diagnosis::json_words::{self, Word};
use crate::web::diagnosis::place::line_column;
use crate::web::diagnosis::report::Kind;
use crate::web::diagnosis::slips::Slips;

/// Values in one another that are followed; nothing is said of a body with more. Each costs a frame.
const DEPTH_MAX: usize = 100_000;

/// Values in one another that the program's own parser takes.
const PARSER_DEPTH_MAX: usize = 128;

/// Names that are remembered to find one that stands twice.
const NAMES_MAX: usize = 10_000;

/// Members and items right below the top that are listed.
const OUTLINE_MAX: usize = 1000;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) slips: Slips,
    /// Whether the reader could not go on.
    pub(super) is_halted: bool,
    /// Whether it is too deep for anything to be said.
    pub(super) is_given_up: bool,
    /// The first document.
    pub(super) top: Range<usize>,
    /// The members or items right below the top, the first of them.
    pub(super) outline: Vec<Child>,
    /// A name that stands twice in one object: both places.
    pub(super) twice: Option<Twice>,
    /// A number that is beyond a double.
    pub(super) huge: Option<usize>,
    /// The bracket at which there are more values in one another than the program's parser takes.
    pub(super) deep: Option<usize>,
    /// The brackets that are open at the end, the outermost first.
    pub(super) open: Vec<u8>,
    /// What belongs where the reader could not go on for no plain reason.
    pub(super) belongs: Option<&'static str>,
    /// Where the string begins that the end cuts.
    pub(super) open_text: Option<usize>,
}

/// A member or an item; an item has an empty name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// A name that stands twice in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Twice {
    pub(super) first: usize,
    pub(super) second: Range<usize>,
    pub(super) depth: usize,
    pub(super) pointer: Option<String>,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Behind a colon, and at the top.
    Value,
    /// Behind a comma.
    Item,
    ItemOrEnd,
    /// Behind a comma.
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    End,
}

impl Next {
    fn words(self) -> &'static str {
        match self {
            Next::Value | Next::Item => {
                "a value: {, [, a text in double quotes, a number, true, false or null"
            }
            Next::ItemOrEnd => "a value or ]",
            Next::Key => "a name in double quotes",
            Next::KeyOrEnd => "a name in double quotes or }",
            Next::Colon => "a colon",
            Next::CommaOrEnd => "a comma or the closing bracket",
            Next::End => "the end of the body",
        }
    }
}

#[derive(Debug)]
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    frames: Vec<Frame<'b>>,
    now: Next,
    comma_at: usize,
    value_at: usize,
    was_text: bool,
    n_names: usize,
    out: Reading,
}

/// Reads a body.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reader = Reader {
        bytes,
        at: 0,
        frames: Vec::new(),
        now: Next::Value,
        comma_at: 0,
        value_at: 0,
        was_text: false,
        n_names: 0,
        out: Reading::default(),
    };
    let mut next = Some(Next::Value);
    while let Some(now) = next {
        let had_none = reader.out.slips.first.is_none();
        next = reader.step(now);
        if had_none && reader.out.slips.first.is_some() {
            let pointer = json_frame::pointer(reader.bytes, &reader.frames);
            if let Some(first) = &mut reader.out.slips.first {
                first.pointer = pointer;
            }
        }
    }
    reader.out
}

impl Reader<'_> {
    fn step(&mut self, next: Next) -> Option<Next> {
        self.now = next;
        self.skip_blanks()?;
        let Some(byte) = self.bytes.get(self.at).copied() else { return self.end(next) };
        match (next, byte) {
            (Next::ItemOrEnd, b']') | (Next::KeyOrEnd, b'}') => Some(self.close()),
            (Next::Item, b']') | (Next::Key, b'}') => {
                let comma = self.comma_at..self.comma_at + 1;
                self.out.slips.add(Kind::TrailingComma, comma, Some(Vec::new()), || {
                    format!("take away the comma before the closing {}", char::from(byte))
                });
                Some(self.close())
            }
            (Next::Item | Next::ItemOrEnd | Next::Key | Next::KeyOrEnd, b',') => {
                let span = self.at..self.at + 1;
                self.out.slips.add(Kind::ExtraComma, span, Some(Vec::new()), || {
                    "take away this comma; nothing stands before it".to_owned()
                });
                self.at += 1;
                Some(next)
            }
            (Next::Value | Next::Item | Next::ItemOrEnd, _) => self.value(byte),
            (Next::Key, b'0'..=b'9') if self.at == self.comma_at + 1 => {
                let Some(comma) = json_number::comma(self.bytes, self.comma_at) else {
                    return self.key(byte);
                };
                self.at = comma.span.end;
                self.out.slips.add(Kind::CommaInNumber, comma.span, comma.instead, || comma.cure);
                Some(Next::CommaOrEnd)
            }
            (Next::Key | Next::KeyOrEnd, _) => self.key(byte),
            (Next::Colon, _) => self.colon(byte),
            (Next::CommaOrEnd, _) => self.comma_or_end(byte),
            (Next::End, _) => self.behind(byte),
        }
    }

    /// `None` where a comment has no end.
    fn skip_blanks(&mut self) -> Option<()> {
        loop {
            let rest = &self.bytes[self.at..];
            match rest.first() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/' | b'#') if rest.starts_with(b"#") || rest.starts_with(b"//") => {
                    let length = rest.iter().position(|it| matches!(it, b'\n' | b'\r'));
                    self.comment(length.unwrap_or(rest.len()));
                }
                Some(b'/') if rest.starts_with(b"/*") => {
                    let Some(length) = rest[2..].windows(2).position(|it| it == b"*/") else {
                        return self
                            .halt(Kind::Comment, "take the comment away; it has no */ either");
                    };
                    self.comment(length + 4);
                }
                Some(0xb | 0xc | 0xc2 | 0xe1..=0xe3 | 0xef) => {
                    let Some(it) = char_at(self.bytes, self.at) else { return Some(()) };
                    let Some(name) = odd_blank(it) else { return Some(()) };
                    let span = self.at..self.at + it.len_utf8();
                    self.at = span.end;
                    let (kind, instead) = match span.start {
                        0 if it == '\u{feff}' => (Kind::ByteOrderMark, Vec::new()),
                        _ => (Kind::OddBlank, b" ".to_vec()),
                    };
                    self.out.slips.add(kind, span, Some(instead), || match kind {
                        Kind::ByteOrderMark => json_words::MARK_CURE.to_owned(),
                        _ => format!("write a common blank for {name}"),
                    });
                }
                _ => return Some(()),
            }
        }
    }

    fn comment(&mut self, length: usize) {
        let span = self.at..self.at + length;
        self.at = span.end;
        self.out.slips.add(Kind::Comment, span, Some(b" ".to_vec()), || {
            "take the comment away; JSON has none".to_owned()
        });
    }

    fn value(&mut self, byte: u8) -> Option<Next> {
        self.value_at = self.at;
        let rest = &self.bytes[self.at..];
        if json_words::is_placeholder(rest) {
            return self
                .halt(Kind::Placeholder, "fill in the value for this placeholder before sending");
        }
        match byte {
            b'{' | b'[' => return self.open(byte == b'{'),
            b'+' | b'-' | b'.' | b'0'..=b'9' => return self.number(),
            _ if Quote::at(self.bytes, self.at).is_some() => {
                self.text()?;
                self.was_text = true;
                return Some(self.ended());
            }
            b':' if rest.get(1).is_some_and(|it| json_words::begins_word(*it)) => {}
            b',' | b'}' | b']' => {
                let is_in = self.frames.last().is_some_and(|it| it.is_object == (byte != b']'));
                return if is_in || byte == b',' {
                    self.halt(Kind::MissingValue, "write a value here, null where there is none")
                } else {
                    self.wrong_bracket(byte)
                };
            }
            _ if json_words::begins_word(byte) => {}
            _ => return self.unexpected(),
        }
        self.word()
    }

    fn open(&mut self, is_object: bool) -> Option<Next> {
        let depth = self.frames.len();
        if depth == DEPTH_MAX {
            self.out.is_given_up = true;
            self.out.is_halted = true;
            return None;
        }
        if depth == PARSER_DEPTH_MAX - 1 && self.out.deep.is_none() {
            self.out.deep = Some(self.at);
        }
        self.value_at = self.at;
        let opened_at = self.at;
        self.at += 1;
        self.frames.push(Frame { is_object, opened_at, index: 0, key: 0..0, names: None });
        Some(if is_object { Next::KeyOrEnd } else { Next::ItemOrEnd })
    }

    fn close(&mut self) -> Next {
        self.at += 1;
        if let Some(frame) = self.frames.pop() {
            self.value_at = frame.opened_at;
            self.n_names -= frame.names.map_or(0, |names| names.len());
        }
        self.was_text = false;
        self.ended()
    }

    /// What comes behind a value that is complete.
    fn ended(&mut self) -> Next {
        let span = self.value_at..self.at;
        match self.frames.as_slice() {
            [] => {
                self.out.top = span;
                Next::End
            }
            [top] => {
                let name = top.key.clone();
                if self.out.outline.len() < OUTLINE_MAX {
                    self.out.outline.push(Child { name, value: span });
                }
                Next::CommaOrEnd
            }
            _ => Next::CommaOrEnd,
        }
    }

    /// Reads a string; `None` where the body ends in it.
    fn text(&mut self) -> Option<Range<usize>> {
        let text = json_text::read(self.bytes, self.at, &mut self.out.slips)?;
        if let Some(end) = text.end {
            self.at = end;
            return Some(text.inner);
        }
        self.out.open_text = Some(self.at);
        self.cut()
    }

    fn number(&mut self) -> Option<Next> {
        let token = &self.bytes[self.at..];
        let token = &token[..json_number::length(token)];
        let span = self.at..self.at + token.len();
        match json_number::look(token) {
            Number::Right => {
                if self.out.huge.is_none() && json_number::is_huge(token) {
                    self.out.huge = Some(self.at);
                }
            }
            Number::Wrong { .. } if span.end == self.bytes.len() && !self.frames.is_empty() => {
                return self.cut();
            }
            Number::Wrong { kind, instead, cure } => {
                let instead = instead.map(String::into_bytes);
                self.out.slips.add(kind, span.clone(), instead, || cure);
            }
        }
        self.at = span.end;
        self.was_text = false;
        Some(self.ended())
    }

    fn word(&mut self) -> Option<Next> {
        let rest = &self.bytes[self.at..];
        let is_top = self.frames.is_empty();
        match json_words::look(rest, is_top) {
            Word::Right(length) => self.at += length,
            Word::Prefix(length) => {
                let span = self.at..self.at + length;
                self.at = span.end;
                self.out.slips.add(Kind::StringPrefix, span, Some(Vec::new()), || {
                    "take away the letter before the quote, which only the language's own print has"
                        .to_owned()
                });
                return Some(Next::Value);
            }
            Word::Cut => return self.cut(),
            Word::Call => {
                let cure = "write the value itself, a text or a number; JSON calls no functions";
                return self.halt(Kind::FunctionCall, cure);
            }
            Word::Foreign { kind, length, instead, cure } => {
                let span = self.at..self.at + length;
                self.at = span.end;
                self.out.slips.add(kind, span, instead, || cure);
            }
            Word::Unknown => return self.unexpected(),
        }
        self.was_text = false;
        Some(self.ended())
    }

    fn key(&mut self, byte: u8) -> Option<Next> {
        let key_at = self.at;
        let rest = &self.bytes[self.at..];
        let inner = if Quote::at(self.bytes, self.at).is_some() {
            self.text()?
        } else if json_words::is_placeholder(rest) || self.is_in_double_brace(byte) {
            return self
                .halt(Kind::Placeholder, "fill in the value for this placeholder before sending");
        } else if let Some((length, skip)) = json_words::key(rest) {
            if json_words::is_string_prefix(rest) {
                let span = self.at..self.at + 1;
                self.out.slips.add(Kind::StringPrefix, span, Some(Vec::new()), || {
                    "take away the letter before the quote".to_owned()
                });
                self.at += 1;
                self.text()?
            } else {
                let span = self.at..self.at + length;
                self.at = span.end;
                if span.end == self.bytes.len() {
                    return self.cut();
                }
                let instead = json_text::quoted(&self.bytes[span.start + skip..span.end]);
                self.out.slips.add(Kind::UnquotedKey, span.clone(), instead, || {
                    "write the name in double quotes".to_owned()
                });
                span.start + skip..span.end
            }
        } else if byte == b']' {
            return self.wrong_bracket(byte);
        } else {
            return self.unexpected();
        };
        self.note_name(key_at, inner);
        Some(Next::Colon)
    }

    /// Whether `{{` was read, which templates begin with and JSON never.
    fn is_in_double_brace(&self, byte: u8) -> bool {
        byte == b'{' && self.at > 0 && self.bytes[self.at - 1] == b'{'
    }

    fn note_name(&mut self, key_at: usize, inner: Range<usize>) {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return };
        frame.key = inner.clone();
        if self.n_names == NAMES_MAX || self.out.twice.is_some() {
            return;
        }
        let names = frame.names.get_or_insert_default();
        match names.insert(&self.bytes[inner.clone()], key_at) {
            None => self.n_names += 1,
            Some(first) => {
                let pointer = json_frame::pointer(self.bytes, &self.frames);
                self.out.twice = Some(Twice { first, second: key_at..inner.end, depth, pointer });
            }
        }
    }

    fn colon(&mut self, byte: u8) -> Option<Next> {
        let rest = &self.bytes[self.at..];
        let length = match byte {
            b':' => {
                self.at += 1;
                return Some(Next::Value);
            }
            b'=' if rest.starts_with(b"=>") => 2,
            b'=' => 1,
            b',' | b'}' => {
                let cure =
                    "write a colon and a value behind the name, or [ ] round a list of texts";
                return self.halt(Kind::MissingValue, cure);
            }
            _ if begins_value(byte) => {
                let span = self.at..self.at;
                self.out.slips.add(Kind::MissingColon, span, Some(b":".to_vec()), || {
                    "write a colon between the name and its value".to_owned()
                });
                return Some(Next::Value);
            }
            _ => return self.unexpected(),
        };
        let span = self.at..self.at + length;
        self.at = span.end;
        self.out.slips.add(Kind::Arrow, span, Some(b":".to_vec()), || {
            "write a colon between a name and its value; => and = belong to a language's own print"
                .to_owned()
        });
        Some(Next::Value)
    }

    fn comma_or_end(&mut self, byte: u8) -> Option<Next> {
        let is_object = self.frames.last().is_some_and(|it| it.is_object);
        match byte {
            b',' => {
                self.comma_at = self.at;
                self.at += 1;
                if let Some(frame) = self.frames.last_mut() {
                    frame.index += 1;
                }
                return Some(if is_object { Next::Key } else { Next::Item });
            }
            b'}' | b']' if is_object == (byte == b'}') => return Some(self.close()),
            b'}' | b']' => return self.wrong_bracket(byte),
            b';' => {
                let span = self.at..self.at + 1;
                self.out.slips.add(Kind::MissingComma, span, Some(b",".to_vec()), || {
                    "write a comma for the semicolon".to_owned()
                });
                return self.comma_or_end(b',');
            }
            _ => {}
        }
        let rest = &self.bytes[self.at..];
        if self.was_text && json_words::begins_word(byte) && json_words::quote_follows(rest) {
            let quote_at = self.bytes[..self.at].iter().rposition(|it| *it == b'"');
            let quote_at = quote_at.unwrap_or(self.at);
            let text = &self.bytes[self.value_at..quote_at];
            let is_next_name = is_object && json_words::name_follows(rest);
            if is_next_name && text.trim_ascii_end().ends_with(b",") {
                self.at = self.value_at;
                return self.halt(Kind::OpenText, "close this text with a quote before its comma");
            }
            self.at = quote_at;
            return self.halt(Kind::UnescapedQuote, "write \\\" for a quote inside a text");
        }
        if begins_value(byte) && (byte != b'{' || !is_object) {
            let span = self.at..self.at;
            self.comma_at = self.at;
            self.out.slips.add(Kind::MissingComma, span, Some(b",".to_vec()), || {
                "write a comma between the two".to_owned()
            });
            if let Some(frame) = self.frames.last_mut() {
                frame.index += 1;
            }
            return Some(if is_object { Next::Key } else { Next::Item });
        }
        self.unexpected()
    }

    /// What stands behind the first document.
    fn behind(&mut self, byte: u8) -> Option<Next> {
        let rest = self.bytes[self.at..].trim_ascii_end();
        let is_comma_alone = byte == b',' && rest.len() == 1;
        if is_comma_alone || rest.iter().all(|it| matches!(it, b';' | 0)) {
            let span = self.at..self.bytes.len();
            self.at = span.end;
            self.out.slips.add(Kind::TextBehind, span, Some(Vec::new()), || {
                "send nothing behind the document".to_owned()
            });
            return Some(Next::End);
        }
        if matches!(byte, b'}' | b']') {
            let span = self.at..self.at + 1;
            self.at = span.end;
            self.out.slips.add(Kind::ExtraBracket, span, Some(Vec::new()), || {
                format!("take away this {}; all brackets are closed before it", char::from(byte))
            });
            return Some(Next::End);
        }
        let gap = &self.bytes[self.out.top.end..self.at];
        let has_comma = byte == b',';
        if has_comma || matches!(byte, b'{' | b'[' | b'"') {
            let is_line =
                gap.contains(&b'\n') && !self.bytes[self.out.top.clone()].contains(&b'\n');
            if is_line && !has_comma {
                return self.halt(Kind::JsonLines, "send one document; lines of JSON are many");
            }
            return self.halt(
                Kind::SecondDocument,
                "send one document per request; several values go into [ ] with commas",
            );
        }
        self.halt(Kind::TextBehind, "send nothing behind the document")
    }

    fn end(&mut self, next: Next) -> Option<Next> {
        if next == Next::End { None } else { self.cut() }
    }

    /// The body ends too early.
    fn cut<T>(&mut self) -> Option<T> {
        self.at = self.bytes.len();
        self.out.open =
            self.frames.iter().map(|it| if it.is_object { b'{' } else { b'[' }).collect();
        self.halt(Kind::CutShort, "")
    }

    fn wrong_bracket<T>(&mut self, byte: u8) -> Option<T> {
        self.out.is_halted = true;
        let Some(frame) = self.frames.last() else { return self.unexpected() };
        let right = if frame.is_object { '}' } else { ']' };
        let (line, column) = line_column(self.bytes, frame.opened_at);
        self.out.slips.halt(Kind::WrongBracket, self.at, || {
            format!(
                "close with {right} what was opened at line {line}, column {column}, before this {}",
                char::from(byte)
            )
        });
        None
    }

    fn unexpected<T>(&mut self) -> Option<T> {
        self.out.belongs = Some(self.now.words());
        self.halt(Kind::Unexpected, "make the body with a JSON writer, not by joining texts")
    }

    fn halt<T>(&mut self, kind: Kind, cure: &'static str) -> Option<T> {
        self.out.is_halted = true;
        self.out.slips.halt(kind, self.at, || cure.to_owned());
        None
    }
}

fn begins_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'\'' | b'-' | b'0'..=b'9') || byte.is_ascii_alphabetic()
}
