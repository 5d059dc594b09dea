//! Requests per second against a bare hyper server that sends the same bytes.
//!
//! `cargo bench --bench http` starts both, drives them in turn with `wrk` (a load generator; on
//! Debian `apt-get install wrk`) and prints requests per second, CPU per request, latency and memory
//! side by side. `cargo bench --bench http -- 10` gives each measurement ten seconds instead of three,
//! `-- 3 jtel` measures what has that in its name, and `-- 3 jtel 5` does it five times and prints the
//! least, the median and the most of each ratio.
//!
//! The load generator shares the cores and holds the faster server back, so that the ratio of the CPU
//! that a request costs is the steadier figure.
//!
//! Most rows send one request again and again, as a client that polls does; a read is then known
//! from the last time (see `sim::world::engine::memo`). Rows with "others" ask for something else each
//! time. Rows with "1 worker" give Ringback one thread to work on, those with "kept" a folder to write to.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[path = "support/bare.rs"]
mod bare;
#[path = "support/cpu.rs"]
mod cpu;
#[path = "support/load.rs"]
mod load;
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use cpu::cpu_seconds;
use load::Load;
use serde_json::json;
use sha1::{Digest, Sha1};
use support::Server;

/// How long each measurement takes unless an argument says otherwise.
const SECONDS: u64 = 3;

const CONNECTIONS: &[u32] = &[1, 32, 256];

/// So many agents dial at once, each by a client of its own.
const AGENTS: u32 = 32;

/// Starts from which the time to the ready line is taken.
const STARTS: usize = 21;

const KEYS: &str =
    r#""affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0""#;

/// One request to be measured.
struct Case {
    name: &'static str,
    method: &'static str,
    path: String,
    headers: &'static [(&'static str, &'static str)],
    body: String,
    /// Lua for the load generator, where not every request is the same.
    script: Option<&'static str>,
    connections: &'static [u32],
    serving: Serving,
    /// Whether each connection is a client with a state of its own.
    has_own_clients: bool,
}

/// How Ringback is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Serving {
    Usual,
    OneWorker,
    Kept,
}

impl Case {
    fn scripted(mut self, script: &'static str) -> Self {
        self.script = Some(script);
        self
    }

    /// The same by Ringback started otherwise.
    fn served(self, name: &'static str, serving: Serving) -> Self {
        Case { name, serving, connections: &[32], ..self }
    }
}

/// A thousand contacts in turn: no reply is the one before.
const OTHER_CONTACTS: &str = r#"
local n = 0
request = function()
  n = (n + 1) % 1000
  return wrk.format(nil, "/rest/v1.0/7/dialler/contacts/" .. (1000000 + n))
end
"#;

/// A thousand windows in turn that hold the same hundred calls.
const OTHER_WINDOWS: &str = r#"
local n, body = 0, wrk.body
request = function()
  n = (n + 1) % 1000
  local text = string.format("23:%02d:%02dZ", 40 + n / 60, n % 60)
  return wrk.format(nil, nil, nil, (body:gsub("23:59:59Z", text)))
end
"#;

/// Lock and unlock in turn: what is locked already would be no write.
const LOCKS: &str = r#"
local n = 0
request = function()
  n = n + 1
  return wrk.format(nil, "/rest/v1.0/7/dialler/contacts/contact/301501/" .. (n % 2 == 0 and "lock" or "unlock"))
end
"#;

/// Dial, hang up, dispose, and again, each client for an agent of its own. What the warm-up left
/// behind is disposed of first.
const CYCLE: &str = r#"
local n = 0
setup = function(thread)
  thread:set("agent", 1001 + n)
  n = n + 1
end
local base = "/webservices/services/telephony/"
local step, call = -3, 1000
request = function()
  local user = "/user/" .. agent
  step = step + 1
  if step == 4 then step = 1 end
  if step < 0 then return wrk.format(nil, base .. "getcalls" .. user) end
  if step == 1 then return wrk.format(nil, base .. "dial" .. user .. "/phone/07700900142?leadid=50012") end
  if step == 2 then return wrk.format(nil, base .. "hangup" .. user .. "/call/" .. call) end
  return wrk.format(nil, base .. "dispose" .. user .. "/call/" .. call .. "?resultcode=SALE")
end
response = function(status, headers, body)
  call = body:match("<CallId>(%d+)") or call
end
"#;

const IMPORT: &str = r#"{"DiallerCampaignsName":"Spring Recall","UserData":"SIM-9","Name":"Voss","FirstName":"Mia","PhoneNumber1":"4943155509"}"#;

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];
const JTEL: &[(&str, &str)] =
    &[("Authorization", "Bearer SIMTOKEN-7A"), ("Content-Type", "application/json")];
const COOKIE: (&str, &str) = ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47");

fn cases() -> Vec<Case> {
    let infocu5 = |name, members: &str| Case {
        name,
        method: "POST",
        path: "/dialer/".to_owned(),
        headers: JSON,
        body: format!("{{{KEYS},{members}}}"),
        script: None,
        connections: CONNECTIONS,
        serving: Serving::Usual,
        has_own_clients: false,
    };
    let plain = |name, method, path: &str, headers| Case {
        name,
        method,
        path: path.to_owned(),
        headers,
        body: String::new(),
        script: None,
        connections: CONNECTIONS,
        serving: Serving::Usual,
        has_own_clients: false,
    };
    let mor = |name, method: &str, id: &str| {
        let hash = Sha1::digest(format!("dialer_bob{id}sim-secret-1"));
        let hash = hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let path = format!("/billing/api/autodialer_{method}?u=dialer_bob&id={id}&hash={hash}");
        plain(name, "POST", &path, JSON)
    };
    let calls = r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T23:59:59Z""#;
    let jtel = |name, method, below: &str| {
        plain(name, method, &format!("/rest/v1.0/7/dialler/contacts/{below}"), JTEL)
    };
    let telephony = |name, headers| {
        plain(name, "GET", "/webservices/services/telephony/getcalls/user/101", headers)
    };
    let others = |name| jtel(name, "GET", "301501").scripted(OTHER_CONTACTS);
    let toggle = |name| mor(name, "change_campaign_status", "17");
    let lock = |name| jtel(name, "PATCH", "contact/301501/lock").scripted(LOCKS);
    let import = |name| Case {
        body: IMPORT.to_owned(),
        ..jtel(name, "POST", "import?overwriteDuplicates=false")
    };
    vec![
        infocu5("infocu5 getAgents, 2 agents", r#""dialerFunction":"getAgents","showAll":"n""#),
        infocu5("infocu5 getCalls, 100 calls", calls),
        infocu5("infocu5 getCalls, 100 calls, others", calls).scripted(OTHER_WINDOWS),
        mor("mor poll results, 1,000 numbers", "get_campaign_ivr_poll_results", "1000"),
        toggle("mor status toggle (a write)"),
        toggle("").served("mor status toggle, 1 worker", Serving::OneWorker),
        toggle("").served("mor status toggle, kept", Serving::Kept),
        jtel("jtel one contact", "GET", "301501"),
        others("jtel one contact, others"),
        others("").served("jtel one contact, others, 1 worker", Serving::OneWorker),
        lock("jtel lock, unlock (writes)"),
        lock("").served("jtel lock, unlock, 1 worker", Serving::OneWorker),
        import("jtel import a contact (a write)"),
        import("").served("jtel import, 1 worker", Serving::OneWorker),
        import("").served("jtel import, kept", Serving::Kept),
        telephony("maxcontact getcalls, XML", &[COOKIE]),
        telephony("maxcontact getcalls, JSON", &[COOKIE, ("Accept", "application/json")]),
        Case {
            connections: &[1, AGENTS],
            has_own_clients: true,
            ..telephony("maxcontact dial, hang up, dispose", &[COOKIE])
        }
        .scripted(CYCLE),
    ]
}

/// The demo with 100 calls on one day, a campaign of 1,000 numbers, 1,000 contacts, and agents.
fn scenario(folder: &Path) -> PathBuf {
    let mut demo: toml::Table = include_str!("../../scenarios/demo.toml").parse().unwrap();
    let csv = |name: &str| {
        let mut table = toml::Table::new();
        table.insert("csv".into(), name.into());
        toml::Value::Array(vec![table.into()])
    };
    let mut calls =
        "id,date,campaign,list,agent,contact,type,number_outbound,time,talk_time\n".to_owned();
    for call in 0..100 {
        let (id, hour, minute) = (900_000 + call, 8 + call / 10, call % 10 * 6);
        writeln!(
            calls,
            "{id},2022-03-04T{hour:02}:{minute:02}:09Z,2040,310500,50017,Pat Lindgren,Outbound,21255501{call:02},00:06:40,00:06:12",
        )
        .unwrap();
    }
    fs::write(folder.join("calls.csv"), calls).unwrap();
    demo["infocu5"]["calls"] = csv("calls.csv");

    let mut numbers = "campaign,number,executed,completed\n".to_owned();
    for number in 0..1000 {
        writeln!(
            numbers,
            "1000,370610{number:05},2026-01-05T10:{:02}:07Z,2026-01-05T10:{:02}:47Z",
            number / 20,
            number / 20
        )
        .unwrap();
    }
    fs::write(folder.join("numbers.csv"), numbers).unwrap();
    let mut campaign = demo["mor"]["campaigns"][0].clone();
    campaign.as_table_mut().unwrap().insert("id".into(), 1000.into());
    demo["mor"]["campaigns"].as_array_mut().unwrap().push(campaign);
    let all = demo["mor"]["numbers"].as_array_mut().unwrap();
    all.extend(csv("numbers.csv").as_array().unwrap().iter().cloned());

    let generated = Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(["generate", "jtel-contacts", "--count", "1000", "--seed", "7"])
        .output()
        .unwrap();
    fs::write(folder.join("contacts.csv"), generated.stdout).unwrap();
    let contacts = demo["jtel"]["contacts"].as_array_mut().unwrap();
    contacts.extend(csv("contacts.csv").as_array().unwrap().iter().cloned());

    let agents = demo["maxcontact"]["users"].as_array_mut().unwrap();
    for n in 0..AGENTS {
        let (id, name) = (i64::from(1001 + n), format!("Agent {n}"));
        let agent = toml::Table::from_iter([
            ("id".to_owned(), toml::Value::from(id)),
            ("name".to_owned(), name.into()),
            ("campaign".to_owned(), 7.into()),
        ]);
        agents.push(agent.into());
    }

    let path = folder.join("bench.toml");
    fs::write(&path, demo.to_string()).unwrap();
    path
}

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mode, file] = args.as_slice()
        && mode == "bare"
    {
        bare(Path::new(file));
        return;
    }
    let number = |at: usize| args.get(at).and_then(|arg| arg.parse::<u64>().ok());
    let (seconds, n_runs) = (number(0).unwrap_or(SECONDS), number(2).unwrap_or(1));
    let wanted = args.get(1).map(String::as_str).unwrap_or_default();
    if !load::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let scenario = scenario(folder.path());
    print_start_times();
    println!(
        "\n{:<36} {:>5} {:>9} {:>10} {:>6} {:>8} {:>7} {:>6} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "",
        "conns",
        "bare/s",
        "ringback/s",
        "ratio",
        "bare CPU",
        "CPU",
        "ratio",
        "bare p50",
        "p50",
        "bare p99",
        "p99",
        "RSS"
    );
    for case in cases().iter().filter(|case| case.name.contains(wanted)) {
        for connections in case.connections {
            let one = || measure(case, *connections, &scenario, folder.path(), seconds);
            let runs: Vec<Ratios> = (0..n_runs).map(|_| one()).collect();
            if n_runs > 1 {
                let (rates, cpu) = (spread(&runs, |it| it.rate), spread(&runs, |it| it.cpu));
                println!("{:<36} {connections:>5} rates {rates}, CPU {cpu}", case.name);
            }
        }
    }
    if "list beside writers".contains(wanted) {
        list_beside_writers(&scenario, folder.path(), seconds);
    }
}

/// How Ringback did beside the reference.
struct Ratios {
    rate: f64,
    cpu: f64,
}

/// The least, the median and the most.
fn spread(runs: &[Ratios], of: impl Fn(&Ratios) -> f64) -> String {
    let mut all: Vec<f64> = runs.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    format!("{:.2} {:.2} {:.2}", all[0], all[all.len() / 2], all[all.len() - 1])
}

/// What the load generator is told to send.
fn script(case: &Case, folder: &Path) -> PathBuf {
    let script = folder.join("request.lua");
    let body = format!("{:?}", case.body);
    let mut lua = format!("wrk.method={:?}\nwrk.body={body}\n", case.method);
    for (name, value) in case.headers {
        writeln!(lua, "wrk.headers[{name:?}]={value:?}").unwrap();
    }
    lua.push_str(case.script.unwrap_or_default());
    fs::write(&script, lua).unwrap();
    script
}

fn measure(case: &Case, connections: u32, scenario: &Path, folder: &Path, seconds: u64) -> Ratios {
    let script = script(case, folder);
    let kept = tempfile::tempdir_in(folder).unwrap();
    let ringback = match case.serving {
        Serving::Usual => Server::ringback(Some(scenario), &[]),
        Serving::OneWorker => on_one_worker(scenario),
        Serving::Kept => {
            Server::ringback(Some(scenario), &["--data", kept.path().to_str().unwrap()])
        }
    };
    let reply = folder.join("reply");
    fs::write(&reply, fetch(ringback.address("listen"), case)).unwrap();
    let bare = start_bare(&reply);
    let load = |server: &Server| wrk(server, case, &script, connections, seconds);
    // A moment of each first, so that neither pays for being first.
    wrk(&bare, case, &script, connections, 1);
    wrk(&ringback, case, &script, connections, 1);
    let (of_bare, own) = (load(&bare), load(&ringback));
    let ratios = Ratios {
        rate: own.load.per_second / of_bare.load.per_second,
        cpu: of_bare.cpu_micros / own.cpu_micros,
    };
    println!(
        "{:<36} {:>5} {:>9.0} {:>10.0} {:>6.2} {:>8.1} {:>7.1} {:>6.2} {:>9} {:>9} {:>9} {:>9} {:>5} MB",
        case.name,
        connections,
        of_bare.load.per_second,
        own.load.per_second,
        ratios.rate,
        of_bare.cpu_micros,
        own.cpu_micros,
        ratios.cpu,
        of_bare.load.p50,
        own.load.p50,
        of_bare.load.p99,
        own.load.p99,
        ringback.resident_kb() / 1024,
    );
    ratios
}

fn on_one_worker(scenario: &Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    command.env("TOKIO_WORKER_THREADS", "1");
    command.args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    Server::start(command.arg(scenario))
}

/// How long writers wait at the most while somebody reads all contacts again and again.
fn list_beside_writers(scenario: &Path, folder: &Path, seconds: u64) {
    let all = cases();
    let import = all.iter().find(|case| case.name.starts_with("jtel import")).unwrap();
    let mut list = cases().into_iter().find(|case| case.name == "jtel one contact").unwrap();
    "/rest/v1.0/7/dialler/contacts".clone_into(&mut list.path);
    let of_import = script(import, folder);
    let server = Server::ringback(Some(scenario), &[]);
    // Some ten thousand rows, which change from list to list.
    wrk(&server, import, &of_import, 31, 1);
    let alone = wrk(&server, import, &of_import, 31, seconds);
    let reads = folder.join("list.lua");
    fs::copy(script(&list, folder), &reads).unwrap();
    let of_import = script(import, folder);
    let (beside, lists) = thread::scope(|scope| {
        let lists = scope.spawn(|| wrk(&server, &list, &reads, 1, seconds));
        (wrk(&server, import, &of_import, 31, seconds), lists.join().unwrap())
    });
    println!(
        "31 clients import, p99: alone {}, while one reads the list of all {}; {:.1} lists a second",
        alone.load.p99, beside.load.p99, lists.load.per_second
    );
}

/// What the load generator found, and what it took of the processors.
struct Measured {
    load: Load,
    /// User's and system's of the server's process, a request.
    cpu_micros: f64,
}

fn wrk(server: &Server, case: &Case, script: &Path, connections: u32, seconds: u64) -> Measured {
    let threads = if case.has_own_clients { connections } else { 1 };
    let before = cpu_seconds(server);
    let url = format!("http://{}{}", server.address("listen"), case.path);
    let load = load::wrk(&url, script, threads, connections, seconds);
    let cpu_micros = (cpu_seconds(server) - before) * 1e6 / load.n_requests;
    Measured { load, cpu_micros }
}

/// The reference, in a process of its own.
fn start_bare(reply: &Path) -> Server {
    Server::start(Command::new(env::current_exe().unwrap()).arg("bare").arg(reply))
}

/// One reply as it comes over the socket.
fn fetch(address: &str, case: &Case) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    let Case { method, path, body, .. } = case;
    let headers = case
        .headers
        .iter()
        .fold(String::new(), |text, (name, value)| format!("{text}{name}: {value}\r\n"));
    let head = format!(
        "{method} {path} HTTP/1.1\r\n{headers}Host: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    reply
}

/// The reference. Sends the body and the headers of a reply in a file.
fn bare(reply: &Path) {
    let reply = fs::read(reply).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", json!({ "listen": listener.local_addr().unwrap() }));
        std::io::stdout().flush().unwrap();
        bare::serve(listener, &reply).await;
    });
}

/// From the start of the process to the ready line, with the demo.
fn print_start_times() {
    let mut times: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let before = now();
            let server = Server::ringback(None, &[]);
            let took = before.elapsed();
            drop(server);
            took
        })
        .collect();
    times.sort();
    let idle = Server::ringback(None, &[]);
    println!(
        "start to ready line, demo: median {:.1} ms, slowest of {STARTS} {:.1} ms; resident when idle {} MB",
        times[STARTS / 2].as_secs_f64() * 1000.0,
        times[STARTS - 1].as_secs_f64() * 1000.0,
        idle.resident_kb() / 1024
    );
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}
