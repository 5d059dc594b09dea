//! Requests that differ from a good one in one thing.

use serde_json::{Value, json};

use crate::calibrate::question::Ask;

/// Requests that differ from one with a JSON object in one member, or in how it is written; with what
/// it is in words. Members that are named are left as they are.
pub(crate) fn of_json(ask: &Ask, without: &[&str]) -> Vec<(String, Ask)> {
    let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(&ask.body) else {
        return Vec::new();
    };
    let with = |body: String| Ask { body: body.into_bytes(), ..ask.clone() };
    let text = Value::Object(members.clone()).to_string();
    let head = text.trim_end_matches('}');
    let mut found = vec![
        ("a comma before the closing brace".to_owned(), with(format!("{head},}}"))),
        ("a body that ends early".to_owned(), with(head.to_owned())),
        ("an empty body".to_owned(), with(String::new())),
        ("a list in place of an object".to_owned(), with(format!("[{text}]"))),
    ];
    for name in members.keys().filter(|name| !without.contains(&name.as_str())) {
        let set = |value: Option<Value>| {
            let mut members = members.clone();
            match value {
                Some(value) => drop(members.insert(name.clone(), value)),
                None => drop(members.remove(name)),
            }
            with(Value::Object(members).to_string())
        };
        found.push((format!("without {name}"), set(None)));
        found.push((format!("{name} empty"), set(Some(json!("")))));
        found.push((format!("{name} as null"), set(Some(Value::Null))));
        found.push((format!("{name} of another type"), set(Some(json!(["x"])))));
        found.push((format!("{name} as a strange text"), set(Some(json!("no-such-thing")))));
        if let Some(text) = members[name].as_str() {
            found.push((format!("{name} in capitals"), set(Some(json!(text.to_uppercase())))));
        }
    }
    found
}

/// Requests that differ from one in one parameter of its query.
pub(crate) fn of_query(ask: &Ask, without: &[&str]) -> Vec<(String, Ask)> {
    let Some((path, query)) = ask.path.split_once('?') else { return Vec::new() };
    let pairs: Vec<&str> = query.split('&').collect();
    let with =
        |pairs: Vec<String>| Ask { path: format!("{path}?{}", pairs.join("&")), ..ask.clone() };
    let mut found = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if without.contains(&name) {
            continue;
        }
        let set =
            |value: Option<String>| {
                let all = pairs.iter().enumerate();
                let all = all.filter_map(|(idx, pair)| {
                    if idx == at { value.clone() } else { Some((*pair).to_owned()) }
                });
                with(all.collect())
            };
        found.push((format!("without {name}"), set(None)));
        found.push((format!("{name} empty"), set(Some(format!("{name}=")))));
        found.push((format!("{name} as a strange text"), set(Some(format!("{name}=no-such")))));
        found.push((format!("{name} twice"), set(Some(format!("{pair}&{name}=no-such")))));
        let capitals = value.to_uppercase();
        let small = value.to_lowercase();
        if capitals != value {
            found.push((format!("{name} in capitals"), set(Some(format!("{name}={capitals}")))));
        }
        if small != value {
            found.push((format!("{name} in small letters"), set(Some(format!("{name}={small}")))));
        }
    }
    found
}
