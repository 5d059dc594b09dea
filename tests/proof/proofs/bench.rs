//! What is done to a program while it is disturbed, and what has to be there afterwards: for the proofs that stop it at a
//! call, or take from its disk what was not synced.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{get, json as json_request, request};
use super::server::{Server, terminate};
use super::task::{Fault, Task, failed};

/// The longest that the tracer, and the end of a traced program, is waited for.
const WAIT_MAX: Duration = Duration::from_secs(20);

const AT: &str = "2026-03-02T09:00:00Z";
const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const IMPORT: &str = "/w/kept/rest/v1.0/7/dialler/contacts/import";

/// What is done while the program is watched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Deed {
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

pub(super) const DEEDS: &[(&str, Deed)] = &[
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
pub(super) enum Outcome {
    Done,
    Refused(String),
    Unanswered,
}

/// Worlds by their names, with what is looked at of each.
pub(super) type State = BTreeMap<String, Value>;

/// A folder that each try begins with a copy of.
pub(super) struct Bench<'t> {
    pub(super) task: &'t Task,
    pub(super) folder: TempDir,
    exported: Vec<u8>,
    before: State,
}

impl<'t> Bench<'t> {
    pub(super) fn make(task: &'t Task) -> Result<Self, Fault> {
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
    pub(super) fn copy(&self, deed: Deed) -> Result<PathBuf, Fault> {
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
    pub(super) fn undisturbed(&self, deed: Deed) -> Result<State, Fault> {
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

    /// Holds what is there against what was before, and what there is to be.
    pub(super) fn look(
        &self,
        deed: Deed,
        after: &State,
        data: &Path,
        outcome: &Outcome,
    ) -> Result<(), Fault> {
        let server = Server::start_in(self.task, data)?;
        let mut found = state(&server)?;
        // What was asked for behind the call that failed.
        if let Some(contacts) = found.get_mut("kept").and_then(|it| it["contacts"].as_array_mut()) {
            contacts.retain(|it| it["user_data"] != "U-next");
        }
        let is_before = found == self.before && deed != (Deed::Start { is_first: true });
        if found != *after && (!is_before || *outcome == Outcome::Done) {
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

    pub(super) fn done(&self, server: &Server, deed: Deed) -> Outcome {
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

pub(super) fn written(server: &Server, user_data: &str) -> Result<(), Fault> {
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
pub(super) fn ended(mut server: Server) -> Result<(), Fault> {
    terminate(server.id())?;
    until("the program ends", || Ok(server.has_ended()))
}

pub(super) fn until(
    what: &str,
    mut is_so: impl FnMut() -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > WAIT_MAX {
            return Err(failed(what, format!("not within {WAIT_MAX:?}")));
        }
        thread::yield_now();
    }
    Ok(())
}
