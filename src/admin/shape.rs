//! The shapes of what the control plane takes and sends, as data: its OpenAPI document is made from
//! them, and a test holds the replies to them.
//!
//! Not here: bodies that are plain tables of fields; those are `contract::fields`, with their checks.

use serde_json::{Map, Value, json};

/// What a JSON value looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Whatever it is: a row of a vendor's table, an event's result.
    Any,
    Text,
    Integer,
    Number,
    Bool,
    /// RFC 3339.
    Time,
    /// These words and no others.
    OneOf(&'static [&'static str]),
    /// These members and no others.
    Object(&'static [Member]),
    /// Members of any name, all of one shape.
    Map(&'static Shape),
    List(&'static Shape),
    /// The shape, or null.
    OrNull(&'static Shape),
    /// One of several.
    Either(&'static [Shape]),
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    name: &'static str,
    shape: Shape,
    always: bool,
    text: &'static str,
}

/// A member that is always there.
pub(crate) const fn always(name: &'static str, shape: Shape, text: &'static str) -> Member {
    Member { name, shape, always: true, text }
}

/// A member that may be absent.
pub(crate) const fn maybe(name: &'static str, shape: Shape, text: &'static str) -> Member {
    Member { name, shape, always: false, text }
}

impl Shape {
    /// The shape as a JSON Schema 2020-12.
    pub(crate) fn schema(&self) -> Value {
        match self {
            Shape::Any => json!({}),
            Shape::Text => json!({ "type": "string" }),
            Shape::Integer => json!({ "type": "integer" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::OrNull(inner) => json!({ "anyOf": [inner.schema(), { "type": "null" }] }),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Time => json!({ "type": "string", "format": "date-time" }),
            Shape::OneOf(words) => json!({ "enum": words }),
            Shape::Object(members) => object(members),
            Shape::Map(inner) => {
                json!({ "type": "object", "additionalProperties": inner.schema() })
            }
            Shape::List(inner) => json!({ "type": "array", "items": inner.schema() }),
            Shape::Either(shapes) => {
                json!({ "anyOf": shapes.iter().map(Shape::schema).collect::<Value>() })
            }
        }
    }
}

fn object(members: &[Member]) -> Value {
    let mut properties = Map::new();
    for member in members {
        let mut schema = member.shape.schema();
        schema["description"] = member.text.into();
        properties.insert(member.name.into(), schema);
    }
    let required = members.iter().filter(|member| member.always).map(|member| member.name);
    json!({
        "type": "object",
        "properties": properties,
        "required": required.collect::<Value>(),
        "additionalProperties": false,
    })
}
