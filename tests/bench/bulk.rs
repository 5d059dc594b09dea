//! Many rows: loading, listing, and a day of dialling, beside the `sqlite3` shell on the same rows.
//!
//! `cargo bench --bench bulk` loads 100,000 contacts, lists 1,000,000 and lets a campaign dial for
//! eight hours; it prints times and memory and asserts nothing. `-- load`, `-- list` or `-- day` for
//! a part; a number after it for another count. Without the shell (on Debian `apt-get install
//! sqlite3`) it measures Ringback alone and says so.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Server, status_kb};

const LOADED: usize = 100_000;
const LISTED: usize = 1_000_000;

/// Contacts of the day: more than 200 agents get through.
const DIALLED: usize = 80_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let wanted = args.first().map(String::as_str);
    let count = |usual| args.get(1).and_then(|arg| arg.parse().ok()).unwrap_or(usual);
    let has_shell = Command::new("sqlite3").arg("-version").output().is_ok();
    if !has_shell {
        println!("sqlite3 is missing: there is nothing to compare with");
    }
    for (part, measure, usual) in
        [("load", load as fn(usize, bool), LOADED), ("list", list, LISTED), ("day", day, DIALLED)]
    {
        if wanted.is_none_or(|wanted| wanted == part) {
            measure(count(usual), has_shell);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = now();
    let done = work();
    (done, before.elapsed())
}

/// From the CSV to the ready line, and from the same CSV into the same table by the shell.
fn load(count: usize, has_shell: bool) {
    let folder = tempfile::tempdir().unwrap();
    let empty = scenario(folder.path(), 0, 1);
    let (idle, before) = timed(|| Server::ringback(Some(&empty), &[]));
    let idle_kb = idle.resident_kb();
    drop(idle);
    let full = scenario(folder.path(), count, 1);
    let (loaded, after) = timed(|| Server::ringback(Some(&full), &[]));
    let took = after.saturating_sub(before);
    println!(
        "load {count} contacts from CSV: {took:.2?} (ready {after:.2?} after the start, {before:.2?} without them), {} MB over idle",
        (loaded.resident_kb() - idle_kb) / 1024
    );
    drop(loaded);
    if has_shell {
        let (script, csv) = (import_script(folder.path(), &empty), folder.path().join("c.csv"));
        let (memory, took) =
            timed(|| shell(Path::new(":memory:"), &script.replace("CSV", csv.to_str().unwrap())));
        println!(
            "  sqlite3, the same CSV into the same table with its indexes: {took:.2?}, {} MB",
            memory / 1024
        );
    }
}

/// The list of all contacts, and the same rows from the shell, from the same index.
fn list(count: usize, has_shell: bool) {
    let folder = tempfile::tempdir().unwrap();
    let scenario = scenario(folder.path(), count, 1);
    let server = Server::ringback(Some(&scenario), &[]);
    let idle_kb = server.resident_kb();
    let (highest_kb, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let (bytes, took) = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                highest_kb.fetch_max(server.resident_kb(), Ordering::Relaxed);
                thread::park_timeout(Duration::from_millis(10));
            }
        });
        let done = timed(|| server.read("/rest/v1.0/7/dialler/contacts"));
        over.store(true, Ordering::Relaxed);
        done
    });
    println!(
        "list {count} contacts: {took:.2?}, {} MB at {:.0} MB/s, {} MB over idle ({} MB)",
        bytes / 1_000_000,
        per_second(bytes, took),
        highest_kb.load(Ordering::Relaxed).saturating_sub(idle_kb) / 1024,
        idle_kb / 1024
    );
    drop(server);
    if !has_shell {
        return;
    }
    let data = folder.path().join("data");
    drop(Server::ringback(Some(&scenario), &["--data", data.to_str().unwrap()]));
    let columns = columns(&data.join("default.db"));
    let hidden = ["client_id", "due_ms", "locked", "held_ms"];
    let columns: Vec<&str> =
        columns.iter().map(String::as_str).filter(|it| !hidden.contains(it)).collect();
    let script = format!(
        ".mode json\n.output {}\nSELECT {} FROM jtel_contact WHERE client_id = 7 ORDER BY name, id;",
        folder.path().join("out.json").display(),
        columns.join(", ")
    );
    let (memory, took) = timed(|| shell(&data.join("default.db"), &script));
    let bytes = fs::metadata(folder.path().join("out.json")).unwrap().len();
    println!(
        "  sqlite3 -json, the same rows in the same order from a file into a file: {took:.2?}, {} MB at {:.0} MB/s, {} MB",
        bytes / 1_000_000,
        per_second(bytes, took),
        memory / 1024
    );
}

/// Eight hours of a campaign with 200 agents.
fn day(count: usize, _has_shell: bool) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::ringback(Some(&scenario(folder.path(), count, 200)), &[]);
    server.ask("POST", "events/jtel/start_campaign", &json!({ "campaign": 612 }));
    let before = server.cpu_ms();
    let (advanced, took) = timed(|| server.ask("POST", "clock/advance", &json!({ "by": "8h" })));
    let spent = Duration::from_millis(server.cpu_ms() - before);
    println!(
        "eight hours of 200 agents: {} calls in {took:.2?} ({spent:.2?} of CPU)",
        advanced["kinds"]["jtel"]["call_ends"]
    );
}

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
fn per_second(bytes: u64, took: Duration) -> f64 {
    bytes as f64 / 1e6 / took.as_secs_f64()
}

/// A campaign with so many contacts from a CSV, and so many agents.
fn scenario(folder: &Path, n_contacts: usize, n_agents: usize) -> PathBuf {
    let generated = Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(["generate", "jtel-contacts", "--seed", "7", "--count", &n_contacts.to_string()])
        .output()
        .unwrap();
    fs::write(folder.join("c.csv"), generated.stdout).unwrap();
    let agents: Vec<String> = (1..=n_agents).map(|agent| agent.to_string()).collect();
    let code = |id: u32, kind: &str, weight: u32| {
        format!(
            "{{ id = {id}, campaign = 612, export_key = \"K{id}\", type = \"{kind}\", weight = {weight}, texts = [{{ language = 2, text = \"t\" }}] }},"
        )
    };
    let text = format!(
        "seed = 1\nclock = {{ mode = \"frozen\", at = \"2024-03-04T09:00:00Z\" }}\n[jtel]\n\
         clients = [{{ id = 7, tokens = [\"T\"] }}]\n\
         campaigns = [{{ id = 612, client = 7, name = \"Spring\", agents = [{}], no_number_code = 3101, tries_used_up_code = 3103 }}]\n\
         result_codes = [{}{}{}]\ncontacts = {{ csv = \"c.csv\" }}\n",
        agents.join(", "),
        code(3101, "abort", 0),
        code(3103, "abort", 0),
        code(3105, "done", 4)
    );
    let path = folder.join("bulk.toml");
    fs::write(&path, text).unwrap();
    path
}

/// The names of the columns of the contacts' table.
fn columns(file: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(file).unwrap();
    let mut statement = db.prepare("SELECT name FROM pragma_table_info('jtel_contact')").unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.collect::<rusqlite::Result<_>>().unwrap()
}

/// What makes the shell import the CSV into a table like Ringback's: the table and its indexes as
/// they are in a file of Ringback's, the CSV as text, and each cell as the table wants it.
fn import_script(folder: &Path, empty: &Path) -> String {
    let data = folder.join("schema");
    drop(Server::ringback(Some(empty), &["--data", data.to_str().unwrap()]));
    let file = data.join("default.db");
    let db = rusqlite::Connection::open(&file).unwrap();
    let list = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    let schema = list(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = 'jtel_contact' AND sql IS NOT NULL
         ORDER BY type DESC",
    );
    let csv = fs::read_to_string(folder.join("c.csv")).unwrap();
    let given: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let (mut into, mut from) = (Vec::new(), Vec::new());
    for column in columns(&file) {
        let cell = match column.as_str() {
            "campaign_id" => "campaign".to_owned(),
            "client_id" => "7".into(),
            "due_ms" | "locked" => "0".into(),
            "imported_ms" | "imported" => "unixepoch(imported) * 1000".into(),
            tries if tries.starts_with("tries") => "0".into(),
            known if given.contains(&known) => format!("nullif({known}, '')"),
            _ => continue,
        };
        into.push(column);
        from.push(cell);
    }
    format!(
        "{};\n.import --csv CSV raw\nBEGIN;\nINSERT INTO jtel_contact ({}) SELECT {} FROM raw;\nCOMMIT;\n",
        schema.join(";\n"),
        into.join(", "),
        from.join(", ")
    )
}

/// Runs the shell; answers the most memory that it took, in kB.
fn shell(file: &Path, script: &str) -> u64 {
    let mut child = Command::new("sqlite3").arg(file).stdin(Stdio::piped()).spawn().unwrap();
    // It ends when told, so that its memory can be read before.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    stdin.write_all(b"\n.print done\n").unwrap();
    let id = child.id();
    let (over, highest_kb) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                highest_kb.fetch_max(status_kb(id, "VmHWM"), Ordering::Relaxed);
                thread::park_timeout(Duration::from_millis(5));
            }
        });
        drop(stdin);
        assert!(child.wait().unwrap().success());
        over.store(true, Ordering::Relaxed);
    });
    highest_kb.load(Ordering::Relaxed)
}

impl Server {
    fn cpu_ms(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        let ticks = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
        // A tick is a hundredth of a second on every Linux.
        ticks.map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum()
    }

    fn send(&self, listener: &str, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address(listener)).unwrap();
        let request = format!(
            "{head}Host: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Reads a reply to its end and throws it away; answers its length.
    fn read(&self, path: &str) -> u64 {
        let head = format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer T\r\n");
        let mut stream = self.send("listen", &head, "");
        let (mut bytes, mut chunk) = (0, vec![0; 256 * 1024]);
        loop {
            match stream.read(&mut chunk).unwrap() {
                0 => return bytes,
                n => bytes += n as u64,
            }
        }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let head = format!(
            "{method} /v1/worlds/default/{path} HTTP/1.1\r\nContent-Type: application/json\r\n"
        );
        let mut text = String::new();
        self.send("admin", &head, &body.to_string()).read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{text}");
        serde_json::from_str(body).unwrap()
    }
}
