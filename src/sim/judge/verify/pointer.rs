//! JSON pointers (RFC 6901), with `*` for every element of a list.

use serde_json::Value;

use crate::base::nearest::nearest;
use crate::sim::judge::verify::found::Found;

/// A place in a JSON document.
#[derive(Clone, Debug)]
pub(crate) struct Pointer {
    pub(crate) text: String,
    pub(crate) steps: Vec<String>,
}

impl Pointer {
    /// Reads a pointer.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let steps = match text.strip_prefix('/') {
            None if text.is_empty() => Vec::new(),
            None => {
                return Err(r#"a JSON pointer such as "/contacts/0/phone", or "" for all"#.into());
            }
            Some(rest) => {
                rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
            }
        };
        Ok(Pointer { text: text.to_owned(), steps })
    }

    /// The values that the pointer leads to.
    pub(crate) fn reach(&self, root: &Value) -> Found {
        let mut here = vec![root];
        let mut way = String::new();
        for step in &self.steps {
            let next: Vec<&Value> = here.iter().flat_map(|value| below(value, step)).collect();
            if next.is_empty() {
                return Found::nothing(missing(&here, &way, step));
            }
            way = format!("{way}/{step}");
            here = next;
        }
        Found { values: here.into_iter().cloned().collect(), ..Found::default() }
    }
}

fn below<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(items) if step == "*" => items.iter().collect(),
        Value::Array(items) => {
            step.parse().ok().and_then(|idx: usize| items.get(idx)).into_iter().collect()
        }
        Value::Object(members) => members.get(step).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn missing(here: &[&Value], way: &str, step: &str) -> String {
    let place = if way.is_empty() { "the body" } else { way };
    let Some(value) = here.first() else { return format!("{place} is an empty list") };
    match value {
        Value::Array(items) => format!("no {step:?} in {place}, a list of {}", items.len()),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            missing_name(step, place, &names)
        }
        _ => format!("no {step:?} in {place}, which is neither object nor list"),
    }
}

/// `no "id" in the query, which has "ids", "u"; did you mean "ids"?`
pub(crate) fn missing_name(name: &str, place: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!("no {name:?} in {place}, which has nothing");
    }
    let mut shown: Vec<String> =
        known.iter().take(NAMES_SHOWN).map(|known| format!("{known:?}")).collect();
    if known.len() > NAMES_SHOWN {
        shown.push(format!("and {} more", known.len() - NAMES_SHOWN));
    }
    let text = format!("no {name:?} in {place}, which has {}", shown.join(", "));
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("{text}; did you mean {near:?}?"),
        None => text,
    }
}

/// Names that are listed where one is missing.
const NAMES_SHOWN: usize = 12;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reach(pointer: &str) -> Found {
        let body = json!({ "a/b": 1, "leads": [{ "phone": "1" }, { "phone": "2", "Name": "x" }] });
        Pointer::parse(pointer).unwrap().reach(&body)
    }

    #[test]
    fn leads_to_members_elements_and_all_elements() {
        assert_eq!(reach("/a~1b").values, [json!(1)]);
        assert_eq!(reach("/leads/1/phone").values, [json!("2")]);
        assert_eq!(reach("/leads/*/phone").values, [json!("1"), json!("2")]);
        assert_eq!(reach("/leads/*/Name").values, [json!("x")]);
        assert_eq!(reach("").values.len(), 1);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let nothing = reach("/leads/0/phones").nothing;
        assert_eq!(nothing, r#"no "phones" in /leads/0, which has "phone"; did you mean "phone"?"#);
        assert_eq!(reach("/leads/7").nothing, r#"no "7" in /leads, a list of 2"#);
        let nothing = reach("/a~1b/c").nothing;
        assert_eq!(nothing, r#"no "c" in /a/b, which is neither object nor list"#);
        assert!(Pointer::parse("leads").is_err());
    }
}
