//! The OpenAPI 3.1 document of the control plane, made from the table that serves it.

use serde_json::{Map, Value, json};

use crate::admin::endpoint::{Body, Content, Endpoint, Told};
use crate::admin::parameters::PATH_PARAMETERS;
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::{door, problem, reply};
use crate::contract::fields::Field;
use crate::sim::documents::schema;

/// The document of these routes.
pub(crate) fn document<'r>(rows: impl Iterator<Item = &'r Endpoint>) -> Value {
    let mut paths = Map::new();
    for endpoint in rows {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_ascii_lowercase()] = operation(endpoint);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Ringback, control plane",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Worlds, their time, their journals and their state.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{
            "url": "http://{address}",
            "description": "the admin listener; its address is in the ready line",
            "variables": { "address": { "default": "127.0.0.1:8081" } },
        }],
        // With a token the first holds, without one the second.
        "security": [{ "token": [] }, {}],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "the value of RINGBACK_ADMIN_TOKEN, where it is set",
            } },
            "schemas": { "Problem": PROBLEM.schema() },
        },
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let in_path = endpoint.path_parameters().map(|name| {
        let field = PATH_PARAMETERS.iter().find(|field| field.name == name);
        parameter(field.expect("a test holds that each stands in the table"), "path")
    });
    let in_query = endpoint.query.iter().map(|field| parameter(field, "query"));
    let told = endpoint.all_replies();
    let responses: Map<String, Value> =
        told.iter().map(|told| (told.status.to_string(), response(told))).collect();
    let mut operation = json!({
        "operationId": endpoint.name,
        "summary": endpoint.text,
        "parameters": in_path.chain(in_query).collect::<Value>(),
        "responses": responses,
    });
    if let Body::File(media_type) = endpoint.body {
        operation["requestBody"] =
            json!({ "required": true, "content": { media_type: { "schema": {} } } });
    } else if let Body::Scenario(shape) = endpoint.body {
        operation["requestBody"] = json!({ "required": true, "content": {
            reply::JSON: { "schema": shape.schema() },
            reply::TOML: { "schema": { "type": "string" } },
        } });
    } else if let Some(schema) = body_schema(endpoint.body) {
        let is_required = schema["required"].as_array().is_some_and(|names| !names.is_empty());
        operation["requestBody"] = json!({
            "required": is_required,
            "content": { "application/json": { "schema": schema } },
        });
    }
    if door::is_open(endpoint.path) {
        operation["security"] = json!([]);
    }
    operation
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({
        "name": field.name,
        "in": place,
        "required": field.is_required(),
        "description": field.text,
        "schema": schema::of_field(field),
    })
}

fn body_schema(body: Body) -> Option<Value> {
    match body {
        Body::None | Body::File(_) | Body::Scenario(_) => None,
        Body::Fields(fields) => Some(schema::of_fields(fields)),
        Body::Shape(shape) => Some(shape.schema()),
    }
}

fn response(told: &Told) -> Value {
    let (media_type, schema) = match told.content {
        Content::Json(shape) => (reply::JSON, shape.schema()),
        // Whatever bytes it has.
        Content::File(media_type) => (media_type, json!({})),
        Content::Text(media_type) => {
            let name = media_type.split(';').next().unwrap_or(media_type);
            (name, json!({ "type": "string" }))
        }
        Content::Problem => {
            (problem::PROBLEM_JSON, json!({ "$ref": "#/components/schemas/Problem" }))
        }
    };
    json!({ "description": told.text, "content": { media_type: { "schema": schema } } })
}

static PROBLEM: Shape = Shape::Object(&[
    always("type", Shape::Text, "the same URN for all errors of a kind"),
    always("title", Shape::Text, "the words of the status"),
    always("status", Shape::Integer, "the HTTP status"),
    always("detail", Shape::Text, "what was expected and what was found"),
    maybe("field", Shape::Text, "the field of a fault that is wrong"),
    maybe("mistakes", Shape::List(&Shape::Any), "each mistake with its place"),
    maybe("more", Shape::Integer, "how many mistakes there are beyond those"),
    maybe("now", Shape::Time, "the world's time, where that is in the way"),
    maybe("differs", Shape::List(&Shape::Text), "in what a world is not the one asked for"),
    maybe("allow", Shape::Text, "methods that the path takes"),
    maybe("manual", Shape::Text, "the path of the chapter that tells of the route"),
]);
