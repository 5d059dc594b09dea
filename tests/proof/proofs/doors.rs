//! Every path of the control plane by every method, from origins, hosts and with tokens that must
//! not come in, on both listeners: nothing opens, and nothing is done.

use serde_json::Value;
use std::process::{Command, Stdio};

use super::client::{Client, request};
use super::server::Server;
use super::task::{Counts, Fault, Task, failed};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const TOKEN: &str = "a-token-of-the-proof";
/// What a reply holds that came in.
const INSIDE: &[&str] =
    &["\"worlds\"", "\"entries\"", "\"vendors\":[", "\"now\"", "\"operations\""];

/// Headers of somebody who must not come in, without a token being asked for.
const STRANGERS: &[&[(&str, &str)]] = &[
    &[("Origin", "https://evil.example")],
    &[("Origin", "null")],
    &[("Origin", "file://")],
    &[("Origin", "http://localhost.evil.example")],
    &[("Sec-Fetch-Site", "cross-site")],
    &[("Sec-Fetch-Site", "same-site")],
    &[("Host", "evil.example")],
    &[("Host", "127.0.0.1.evil.example:8081")],
    &[("Host", "localhost@evil.example")],
    &[("Host", "[::1]evil.example")],
];

/// Tokens that are not the one.
const WRONG: &[&[(&str, &str)]] = &[
    &[],
    &[("Authorization", "Bearer ")],
    &[("Authorization", "Bearer a-token-of-the-proo")],
    &[("Authorization", "Bearer a-token-of-the-proofx")],
    &[("Authorization", "bearer  a-token-of-the-proof x")],
    &[("Authorization", "Basic YS10b2tlbi1vZi10aGUtcHJvb2Y=")],
    &[("Cookie", "token=a-token-of-the-proof")],
    &[("X-Token", TOKEN)],
];

/// Open to everybody who may speak to the listener at all: they tell nothing of a world.
const OPEN: &[&str] = &["/livez", "/readyz", "/ca.pem"];

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let plain = Server::start(task, &[])?;
    let paths = paths(&plain)?;
    let mut tried = tokens(task, &paths)?;
    tried += strangers(&plain, &paths)?;
    tried += other_listener(&plain, &paths)?;
    Ok(Counts(vec![("doors tried", tried), ("paths", paths.len() as u64), ("opened", 0)]))
}

/// All paths of the control plane, with names put in.
fn paths(server: &Server) -> Result<Vec<String>, Fault> {
    let document = server.ask("/openapi.json")?;
    let paths = document["paths"].as_object().ok_or("the document has no paths")?;
    let filled = paths.keys().map(|path| {
        let parts = path.split('/').map(|part| match part {
            "{world}" => "default",
            "{vendor}" => "jtel",
            "{vendor}.json" => "jtel.json",
            "{table}" => "contacts",
            part if part.starts_with('{') => "1",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    });
    Ok(filled.collect())
}

fn strangers(server: &Server, paths: &[String]) -> Result<u64, Fault> {
    let before = inputs(server)?;
    let mut tried = 0;
    for path in paths {
        for method in METHODS {
            for headers in STRANGERS {
                shut(&mut server.control(), method, path, headers)?;
                tried += 1;
            }
        }
    }
    let after = inputs(server)?;
    if before != after {
        return Err(format!("strangers did something: {before} inputs before, {after} after"));
    }
    Ok(tried)
}

/// The control plane is not on the vendors' listener, by whatever name it is asked for.
fn other_listener(server: &Server, paths: &[String]) -> Result<u64, Fault> {
    let host = server.admin.trim_start_matches("http://").to_owned();
    let mut tried = 0;
    for path in paths {
        for prefix in ["", "/w/default", "/jtel", &server.admin] {
            let path = format!("{prefix}{path}");
            for method in ["GET", "POST", "DELETE"] {
                for headers in [&[][..], &[("Host", host.as_str())]] {
                    let bytes = request(method, &path, headers, b"");
                    if let Ok(reply) = server.vendors().send(&bytes) {
                        inside(method, &path, reply.status(), &reply.text())?;
                    }
                    tried += 1;
                }
            }
        }
    }
    Ok(tried)
}

fn tokens(task: &Task, paths: &[String]) -> Result<u64, Fault> {
    // A token is never on the command line.
    let server = {
        let program = task.program.display().to_string();
        let mut task = task.clone();
        let folder = tempfile::tempdir().map_err(|error| failed("folder", error))?;
        let script = folder.path().join("with-a-token");
        let text = format!("#!/bin/sh\nRINGBACK_ADMIN_TOKEN={TOKEN} exec '{program}' \"$@\"\n");
        std::fs::write(&script, text).map_err(|error| failed("script", error))?;
        let made = Command::new("chmod").arg("+x").arg(&script).stdout(Stdio::null()).status();
        made.map_err(|error| failed("chmod", error))?;
        task.program = script;
        Server::start(&task, &[])?
    };
    let mut tried = 0;
    for path in paths.iter().filter(|path| !OPEN.contains(&path.as_str())) {
        for method in METHODS {
            for headers in WRONG {
                shut(&mut server.control(), method, path, headers)?;
                tried += 1;
            }
        }
    }
    let right = [("Authorization", "Bearer a-token-of-the-proof")];
    let reply = server.control().send(&request("GET", "/v1/worlds", &right, b""));
    match reply {
        Ok(reply) if reply.status() == 200 => Ok(tried),
        Ok(reply) => Err(format!("the right token does not open: {}", reply.head)),
        Err(error) => Err(failed("the right token", error)),
    }
}

/// Sends it, and holds that nothing opened.
fn shut(
    client: &mut Client,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<(), Fault> {
    let mut all = headers.to_vec();
    all.push(("Content-Type", "application/json"));
    let bytes = request(method, path, &all, b"{}");
    let reply = client.send(&bytes).map_err(|error| failed(path, error))?;
    if reply.head.to_ascii_lowercase().contains("access-control-allow") {
        return Err(format!("{method} {path} by {headers:?} lets other origins read"));
    }
    if reply.status() < 400 && !is_page(path, reply.status()) {
        return Err(format!("{method} {path} by {headers:?} was answered {}", reply.status()));
    }
    inside(method, path, reply.status(), &reply.text())
}

/// The files of the page tell nothing of a world.
fn is_page(path: &str, status: u16) -> bool {
    status < 400 && (path == "/" || path.starts_with("/page/"))
}

fn inside(method: &str, path: &str, status: u16, text: &str) -> Result<(), Fault> {
    match INSIDE.iter().find(|it| text.contains(**it)) {
        Some(it) if status < 400 => Err(format!("{method} {path} shows {it}: {text}")),
        _ => Ok(()),
    }
}

/// How many inputs the default world has had.
fn inputs(server: &Server) -> Result<u64, Fault> {
    let facts: Value = server.ask("/v1/worlds/default")?;
    facts["inputs"].as_u64().ok_or_else(|| format!("no inputs in {facts}"))
}
