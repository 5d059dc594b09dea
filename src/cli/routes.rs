//! `routes`: the vendors' operations with their paths; with `-v` also where credentials and
//! parameters go.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::declared::{kind_word, wanted};
use crate::cli::failure::{Failure, print};
use crate::contract::api::{Credential, CredentialKind, Param, Place};
use crate::contract::evidence::Evidence;
use crate::contract::operation::Operation;
use crate::contract::surface::Surface;

#[derive(Debug, Args)]
pub(crate) struct RoutesArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// Says also where credentials and parameters go
    #[arg(long, short, env = "RINGBACK_VERBOSE")]
    verbose: bool,
    /// As JSON, for programs, with all of it
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

impl RoutesArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if self.json {
            let all = surfaces.into_iter().flat_map(|surface| {
                surface.operations.iter().map(|operation| to_json(surface, operation))
            });
            return print(&json!({ "routes": all.collect::<Value>() }).to_string());
        }
        for surface in surfaces {
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            print(&format!("  {}", hosts(surface)))?;
            for operation in surface.operations {
                print(&format!(
                    "  {:<28} {:<6} {}  {}",
                    operation.name,
                    operation.method,
                    operation.path,
                    with_source(operation.evidence)
                ))?;
                if self.verbose {
                    details(surface, operation).iter().try_for_each(|line| print(line))?;
                }
            }
        }
        Ok(())
    }
}

/// The vendor's own hosts, in a line.
fn hosts(surface: &Surface) -> String {
    let names: Vec<String> = surface.hosts.iter().map(ToString::to_string).collect();
    let vendor = surface.vendor;
    if names.is_empty() {
        return format!("runs on its customers' machines; --host {vendor}=NAME gives it a name");
    }
    format!("at {}; --host {vendor}=NAME gives it more", names.join(", "))
}

pub(super) fn with_source(evidence: Evidence) -> String {
    format!("[{}, {}]", evidence.grade(), evidence.source())
}

/// What else there is to say of an operation, a line each.
fn details(surface: &Surface, operation: &Operation) -> Vec<String> {
    let api = surface.api;
    let line = |place: &str, name: &str, kind: &str, needed: bool, text: &str| {
        let needed = if needed { "required" } else { "" };
        let line = format!("      {place:<18} {name:<24} {kind:<16} {needed:<8} {text}");
        line.trim_end().to_owned()
    };
    let mut lines = Vec::new();
    if let Some(credential) = api.credential(operation.name) {
        let place = place_of(credential);
        lines.push(line(&place, credential.name, "credential", true, credential.text));
    }
    lines.extend(api.params(operation.name).map(|param| {
        let kind = kind_word(&param.kind);
        line(&places(param), param.name, &kind, param.required, param.text)
    }));
    for body in api.bodies.iter().filter(|body| body.operation == operation.name) {
        let names = surface.wire_fields.iter().filter(|field| field.entity == body.entity);
        let names: Vec<&str> = names.map(|field| field.name).collect();
        let place = if body.xml { "json or xml body" } else { "json body" };
        let text = format!("the body itself, with {}", names.join(", "));
        lines.push(line(place, &format!("({})", body.entity), "object", true, &text));
    }
    for further in api.further.iter().filter(|further| further.operation == operation.name) {
        let (method, path, text) = (further.method, further.path, further.text);
        lines.push(format!("      also {method} {path}: {text} {}", with_source(further.evidence)));
    }
    lines
}

/// An operation for programs, with all of it.
pub(super) fn to_json(surface: &Surface, operation: &Operation) -> Value {
    let api = surface.api;
    let credential = api
        .credential(operation.name)
        .map(|it| json!({ "name": it.name, "in": place_of(it), "text": it.text }));
    let params = api.params(operation.name).map(|param| {
        let places = param.places.iter().map(|place| place_word(*place));
        json!({
            "name": param.name, "in": places.collect::<Value>(), "type": kind_word(&param.kind),
            "required": param.required, "text": param.text,
        })
    });
    json!({
        "vendor": surface.vendor,
        "hosts": surface.hosts.iter().map(|host| Value::from(host.to_string())).collect::<Value>(),
        "operation": operation.name, "method": operation.method,
        "path": operation.path, "text": operation.text, "access": operation.access.word(),
        "evidence": operation.evidence.grade(), "source": operation.evidence.source(),
        "credential": credential, "parameters": params.collect::<Value>(),
    })
}

fn places(param: &Param) -> String {
    param.places.iter().map(|place| place_word(*place)).collect::<Vec<_>>().join(" or ")
}

fn place_word(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Form => "form",
        Place::Part => "part",
        Place::File => "file",
        Place::Json => "json",
    }
}

fn place_of(credential: &Credential) -> String {
    match credential.kind {
        CredentialKind::Bearer => "Authorization: Bearer".into(),
        CredentialKind::Header(name) => format!("header {name}"),
        CredentialKind::Cookie(name) => format!("cookie {name}"),
        CredentialKind::Param(name) => format!("parameter {name}"),
        CredentialKind::Body(names) => format!("{} in the body", names.join(" and ")),
    }
}
