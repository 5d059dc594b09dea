//! A vendor's own surface as OpenAPI 3.1, made from the tables that serve it.
//!
//! Operations that share a method and a path, because the body or the query tells them apart, are
//! one operation of the document; `x-operations` names each. Evidence stands beside everything that
//! is claimed, as `x-evidence` and `x-source`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::contract::api::{Credential, CredentialKind, Param, Place, Sent};
use crate::contract::evidence::Evidence;
use crate::contract::operation::Operation;
use crate::contract::reply::Refusal;
use crate::contract::surface::Surface;
use crate::sim::documents::path_key::{self, PathKey};
use crate::sim::documents::{fidelity, schema};

/// What the listener itself refuses, in plain words: no vendor has a say in it.
const LIMITS: &[(u16, &str)] = &[
    (408, "the request was not complete in time"),
    (413, "the body is too large"),
    (431, "the head is too large"),
];

/// The document of a vendor.
pub(crate) fn document(surface: &Surface) -> Value {
    let mut paths = Map::new();
    let places = places(surface);
    for place in &places {
        // All methods of a path stand under the key that its first one has.
        let earlier = places.iter().map(|it| it.path).take_while(|path| *path != place.path);
        let PathKey { server, key } = path_key::of(place.path, earlier);
        let path = paths.entry(key).or_insert_with(|| json!({}));
        if !server.is_empty() {
            let server = server_json(server);
            match path["servers"].as_array_mut() {
                Some(servers) if servers.contains(&server) => {}
                Some(servers) => servers.push(server),
                None => path["servers"] = json!([server]),
            }
        }
        // The same at another server is the same operation.
        let method = place.method.to_ascii_lowercase();
        if path.get(&method).is_none() {
            path[method] = place.to_json(surface);
        }
    }
    let switches = fidelity::switches(surface);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{}, as Ringback serves it", surface.title),
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": format!(
                "x-evidence tells how each fact is known to be the vendor's, x-source where from. {}",
                surface.api.paths_text
            ),
        },
        "servers": servers(surface),
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(surface),
            "responses": responses(surface)
                .into_iter()
                .map(|(name, reply)| (name, reply.value))
                .collect::<Map<_, _>>(),
        },
        "x-entities": entities(surface),
        "x-vendor": surface.vendor,
        "x-variants": switches["variants"],
    });
    let gaps = surface
        .not_simulated
        .iter()
        .map(|gap| known(json!({ "what": gap.what, "why": gap.why }), gap.evidence));
    document["x-not-simulated"] = gaps.collect();
    document
}

/// The path of an operation without what stands behind it to tell it from others.
pub fn plain_path(path: &str) -> &str {
    path.split(['?', '&', ' ']).next().unwrap_or(path)
}

/// One method of one path, with the operations that it may come to.
#[derive(Debug)]
struct At {
    method: &'static str,
    path: &'static str,
    operations: Vec<(&'static Operation, Option<(&'static str, Evidence)>)>,
    /// Unique in the document.
    id: String,
}

fn places(surface: &Surface) -> Vec<At> {
    let mut found: Vec<At> = Vec::new();
    let mut add = |method: &'static str, path: &'static str, operation, further| match found
        .iter_mut()
        .find(|at| at.method == method && at.path == path)
    {
        Some(at) => at.operations.push((operation, further)),
        None => found.push(At {
            method,
            path,
            operations: vec![(operation, further)],
            id: String::new(),
        }),
    };
    for operation in surface.operations {
        add(operation.method, plain_path(operation.path), operation, None);
    }
    // The document is of what is taken with every switch as it stands.
    for further in surface.api.further.iter().filter(|it| it.opened_by.is_none()) {
        if let Some(operation) = surface.operation(further.operation) {
            let note = Some((further.text, further.evidence));
            add(further.method, further.path, operation, note);
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for at in &mut found {
        let names: Vec<&str> = at.operations.iter().map(|(it, _)| it.name).collect();
        let name = names.join("_or_");
        let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        at.id = if *count == 1 { name } else { format!("{name}_{count}") };
    }
    found
}

impl At {
    fn to_json(&self, surface: &Surface) -> Value {
        let texts: Vec<&str> = self.operations.iter().map(|(it, _)| it.text).collect();
        let mut shown = json!({
            "operationId": self.id,
            "summary": texts.join("; or "),
            "parameters": self.parameters(surface),
            "responses": self.statuses(surface),
            "x-operations": self.operations.iter().map(|(operation, further)| {
                let name = json!({ "name": operation.name, "text": operation.text });
                let mut shown = known(name, operation.evidence);
                if let Some((text, evidence)) = further {
                    shown["path"] = known(json!({ "text": text }), *evidence);
                }
                shown
            }).collect::<Value>(),
        });
        if let Some(body) = self.body(surface) {
            shown["requestBody"] = body;
        }
        let (first, _) = self.operations[0];
        let credential = surface.api.credential(first.name);
        shown["security"] = security(surface, credential);
        if let Some(Credential { kind: CredentialKind::Body(members), text, evidence, .. }) =
            credential
        {
            shown["x-credentials"] =
                known(json!({ "in": "body", "names": members, "text": text }), *evidence);
        }
        for signed in surface.api.signed.iter().filter(|it| it.operation == first.name) {
            let values = signed.values.join(", ");
            shown["description"] =
                format!("{}: {}. The values, in this order: {values}.", signed.param, signed.text)
                    .into();
            shown[format!("x-{}", signed.param)] =
                known(json!({ "values": signed.values, "text": signed.text }), signed.evidence);
        }
        shown
    }

    fn params<'s>(&'s self, surface: &'s Surface) -> impl Iterator<Item = &'static Param> + 's {
        let all = surface.api.params.iter();
        all.filter(|param| self.operations.iter().any(|(it, _)| param.is_of(it.name)))
    }

    fn is_in_path(&self, name: &str) -> bool {
        self.path.contains(&format!("{{{name}}}"))
    }

    fn parameters(&self, surface: &Surface) -> Value {
        let mut shown = Vec::new();
        for param in self.params(surface) {
            let place = if param.places.contains(&Place::Path) && self.is_in_path(param.name) {
                "path"
            } else if param.places.contains(&Place::Query) {
                "query"
            } else {
                continue;
            };
            // Needed by every operation here, and it cannot stand elsewhere.
            let of_all = self.operations.iter().all(|(it, _)| param.is_of(it.name));
            let is_needed =
                place == "path" || (param.required && of_all && param.places.len() == 1);
            let mut value = known(
                json!({
                    "name": param.name,
                    "in": place,
                    "required": is_needed,
                    "description": param.text,
                    "schema": schema::of_kind(&param.kind),
                }),
                param.evidence,
            );
            // One that only some of the operations read is anything where another one answers.
            if place == "query" && !of_all && value["schema"]["type"] != "string" {
                value["schema"] = json!({ "anyOf": [value["schema"], { "type": "string" }] });
            }
            if param.required {
                value["x-required"] = true.into();
                // What is empty is as if it had not been sent.
                if value["schema"]["type"] == "string" && value["schema"]["minLength"].is_null() {
                    value["schema"]["minLength"] = 1.into();
                }
            }
            shown.push(value);
        }
        let is_told = |name: &str| shown.iter().any(|it| it["in"] == "path" && it["name"] == name);
        let untold: Vec<Value> = variables(self.path)
            .filter(|name| !is_told(name))
            .map(|name| {
                json!({
                    "name": name, "in": "path", "required": true, "schema": { "type": "string" },
                })
            })
            .collect();
        shown.extend(untold);
        shown.into()
    }

    /// The replies of these operations. One that is an operation's own counts before one of all.
    fn statuses(&self, surface: &Surface) -> Value {
        let mut shown = Map::new();
        for (name, reply) in responses(surface) {
            if reply.sent.is_none_or(|sent| sent.operations.is_empty()) {
                let refer = json!({ "$ref": format!("#/components/responses/{name}") });
                shown.insert(name, refer);
            }
        }
        let names = || self.operations.iter().map(|(operation, _)| operation.name);
        for sent in surface.api.replies.iter().filter(|sent| !sent.operations.is_empty()) {
            if names().any(|name| sent.is_of(name)) {
                let refer = format!("#/components/responses/{}", key(sent));
                shown.insert(sent.status.to_string(), json!({ "$ref": refer }));
            }
        }
        shown.into()
    }

    /// The request's body; where operations share the path, one of theirs.
    fn body(&self, surface: &Surface) -> Option<Value> {
        let mut by_type: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
        if matches!(self.method, "GET" | "HEAD" | "DELETE") {
            return None;
        }
        for (operation, _) in &self.operations {
            for (media_type, places) in BODY_TYPES {
                let params: Vec<&Param> = surface
                    .api
                    .params(operation.name)
                    .filter(|param| param.places.iter().any(|place| places.contains(place)))
                    .filter(|param| !self.is_in_path(param.name))
                    .collect();
                let entity = surface.api.bodies.iter().find(|it| it.operation == operation.name);
                let entity = entity.filter(|_| *media_type == "application/json");
                if params.is_empty() && entity.is_none() {
                    continue;
                }
                let members = object(surface, &params, entity.map(|body| body.entity), places);
                if entity.is_some_and(|body| body.xml) {
                    by_type.entry("application/xml").or_default().push(members.clone());
                }
                by_type.entry(media_type).or_default().push(members);
            }
        }
        if by_type.is_empty() {
            return None;
        }
        let needs_any =
            |schema: &Value| schema["required"].as_array().is_some_and(|names| !names.is_empty());
        // What can stand nowhere else cannot come without a body.
        let only_here = self.params(surface).all(|param| {
            let in_body = |place: &Place| !matches!(place, Place::Path | Place::Query);
            param.places.iter().all(in_body) || !param.places.iter().any(in_body)
        });
        let is_required = by_type.values().flatten().all(needs_any)
            || only_here && by_type.keys().all(|media_type| *media_type == "application/json");
        let content: Map<String, Value> = by_type
            .into_iter()
            .map(|(media_type, mut schemas)| {
                let schema = if schemas.len() == 1 {
                    schemas.remove(0)
                } else {
                    json!({ "anyOf": schemas })
                };
                (media_type.to_owned(), json!({ "schema": schema }))
            })
            .collect();
        Some(json!({ "required": is_required, "content": content }))
    }
}

/// Media types of bodies that carry parameters, and the places that they are for.
const BODY_TYPES: &[(&str, &[Place])] = &[
    ("application/json", &[Place::Json]),
    ("application/x-www-form-urlencoded", &[Place::Form]),
    ("multipart/form-data", &[Place::Part, Place::File]),
];

fn object(surface: &Surface, params: &[&Param], entity: Option<&str>, places: &[Place]) -> Value {
    let mut properties = Map::new();
    for field in surface.wire_fields.iter().filter(|field| Some(field.entity) == entity) {
        let text = json!({ "description": field.text });
        properties.insert(field.name.into(), known(text, field.evidence));
    }
    for param in params {
        let mut schema = if param.places.contains(&Place::File) {
            json!({ "type": "string", "format": "binary" })
        } else {
            schema::of_kind(&param.kind)
        };
        schema["description"] = param.text.into();
        properties.insert(param.name.into(), known(schema, param.evidence));
    }
    // What may also stand in the query or in the path is not missing here.
    let elsewhere = |param: &Param| !param.places.iter().all(|place| places.contains(place));
    let required = params.iter().filter(|param| param.required && !elsewhere(param));
    let required: Value = required.map(|param| param.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The variables of a path.
fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// What can be sent.
struct Told<'s> {
    /// `None` of what no table has: the listener's own, and what refusals alone tell.
    sent: Option<&'s Sent>,
    value: Value,
}

/// What can be sent, by the names in the document.
fn responses(surface: &Surface) -> BTreeMap<String, Told<'_>> {
    let mut shown: BTreeMap<String, Told<'_>> = BTreeMap::new();
    for sent in surface.api.replies {
        let value = response(surface, sent);
        shown.insert(key(sent), Told { sent: Some(sent), value });
    }
    if surface.api.replies.is_empty() {
        for (status, value) in untold(surface) {
            shown.insert(status.to_string(), Told { sent: None, value });
        }
    }
    for (status, text) in LIMITS {
        shown.entry(status.to_string()).or_insert_with(|| {
            let value = json!({
                "description": format!("Ringback's own: {text}"),
                "content": { "text/plain": { "schema": { "type": "string" } } },
            });
            Told { sent: None, value }
        });
    }
    shown
}

/// The name of a reply: its status, and of an operation's own the operation.
fn key(sent: &Sent) -> String {
    match sent.operations.first() {
        Some(operation) => format!("{}_{operation}", sent.status),
        None => sent.status.to_string(),
    }
}

/// The replies of a vendor that declares none: an answer, and the refusals whose code is a status.
fn untold(surface: &Surface) -> BTreeMap<u16, Value> {
    let mut shown = BTreeMap::from([(200, json!({ "description": "an answer of the vendor's" }))]);
    let statuses = surface.refusals.iter().filter_map(|it| Some((it.code.parse().ok()?, it)));
    for (status, it) in statuses.filter(|(status, _)| (100..600).contains(status)) {
        let reply = shown.entry(status).or_insert_with(|| json!({ "description": it.text }));
        match reply["x-refusals"].as_array_mut() {
            Some(others) => others.push(refusal(it)),
            None => reply["x-refusals"] = json!([refusal(it)]),
        }
    }
    shown
}

fn response(surface: &Surface, sent: &Sent) -> Value {
    let is_empty_too = sent.media_types.contains(&"");
    let media_types = sent.media_types.iter().filter(|it| !it.is_empty());
    let content: Map<String, Value> = media_types
        .map(|media_type| {
            let kind = if *media_type == "application/json" { "object" } else { "string" };
            ((*media_type).to_owned(), json!({ "schema": { "type": kind } }))
        })
        .collect();
    let mut shown = known(json!({ "description": sent.text }), sent.evidence);
    if is_empty_too {
        // A reply with a content has one, so that of one that may be empty none can be told.
        shown["x-media-types"] = content.keys().cloned().collect();
    } else if !content.is_empty() {
        shown["content"] = content.into();
    }
    let of_status = surface.refusals.iter().filter(|it| sent.rules.contains(&it.rule));
    let refusals: Vec<Value> = of_status.map(|it| refusal(it)).collect();
    if !refusals.is_empty() {
        shown["x-refusals"] = refusals.into();
    }
    shown
}

fn refusal(refusal: &Refusal) -> Value {
    known(
        json!({
            "rule": refusal.rule,
            "code": refusal.code,
            "text": refusal.text,
            "when": refusal.when,
        }),
        refusal.evidence,
    )
}

/// What a caller has to show. Where what is missing is refused in the vendor's words alone, a request
/// without it is a request all the same.
fn security(surface: &Surface, credential: Option<&Credential>) -> Value {
    let is_by_status = surface.api.replies.iter().any(|sent| sent.status == UNAUTHORIZED);
    match credential {
        None | Some(Credential { kind: CredentialKind::Body(_), .. }) => json!([]),
        Some(credential) if is_by_status => json!([{ credential.name: [] }]),
        Some(credential) => json!([{ credential.name: [] }, {}]),
    }
}

/// The status of a vendor that says with one who is not let in.
const UNAUTHORIZED: u16 = 401;

/// The vendor listener, with a path behind its address.
fn server_json(path: &str) -> Value {
    json!({
        "url": format!("http://{{address}}{path}"),
        "description": "the vendor listener; its address is in the ready line",
        "variables": { "address": { "default": "127.0.0.1:8080" } },
    })
}

fn servers(surface: &Surface) -> Value {
    json!([
        server_json(""),
        {
            "url": "http://{address}/w/{world}",
            "description": "one world by its name",
            "variables": {
                "address": { "default": "127.0.0.1:8080" },
                "world": { "default": "default" },
            },
        },
        {
            "url": format!("http://{{address}}/{}", surface.vendor),
            "description": "with the vendor's name before its own paths",
            "variables": { "address": { "default": "127.0.0.1:8080" } },
        },
    ])
}

fn security_schemes(surface: &Surface) -> Value {
    let schemes = surface.api.credentials.iter();
    // No document has a word for what stands in a body; its operations name it.
    let schemes = schemes.filter(|it| !matches!(it.kind, CredentialKind::Body(_)));
    schemes.map(|it| (it.name.to_owned(), scheme(it))).collect::<Map<_, _>>().into()
}

fn scheme(credential: &Credential) -> Value {
    let mut shown = match credential.kind {
        CredentialKind::Bearer => json!({ "type": "http", "scheme": "bearer" }),
        CredentialKind::Header(name) => json!({ "type": "apiKey", "in": "header", "name": name }),
        CredentialKind::Cookie(name) => json!({ "type": "apiKey", "in": "cookie", "name": name }),
        CredentialKind::Param(name) => json!({ "type": "apiKey", "in": "query", "name": name }),
        CredentialKind::Body(_) => json!({}),
    };
    shown["description"] = credential.text.into();
    known(shown, credential.evidence)
}

/// What stands on the wire, by entity, but for what describes requests and heads.
fn entities(surface: &Surface) -> Value {
    let mut shown: Map<String, Value> = Map::new();
    let is_plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let skipped = ["http", "request", "query", "response"];
    let fields = surface.wire_fields.iter();
    for field in fields.filter(|it| is_plain(it.entity) && !skipped.contains(&it.entity)) {
        let entity = shown
            .entry(field.entity)
            .or_insert_with(|| json!({ "type": "object", "properties": {} }));
        let text = json!({ "description": field.text });
        entity["properties"][field.name] = known(text, field.evidence);
    }
    shown.into()
}

/// A fact with how it is known.
fn known(mut fact: Value, evidence: Evidence) -> Value {
    fact["x-evidence"] = evidence.grade().into();
    fact["x-source"] = evidence.source().into();
    fact
}
