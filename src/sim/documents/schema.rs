//! Tables of fields as JSON Schema 2020-12: what an editor or a program can check before Ringback
//! reads it.
//!
//! Not here: what only a reader can know: whether references lead somewhere, whether unique values
//! are (both are told as `x-refers` and `x-unique`), and the text behind [`Kind::Checked`].

use serde_json::{Map, Value, json};

use crate::contract::fields::{Field, Kind};

/// The schema of an object with these fields and no others.
pub(crate) fn of_fields(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), of_field(field))).collect();
    let required = fields.iter().filter(|field| field.is_required()).map(|field| field.name);
    json!({
        "type": "object",
        "properties": properties,
        "required": required.collect::<Value>(),
        "additionalProperties": false,
    })
}

/// The schema of one field's value.
pub(crate) fn of_field(field: &Field) -> Value {
    let mut schema = of_kind(&field.kind);
    schema["description"] = field.text.into();
    if let Some(target) = field.refers {
        schema["x-refers"] = target.into();
    }
    if field.unique {
        schema["x-unique"] = true.into();
    }
    schema
}

/// The schema of a value of one kind.
pub(crate) fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::Checked(_) | Kind::File => json!({ "type": "string" }),
        Kind::Id => json!({ "type": ["string", "integer"], "minLength": 1 }),
        Kind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Decimal => json!({ "type": "number" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Duration => json!({ "type": "string", "examples": ["30s", "90m", "1h30m"] }),
        Kind::OneOf(words) => json!({ "enum": words }),
        Kind::List(element) => json!({ "type": "array", "items": of_kind(element) }),
        Kind::Table(fields) => of_fields(fields),
        Kind::Any => json!({}),
        Kind::OneOrMore(element) => {
            json!({ "anyOf": [of_kind(element), { "type": "array", "items": of_kind(element) }] })
        }
        Kind::TextOr(fields) => json!({ "anyOf": [{ "type": "string" }, of_fields(fields)] }),
        Kind::Map(element) => json!({ "type": "object", "additionalProperties": of_kind(element) }),
        Kind::Rows(rows) => {
            let sheet = json!({
                "type": "object",
                "properties": { "csv": { "type": "string" } },
                "required": ["csv"],
                "additionalProperties": false,
            });
            json!({ "anyOf": [
                { "type": "array", "items": { "anyOf": [of_fields(rows.fields), sheet] } },
                sheet,
            ] })
        }
    }
}
