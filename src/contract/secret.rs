//! The one place that masks secrets, on every way out: journal, `tail`, logs, exports.
//!
//! Works on text, not on parsed values, so that a body which is no JSON at all is masked as well:
//! it looks for the secret's name as a JSON member, a parameter, a form field, a multipart part or
//! an XML element, and masks the value that follows. A secret in a path is found by the segments
//! before it.

use serde_json::Value;

/// Masks one vendor's secrets.
#[derive(Clone, Copy, Debug)]
pub struct Redactor {
    secrets: &'static [Secret],
    /// Whether secrets are shown, but for those that are always masked.
    show: bool,
}

impl Redactor {
    pub fn new(secrets: &'static [Secret], show: bool) -> Self {
        Redactor { secrets, show }
    }

    fn masks(self, name: &str) -> bool {
        let named = self.active().filter(|secret| secret.form != SecretForm::Segment);
        named.into_iter().any(|secret| secret.name.eq_ignore_ascii_case(name))
    }

    fn active(self) -> impl Iterator<Item = &'static Secret> {
        self.secrets.iter().filter(move |secret| secret.always || !self.show)
    }

    /// The value of a header, as it may be shown.
    pub fn header<'a>(self, name: &str, value: &'a str) -> &'a str {
        let standing = !self.show && SECRET_HEADERS.contains(&name);
        if standing || self.masks(name) { MASK } else { value }
    }

    /// A body, a query or any other text, as it may be shown.
    pub fn text(self, text: &str) -> String {
        let mut shown = match escaped_json(text) {
            // A member's name can hide behind `\u` escapes; re-rendering resolves them.
            Some(value) => value.to_string(),
            None => text.to_owned(),
        };
        for secret in self.active() {
            let masked = match secret.form {
                SecretForm::Named => mask_all(&shown, secret.name, |_, _| true),
                SecretForm::Parameter => mask_all(&shown, secret.name, is_parameter),
                SecretForm::Segment => mask_segments(&shown, secret.name),
            };
            shown = masked.unwrap_or(shown);
        }
        shown
    }

    /// A sentence, as it may be shown. It may name secrets as words; only a path in it can hold one.
    pub fn sentence(self, text: &str) -> String {
        let paths = self.active().filter(|secret| secret.form == SecretForm::Segment);
        paths.fold(text.to_owned(), |shown, secret| {
            mask_segments(&shown, secret.name).unwrap_or(shown)
        })
    }

    /// A value, as it may be shown: secret members are masked, and every text is read as a body is.
    pub fn value(self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let shown = members.into_iter().map(|(name, value)| {
                    let value = if self.masks(&name) { MASK.into() } else { self.value(value) };
                    (name, value)
                });
                Value::Object(shown.collect())
            }
            plain => plain,
        }
    }

    /// A value that stands under these names, one inside the other, as it may be shown.
    pub fn named<'n>(self, mut names: impl Iterator<Item = &'n str>, value: Value) -> Value {
        if names.any(|name| self.masks(name)) { MASK.into() } else { self.value(value) }
    }

    /// A column of a state view, as it may be shown.
    pub fn column(self, secret_columns: &[&str], name: &str, value: Value) -> Value {
        let masked = (secret_columns.contains(&name) && !self.show) || self.masks(name);
        if masked && !value.is_null() { Value::from(MASK) } else { value }
    }
}

fn escaped_json(text: &str) -> Option<Value> {
    if text.contains("\\u") { serde_json::from_str(text).ok() } else { None }
}

/// Masks each value that follows `name`; `None` where the name is not there. `is_meant` looks at what
/// is before and behind the name.
fn mask_all(text: &str, name: &str, is_meant: fn(&str, &str) -> bool) -> Option<String> {
    find_name(text, name)?;
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = 0;
    while let Some(at) = find_name(rest, name) {
        let after = at + name.len();
        let is_meant = is_meant(&text[..before + at], &rest[after..]);
        let value = if is_meant { value_after(&rest[after..]) } else { None };
        let (start, end) = value.unwrap_or((0, 0));
        before += after + end;
        shown.push_str(&rest[..after + start]);
        if end > start {
            shown.push_str(MASK);
        }
        rest = &rest[after + end..];
    }
    shown.push_str(rest);
    Some(shown)
}

/// Whether a name between these two is a parameter's, a form field's or a JSON member's.
fn is_parameter(before: &str, after: &str) -> bool {
    let is_quoted = before.ends_with('"') && after.starts_with('"');
    let begins = before.is_empty() || before.ends_with(['?', '&', ';', ' ', '\n']);
    is_quoted || begins && after.starts_with('=')
}

/// Masks the last segment of each path that ends as the pattern does; `None` where there is none that
/// begins like it.
fn mask_segments(text: &str, pattern: &str) -> Option<String> {
    let literal = pattern.split('{').next().unwrap_or(pattern);
    find_literal(text, literal)?;
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find_literal(rest, literal) {
        let path = &rest[at..];
        let after = if let Some((start, end)) = last_segment(path, pattern) {
            shown.push_str(&rest[..at + start]);
            shown.push_str(MASK);
            at + end
        } else {
            shown.push_str(&rest[..at + literal.len()]);
            at + literal.len()
        };
        rest = &rest[after..];
    }
    shown.push_str(rest);
    Some(shown)
}

fn find_literal(text: &str, literal: &str) -> Option<usize> {
    places(text, literal).next()
}

/// Where a word of ASCII stands in a text, in any case. It looks for the first letter, small and
/// large, which the standard library does many bytes at a time: most texts hold no secret.
fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let first = word.chars().next().unwrap_or_default();
    let (small, large) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut smalls = text.match_indices(small).map(|(at, _)| at).peekable();
    let mut larges = text.match_indices(large).map(|(at, _)| at).peekable();
    let firsts = std::iter::from_fn(move || match (smalls.peek(), larges.peek()) {
        (Some(one), Some(other)) if one < other => smalls.next(),
        (Some(one), Some(other)) if one == other => {
            // No letter, which is neither small nor large.
            smalls.next();
            larges.next()
        }
        (_, Some(_)) => larges.next(),
        (_, None) => smalls.next(),
    });
    firsts.filter(move |at| {
        let found = text.as_bytes().get(*at..at + word.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Where the last segment of the pattern lies in a text that begins like the pattern; `None` where
/// the text ends before.
fn last_segment(text: &str, pattern: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut start, mut end) = (0, 0);
    for wanted in pattern.split('/').skip(1) {
        if bytes.get(end) != Some(&b'/') {
            return None;
        }
        start = end + 1;
        end = end_of(bytes, start, b"/?#&,\"'<> \t\r\n");
        if !wanted.starts_with('{') && !wanted.eq_ignore_ascii_case(&text[start..end]) {
            return None;
        }
    }
    (end > start).then_some((start, end))
}

/// The next place of `name`, in any case, that is not the tail of a longer word. A number may
/// follow it, as in `leadCCNumber_1`.
fn find_name(text: &str, name: &str) -> Option<usize> {
    let is_begin = |at: usize| at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
    places(text, name).find(|at| is_begin(*at))
}

/// Where the value lies in the text behind a secret's name; `None` where no value follows.
fn value_after(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while matches!(bytes.get(at), Some(byte) if byte.is_ascii_digit() || *byte == b'_') {
        at += 1;
    }
    if bytes.get(at) == Some(&b'"') || bytes.get(at) == Some(&b'\'') {
        at += 1;
    }
    let skip_space = |mut at: usize| {
        while matches!(bytes.get(at), Some(byte) if byte.is_ascii_whitespace()) {
            at += 1;
        }
        at
    };
    at = skip_space(at);
    match bytes.get(at)? {
        // JSON, headers in text: `"name": value`.
        b':' => Some(json_value(bytes, skip_space(at + 1))),
        // Parameters: up to the next one.
        b'=' => Some((at + 1, end_of(bytes, at + 1, b"&; \t\r\n\"'"))),
        // XML: up to the closing tag.
        b'>' => Some((at + 1, end_of(bytes, at + 1, b"<"))),
        // Multipart: `name="…"`, headers, an empty line, then the value up to the line's end.
        _ => {
            let blank = text.find("\r\n\r\n")? + 4;
            let is_part_head = text[..at].contains(['"', '\r']);
            is_part_head.then(|| (blank, end_of(bytes, blank, b"\r\n")))
        }
    }
}

fn json_value(bytes: &[u8], start: usize) -> (usize, usize) {
    if bytes.get(start) != Some(&b'"') {
        return match bytes.get(start) {
            // A list or an object: all of it, to the end of the text if it does not close.
            Some(b'[' | b'{') => (start, closing(bytes, start)),
            _ => (start, end_of(bytes, start, b",}] \t\r\n")),
        };
    }
    let mut end = start + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 2,
            b'"' => return (start + 1, end),
            _ => end += 1,
        }
    }
    (start + 1, bytes.len())
}

fn closing(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

fn end_of(bytes: &[u8], start: usize, stops: &[u8]) -> usize {
    let found = bytes.iter().skip(start).position(|byte| stops.contains(byte));
    found.map_or(bytes.len(), |length| start + length)
}

/// What stands in place of a masked value.
pub const MASK: &str = "***";

/// Headers that carry credentials whatever the vendor.
const SECRET_HEADERS: &[&str] = &["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// A value that must not leave the program.
#[derive(Clone, Copy, Debug)]
pub struct Secret {
    /// The name of the JSON member, parameter, form field, XML element, header or cookie; for a
    /// segment of a path the path's end, whose last segment is the value.
    pub name: &'static str,
    pub form: SecretForm,
    /// Masked even where secrets are asked for: a card number has no use in a journal.
    pub always: bool,
}

/// How a secret is told from the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretForm {
    /// By its name, wherever that stands.
    Named,
    /// By its name, but as a parameter or a JSON member only: as an element the name means
    /// something else.
    Parameter,
    /// By its place in a path; `{…}` is any segment.
    Segment,
}

impl Secret {
    pub const fn named(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Named, always: false }
    }

    pub const fn parameter(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Parameter, always: false }
    }

    pub const fn segment(path: &'static str) -> Self {
        Secret { name: path, form: SecretForm::Segment, always: false }
    }

    #[must_use]
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static SECRETS: &[Secret] =
        &[Secret::named("affiliateKey"), Secret::named("leadCCNumber").always()];

    #[track_caller]
    fn check(text: &str, hidden: &str, shown: &str) {
        assert_eq!(Redactor::new(SECRETS, false).text(text), hidden);
        assert_eq!(Redactor::new(SECRETS, true).text(text), shown);
    }

    #[test]
    fn masks_json_query_form_xml_and_multipart() {
        check(
            r#"{"affiliateKey": "s\"ecret", "leads":[{"leadCCNumber":4111111111111111}], "x":1}"#,
            r#"{"affiliateKey": "***", "leads":[{"leadCCNumber":***}], "x":1}"#,
            r#"{"affiliateKey": "s\"ecret", "leads":[{"leadCCNumber":***}], "x":1}"#,
        );
        check("a=1&affiliateKey=abc&b=2", "a=1&affiliateKey=***&b=2", "a=1&affiliateKey=abc&b=2");
        check(
            "<leadCCNumber_1>4111</leadCCNumber_1>",
            "<leadCCNumber_1>***</leadCCNumber_1>",
            "<leadCCNumber_1>***</leadCCNumber_1>",
        );
        check(
            "name=\"leadCCNumber\"\r\n\r\n4111\r\n--b",
            "name=\"leadCCNumber\"\r\n\r\n***\r\n--b",
            "name=\"leadCCNumber\"\r\n\r\n***\r\n--b",
        );
    }

    #[test]
    fn masks_what_is_broken_or_escaped() {
        check(r#"{"leadCCNumber":"4111"#, r#"{"leadCCNumber":"***"#, r#"{"leadCCNumber":"***"#);
        check(
            r#"{"lead\u0043CNumber":"4111"}"#,
            r#"{"leadCCNumber":"***"}"#,
            r#"{"leadCCNumber":"***"}"#,
        );
        check(
            r#"{"leadCCNumber":["41","11"]}"#,
            r#"{"leadCCNumber":***}"#,
            r#"{"leadCCNumber":***}"#,
        );
    }

    static SHORT: &[Secret] =
        &[Secret::parameter("p"), Secret::segment("/apitoken/login/{login}/{password}")];

    #[track_caller]
    fn short(text: &str, hidden: &str) {
        assert_eq!(Redactor::new(SHORT, false).text(text), hidden);
        assert_eq!(Redactor::new(SHORT, true).text(text), text);
    }

    #[test]
    fn a_short_name_is_a_parameter_and_no_element() {
        short("/api/x?u=bob&p=pa55&id=1", "/api/x?u=bob&p=***&id=1");
        short("p=pa55", "p=***");
        short(r#"{"u":"bob","p":"pa55"}"#, r#"{"u":"bob","p":"***"}"#);
        short("name=\"p\"\r\n\r\npa55\r\n--b", "name=\"p\"\r\n\r\n***\r\n--b");
        let page = "<p>Hello</p><p class=\"x\">you\r\n\r\nthere</p> http://x/?q=p";
        short(page, page);
    }

    #[test]
    fn a_secret_in_a_path_is_found_by_its_place() {
        short("/w/a/apitoken/login/bob/pa55", "/w/a/apitoken/login/bob/***");
        short("/ApiToken/Login/bob/pa55?x=1", "/ApiToken/Login/bob/***?x=1");
        short("GET /apitoken/login/bob/pa55, twice", "GET /apitoken/login/bob/***, twice");
        short("/apitoken/login/bob/pa55/more", "/apitoken/login/bob/***/more");
        for plain in ["/apitoken/login/bob", "/apitoken/login/", "/apitoken/login", "/é/login"] {
            short(plain, plain);
        }
        let twice = "/apitoken/login/apitoken/login/b/pa55";
        short(twice, "/apitoken/login/apitoken/***/b/pa55");
        let said = Redactor::new(SHORT, false).sentence("p=1 at /apitoken/login/bob/pa55");
        assert_eq!(said, "p=1 at /apitoken/login/bob/***");
    }

    proptest! {
        #[test]
        fn a_word_is_found_in_any_case_wherever_it_stands(
            text in "[aAbB/é]{0,12}",
            word in "[aAbB/]{1,3}",
        ) {
            let is_there = |at: &usize| {
                let found = text.as_bytes().get(*at..at + word.len());
                found.is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
            };
            let expected: Vec<usize> = (0..text.len()).filter(is_there).collect();
            prop_assert_eq!(places(&text, &word).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn leaves_the_name_alone_where_no_value_follows() {
        let fields = r#"{"fields":["leadCCNumber","leadPhone"]}"#;
        check(fields, fields, fields);
    }
}
