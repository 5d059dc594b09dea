//! Each call by which the program asks the system to write, one by one: it dies before the call, or the call fails.
//!
//! `strace` stops at the nth call of a thread. What was answered has to be there afterwards, what was not is there whole
//! or not at all, no other world has changed, nothing half done is left, and the next write does. Where a call fails, the
//! program goes on. What the system has taken is not lost here: that is what a power cut does (`--sync full`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{get, json as json_request, request};
use super::dice::Dice;
use super::server::{Server, terminate};
use super::task::{Counts, Fault, Task, failed};

/// By which files come, change and go; one that a processor does not have is passed over.
const WRITES: &str = "?open,openat,?mkdir,mkdirat,?rename,?renameat,renameat2,?unlink,unlinkat,?rmdir,?link,linkat,\
                      ftruncate,fallocate,pwrite64,pwritev,fsync,fdatasync,copy_file_range,sendfile";
/// They write to sockets and wake threads as well: to die there is to die before the reply; that they fail is another matter.
const ANY_WRITES: &str = "write,writev";
/// How a call fails.
const ERRORS: [&str; 2] = ["ENOSPC", "EIO"];
/// Of a thread's calls the last that is tried at first; where an operation has no such call, those behind it have none either.
const CALLS_MAX: usize = 200;
/// The longest that the tracer, and the end of a traced program, is waited for.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// A tracer that has told all ends at once.
const TRACER_MAX: Duration = Duration::from_secs(1);

const AT: &str = "2026-03-02T09:00:00Z";
const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const IMPORT: &str = "/w/kept/rest/v1.0/7/dialler/contacts/import";

/// What is done while calls are watched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Deed {
    /// Method, path and body, to a vendor.
    Vendor(&'static str, &'static str, &'static str),
    /// To the control plane.
    Control(&'static str, &'static str, &'static str),
    /// A new world of the file that `kept` was exported to.
    Import,
    /// In the folder as it is, or in one that is empty.
    Start {
        is_first: bool,
    },
    Stop,
}

const DEEDS: &[(&str, Deed)] = &[
    (
        "write",
        Deed::Vendor(
            "POST",
            IMPORT,
            r#"{"DiallerCampaignsID":612,"UserData":"U-new","Name":"Proof","PhoneNumber1":"+4989123456"}"#,
        ),
    ),
    (
        "delete",
        Deed::Vendor(
            "DELETE",
            "/w/kept/rest/v1.0/7/dialler/contacts/contact?userData=SIM-0001",
            "",
        ),
    ),
    (
        "event",
        Deed::Control(
            "POST",
            "/v1/worlds/kept/events/jtel/add_token",
            r#"{"client":7,"token":"SIMTOKEN-NEW"}"#,
        ),
    ),
    ("advance", Deed::Control("POST", "/v1/worlds/kept/clock/advance", r#"{"by":"2h"}"#)),
    ("checkpoint", Deed::Control("POST", "/v1/worlds/kept/checkpoint", r#"{"name":"second"}"#)),
    ("rollback", Deed::Control("POST", "/v1/worlds/kept/rollback", r#"{"name":"first"}"#)),
    ("reset", Deed::Control("POST", "/v1/worlds/kept/reset", "{}")),
    (
        "seed",
        Deed::Control(
            "POST",
            "/v1/worlds/kept/seed",
            r#"{"jtel":{"contacts":[{"id":301999,"campaign":612,"user_data":"U-seed","name":"Proof","phone_number1":"+4989123457"}]}}"#,
        ),
    ),
    (
        "make",
        Deed::Control(
            "PUT",
            "/v1/worlds/made",
            r#"{"scenario":"demo","clock":{"mode":"frozen","at":"2026-03-02T09:00:00Z"}}"#,
        ),
    ),
    ("fork", Deed::Control("POST", "/v1/worlds/kept/fork", r#"{"name":"forked"}"#)),
    ("remove", Deed::Control("DELETE", "/v1/worlds/twin", "")),
    ("export", Deed::Control("GET", "/v1/worlds/kept/export", "")),
    ("import", Deed::Import),
    ("start", Deed::Start { is_first: false }),
    ("first start", Deed::Start { is_first: true }),
    ("stop", Deed::Stop),
];

/// What became of a deed.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Outcome {
    Done,
    Refused(String),
    Unanswered,
}

/// Worlds by their names, with what is looked at of each.
type State = BTreeMap<String, Value>;

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let bench = Bench::make(task)?;
    let mut plans = Vec::new();
    for (name, deed) in DEEDS {
        let after = bench.undisturbed(*deed).map_err(|fault| format!("{name}: {fault}"))?;
        for fails in [false, true] {
            plans.push(Plan {
                name,
                deed: *deed,
                fails,
                after: after.clone(),
                left: (1..=CALLS_MAX).collect(),
                n_tried: 0,
            });
        }
    }
    let mut dice = Dice::new(task.seed);
    let meter = task.meter();
    let (mut n_killed, mut n_failed, mut n_missed, mut idx) = (0, 0, 0, 0);
    while meter.goes_on(n_killed + n_failed) && !plans.is_empty() {
        idx %= plans.len();
        let plan = &mut plans[idx];
        let nth = plan.left.swap_remove(dice.below(plan.left.len()));
        let error = *dice.of(&ERRORS);
        let happened = bench.disturbed(plan, nth, error).map_err(|fault| {
            let how = if plan.fails { error } else { "kill -9" };
            format!("{}, {how} at call {nth} of a thread: {fault}", plan.name)
        })?;
        match (happened, plan.fails) {
            (false, _) => {
                n_missed += 1;
                plan.left.retain(|it| *it < nth);
            }
            (true, false) => n_killed += 1,
            (true, true) => n_failed += 1,
        }
        plan.n_tried += u64::from(happened);
        if plan.left.is_empty() {
            if plan.n_tried == 0 {
                let how = if plan.fails { "fails" } else { "dies" };
                return Err(format!(
                    "{}: it {how} at none of its calls; does strace see them?",
                    plan.name
                ));
            }
            plans.remove(idx);
        } else {
            idx += 1;
        }
    }
    if n_killed == 0 || n_failed == 0 {
        return Err(format!(
            "{n_killed} calls were killed and {n_failed} failed; does strace see them?"
        ));
    }
    Ok(Counts(vec![
        ("kinds of work", DEEDS.len() as u64),
        ("calls that it died before", n_killed),
        ("calls that failed", n_failed),
        ("beyond the last", n_missed),
        ("half done", 0),
    ]))
}

/// An operation, and which of its calls are yet to be tried.
struct Plan {
    name: &'static str,
    deed: Deed,
    /// The call fails, in place of being the last.
    fails: bool,
    after: State,
    left: Vec<usize>,
    n_tried: u64,
}

/// A folder that each try begins with a copy of.
struct Bench<'t> {
    task: &'t Task,
    folder: TempDir,
    exported: Vec<u8>,
    before: State,
}

impl<'t> Bench<'t> {
    fn make(task: &'t Task) -> Result<Self, Fault> {
        let folder = TempDir::new().map_err(|error| failed("folder", error))?;
        let data = folder.path().join("template");
        let server = Server::start_in(task, &data)?;
        let clock = json!({ "mode": "frozen", "at": AT });
        let made = json!({ "scenario": "demo", "clock": clock }).to_string();
        let first = r#"{"DiallerCampaignsID":612,"UserData":"U-old","Name":"Proof","PhoneNumber1":"+4989123455"}"#;
        told(&server, "PUT", "/v1/worlds/kept", &made)?;
        told(&server, "POST", "/v1/worlds/kept/checkpoint", r#"{"name":"first"}"#)?;
        let sent = request("POST", IMPORT, &[TOKEN, JSON], first.as_bytes());
        let reply = server.vendors().send(&sent).map_err(|error| failed(IMPORT, error))?;
        if reply.status() >= 300 {
            return Err(format!("{IMPORT} was answered {}: {}", reply.status(), reply.text()));
        }
        told(&server, "POST", "/v1/worlds/kept/fork", r#"{"name":"twin"}"#)?;
        let path = "/v1/worlds/kept/export";
        let exported = server.control().send(&get(path)).map_err(|error| failed(path, error))?.body;
        let before = state(&server)?;
        ended(server)?;
        Ok(Bench { task, folder, exported, before })
    }

    /// A copy of the folder, or one that is empty.
    fn copy(&self, deed: Deed) -> Result<PathBuf, Fault> {
        let data = self.folder.path().join("data");
        if data.exists() {
            fs::remove_dir_all(&data).map_err(|error| failed("clear", error))?;
        }
        if deed != (Deed::Start { is_first: true }) {
            copy(&self.folder.path().join("template"), &data)
                .map_err(|error| failed("copy", error))?;
        }
        Ok(data)
    }

    /// What is there when nobody comes between.
    fn undisturbed(&self, deed: Deed) -> Result<State, Fault> {
        let data = self.copy(deed)?;
        let server = Server::start_in(self.task, &data)?;
        match self.done(&server, deed) {
            Outcome::Done => {}
            other => return Err(format!("expected it to be done, found {other:?}")),
        }
        ended(server)?;
        let server = Server::start_in(self.task, &data)?;
        state(&server)
    }

    /// Whether the call came, and what came of it was right.
    fn disturbed(&self, plan: &Plan, nth: usize, error: &str) -> Result<bool, Fault> {
        let data = self.copy(plan.deed)?;
        let trace = self.folder.path().join("trace");
        let calls = if plan.fails { WRITES.to_owned() } else { format!("{WRITES},{ANY_WRITES}") };
        let injected = if plan.fails { format!("error={error}") } else { "signal=SIGKILL".into() };
        let inject = [format!("trace={calls}"), format!("inject={calls}:{injected}:when={nth}")];
        let mut outcome = Outcome::Unanswered;
        if let Deed::Start { .. } = plan.deed {
            if let Ok(server) = Server::start_traced(self.task, &data, &inject, &trace) {
                outcome = Outcome::Done;
                server.kill()?;
            }
        } else {
            let mut server = Server::start_in(self.task, &data)?;
            let mut tracer = traced(&server, &inject, &trace)?;
            outcome = self.done(&server, plan.deed);
            if plan.deed == Deed::Stop {
                until("the program ends", || Ok(has_died(server.id())))?;
            }
            unwatched(&mut tracer)?;
            if plan.fails && plan.deed != Deed::Stop {
                // It goes on: what is asked next is answered, and written.
                if server.has_ended() {
                    return Err(format!("the program ended; the operation was {outcome:?}"));
                }
                written(&server, "U-next").map_err(|fault| format!("{outcome:?}, then {fault}"))?;
            }
            server.kill()?;
        }
        let told = fs::read_to_string(&trace).unwrap_or_default();
        let happened = told.contains(if plan.fails { "(INJECTED)" } else { "killed by SIGKILL" })
            && (plan.fails || plan.deed == Deed::Stop || outcome == Outcome::Unanswered);
        self.look(plan, &data, &outcome)?;
        Ok(happened)
    }

    /// Holds what is there against what was before, and what there is to be.
    fn look(&self, plan: &Plan, data: &Path, outcome: &Outcome) -> Result<(), Fault> {
        let server = Server::start_in(self.task, data)?;
        let mut found = state(&server)?;
        // What was asked for behind the call that failed.
        if let Some(contacts) = found.get_mut("kept").and_then(|it| it["contacts"].as_array_mut()) {
            contacts.retain(|it| it["user_data"] != "U-next");
        }
        let is_before = found == self.before && plan.deed != (Deed::Start { is_first: true });
        if found != plan.after && (!is_before || *outcome == Outcome::Done) {
            let after = &plan.after;
            return Err(format!(
                "{outcome:?}; expected {after:?}, found {found:?}, before {:?}",
                self.before
            ));
        }
        let folders = fs::read_dir(data.join("worlds")).map_err(|error| failed("worlds", error))?;
        for folder in folders {
            let name = folder.map_err(|error| failed("worlds", error))?.file_name();
            if !found.contains_key(&*name.to_string_lossy()) {
                return Err(format!("{outcome:?}; {} is left in the folder", name.display()));
            }
        }
        if found.contains_key("kept") {
            written(&server, "U-last")?;
        }
        ended(server)
    }

    fn done(&self, server: &Server, deed: Deed) -> Outcome {
        let sent = match deed {
            Deed::Vendor(method, path, body) => {
                server.vendors().send(&request(method, path, &[TOKEN, JSON], body.as_bytes()))
            }
            Deed::Control("GET", path, _) => server.control().send(&get(path)),
            Deed::Control(method, path, body) => {
                server.control().send(&json_request(method, path, body))
            }
            Deed::Import => {
                let head = [("Content-Type", "application/vnd.sqlite3")];
                let path = "/v1/worlds/imported/import";
                server.control().send(&request("POST", path, &head, &self.exported))
            }
            Deed::Start { .. } => return Outcome::Done,
            Deed::Stop => {
                return match terminate(server.id()) {
                    Ok(()) => Outcome::Done,
                    Err(fault) => Outcome::Refused(fault),
                };
            }
        };
        match sent {
            Ok(reply) if reply.status() < 300 => Outcome::Done,
            Ok(reply) => Outcome::Refused(format!("{}: {}", reply.status(), reply.text())),
            Err(_) => Outcome::Unanswered,
        }
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

fn told(server: &Server, method: &str, path: &str, body: &str) -> Result<(), Fault> {
    let reply = server.tell(method, path, body)?;
    if reply.status() < 300 {
        return Ok(());
    }
    Err(format!("{method} {path} was answered {}: {}", reply.status(), reply.text()))
}

fn written(server: &Server, user_data: &str) -> Result<(), Fault> {
    let body = json!({ "DiallerCampaignsID": 612, "UserData": user_data, "Name": "Proof", "PhoneNumber1": "+4989123458" });
    let sent = request("POST", IMPORT, &[TOKEN, JSON], body.to_string().as_bytes());
    let reply = server.vendors().send(&sent).map_err(|error| failed("the next write", error))?;
    if reply.status() < 300 {
        return Ok(());
    }
    Err(format!("the next write was answered {}: {}", reply.status(), reply.text()))
}

/// What is looked at: the contacts of each world, its checkpoints and its time.
fn state(server: &Server) -> Result<State, Fault> {
    let mut state = State::new();
    for world in server.ask("/v1/worlds")?["worlds"].as_array().into_iter().flatten() {
        let name = world["name"].as_str().unwrap_or_default();
        if world["state"] != "open" {
            return Err(format!("world {name} is {}", world["state"]));
        }
        let rows = server.ask(&format!("/v1/worlds/{name}/state/jtel/contacts"))?;
        let tokens = server.ask(&format!("/v1/worlds/{name}/state/jtel/tokens"))?;
        let seen = json!({
            "contacts": rows["rows"], "tokens": tokens["rows"], "checkpoints": world["checkpoints"],
            // That of the others goes on by itself.
            "now": if name == "default" { &Value::Null } else { &world["clock"]["now"] },
        });
        state.insert(name.to_owned(), seen);
    }
    Ok(state)
}

/// Ends it as its user does.
fn ended(mut server: Server) -> Result<(), Fault> {
    terminate(server.id())?;
    until("the program ends", || Ok(server.has_ended()))
}

/// Has the calls of a running program watched, and waits until they are.
fn traced(server: &Server, inject: &[String; 2], trace: &Path) -> Result<Child, Fault> {
    let id = server.id();
    let tracer = Command::new("strace")
        .args(["-f", "-q", "-e", &inject[0], "-e", &inject[1], "-o"])
        .arg(trace)
        .args(["-p", &id.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed("strace", error))?;
    until("the tracer is there", || {
        let tasks =
            fs::read_dir(format!("/proc/{id}/task")).map_err(|error| failed("tasks", error))?;
        let mut is_all = true;
        for thread in tasks.flatten() {
            let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            is_all &= !status.contains("TracerPid:\t0\n");
        }
        Ok(is_all)
    })?;
    Ok(tracer)
}

/// Whether it has come to its end; while a tracer holds it nobody else can wait for it.
fn has_died(program: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{program}/status")).unwrap_or_default();
    status.is_empty() || status.contains("State:\tZ")
}

/// Ends the watching. A tracer whose program died under it may wait for one of its threads for ever.
fn unwatched(tracer: &mut Child) -> Result<(), Fault> {
    let _ = terminate(tracer.id());
    let began = Instant::now();
    while matches!(tracer.try_wait(), Ok(None)) && began.elapsed() < TRACER_MAX {
        thread::yield_now();
    }
    let _ = tracer.kill();
    tracer.wait().map_err(|error| failed("the tracer", error)).map(drop)
}

fn until(what: &str, mut is_so: impl FnMut() -> Result<bool, Fault>) -> Result<(), Fault> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > WAIT_MAX {
            return Err(failed(what, format!("not within {WAIT_MAX:?}")));
        }
        thread::yield_now();
    }
    Ok(())
}
