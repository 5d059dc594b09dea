//! JSON that can be read and is not what was wanted: wrapped, in a list, encoded twice.

use std::ops::Range;

use crate::base::text::excerpt;
use crate::web::diagnosis::json_reader::{self, Child, Reading, Twice};
use crate::web::diagnosis::json_words;
use crate::web::diagnosis::place::line_column;
use crate::web::diagnosis::report::{Asked, Diagnosis, Kind, Wanted};

/// Characters of a name that a sentence repeats.
const NAME_CHARS: usize = 40;

/// Looks at JSON without a slip.
pub(super) fn look(bytes: &[u8], reading: &Reading, asked: &Asked<'_>) -> Option<Diagnosis> {
    let top = reading.top.clone();
    let first = bytes.get(top.start).copied()?;
    if first == b'"'
        && asked.wanted != Wanted::JsonValue
        && let Some(found) = encoded_twice(bytes, &top, asked)
    {
        return Some(found);
    }
    match (asked.wanted, first) {
        (Wanted::JsonObject, b'{') => {
            wrapped(bytes, reading, asked).or_else(|| twice(bytes, reading, asked))
        }
        (Wanted::JsonObject, b'[') => Some(list(bytes, reading)),
        (Wanted::JsonArray, b'{') => Some(object_for_list(bytes, reading)),
        (
            Wanted::JsonObject | Wanted::JsonArray,
            b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9',
        ) => {
            let cure = format!("send {}", asked.wanted.words());
            let found =
                Diagnosis::new(Kind::WrongTop, bytes, top.start, asked.wanted.words(), cure);
            Some(found.naming(kind_of(first)))
        }
        _ => twice(bytes, reading, asked),
    }
}

fn kind_of(first: u8) -> &'static str {
    match first {
        b'{' => "an object",
        b'[' => "a list",
        b'"' => "a text",
        b't' | b'f' => "true or false",
        b'n' => "null",
        _ => "a number",
    }
}

fn encoded_twice(bytes: &[u8], top: &Range<usize>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let inner: String = serde_json::from_slice(&bytes[top.clone()]).ok()?;
    let reading = json_reader::read(inner.as_bytes());
    let is_json = reading.slips.first.is_none()
        && matches!(inner.as_bytes().get(reading.top.start), Some(b'{' | b'['));
    let cure = "encode the body once; it was turned into JSON and the text then into JSON again";
    let found =
        Diagnosis::new(Kind::JsonEncodedTwice, bytes, top.start, asked.wanted.words(), cure);
    is_json.then(|| found.naming("JSON inside a text").with_body(inner.into_bytes()))
}

/// An object whose names stand one level deeper.
fn wrapped(bytes: &[u8], reading: &Reading, asked: &Asked<'_>) -> Option<Diagnosis> {
    let is_known = |bytes: &[u8], child: &Child| {
        let name = bytes.get(child.name.clone()).and_then(json_words::unescaped);
        name.is_some_and(|name| asked.known.contains(&name.as_str()))
    };
    if reading.outline.iter().any(|child| is_known(bytes, child)) {
        return None;
    }
    let holds_known = |child: &&Child| {
        let inner = &bytes[child.value.clone()];
        let object = unlisted(inner);
        object.starts_with(b"{")
            && json_reader::read(object).outline.iter().any(|child| is_known(object, child))
    };
    let child = reading.outline.iter().find(holds_known)?;
    let name = json_words::unescaped(&bytes[child.name.clone()])?;
    let shown = excerpt(&name, NAME_CHARS);
    let cure = format!("send what stands in {shown} as the body itself");
    let at = child.name.start - 1;
    let found =
        Diagnosis::new(Kind::Wrapped, bytes, at, "the members at the top of the body", cure);
    let found =
        found.with_pointer(Some(format!("/{}", name.replace('~', "~0").replace('/', "~1"))));
    let is_alone = reading.outline.len() == 1;
    let inner = &bytes[child.value.clone()];
    Some(
        found
            .naming("the members one level deeper")
            .with_body(is_alone.then(|| unlisted(inner).to_vec())),
    )
}

/// The only object of a list; else what was given.
fn unlisted(value: &[u8]) -> &[u8] {
    if !value.starts_with(b"[") {
        return value;
    }
    match json_reader::read(value).outline.as_slice() {
        [only] => &value[only.value.clone()],
        _ => value,
    }
}

fn list(bytes: &[u8], reading: &Reading) -> Diagnosis {
    let at = reading.top.start;
    let expected = Wanted::JsonObject.words();
    match reading.outline.as_slice() {
        [only] if bytes[only.value.start] == b'{' => {
            let cure = "send the object without the [ ] round it";
            let found = Diagnosis::new(Kind::ListAroundOne, bytes, at, expected, cure);
            found.naming("a list round one object").with_body(bytes[only.value.clone()].to_vec())
        }
        items => {
            let cure = "send one object per request, without [ ]";
            let found = Diagnosis::new(Kind::ListForObject, bytes, at, expected, cure);
            match items.len() {
                0 => found.naming("an empty list"),
                count => found.naming(format_args!("a list, its first {count} items counted")),
            }
        }
    }
}

fn object_for_list(bytes: &[u8], reading: &Reading) -> Diagnosis {
    let top = reading.top.clone();
    let expected = Wanted::JsonArray.words();
    if let [only] = reading.outline.as_slice()
        && bytes[only.value.start] == b'['
    {
        let name = String::from_utf8_lossy(&bytes[only.name.clone()]);
        let cure = format!("send the list in {} as the body itself", excerpt(&name, NAME_CHARS));
        let found = Diagnosis::new(Kind::Wrapped, bytes, top.start, expected, cure);
        return found
            .naming("a list inside an object")
            .with_body(bytes[only.value.clone()].to_vec());
    }
    let found =
        Diagnosis::new(Kind::ObjectForList, bytes, top.start, expected, "put [ ] round the object");
    let listed = [b"[", &bytes[top], b"]"].concat();
    found.naming("one object").with_body(listed)
}

/// A name that stands twice, where the vendor knows it.
fn twice(bytes: &[u8], reading: &Reading, asked: &Asked<'_>) -> Option<Diagnosis> {
    let Twice { first, second, depth, pointer } = reading.twice.clone()?;
    let name = bytes[second.clone()].strip_prefix(b"\"").and_then(json_words::unescaped)?;
    if !asked.known.is_empty() && (depth > 1 || !asked.known.contains(&name.as_str())) {
        return None;
    }
    let shown = excerpt(&name, NAME_CHARS);
    let (line, column) = line_column(bytes, first);
    let cure = format!(
        "send {shown} once; most readers take the last and drop the one at line {line}, column {column}"
    );
    let found =
        Diagnosis::new(Kind::MemberTwice, bytes, second.start, "each name once in an object", cure);
    let found = found.naming(format_args!("{shown} again, first at line {line}, column {column}"));
    Some(found.with_pointer(pointer))
}
