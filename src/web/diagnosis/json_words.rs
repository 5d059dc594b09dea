//! Words that stand where JSON has a value or a name, and the words of a diagnosis of JSON.

use crate::web::diagnosis::json_text;
use crate::web::diagnosis::report::Kind;

/// What is to be done with a byte-order mark.
pub(super) const MARK_CURE: &str =
    "take the three bytes ef bb bf away: write the body as UTF-8 without a byte-order mark";

/// Longest word that is put into quotes.
const WORD_BYTES_MAX: usize = 200;

/// How far a quote is looked for that would end a text with a quote in it.
const QUOTE_BYTES_MAX: usize = 1000;

/// Words of other languages for a value.
const FOREIGN: &[(&str, &str)] = &[
    ("None", "null"),
    ("nil", "null"),
    ("undefined", "null"),
    ("Null", "null"),
    ("NULL", "null"),
    ("<null>", "null"),
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("FALSE", "false"),
];

/// Words for a number that JSON does not have.
const NO_NUMBER: &[&str] = &["NaN", "nan", "Infinity", "inf", "Inf", "INF", "NAN"];

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// `true`, `false` or `null`, of that length.
    Right(usize),
    /// A letter before a quote.
    Prefix(usize),
    /// The beginning of `true`, `false` or `null` at the end of the body.
    Cut,
    /// The name of a function with its bracket.
    Call,
    Foreign {
        kind: Kind,
        length: usize,
        instead: Option<Vec<u8>>,
        cure: String,
    },
    Unknown,
}

/// Looks at a word where a value belongs.
pub(super) fn look(rest: &[u8], is_top: bool) -> Word {
    let length = rest.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
    let word = &rest[..length];
    let text = std::str::from_utf8(word).unwrap_or_default();
    if matches!(text, "true" | "false" | "null") {
        return Word::Right(length);
    }
    if is_string_prefix(rest) {
        return Word::Prefix(1);
    }
    let is_beginning = ["true", "false", "null"].iter().any(|it| it.starts_with(text));
    if length == rest.len() && !is_top && is_beginning {
        return Word::Cut;
    }
    if rest.get(length) == Some(&b'(') && length > 0 || text == "new" {
        return Word::Call;
    }
    if let Some((_, instead)) = FOREIGN.iter().find(|(known, _)| *known == text) {
        // Where it is all of the body, none of JSON's words is what was meant either.
        let is_whole = is_top && rest.trim_ascii_end().len() == length;
        let cure = if is_whole {
            format!("the body is {text} and nothing else; is the variable set that it comes from?")
        } else {
            format!("write {instead} for {text}")
        };
        let instead = Some(instead.as_bytes().to_vec()).filter(|_| !is_whole);
        return Word::Foreign { kind: Kind::ForeignLiteral, length, instead, cure };
    }
    if NO_NUMBER.contains(&text) {
        let cure = format!("write null or leave the member out; JSON has no {text}");
        let instead = Some(b"null".to_vec());
        return Word::Foreign { kind: Kind::NotANumber, length, instead, cure };
    }
    if is_top {
        return Word::Unknown;
    }
    bare(rest)
}

/// A text without quotes, up to what ends a value.
fn bare(rest: &[u8]) -> Word {
    let is_end = |it: &u8| {
        matches!(it, b',' | b'}' | b']' | b'\n' | b'\r' | b'"' | b'\'' | b'{' | b'[' | b'=')
    };
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    let word = rest[..length].trim_ascii_end();
    let is_fit = (1..=WORD_BYTES_MAX).contains(&word.len()) && !word.contains(&b'\\');
    match json_text::quoted(word).filter(|_| is_fit) {
        None => Word::Unknown,
        instead => Word::Foreign {
            kind: Kind::UnquotedText,
            length: word.len(),
            instead,
            cure: "write the text in double quotes".to_owned(),
        },
    }
}

/// Whether a byte can begin a word.
pub(super) fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'@') || byte >= 0x80
}

/// Whether a text begins with the letter and the quote of `u'…'`, `b"…"` or `r'…'`.
pub(super) fn is_string_prefix(rest: &[u8]) -> bool {
    matches!(rest, [b'u' | b'b' | b'r', b'"' | b'\'', ..])
}

/// Whether a text begins with `{{name}}`, `${name}` or `<%`.
pub(super) fn is_placeholder(rest: &[u8]) -> bool {
    let name = match rest {
        [b'{' | b'$', b'{', name @ ..] => name,
        [b'<', b'%', ..] => return true,
        _ => return false,
    };
    let name = name.trim_ascii_start();
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-' | b'$');
    let length = name.iter().take_while(|it| is_part(it)).count();
    length > 0 && name[length..].trim_ascii_start().starts_with(b"}")
}

/// The name without quotes that a text begins with: its length, and how much of it is a sign in front.
pub(super) fn key(rest: &[u8]) -> Option<(usize, usize)> {
    let skip = usize::from(rest.first() == Some(&b':'));
    let is_part = |it: &u8| {
        it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$' | b'-' | b'.' | b'@') || *it >= 0x80
    };
    let length = rest[skip..].iter().take_while(|it| is_part(it)).count();
    (length > 0).then_some((skip + length, skip))
}

/// Whether a quote follows before anything that could end a value: what was read as the end of a text
/// was a quote inside it.
pub(super) fn quote_follows(rest: &[u8]) -> bool {
    let near = &rest[..rest.len().min(QUOTE_BYTES_MAX)];
    let end = near.iter().find(|it| matches!(it, b'"' | b',' | b'}' | b']' | b':' | b'\n'));
    end == Some(&b'"')
}

/// Whether a text begins with a name without its first quote, and the colon behind it.
pub(super) fn name_follows(rest: &[u8]) -> bool {
    let near = &rest[..rest.len().min(QUOTE_BYTES_MAX)];
    let end = near.iter().position(|it| !it.is_ascii_alphanumeric() && !b"_-.".contains(it));
    let Some(b'"') = end.map(|end| near[end]) else { return false };
    let behind = end.map(|end| rest[end + 1..].trim_ascii_start()).unwrap_or_default();
    behind.first() == Some(&b':')
}

/// A name as its object has it; `None` where it cannot be read.
pub(super) fn unescaped(name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

/// What belongs where such a slip is.
pub(super) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::SingleQuotes | Kind::CurlyQuotes | Kind::EscapedQuotes => "a double quote",
        Kind::ForeignLiteral | Kind::NotANumber => "true, false, null, a number, a text, { or [",
        Kind::Arrow | Kind::MissingColon => "a colon behind the name",
        Kind::UnquotedKey | Kind::StringPrefix => "a name or a text in double quotes",
        Kind::TrailingComma | Kind::ExtraComma => "a value or a name beside each comma",
        Kind::OpenText => "a quote that ends the text",
        Kind::MissingComma | Kind::UnescapedQuote => "a comma or the closing bracket",
        Kind::Comment | Kind::OddBlank => "nothing but blanks, tabs and line ends between values",
        Kind::ByteOrderMark => "the text without a byte-order mark",
        Kind::LoneSurrogate => "both halves of a UTF-16 pair",
        Kind::RawControl | Kind::RawLineEnd => "an escape, such as \\n",
        Kind::BadEscape => "\\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u with four digits",
        Kind::PlusSign
        | Kind::LeadingZero
        | Kind::BareFraction
        | Kind::CommaInNumber
        | Kind::HexNumber
        | Kind::BadNumber => "a number of JSON, such as -12.5e3",
        Kind::WrongBracket => "the bracket that closes what was opened last",
        Kind::ExtraBracket | Kind::SecondDocument | Kind::JsonLines | Kind::TextBehind => {
            "the end of the body"
        }
        Kind::UnquotedText | Kind::FunctionCall | Kind::Placeholder | Kind::MissingValue => {
            "a value of JSON"
        }
        _ => "JSON",
    }
}
