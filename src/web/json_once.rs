//! JSON in which each name stands once in its object. JSON readers keep the last of two members of one
//! name and do not tell, so that what somebody wrote is dropped; whoever reads words meant for
//! Ringback itself reads them here.
//!
//! Not here: the bodies of vendors' clients, which are read as the vendor's own server reads them
//! (`params`).

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::web::params::JsonError;

/// Why a text is not taken. It goes on a sentence: "the body …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("is not JSON: {0}")]
    Broken(JsonError),
    #[error(
        "has a duplicate member {name} at line {line}, column {column} ({pointer}); expected each \
         name once in an object"
    )]
    Twice {
        /// An excerpt, in quotes.
        name: String,
        /// JSON pointer of the member.
        pointer: String,
        line: usize,
        /// In bytes, from 1.
        column: usize,
    },
}

/// Reads a text.
///
/// # Errors
/// Where it is no JSON, or a name stands twice in one object.
pub(crate) fn read(text: &[u8]) -> Result<Value, Fault> {
    let twice = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let seed = Seed { way: &Way::Root, twice: &twice };
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| match twice.take() {
        Some((name, pointer)) => {
            Fault::Twice { name, pointer, line: error.line(), column: error.column() }
        }
        None => Fault::Broken(JsonError::new(text, &error)),
    })
}

/// The way from the root to a value.
enum Way<'w> {
    Root,
    Member(&'w Way<'w>, &'w str),
    Item(&'w Way<'w>, usize),
}

impl Way<'_> {
    /// As a JSON pointer (RFC 6901), bounded.
    fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut way = self;
        loop {
            way = match way {
                Way::Root => break,
                Way::Member(outer, name) => {
                    steps.push(name.replace('~', "~0").replace('/', "~1"));
                    outer
                }
                Way::Item(outer, idx) => {
                    steps.push(idx.to_string());
                    outer
                }
            };
        }
        let whole: String = steps.iter().rev().flat_map(|step| ["/", step]).collect();
        whole.chars().take(EXCERPT_CHARS_MAX).collect()
    }
}

/// Reads one value. What stands twice is put aside, as an error of serde's holds nothing but words.
#[derive(Clone, Copy)]
struct Seed<'w> {
    way: &'w Way<'w>,
    twice: &'w RefCell<Option<(String, String)>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        loop {
            let way = Way::Item(self.way, read.len());
            match items.next_element_seed(Seed { way: &way, ..self })? {
                Some(item) => read.push(item),
                None => return Ok(read.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let way = Way::Member(self.way, &name);
            if read.contains_key(&name) {
                let told = (excerpt(&name, EXCERPT_CHARS_MAX), way.pointer());
                self.twice.replace(Some(told));
                return Err(A::Error::custom("duplicate member"));
            }
            let value = members.next_value_seed(Seed { way: &way, ..self })?;
            read.insert(name, value);
        }
        Ok(read.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_reader_reads_is_read_alike() {
        let texts = [
            "null",
            "[1,-2,3.5,1e3,18446744073709551615,-9223372036854775808,true,false,\"a\\u00e9\\n\"]",
            r#" {"b":{"a":1},"a":[{"a":1},{"a":2}],"":{}} "#,
        ];
        for text in texts {
            assert_eq!(
                read(text.as_bytes()).unwrap(),
                serde_json::from_str::<Value>(text).unwrap()
            );
        }
        for text in ["", "{", "[1,]", "{\"a\":1}x", "1e999", "{\"a\" 1}", &"[".repeat(100_000)] {
            let told = read(text.as_bytes()).unwrap_err().to_string();
            let reason = serde_json::from_str::<Value>(text).unwrap_err().to_string();
            let reason = reason.split(" at line").next().unwrap();
            assert!(told.starts_with(&format!("is not JSON: {reason}")), "{text:.20}: {told}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_told_with_its_place() {
        let told = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            told("{\"on\":{},\n \"on\":{}}"),
            "has a duplicate member \"on\" at line 2, column 5 (/on); expected each name once in an \
             object"
        );
        assert!(told(r#"{"a":[{"b/c":1,"b\/c":null}]}"#).contains("(/a/0/b~1c)"));
        // One name, however it is written.
        assert!(told(r#"{"exactly":5,"\u0065xactly":0}"#).contains("\"exactly\""));
    }
}
