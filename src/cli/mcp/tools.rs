//! The tools: the list of their lists. A new tool is a row beside the function that does its work.

use crate::base::nearest::did_you_mean;
use crate::cli::mcp::tool::Tool;
use crate::cli::mcp::{changes, exchanges, known, worlds};

/// The rows by file, in the order in which they are listed.
const LISTS: &[&[Tool]] = &[exchanges::TOOLS, worlds::TOOLS, known::TOOLS, changes::TOOLS];

/// All of them, or those alone that read.
pub(super) fn all(writes: bool) -> impl Iterator<Item = &'static Tool> {
    LISTS.iter().copied().flatten().filter(move |tool| writes || !tool.effect.writes())
}

/// The tool of a name.
///
/// # Errors
/// Where there is none, with the nearest of those that are listed.
pub(super) fn named(name: &str, writes: bool) -> Result<&'static Tool, String> {
    all(true).find(|tool| tool.name == name).ok_or_else(|| {
        let near = did_you_mean(name, all(writes).map(|tool| tool.name));
        format!("there is no tool called {name:?}{near}; tools/list lists them")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value, json};

    use super::*;
    use crate::contract::fields::audit;

    #[test]
    fn tools_are_declared_as_assistants_take_them() {
        let mut names = BTreeSet::new();
        for tool in all(true) {
            let fits = |it: char| it.is_ascii_lowercase() || it == '_';
            assert!(tool.name.chars().all(fits) && names.insert(tool.name), "{tool:?}");
            assert!(tool.text.ends_with('.') && !tool.title.ends_with('.'), "{tool:?}");
            let own = |field: &&str| *field != "variants";
            let arguments: Vec<_> = tool.arguments.iter().filter(|it| own(&it.name)).collect();
            let arguments: Vec<_> = arguments.into_iter().copied().collect();
            assert_eq!(audit(&arguments), Vec::<String>::new(), "{tool:?}");
            for (name, property) in tool.schema()["properties"].as_object().unwrap() {
                let is_told = property["description"].as_str().is_some_and(|it| !it.is_empty());
                assert!(is_told && property["type"].is_string(), "{tool:?} {name}: {property}");
            }
        }
    }

    /// An assistant reads all of it before its first word.
    #[test]
    fn the_list_is_not_long() {
        let listed: Vec<Value> = all(true)
            .map(|it| json!([it.name, it.title, it.text, Value::Object(it.schema())]))
            .collect();
        let n_chars = Value::from(listed).to_string().len();
        assert!(n_chars < 24_000, "{n_chars} characters");
    }

    fn read(name: &str, sent: &Value) -> Result<(), String> {
        let sent: Map<String, Value> = sent.as_object().unwrap().clone();
        named(name, true).unwrap().read(sent).map(|_| ())
    }

    #[test]
    fn what_is_wrong_with_arguments_is_told() {
        for (name, sent, words) in [
            ("list_exchanges", json!({ "vendr": "jtel" }), "did you mean \"vendor\"?"),
            ("list_exchanges", json!({ "limit": 0 }), "an integer from 1 to 200"),
            ("list_exchanges", json!({ "limit": "ten" }), "an integer from 1 to 200"),
            ("list_exchanges", json!({ "outcome": "refusd" }), "did you mean \"refused\"?"),
            ("show_exchange", json!({}), "seq"),
            ("verify", json!({ "condition": [1] }), "condition: expected an object such as {"),
            ("verify", json!({ "condition": "{" }), "condition: the text "),
            ("delete_world", json!({}), "world"),
        ] {
            let told = read(name, &sent).expect_err("it was taken");
            assert!(told.contains(words), "{name} {sent}: {told}");
        }
        for (name, sent) in [
            ("list_exchanges", json!({ "vendor": null, "limit": 5 })),
            ("verify", json!({ "condition": "{\"vendor\":\"jtel\"}" })),
            ("verify", json!({ "condition": { "vendor": "jtel" } })),
        ] {
            assert_eq!(read(name, &sent), Ok(()), "{name} {sent}");
        }
        assert!(named("list_exchange", false).unwrap_err().contains("list_exchanges"));
    }
}
