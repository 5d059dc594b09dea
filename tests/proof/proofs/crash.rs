//! `kill -9` at random moments while clients write, right behind a reply, and while a world is made; what was acknowledged is there afterwards, what
//! was deleted is not, and every start serves.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::client::{Client, json, request};
use super::dice::Dice;
use super::server::{Server, kill};
use super::task::{Counts, Fault, Task, failed};

const CLIENTS: u64 = 8;
/// The world that all of them write to, where their requests share commits.
const SHARED: &str = "default";
/// Between a start and its kill, at the most.
const LIFE_MS: usize = 300;
/// Where it is killed behind a reply, that is one of so many.
const REPLIES: usize = 60;
/// The longest that such a moment is waited for.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// When it is killed, by turns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Moment {
    Any,
    /// By the client that gets the reply to a write: what was told a moment ago has to be there.
    Reply,
    /// A folder has come into being: a world is being made.
    Folder,
}
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
        let moment = match kills % 3 {
            0 => Moment::Reply,
            1 => Moment::Folder,
            _ => Moment::Any,
        };
        round(task, folder.path(), &book, seed, moment)
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
fn round(
    task: &Task,
    folder: &Path,
    book: &Mutex<Book>,
    seed: u64,
    moment: Moment,
) -> Result<(), Fault> {
    let server = Server::start_in(task, folder)?;
    look(&server, book)?;
    let mut dice = Dice::new(seed);
    let life = Duration::from_millis(dice.below(LIFE_MS) as u64 + 5);
    let is_reply = moment == Moment::Reply;
    let replies = AtomicUsize::new(if is_reply { 1 + dice.below(REPLIES) } else { usize::MAX });
    let (killed, news) = mpsc::channel();
    let worlds = folder.join("worlds");
    let before = names(&worlds);
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
                    replies: &replies,
                    killer: (server.id(), killed.clone()),
                };
                scope.spawn(move || writer.write())
            })
            .collect();
        match moment {
            Moment::Any => thread::sleep(life),
            // Where nobody has killed it by then, it is killed now.
            Moment::Reply => drop(news.recv_timeout(WAIT_MAX)),
            Moment::Folder => {
                let began = Instant::now();
                while names(&worlds).is_subset(&before) && began.elapsed() < WAIT_MAX {
                    thread::yield_now();
                }
            }
        }
        server.kill()?;
        for writer in writers {
            writer.join().map_err(|_| "a client of the proof panicked".to_owned())??;
        }
        Ok(())
    })
}

/// What stands in a folder.
fn names(folder: &Path) -> BTreeSet<OsString> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|it| Some(it.ok()?.file_name())).collect()
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
    /// How many replies to writes there are to be yet.
    replies: &'b AtomicUsize,
    /// The program, and whom to tell that it was killed.
    killer: (u32, mpsc::Sender<()>),
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

    /// A write was answered, where requests share commits. Behind the last that is waited for, the program is killed at once.
    fn is_answered(&self, world: &str) -> Result<(), Fault> {
        if world == SHARED && self.replies.fetch_sub(1, Ordering::Relaxed) == 1 {
            let (program, killed) = &self.killer;
            kill(*program)?;
            let _ = killed.send(());
        }
        Ok(())
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
        self.is_answered(world)?;
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
        self.is_answered(world)?;
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
