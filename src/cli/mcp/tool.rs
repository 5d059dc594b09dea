//! A tool as data: what it is called and does, its arguments, and how they are read. The schema that an
//! assistant sees and the check of what it sends are made of the same table.
//!
//! Not here: the tools themselves, a list per file.

use std::fmt;
use std::pin::Pin;

use serde_json::{Map, Value, json};

use crate::app::{self, reading};
use crate::cli::mcp::session::Session;
use crate::contract::fields::{Cell, Field, Kind, OwnedRow};
use crate::sim::documents::schema;

/// What a tool answers, once it is done.
pub(super) type Done<'s> = Pin<Box<dyn Future<Output = Result<Value, String>> + Send + 's>>;

/// One tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    /// For people.
    pub(super) title: &'static str,
    /// For whoever chooses a tool by it.
    pub(super) text: &'static str,
    pub(super) effect: Effect,
    pub(super) arguments: &'static [Field],
    /// How the rest is got of a reply that had to be cut.
    pub(super) rest: &'static str,
    pub(super) work: for<'s> fn(&'s Session, Sent) -> Done<'s>,
}

/// What a tool does to a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Reads,
    /// Something is there or happens that was not; nothing is lost.
    Adds,
    /// Something is lost; doing it twice is doing it once.
    Puts,
    /// Something is lost.
    Takes,
}

/// The world that is meant.
pub(super) const WORLD: Field = Field::optional(
    "world",
    Kind::Text,
    "name of the world; the one that `ringback mcp` was started with where left out",
);

/// Where a page of a list begins.
pub(super) const OFFSET: Field = Field::optional(
    "offset",
    Kind::Integer { min: 0, max: 1_000_000_000 },
    "how many rows to leave out; `next` of the last reply",
);

/// How long a page is, which may be shorter for its size.
pub(super) const LIMIT: Field = Field::optional(
    "limit",
    Kind::Integer { min: 1, max: 200 },
    "how many rows at the most; 50 if left out",
);

/// Rows of a page where no limit is given.
const LIMIT_DEFAULT: usize = 50;

/// Where a piece of a text begins.
pub(super) const FROM: Field = Field::optional(
    "from",
    Kind::Integer { min: 0, max: 1_000_000_000 },
    "the character to begin at; `next` of the last reply",
);

impl fmt::Debug for Tool {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}

impl Effect {
    pub(super) fn writes(self) -> bool {
        self != Effect::Reads
    }
}

impl Tool {
    /// What it takes, as JSON Schema.
    pub(super) fn schema(&self) -> Map<String, Value> {
        let mut schema = schema::of_fields(self.arguments);
        for field in self.arguments {
            let property = &mut schema["properties"][field.name];
            if let Some((inner, _)) = object(field) {
                *property = inner;
                property["description"] = field.text.into();
            }
            if field.name == "vendor" {
                let vendors = app::vendors().0.iter();
                property["enum"] = vendors.map(|vendor| vendor.surface.vendor).collect();
            }
        }
        simplify(&mut schema);
        match schema {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Reads what was sent.
    ///
    /// # Errors
    /// Everything that is wrong with it, a line each.
    pub(super) fn read(&self, sent: Map<String, Value>) -> Result<Sent, String> {
        // Some clients write null for what they leave out.
        let sent: Map<String, Value> = sent.into_iter().filter(|(_, it)| !it.is_null()).collect();
        let what = format!("the arguments of {}", self.name);
        let row = reading::fields(self.arguments, &what, &sent.into())?;
        for field in self.arguments {
            let (Some((_, example)), Cell::Json(value)) = (object(field), row.get(field.name))
            else {
                continue;
            };
            read_object(field.name, value, example)?;
        }
        Ok(Sent(row))
    }
}

/// An argument that is an object: what is known of it, and an example.
fn object(field: &Field) -> Option<(Value, &'static str)> {
    if !matches!(field.kind, Kind::Any) {
        return None;
    }
    let any = || json!({ "type": "object" });
    let found = match field.name {
        "condition" => (
            in_short(&app::condition_schema()),
            r#"{"operation":"lock_contact_by_id","exactly":2}"#,
        ),
        "rule" => {
            let rule = schema::of_fields(app::rows_of_scenario("fault"));
            (rule, r#"{"then":"lose_reply","on":{"vendor":"jtel","nth":1}}"#)
        }
        "fields" => (any(), r#"{"call":"1000"}"#),
        "rows" | "inline" => {
            (any(), r#"{"jtel":{"campaigns":[{"id":612,"client":7,"name":"A"}]}}"#)
        }
        "variants" => (any(), r#"{"jtel":{"pick":"highest_id"}}"#),
        _ => (any(), "{}"),
    };
    Some(found)
}

/// A schema whose members have their meaning and no inner schema: that of a condition is long, and says
/// the same of each.
fn in_short(schema: &Value) -> Value {
    let members = schema["properties"].as_object().into_iter().flatten();
    let short = members.map(|(name, member)| {
        let mut short = json!({ "description": member["description"] });
        if member["type"].is_string() {
            short["type"] = member["type"].clone();
        }
        if member["type"] == "array" {
            short["items"] = json!({ "type": "object" });
        }
        (name.clone(), short)
    });
    json!({
        "type": "object",
        "properties": short.collect::<Map<String, Value>>(),
        "additionalProperties": false,
    })
}

/// An object, also where a client wrote it as text.
fn read_object(name: &str, value: &Value, example: &str) -> Result<Value, String> {
    let read = match value {
        Value::String(text) => {
            reading::json(text).map_err(|fault| format!("{name}: the text {fault}"))?
        }
        other => other.clone(),
    };
    if read.is_object() {
        return Ok(read);
    }
    let found = match read {
        Value::Array(_) => "a list",
        Value::String(_) => "text",
        Value::Bool(_) => "true or false",
        _ => "a number",
    };
    Err(format!("{name}: expected an object such as {example}, found {found}"))
}

/// Leaves out what says nothing or cannot be meant here, such as a file of rows, and gives each list of words its type, which some clients want.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, bound) in [("minimum", i64::MIN), ("maximum", i64::MAX)] {
                if members.get(name).and_then(Value::as_i64) == Some(bound) {
                    members.shift_remove(name);
                }
            }
            let says_nothing = |name: &str, value: &Value| {
                name.starts_with("x-") || (name == "required" && *value == json!([]))
            };
            members.retain(|name, value| !says_nothing(name, value));
            // Where a number will do as well, text always does.
            if members.get("type").is_some_and(Value::is_array) {
                members.insert("type".to_owned(), "string".into());
            }
            if members.get("enum").is_some_and(Value::is_array) && !members.contains_key("type") {
                members.insert("type".to_owned(), "string".into());
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|it| it["properties"]["csv"].is_null());
                if let [only] = choices.as_mut_slice()
                    && let Value::Object(only) = only.take()
                {
                    members.shift_remove("anyOf");
                    members.extend(only);
                }
            }
            members.values_mut().for_each(simplify);
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// The arguments of a call, checked.
#[derive(Debug)]
pub(super) struct Sent(OwnedRow);

impl Sent {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.opt_text(name)
    }

    /// The world that is meant.
    pub(super) fn world<'s>(&'s self, session: &'s Session) -> &'s str {
        self.text("world").unwrap_or_else(|| session.world())
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.0.opt_int(name).and_then(|number| number.try_into().ok())
    }

    /// A length of time.
    pub(super) fn millis(&self, name: &str) -> Option<i64> {
        self.0.get(name).as_millis()
    }

    pub(super) fn is_set(&self, name: &str) -> Option<bool> {
        self.0.opt_bool(name)
    }

    /// A number of rows or characters; nothing where it was left out.
    pub(super) fn count(&self, name: &str) -> usize {
        self.number(name).and_then(|count| count.try_into().ok()).unwrap_or_default()
    }

    /// How long a page may be.
    pub(super) fn limit(&self) -> usize {
        self.number("limit").and_then(|limit| limit.try_into().ok()).unwrap_or(LIMIT_DEFAULT)
    }

    /// An argument that is an object; an empty one where it was left out.
    pub(super) fn object(&self, name: &str) -> Value {
        let Cell::Json(value) = self.0.get(name) else { return json!({}) };
        // It was read before.
        read_object(name, value, "").unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        *self.0.get(name) != Cell::Absent
    }
}
