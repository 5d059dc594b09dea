//! Variables in the texts of a step: `{{name}}`.
//!
//! Braces around anything but a name are just braces.

use serde_json::Value as Json;

/// A variable that has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{{{{{name}}}}} has no value")]
pub struct NoValue {
    pub name: String,
}

impl NoValue {
    fn of(name: &str) -> Self {
        NoValue { name: name.to_owned() }
    }
}

/// The values of variables, by name.
pub trait Variables {
    /// `None` where there is none of that name.
    fn value(&self, name: &str) -> Option<&Json>;
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    Variable(&'t str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while let Some(start) = rest[at..].find("{{").map(|found| at + found) {
        let inner = &rest[start + 2..];
        let name = inner.find("}}").map(|end| (inner[..end].trim(), start + 2 + end + 2));
        match name.filter(|(name, _)| is_name(name)) {
            Some((name, end)) => {
                parts.push(Part::Text(&rest[..start]));
                parts.push(Part::Variable(name));
                (rest, at) = (&rest[end..], 0);
            }
            None => at = start + 1,
        }
    }
    parts.push(Part::Text(rest));
    parts
}

/// Whether a word can be a variable's name.
pub(crate) fn is_name(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The variables of a text, each with the number of its line from 0.
pub(crate) fn variables(text: &str) -> Vec<(usize, &str)> {
    let mut line = 0;
    let mut found = Vec::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => line += text.matches('\n').count(),
            Part::Variable(name) => found.push((line, name)),
        }
    }
    found
}

/// Puts values in the place of variables.
///
/// # Errors
/// Where a variable has none.
pub fn fill(text: &str, variables: &dyn Variables) -> Result<String, NoValue> {
    fill_as(text, variables, &|value| value)
}

/// Puts values in the place of variables; `write` has its way with each value, such as quoting it.
///
/// # Errors
/// Where a variable has none.
pub(crate) fn fill_as(
    text: &str,
    variables: &dyn Variables,
    write: &dyn Fn(String) -> String,
) -> Result<String, NoValue> {
    let mut filled = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Variable(name) => {
                let value = variables.value(name).ok_or_else(|| NoValue::of(name))?;
                filled.push_str(&write(plain(value)));
            }
        }
    }
    Ok(filled)
}

/// Puts values into a JSON value. A text that is nothing but one variable becomes the variable's
/// value with its type.
///
/// # Errors
/// Where a variable has none.
pub(crate) fn fill_json(value: &Json, variables: &dyn Variables) -> Result<Json, NoValue> {
    match value {
        Json::String(text) => {
            if let [Part::Text(""), Part::Variable(name), Part::Text("")] = parts(text)[..] {
                return variables.value(name).cloned().ok_or_else(|| NoValue::of(name));
            }
            fill(text, variables).map(Json::String)
        }
        Json::Array(items) => items.iter().map(|item| fill_json(item, variables)).collect(),
        Json::Object(members) => {
            let filled = members
                .iter()
                .map(|(name, value)| Ok((fill(name, variables)?, fill_json(value, variables)?)));
            filled.collect()
        }
        other => Ok(other.clone()),
    }
}

/// A value as it stands in a text.
pub(crate) fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    impl Variables for Json {
        fn value(&self, name: &str) -> Option<&Json> {
            self.get(name)
        }
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        let known = json!({ "id": 301_503, "name": "Adler" });
        assert_eq!(fill("/c/{{id}}/{{ name }}", &known), Ok("/c/301503/Adler".into()));
        assert_eq!(fill("{{who}}", &known), Err(NoValue::of("who")));
        let braces = r#"{"a":{"b":{{"c"}} {{ }} {{1x}} {{id"#;
        assert_eq!(fill(braces, &known), Ok(braces.into()));
        assert_eq!(fill("{{{{id}}", &known), Ok("{{301503".into()));
    }

    #[test]
    fn a_value_alone_keeps_its_type() {
        let known = json!({ "id": 301_503 });
        let filled = fill_json(&json!({ "a": ["{{id}}", "x{{id}}"] }), &known);
        assert_eq!(filled, Ok(json!({ "a": [301_503, "x301503"] })));
    }

    #[test]
    fn variables_know_their_line() {
        assert_eq!(variables("a {{x}}\n\nb {{y}}"), [(0, "x"), (2, "y")]);
    }
}
