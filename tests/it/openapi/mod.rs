//! The OpenAPI documents: sound by themselves, true to the tables, and to what is served.

mod any_request;

use std::collections::BTreeSet;

use http::Method;
use ringback::contract::api::Place;
use ringback::contract::fields::Kind;
use ringback::contract::surface::Surface;
use ringback::inside::app;
use ringback::inside::sim::documents::openapi;
use ringback::inside::web::message::Request;
use serde_json::{Map, Value, json};

use crate::support::http::http;
use crate::support::program::{Running, serve};

fn surfaces() -> Vec<&'static Surface> {
    app::vendors().0.iter().map(|vendor| vendor.surface).collect()
}

/// The document that a listener serves.
fn fetched(running: &Running, path: &str) -> Value {
    let (status, document) = running.admin("GET", path, "");
    assert_eq!(status, 200, "{path}");
    document
}

/// Follows a reference inside the document.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(target) => document.pointer(target.trim_start_matches('#')).unwrap_or_else(|| {
            panic!("{target} leads nowhere");
        }),
        None => value,
    }
}

/// All operations of a document: path, method in capitals, operation. Where a path has servers of its
/// own, it begins in the first of their addresses.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let server = methods["servers"][0]["url"].as_str().unwrap_or_default();
        let path = format!("{}{path}", server.trim_start_matches("http://{address}"));
        for (method, operation) in methods.as_object().unwrap() {
            if method != "servers" {
                all.push((path.clone(), method.to_ascii_uppercase(), operation));
            }
        }
    }
    all
}

/// What is wrong with a document, by the rules of OpenAPI 3.1 that it could break.
fn flaws(document: &Value) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut flaw = |at: &str, what: String| flaws.push(format!("{at}: {what}"));
    if document["openapi"] != "3.1.0" {
        flaw("openapi", document["openapi"].to_string());
    }
    for name in ["title", "version"] {
        if !document["info"][name].is_string() {
            flaw("info", format!("no {name}"));
        }
    }
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(document) {
        let at = format!("{method} {path}");
        if !path.starts_with('/') || path.contains(['?', '#', ' ']) {
            flaw(&at, "no path".into());
        }
        let id = operation["operationId"].as_str().unwrap_or_default();
        if id.is_empty() || !ids.insert(id.to_owned()) {
            flaw(&at, format!("operationId {id:?} is missing or stands twice"));
        }
        let in_template: BTreeSet<&str> =
            path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let mut in_path = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let (name, place) = (parameter["name"].as_str().unwrap(), &parameter["in"]);
            if !seen.insert((name, place.to_string())) {
                flaw(&at, format!("parameter {name} stands twice"));
            }
            if !["path", "query", "header", "cookie"].map(Value::from).contains(place) {
                flaw(&at, format!("parameter {name} is in {place}"));
            }
            if place == "path" {
                in_path.insert(name);
                if parameter["required"] != true {
                    flaw(&at, format!("path parameter {name} is not required"));
                }
            }
            if let Err(error) = jsonschema::draft202012::new(&parameter["schema"]) {
                flaw(&at, format!("parameter {name}: {error}"));
            }
        }
        if in_path != in_template {
            flaw(&at, format!("path parameters {in_path:?}, but the path has {in_template:?}"));
        }
        for content in contents(document, operation) {
            if let Err(error) = jsonschema::draft202012::new(&with_components(document, content)) {
                flaw(&at, format!("schema: {error}"));
            }
        }
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            let is_status = status.len() == 3 && status.bytes().all(|it| it.is_ascii_digit());
            if !is_status || !resolved(document, response)["description"].is_string() {
                flaw(&at, format!("response {status} has no description"));
            }
        }
        if !responses.keys().any(|status| status.starts_with('2')) {
            flaw(&at, "no success".into());
        }
        for demand in operation["security"].as_array().into_iter().flatten() {
            for name in demand.as_object().unwrap().keys() {
                if document["components"]["securitySchemes"][name].is_null() {
                    flaw(&at, format!("security {name} is not declared"));
                }
            }
        }
    }
    flaws
}

/// The schemas of an operation's bodies, in and out.
fn contents<'d>(document: &'d Value, operation: &'d Value) -> Vec<&'d Value> {
    let responses = operation["responses"].as_object().unwrap().values();
    let bodies = responses.map(|response| resolved(document, response));
    let bodies = bodies.chain([&operation["requestBody"]]);
    let by_type = bodies.filter_map(|body| body["content"].as_object()).flat_map(Map::values);
    // A file has no schema.
    by_type.map(|content| &content["schema"]).filter(|schema| !schema.is_null()).collect()
}

/// A schema that finds the document's components.
fn with_components(document: &Value, schema: &Value) -> Value {
    let mut schema = schema.clone();
    if schema.is_object() {
        schema["components"] = document["components"].clone();
    }
    schema
}

#[test]
fn the_documents_are_sound() {
    let running = serve(&[]);
    let mut flawed = flaws(&fetched(&running, "/openapi.json"));
    for surface in surfaces() {
        let document = fetched(&running, &format!("/openapi/{}.json", surface.vendor));
        let found = flaws(&document);
        flawed.extend(found.into_iter().map(|flaw| format!("{}: {flaw}", surface.vendor)));
    }
    assert!(flawed.is_empty(), "\n{}", flawed.join("\n"));
    let broken = json!({ "openapi": "3.1.0", "info": { "title": "x", "version": "1" }, "paths": {
        "/a/{b}": { "get": { "operationId": "x", "parameters": [], "responses": {} } },
    } });
    assert_eq!(flaws(&broken).len(), 2, "the check itself sees nothing");
}

/// What readers of others are told and no table says by itself.
#[test]
fn each_operation_says_who_may_call_it_and_how_it_is_signed() {
    let running = serve(&[]);
    for surface in surfaces() {
        let document = fetched(&running, &format!("/openapi/{}.json", surface.vendor));
        assert!(document["info"]["license"]["name"].is_string());
        for (path, method, operation) in operations(&document) {
            assert!(operation["security"].is_array(), "{method} {path}: {}", surface.vendor);
        }
    }
    let mor = fetched(&running, "/openapi/mor.json");
    let at = |path: &str| &mor["paths"][format!("/billing/api/autodialer_{path}")]["post"];
    let statistics = at("get_campaign_statistics");
    let values = json!(["u", "id", "period_start", "period_end"]);
    assert_eq!(statistics["x-hash"]["values"], values);
    assert!(
        statistics["description"].as_str().unwrap().contains("u, id, period_start, period_end")
    );
    assert_eq!(at("upload_numbers")["x-hash"]["values"], json!(["id"]));
    let jtel = fetched(&running, "/openapi/jtel.json");
    let contact = "/{ClientsID}/dialler/contacts/contact";
    let (by_id, by_lock) =
        (format!("/rest/v1.0{contact}/{{id}}/lock"), format!("{contact}/lock/{{id}}"));
    assert_eq!(jtel["paths"][&by_id]["patch"]["operationId"], "lock_contact_by_id");
    assert_eq!(jtel["paths"][&by_lock]["servers"][0]["url"], "http://{address}/rest/v1.0");
    assert_eq!(jtel["paths"][format!("{contact}/{{id}}/lock")], Value::Null);
    let infocu5 = fetched(&running, "/openapi/infocu5.json");
    let root = &infocu5["paths"]["/"];
    assert_eq!(root["servers"][1]["url"], "http://{address}/x_dialer");
    let names = json!(["affiliateID", "affiliateKey"]);
    assert_eq!(root["post"]["x-credentials"]["names"], names);
    assert_eq!(root["post"]["requestBody"]["required"], true);
}

#[test]
fn what_is_documented_is_what_is_routed() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let main =
            surface.operations.iter().map(|it| (it.name, it.method, openapi::plain_path(it.path)));
        let further = surface.api.further.iter().map(|it| (it.operation, it.method, it.path));
        for (name, method, path) in main.chain(further) {
            let mut filled = path.to_owned();
            while let (Some(start), Some(end)) = (filled.find('{'), filled.find('}')) {
                filled.replace_range(start..=end, "1");
            }
            let method: Method = method.parse().unwrap();
            let mut request = Request::new(method.clone(), filled.parse().unwrap());
            // What tells operations of one path apart stands in the body.
            let params = surface.api.params(name);
            let words = params.filter(|param| param.places == [Place::Json].as_slice());
            let words = words.filter_map(|param| match param.kind {
                Kind::OneOf([word]) => Some((param.name, *word)),
                _ => None,
            });
            let body: Map<String, Value> =
                words.map(|(name, word)| (name.to_owned(), word.into())).collect();
            request.body = Value::Object(body).to_string().into();
            let routed = (vendor.route)(&request).operation.map(|operation| operation.name);
            if routed != Some(name) && !goes_by_query(surface, name, path) {
                faults.push(format!("{method} {filled} is {routed:?}, documented as {name}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// How vendors say that there is no such path, or not with this method.
const NO_WAY: [&str; 10] = [
    "infocu5.path",
    "infocu5.method",
    "jtel.endpoint",
    "jtel.method",
    "maestro.path",
    "maestro.method",
    "maxcontact.path",
    "maxcontact.method",
    "mor.route",
    "mor.function",
];

#[test]
fn what_is_documented_is_taken_with_the_switches_as_they_stand() {
    let running = serve(&[]);
    let mut asked = Vec::new();
    for surface in surfaces() {
        let document = fetched(&running, &format!("/openapi/{}.json", surface.vendor));
        for (path, method, _) in operations(&document) {
            let mut filled = format!("/{}{path}", surface.vendor);
            while let (Some(start), Some(end)) = (filled.find('{'), filled.find('}')) {
                filled.replace_range(start..=end, "1");
            }
            running.raw("listen", http(&method, &filled, &[], "").as_bytes());
            asked.push(format!("{method} {path}"));
        }
    }
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal?limit=1000", "");
    let entries = journal["entries"].as_array().unwrap().iter();
    let entries: Vec<&Value> = entries.filter(|entry| entry["request"].is_object()).collect();
    assert_eq!(entries.len(), asked.len(), "{journal}");
    let refused =
        |entry: &Value| entry["why"]["rule"].as_str().is_some_and(|it| NO_WAY.contains(&it));
    let none: Vec<&String> =
        asked.iter().zip(entries).filter(|(_, it)| refused(it)).map(|(way, _)| way).collect();
    assert!(none.is_empty(), "documented, and not taken: {none:?}");
}

/// Whether another operation has the path as well, and the query decides.
fn goes_by_query(surface: &Surface, name: &str, path: &str) -> bool {
    surface.operations.iter().any(|it| it.name != name && openapi::plain_path(it.path) == path)
}

#[test]
fn the_tables_of_the_wire_fit_together() {
    let mut faults = Vec::new();
    for surface in surfaces() {
        let api = surface.api;
        let mut fault = |what: String| faults.push(format!("{}: {what}", surface.vendor));
        for refusal in surface.refusals {
            if !api.replies.iter().any(|sent| sent.rules.contains(&refusal.rule)) {
                fault(format!("{} comes with no status", refusal.rule));
            }
        }
        for rule in api.replies.iter().flat_map(|sent| sent.rules) {
            if !surface.refusals.iter().any(|refusal| refusal.rule == *rule) {
                fault(format!("{rule} is no refusal"));
            }
        }
        let statuses: BTreeSet<_> =
            api.replies.iter().map(|sent| (sent.status, sent.operations)).collect();
        if statuses.len() != api.replies.len() {
            fault("a status stands twice".into());
        }
        let named = api.params.iter().flat_map(|param| param.operations);
        let named = named.chain(api.credentials.iter().flat_map(|it| it.operations)).copied();
        let named = named.chain(api.bodies.iter().map(|it| it.operation));
        let named = named.chain(api.further.iter().map(|it| it.operation));
        for name in named {
            if surface.operation(name).is_none() {
                fault(format!("{name} is no operation"));
            }
        }
        for body in api.bodies {
            if !surface.wire_fields.iter().any(|field| field.entity == body.entity) {
                fault(format!("{} is no entity of the wire fields", body.entity));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
