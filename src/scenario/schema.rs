//! A scenario as JSON Schema 2020-12, made from the tables by which scenarios are read.
//!
//! Not here: what only reading can know, such as whether a reference leads somewhere; `ringback
//! check` tells that.

use serde_json::{Map, Value, json};

use crate::contract::fields::{Field, Kind};
use crate::contract::section::SectionDecl;
use crate::scenario::document::Shape;
use crate::scenario::replacing::REPLACE;
use crate::scenario::top::{HOSTS, TOP, VARIANTS};
use crate::sim::documents::schema::{of_field, of_fields};

/// The schema of a scenario of this shape.
pub(crate) fn of_scenario(shape: Shape<'_>) -> Value {
    let top = TOP.iter().chain(shape.top);
    let top = top.map(|field| (field.name.to_owned(), own(field)));
    let sections = shape.sections.iter().map(|decl| (decl.vendor.to_owned(), section(decl)));
    let properties: Map<String, Value> = top.chain(sections).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of Ringback",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The schema of a field at the top or of a section: a row with an id may take another's place.
fn own(field: &Field) -> Value {
    let mut schema = of_field(field);
    if let Kind::Rows(rows) = field.kind
        && rows.fields.iter().any(|field| field.unique)
    {
        schema["anyOf"][0]["items"]["anyOf"][0]["properties"][REPLACE] = json!({
            "type": "boolean",
            "description": "Whether it takes the place of the row of this id in what the scenario extends.",
        });
    }
    schema
}

fn section(decl: &SectionDecl) -> Value {
    let mut schema = of_fields(decl.fields);
    for field in decl.fields {
        schema["properties"][field.name] = own(field);
    }
    schema["properties"][HOSTS.name] = of_field(HOSTS);
    let variants = decl.variants.iter().map(|variant| {
        let names: Value = variant.values.iter().map(|value| value.name).collect();
        let seen = json!({
            "type": "object",
            "properties": {
                "value": { "enum": names },
                "evidence": { "const": "observed" },
                "on": { "type": "string", "format": "date" },
            },
            "required": ["value", "evidence", "on"],
            "additionalProperties": false,
            "description": "The value, and the day on which it was seen at the vendor.",
        });
        let either = json!([{ "enum": names }, seen]);
        (variant.name.to_owned(), json!({ "anyOf": either, "description": variant.text }))
    });
    let variants: Map<String, Value> = variants.collect();
    schema["properties"][VARIANTS] = json!({
        "type": "object",
        "properties": variants,
        "additionalProperties": false,
        "description": "Switches for what the vendor's papers leave open.",
    });
    schema
}
