//! Where a request's parameters can stand: path, query, form, JSON, multipart.
//!
//! Names keep their order and their repetitions. What a broken body means is the vendor's affair,
//! so nothing here fails: a body that cannot be read is kept with the reason.

use std::borrow::Cow;

use compact_str::CompactString;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::base::planted::{self, Fault as Planted};

/// Ordered pairs, decoded. Most names and values are short, and take no memory of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(CompactString, CompactString)>);

impl Pairs {
    /// Reads `a=1&b=2`, as a query string or a form body writes it.
    pub fn parse(encoded: &[u8]) -> Self {
        let own = |text: Cow<'_, str>| {
            if planted::is(Planted::BlankIsOneByte)
                && let Some(blank) = text.find(char::is_whitespace)
            {
                std::hint::black_box(&text[blank + 1..]);
            }
            CompactString::from(text)
        };
        planted::tries_all_ways(Planted::BracketsAreTriedAllWays, || {
            memchr::memchr_iter(b'(', encoded).count()
        });
        Pairs(
            form_urlencoded::parse(encoded).map(|(name, value)| (own(name), own(value))).collect(),
        )
    }

    /// The first value of that name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.0.push((name.as_ref().into(), value.as_ref().into()));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A body read as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    /// The request carries none, or none was looked for.
    #[default]
    Absent,
    Value(Value),
    /// It is not JSON; the reason is for the journal, never for the wire.
    Broken(JsonError),
}

/// Why a body is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct JsonError {
    pub message: String,
    pub line: usize,
    pub column: usize,
    /// Where the reader stopped, as an index into the body.
    pub offset: usize,
}

impl Json {
    /// Reads a body; `Absent` when it is empty or only white space.
    pub fn parse(body: &[u8]) -> Self {
        if body.trim_ascii().is_empty() {
            return Json::Absent;
        }
        match serde_json::from_slice(body) {
            Ok(value) => Json::Value(value),
            Err(error) => Json::Broken(JsonError::new(body, &error)),
        }
    }
}

impl JsonError {
    pub(crate) fn new(body: &[u8], error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        // serde_json appends the place to its message; here it is a field of its own.
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        let line_start: usize = body
            .split_inclusive(|byte| *byte == b'\n')
            .take(line.saturating_sub(1))
            .map(<[u8]>::len)
            .sum();
        let offset = (line_start + column.saturating_sub(1)).min(body.len());
        JsonError { message, line, column, offset }
    }
}

/// A file of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The name of the form field.
    pub name: String,
    pub file_name: String,
    pub media_type: Option<String>,
    pub content: bytes::Bytes,
}

/// All parameters of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    pub path: Pairs,
    pub query: Pairs,
    pub form: Pairs,
    pub json: Json,
    pub uploads: Vec<Upload>,
}

impl Params {
    /// Only the query, which every vendor reads.
    pub fn from_query(query: Option<&str>) -> Self {
        Params { query: Pairs::parse(query.unwrap_or_default().as_bytes()), ..Params::default() }
    }
}

/// A path segment, decoded. Bytes that are not UTF-8 become the replacement character.
pub fn decode_segment(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_order_and_repetition() {
        let pairs = Pairs::parse(b"u=jo%2Bann&id=17&id=18&empty=&flag");
        let all: Vec<_> = pairs.iter().collect();
        assert_eq!(all, [("u", "jo+ann"), ("id", "17"), ("id", "18"), ("empty", ""), ("flag", "")]);
        assert_eq!(pairs.first("id"), Some("17"));
    }

    #[test]
    fn broken_json_says_where() {
        let Json::Broken(error) = Json::parse(b"{\"a\": 1,\n \"b\": 2,}") else {
            panic!("the comma must not be taken")
        };
        assert_eq!((error.line, error.column, error.offset), (2, 9, 17));
        assert_eq!(error.to_string(), "trailing comma at line 2, column 9");
        assert_eq!(Json::parse(b" \n"), Json::Absent);
    }
}
