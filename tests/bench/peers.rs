//! One fixed reply by Ringback and by other stand-ins for HTTP APIs: how soon they answer, how fast while
//! they are cold and when they are warm, and what they hold of memory.
//!
//! `cargo bench --bench peers` takes WireMock, mountebank, Mockoon and Prism from npm, in the versions of
//! `tests/bench/peers/package-lock.json`, into the folder of the build; it needs Node, for WireMock Java,
//! and the load generator `wrk`. `cargo bench --bench peers -- 10` gives each measurement ten seconds
//! instead of three.
//!
//! All send the same bytes for the same request: jtel's reply to a read of one contact, which Ringback
//! answers by its `[[reply]]` in the first row, as the others do, and from the rows of its world in the
//! second. Each is started as its manual says, on one port of this machine; what they write to their
//! terminal is not looked at.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[path = "support/load.rs"]
mod load;
#[expect(dead_code, reason = "others ask more of a server")]
mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::{Value, json};
use support::{Server, status_kb};

const SECONDS: u64 = 3;
/// They are warm after so long.
const WARM_SECONDS: u64 = 5;
const CONNECTIONS: u32 = 32;
/// The slowest to start takes some seconds.
const STARTS_WITHIN: Duration = Duration::from_mins(1);

const PATH: &str = "/rest/v1.0/7/dialler/contacts/301501";
const TOKEN: &str = "Bearer SIMTOKEN-7A";

/// Where things are: the peers' packages, a folder to write to, the reply that all give.
struct Place {
    packages: PathBuf,
    folder: PathBuf,
    body: String,
}

/// A stand-in, and how it is started on a port.
struct Peer {
    name: &'static str,
    /// Without which it is left out.
    needs: &'static str,
    start: fn(&Place, u16) -> Command,
}

const PEERS: &[Peer] = &[
    Peer { name: "Ringback, a fixed reply", needs: "", start: fixed },
    Peer { name: "Ringback, from its world", needs: "", start: modelled },
    Peer { name: "WireMock", needs: "java", start: wiremock },
    Peer { name: "mountebank", needs: "node", start: mountebank },
    Peer { name: "Mockoon", needs: "node", start: mockoon },
    Peer { name: "Prism", needs: "node", start: prism },
];

fn main() {
    let seconds = env::args().find_map(|arg| arg.parse().ok()).unwrap_or(SECONDS);
    if !load::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let place =
        Place { packages: packages(), folder: folder.path().to_owned(), body: reply_of_ringback() };
    let script = folder.path().join("request.lua");
    fs::write(&script, format!("wrk.headers[\"Authorization\"]=\"{TOKEN}\"\n")).unwrap();
    println!(
        "{:<26} {:>12} {:>12} {:>12} {:>10} {:>10} {:>8}",
        "", "answers in", "cold/s", "warm/s", "p50", "p99", "RSS"
    );
    for peer in PEERS {
        if !peer.needs.is_empty() && !is_there(peer.needs) {
            println!("{:<26} left out: there is no {}", peer.name, peer.needs);
            continue;
        }
        measure(peer, &place, &script, seconds);
    }
}

fn is_there(program: &str) -> bool {
    let version = if program == "java" { "-version" } else { "--version" };
    let mut asked = Command::new(program);
    asked.arg(version).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|it| it.success())
}

fn measure(peer: &Peer, place: &Place, script: &Path, seconds: u64) {
    let port = free_port();
    let began = now();
    let mut command = (peer.start)(place, port);
    // In a group of its own: some of them start others.
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let running = Running::start(command, place);
    // Whoever reads it as JSON writes it in its own way.
    let wanted: Value = serde_json::from_str(&place.body).unwrap();
    let is_given =
        |body: String| serde_json::from_str(&body).ok().filter(|it: &Value| *it == wanted);
    while ask(port).and_then(is_given).is_none() {
        assert!(began.elapsed() < STARTS_WITHIN, "{} does not give the reply", peer.name);
        thread::yield_now();
    }
    let answers = began.elapsed();
    let url = format!("http://127.0.0.1:{port}{PATH}");
    // Its first second.
    let cold = load::wrk(&url, script, 1, CONNECTIONS, 1);
    load::wrk(&url, script, 1, CONNECTIONS, WARM_SECONDS);
    let warm = load::wrk(&url, script, 1, CONNECTIONS, seconds);
    println!(
        "{:<26} {:>9.0} ms {:>12.0} {:>12.0} {:>10} {:>10} {:>5} MB",
        peer.name,
        answers.as_secs_f64() * 1000.0,
        cold.n_requests,
        warm.per_second,
        warm.p50,
        warm.p99,
        running.resident_kb() / 1024
    );
}

/// A peer that runs, with all that it has started; ended when dropped.
struct Running {
    child: Child,
    group: String,
}

impl Running {
    fn start(command: &mut Command, place: &Place) -> Self {
        use std::os::unix::process::CommandExt;
        let child = command.current_dir(&place.folder).process_group(0).spawn().unwrap();
        let group = child.id().to_string();
        Running { child, group }
    }

    /// Of all processes of its group.
    fn resident_kb(&self) -> u64 {
        let all = fs::read_dir("/proc")
            .unwrap()
            .filter_map(|it| it.unwrap().file_name().into_string().ok());
        let ids = all.filter_map(|it| it.parse::<u32>().ok()).filter(|id| self.is_of_it(*id));
        ids.map(|id| status_kb(id, "VmRSS")).sum()
    }

    fn is_of_it(&self, id: u32) -> bool {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // Behind the name, in brackets: state, parent, group.
        let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        rest.split_whitespace().nth(2) == Some(self.group.as_str())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // They may have ended already.
        let _ = Command::new("kill").args(["-9", "--", &format!("-{}", self.group)]).status();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The body of the reply at a port; nothing where there is none yet.
fn ask(port: u16) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {TOKEN}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).ok()?;
    let (head, body) = reply.split_once("\r\n\r\n")?;
    if !head.starts_with("HTTP/1.1 200") {
        return None;
    }
    // Some send it in chunks: one of them.
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if is_chunked { body.split("\r\n").nth(1)? } else { body };
    Some(body.to_owned())
}

fn reply_of_ringback() -> String {
    let server = Server::ringback(None, &[]);
    let port = server.address("listen").rsplit_once(':').unwrap().1.parse().unwrap();
    ask(port).expect("the demo has the contact")
}

/// The peers' packages, taken from npm once for a version of the lock file.
fn packages() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let lock = "package-lock.json";
    let is_same = fs::read(folder.join(lock)).ok() == fs::read(own.join(lock)).ok();
    if is_same && folder.join("node_modules").is_dir() || !is_there("npm") {
        return folder.join("node_modules");
    }
    fs::create_dir_all(&folder).unwrap();
    for file in ["package.json", lock] {
        fs::copy(own.join(file), folder.join(file)).unwrap();
    }
    let mut taken = Command::new("npm");
    taken.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
    assert!(taken.status().unwrap().success(), "npm ci in {}", folder.display());
    folder.join("node_modules")
}

fn ringback(place: &Place, port: u16, scenario: &str) -> Command {
    let path = place.folder.join("peers.toml");
    fs::write(&path, scenario).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    let listen = format!("127.0.0.1:{port}");
    command.args(["serve", "--listen", &listen, "--admin", "127.0.0.1:0"]).arg(path);
    command
}

fn fixed(place: &Place, port: u16) -> Command {
    let body = toml::Value::from(place.body.as_str());
    let scenario = format!(
        "extends = \"demo\"\n[[reply]]\nvendor = \"jtel\"\nmethod = \"GET\"\npath = \"{PATH}\"\ninstead = true\n\
         status = 200\nbody = {body}\nheaders.Content-Type = \"application/json\"\n"
    );
    ringback(place, port, &scenario)
}

fn modelled(place: &Place, port: u16) -> Command {
    ringback(place, port, "extends = \"demo\"\n")
}

fn wiremock(place: &Place, port: u16) -> Command {
    let root = place.folder.join("wiremock");
    fs::create_dir_all(root.join("mappings")).unwrap();
    let mapping = json!({
        "request": { "method": "GET", "urlPath": PATH },
        "response": { "status": 200, "body": place.body, "headers": { "Content-Type": "application/json" } },
    });
    write(&root.join("mappings/one.json"), &mapping);
    let folder = place.packages.join("wiremock");
    let jar = jar_in(&folder).expect("the package has a jar");
    let mut command = Command::new("java");
    command.arg("-jar").arg(jar).args(["--port", &port.to_string(), "--root-dir"]).arg(root);
    command
}

fn jar_in(folder: &Path) -> Option<PathBuf> {
    let all: Vec<_> = fs::read_dir(folder).ok()?.map(|it| it.unwrap().path()).collect();
    let is_jar = |it: &&PathBuf| it.extension().is_some_and(|it| it == "jar");
    let below = || all.iter().filter(|it| it.is_dir()).find_map(|it| jar_in(it));
    all.iter().find(is_jar).cloned().or_else(below)
}

fn mountebank(place: &Place, port: u16) -> Command {
    let file = place.folder.join("mountebank.json");
    let imposter = json!({ "imposters": [{
        "port": port,
        "protocol": "http",
        "stubs": [{
            "predicates": [{ "equals": { "method": "GET", "path": PATH } }],
            "responses": [{ "is": {
                "statusCode": 200,
                "headers": { "Content-Type": "application/json" },
                "body": place.body,
            } }],
        }],
    }] });
    write(&file, &imposter);
    let mut command = of_node(place, "mb");
    command.args(["start", "--nologfile", "--localOnly", "--pidfile", "mb.pid", "--configfile"]);
    command.arg(file).args(["--port", &free_port().to_string()]);
    command
}

fn mockoon(place: &Place, port: u16) -> Command {
    let file = place.folder.join("mockoon.json");
    let response = json!({
        "uuid": "0c4f2d3e-0000-4000-8000-000000000002",
        "body": place.body,
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [{ "key": "Content-Type", "value": "application/json" }],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": false,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": true,
        "fallbackTo404": false,
        "default": true,
        "crudKey": "id",
        "callbacks": [],
    });
    let route = json!({
        "uuid": "0c4f2d3e-0000-4000-8000-000000000001",
        "type": "http",
        "documentation": "",
        "method": "get",
        "endpoint": PATH.trim_start_matches('/'),
        "responses": [response],
        "responseMode": null,
        "streamingMode": null,
        "streamingInterval": 0,
    });
    let environment = json!({
        "uuid": "0c4f2d3e-0000-4000-8000-000000000000",
        "lastMigration": 33,
        "name": "peers",
        "endpointPrefix": "",
        "latency": 0,
        "port": port,
        "hostname": "127.0.0.1",
        "folders": [],
        "routes": [route],
        "rootChildren": [{ "type": "route", "uuid": "0c4f2d3e-0000-4000-8000-000000000001" }],
        "proxyMode": false,
        "proxyHost": "",
        "proxyRemovePrefix": false,
        "tlsOptions": { "enabled": false, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "",
            "caPath": "", "passphrase": "" },
        "cors": false,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
    });
    write(&file, &environment);
    let mut command = of_node(place, "mockoon-cli");
    command.args(["start", "--disable-log-to-file", "--data"]).arg(file);
    command
}

fn prism(place: &Place, port: u16) -> Command {
    let file = place.folder.join("prism.json");
    let example: Value = serde_json::from_str(&place.body).unwrap();
    let content = json!({ "application/json": { "schema": {}, "example": example } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "peers", "version": "1" },
        "paths": { PATH: { "get": { "responses": { "200": { "description": "one", "content": content } } } } },
    });
    write(&file, &document);
    let mut command = of_node(place, "prism");
    command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()]).arg(file);
    command
}

fn of_node(place: &Place, program: &str) -> Command {
    Command::new(place.packages.join(".bin").join(program))
}

fn write(file: &Path, content: &Value) {
    fs::write(file, content.to_string()).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}
