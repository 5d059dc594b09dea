//! `kill -9` at random moments while clients write; what was acknowledged is there afterwards, what
//! was deleted is not, and every start serves.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::client::{Client, json, request};
use super::dice::Dice;
use super::server::Server;
use super::task::{Counts, Fault, Task, failed};

const CLIENTS: u64 = 8;
/// The world that all of them write to, where their requests share commits.
const SHARED: &str = "default";
/// Between a start and its kill, at the most.
const LIFE_MS: usize = 300;
/// So many worlds of a client are there at once.
const WORLDS_MAX: usize = 4;
const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");

/// What is known of something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Known {
    There,
    Gone,
    /// Its request was under way when the program died.
    Open,
}

/// Worlds by their names, contacts by world and UserData.
#[derive(Debug, Default)]
struct Book {
    worlds: BTreeMap<String, Known>,
    contacts: BTreeMap<(String, String), Known>,
    acknowledged: u64,
}

impl Book {
    fn set_world(&mut self, name: &str, known: Known) {
        self.worlds.insert(name.to_owned(), known);
        self.acknowledged += u64::from(known != Known::Open);
    }

    fn set_contact(&mut self, key: &(String, String), known: Known) {
        self.contacts.insert(key.clone(), known);
        self.acknowledged += u64::from(known != Known::Open);
    }
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let folder = TempDir::new().map_err(|error| failed("folder", error))?;
    let worlds = BTreeMap::from([(SHARED.to_owned(), Known::There)]);
    let book = Mutex::new(Book { worlds, ..Book::default() });
    let meter = task.meter();
    let mut kills = 0;
    while meter.goes_on(kills) {
        let seed = task.seed.wrapping_mul(1_000_003).wrapping_add(kills);
        round(task, folder.path(), &book, seed)
            .map_err(|fault| format!("kill {kills}: {fault}"))?;
        kills += 1;
    }
    let book = book.into_inner().map_err(|error| failed("book", error))?;
    Ok(Counts(vec![
        ("kills", kills),
        ("acknowledged writes", book.acknowledged),
        ("lost or resurrected", 0),
    ]))
}

/// Starts, looks at what is there, lets clients write, kills.
fn round(task: &Task, folder: &Path, book: &Mutex<Book>, seed: u64) -> Result<(), Fault> {
    let server = Server::start_in(task, folder)?;
    look(&server, book)?;
    let life = Duration::from_millis(Dice::new(seed).below(LIFE_MS) as u64 + 5);
    thread::scope(|scope| {
        let (listen, admin) = (server.listen.clone(), server.admin.clone());
        let writers: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let writer = Writer {
                    client,
                    dice: Dice::new(seed ^ (client << 32)),
                    vendors: Client::new(&listen),
                    control: Client::new(&admin),
                    book,
                    n: 0,
                    seed,
                };
                scope.spawn(move || writer.write())
            })
            .collect();
        thread::sleep(life);
        server.kill()?;
        for writer in writers {
            writer.join().map_err(|_| "a client of the proof panicked".to_owned())??;
        }
        Ok(())
    })
}

/// Holds what is there against what is known; what was open is known from now on.
fn look(server: &Server, book: &Mutex<Book>) -> Result<(), Fault> {
    let mut book = book.lock().map_err(|error| failed("book", error))?;
    let all = server.ask("/v1/worlds")?;
    let mut there = BTreeMap::new();
    for world in all["worlds"].as_array().into_iter().flatten() {
        let name = world["name"].as_str().unwrap_or_default().to_owned();
        there.insert(name, world["state"].as_str().unwrap_or_default().to_owned());
    }
    for (name, known) in &mut book.worlds {
        let state = there.get(name);
        match (*known, state) {
            (Known::There, None) => {
                return Err(format!("world {name} was acknowledged and is gone"));
            }
            (Known::Gone, Some(_)) => return Err(format!("world {name} was deleted and is back")),
            (_, Some(state)) if state != "open" => return Err(format!("world {name} is {state}")),
            _ => {}
        }
        *known = if state.is_some() { Known::There } else { Known::Gone };
    }
    let mut vendors = server.vendors();
    let worlds = book.worlds.clone();
    for ((world, user_data), known) in &mut book.contacts {
        if worlds.get(world) != Some(&Known::There) {
            *known = Known::Gone;
            continue;
        }
        let is_there = has_contact(&mut vendors, world, user_data)?;
        match (*known, is_there) {
            (Known::There, false) => {
                return Err(format!("contact {user_data} of {world} was acknowledged and is gone"));
            }
            (Known::Gone, true) => {
                return Err(format!("contact {user_data} of {world} was deleted and is back"));
            }
            _ => *known = if is_there { Known::There } else { Known::Gone },
        }
    }
    book.contacts.retain(|_, known| *known == Known::There);
    Ok(())
}

fn has_contact(vendors: &mut Client, world: &str, user_data: &str) -> Result<bool, Fault> {
    let path = format!("/w/{world}/rest/v1.0/7/dialler/contacts/contact?userData={user_data}");
    let reply = vendors
        .send(&request("GET", &path, &[TOKEN], b""))
        .map_err(|error| failed(&path, error))?;
    let found: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    match (reply.status(), found["records"].as_array()) {
        (200, Some(records)) => Ok(!records.is_empty()),
        _ => Err(format!("{path} was answered {}: {}", reply.status(), reply.text())),
    }
}

/// A client that writes until the program is gone.
struct Writer<'b> {
    client: u64,
    dice: Dice,
    vendors: Client,
    control: Client,
    book: &'b Mutex<Book>,
    n: u64,
    seed: u64,
}

impl Writer<'_> {
    fn write(mut self) -> Result<(), Fault> {
        loop {
            self.n += 1;
            let worlds = self.worlds()?;
            let step = self.dice.below(100);
            let done = if worlds.is_empty() || (step < 12 && worlds.len() < WORLDS_MAX) {
                self.make()?
            } else {
                let world = self.dice.of(&worlds).clone();
                match step {
                    0..20 => self.delete_world(&world)?,
                    20..30 => self.delete_contact(&world)?,
                    30..65 => self.import(&world)?,
                    65..75 => self.delete_contact(SHARED)?,
                    _ => self.import(SHARED)?,
                }
            };
            if !done {
                return Ok(());
            }
        }
    }

    fn worlds(&self) -> Result<Vec<String>, Fault> {
        let book = self.book.lock().map_err(|error| failed("book", error))?;
        let begin = format!("w{}-", self.client);
        let mine = book
            .worlds
            .iter()
            .filter(|(name, known)| name.starts_with(&begin) && **known == Known::There);
        Ok(mine.map(|(name, _)| name.clone()).collect())
    }

    fn note(&self, change: impl FnOnce(&mut Book)) -> Result<(), Fault> {
        change(&mut *self.book.lock().map_err(|error| failed("book", error))?);
        Ok(())
    }

    fn make(&mut self) -> Result<bool, Fault> {
        let name = format!("w{}-{}-{}", self.client, self.seed, self.n);
        self.note(|book| book.set_world(&name, Known::Open))?;
        let body = format!(r#"{{"name":"{name}","scenario":"demo"}}"#);
        let Ok(reply) = self.control.send(&json("POST", "/v1/worlds", &body)) else {
            return Ok(false);
        };
        if reply.status() != 201 {
            return Err(format!("making {name} was answered {}: {}", reply.status(), reply.text()));
        }
        self.note(|book| book.set_world(&name, Known::There))?;
        Ok(true)
    }

    fn delete_world(&mut self, name: &str) -> Result<bool, Fault> {
        self.note(|book| book.set_world(name, Known::Open))?;
        let path = format!("/v1/worlds/{name}");
        let Ok(reply) = self.control.send(&json("DELETE", &path, "")) else { return Ok(false) };
        if reply.status() >= 300 {
            return Err(format!(
                "deleting {name} was answered {}: {}",
                reply.status(),
                reply.text()
            ));
        }
        self.note(|book| book.set_world(name, Known::Gone))?;
        Ok(true)
    }

    fn import(&mut self, world: &str) -> Result<bool, Fault> {
        let user_data = format!("U{}-{}-{}", self.client, self.seed, self.n);
        let key = (world.to_owned(), user_data.clone());
        self.note(|book| book.set_contact(&key, Known::Open))?;
        let path = format!("/w/{world}/rest/v1.0/7/dialler/contacts/import");
        let body = format!(
            r#"{{"DiallerCampaignsID":612,"UserData":"{user_data}","Name":"Proof","PhoneNumber1":"+4989123456"}}"#
        );
        let headers = [TOKEN, ("Content-Type", "application/json")];
        let sent = request("POST", &path, &headers, body.as_bytes());
        let Ok(reply) = self.vendors.send(&sent) else { return Ok(false) };
        if reply.status() >= 300 {
            return Err(format!("an import was answered {}: {}", reply.status(), reply.text()));
        }
        self.note(|book| book.set_contact(&key, Known::There))?;
        Ok(true)
    }

    fn delete_contact(&mut self, world: &str) -> Result<bool, Fault> {
        let begin = format!("U{}-", self.client);
        let mut found = None;
        self.note(|book| {
            let known = book.contacts.iter().filter(|(_, known)| **known == Known::There);
            found = known
                .map(|(key, _)| key.clone())
                .find(|(of, user_data)| of == world && user_data.starts_with(&begin));
        })?;
        let Some(key) = found else { return Ok(true) };
        self.note(|book| book.set_contact(&key, Known::Open))?;
        let path = format!("/w/{world}/rest/v1.0/7/dialler/contacts/contact?userData={}", key.1);
        let Ok(reply) = self.vendors.send(&request("DELETE", &path, &[TOKEN], b"")) else {
            return Ok(false);
        };
        if reply.status() >= 300 {
            return Err(format!(
                "deleting {key:?} was answered {}: {}",
                reply.status(),
                reply.text()
            ));
        }
        self.note(|book| book.set_contact(&key, Known::Gone))?;
        Ok(true)
    }
}
