//! Bodies that PHP's `json_decode` reads and our parser does not: values in one another down to the
//! 512th, and numbers beyond a double, which PHP makes infinite (inferred: infocu5 4.2).
//!
//! The vendor looks at the members of the top alone, so what is deeper is checked and not kept.
//!
//! Not here: trailing commas (`wire`), and what is wrong with a body (`web::diagnosis`).

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked, Body, Wanted};

/// Depth that `json_decode` goes to where a script names none; the top counts.
const DEPTH_MAX: usize = 512;

/// The members of a body that is an object; `None` where PHP does not read it either.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let asked = Asked::new(Wanted::JsonObject);
    let is_json = diagnose(&Body::plain(body), &asked).is_none_or(|found| found.kind.is_shape());
    if !is_json || depth(body) > DEPTH_MAX {
        return None;
    }
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    let members = members.into_iter().map(|(name, value)| (name, member(value)));
    Some(Value::Object(members.collect::<Map<_, _>>()))
}

/// A member's value; what is in a list is looked at too, for the filters.
fn member(raw: &RawValue) -> Value {
    match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(items) => items.into_iter().map(item).collect(),
        Err(_) => item(raw),
    }
}

/// A value, or what is of the same kind where it is too deep or too large.
fn item(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| match raw.get().as_bytes().first() {
        Some(b'{') => Value::Object(Map::new()),
        Some(b'[') => Value::Array(Vec::new()),
        _ => f64::MAX.into(),
    })
}

/// How many objects and lists of a JSON text stand in one another at the most.
fn depth(body: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in body {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = *byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object whose member `x` is lists in one another, so many levels in all.
    fn deep(levels: usize) -> String {
        let lists = levels - 1;
        format!(r#"{{"a":"b","x":{}{}}}"#, "[".repeat(lists), "]".repeat(lists))
    }

    #[test]
    fn reads_what_php_reads() {
        let read = |body: &str| read(body.as_bytes());
        assert_eq!(read(&deep(200)).unwrap()["a"], "b");
        assert_eq!(read(&deep(512)).unwrap()["a"], "b");
        assert_eq!(read(&deep(513)), None);
        assert!(read(r#"{"x":1e400,"list":["1",1e400]}"#).unwrap()["list"][1].is_number());
        // A bracket in a text is none.
        assert_eq!(depth(br#"{"a\"[[[":"{{\\"}"#), 1);
    }

    #[test]
    fn reads_nothing_else() {
        for body in [
            "",
            "[1e400]",
            "{\"a\":1e400,}",
            "{'a':1e400}",
            "{\"a\":1e400",
            "\u{feff}{\"a\":1e400}",
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
        assert_eq!(read(br#"{"a":"\ud800","x":1e400}"#), None);
        assert_eq!(read(b"{\"a\":\"\xff\",\"x\":1e400}"), None);
    }
}
