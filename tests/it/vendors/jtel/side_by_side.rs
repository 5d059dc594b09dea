//! Many clients at once on the same few `UserData` values. What they were told has to be what one
//! client after the other would have been told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use ringback::inside::base::seed::Seed;
use serde_json::{Value, json};

use super::{BASE, admin, ask_admin, client, start};
use crate::support::linearisable::{Call, Model, check};
use crate::support::program::Running;
use crate::support::talk::Client;

const CLIENTS: usize = 64;
const KEYS: usize = 10;

/// The contacts with one `UserData`, and nothing else: a call by `UserData`, or by the ID of one of
/// them, neither sees nor changes those of another.
struct Contacts;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// By ID.
    contacts: Vec<Contact>,
    /// The highest ID so far. No ID is given out twice, and they grow.
    last_id: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Contact {
    shown: Arc<Shown>,
    locked: bool,
}

/// What the wire shows of a contact, as far as these calls change it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    id: i64,
    campaign: i64,
    name: String,
    tag: Option<String>,
}

/// Which contact a call means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// The first one with the `UserData`.
    UserData,
    Id(i64),
}

/// A call and its reply.
#[derive(Clone, Debug, PartialEq)]
enum Op {
    /// `tag` is left out of the body where it is `None`, and stays then as it is.
    Import {
        campaign: i64,
        name: String,
        tag: Option<String>,
        overwrites: bool,
        reply: Shown,
    },
    Delete {
        by: By,
        found: bool,
    },
    SetLock {
        by: By,
        locked: bool,
        found: bool,
    },
    Read(Vec<Shown>),
    ReadOne {
        id: i64,
        reply: Option<Shown>,
    },
    /// The control plane's view, which shows the lock.
    Look(Vec<Contact>),
}

impl State {
    fn find(&self, by: By) -> Option<usize> {
        match by {
            By::UserData => (!self.contacts.is_empty()).then_some(0),
            By::Id(id) => self.contacts.iter().position(|it| it.shown.id == id),
        }
    }

    /// The state after an import, and its reply.
    fn import(&self, op: &Op) -> Option<(State, Arc<Shown>)> {
        let Op::Import { campaign, name, tag, overwrites, reply } = op else { return None };
        let mut after = self.clone();
        let duplicate = after.contacts.iter().position(|it| it.shown.campaign == *campaign);
        if let Some(idx) = duplicate.filter(|_| *overwrites) {
            let old = &after.contacts[idx].shown;
            let tag = tag.clone().or_else(|| old.tag.clone());
            let shown = Arc::new(Shown { name: name.clone(), tag, ..Shown::clone(old) });
            after.contacts[idx].shown = Arc::clone(&shown);
            return Some((after, shown));
        }
        let (name, tag) = (name.clone(), tag.clone());
        let shown = Arc::new(Shown { id: reply.id, campaign: *campaign, name, tag });
        if reply.id <= self.last_id {
            return None;
        }
        after.last_id = reply.id;
        after.contacts.push(Contact { shown: Arc::clone(&shown), locked: false });
        Some((after, shown))
    }
}

impl Model for Contacts {
    type State = State;
    type Op = Op;

    fn step(state: &State, op: &Op) -> Option<State> {
        let same = |holds: bool| holds.then(|| state.clone());
        match op {
            Op::Import { reply, .. } => {
                let (after, expected) = state.import(op)?;
                (*expected == *reply).then_some(after)
            }
            Op::Delete { by, found } | Op::SetLock { by, found, .. } => {
                let idx = state.find(*by);
                if idx.is_some() != *found {
                    return None;
                }
                let mut after = state.clone();
                match (idx, op) {
                    (Some(idx), Op::SetLock { locked, .. }) => after.contacts[idx].locked = *locked,
                    (Some(idx), _) => drop(after.contacts.remove(idx)),
                    (None, _) => {}
                }
                Some(after)
            }
            Op::Read(reply) => same(state.contacts.iter().map(|it| &*it.shown).eq(reply)),
            Op::ReadOne { id, reply } => {
                let found = state.find(By::Id(*id)).map(|idx| &*state.contacts[idx].shown);
                same(found == reply.as_ref())
            }
            Op::Look(reply) => same(state.contacts == *reply),
        }
    }
}

fn shown(record: &Value) -> Shown {
    Shown {
        id: record["ID"].as_i64().unwrap(),
        campaign: record["DiallerCampaignsID"].as_i64().unwrap(),
        name: record["Name"].as_str().unwrap().to_owned(),
        tag: record["Tag"].as_str().map(str::to_owned),
    }
}

fn records(reply: &Value) -> Vec<Shown> {
    reply["records"].as_array().unwrap().iter().map(shown).collect()
}

/// A call to one of the values, with its place among them.
type Noted = (usize, Call<Op>);

/// What all clients share.
struct Test<'a> {
    running: &'a Running,
    moments: AtomicU64,
    over: AtomicBool,
}

impl Test<'_> {
    /// Notes when something began and ended.
    fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, u64, u64) {
        let begin = self.moments.fetch_add(1, Ordering::SeqCst);
        let done = work();
        (done, begin, self.moments.fetch_add(1, Ordering::SeqCst))
    }

    /// One client: call after call, until there were enough or time is up.
    fn client(&self, number: usize, calls_max: usize) -> Vec<Noted> {
        let mut client = client(self.running);
        let mut draw = Seed(7).draw("test.side_by_side", &[&number.to_string()]);
        // The last contact that each value was seen to have, for calls by ID.
        let mut last_ids = [None; KEYS];
        let mut noted = Vec::new();
        while noted.len() < calls_max && !self.over.load(Ordering::Relaxed) {
            let key = draw.random_range(0..KEYS);
            let name = format!("{number}-{}", noted.len());
            let last_id = last_ids[key].filter(|_| draw.random_bool(0.3));
            let (op, begin, end) = self.timed(|| call(&mut client, &mut draw, key, name, last_id));
            let seen = match &op {
                Op::Import { reply, .. } => Some(reply.id),
                Op::Read(shown) => shown.last().map(|it| it.id),
                _ => None,
            };
            last_ids[key] = seen.or(last_ids[key]);
            noted.push((key, Call { begin, end, op }));
        }
        noted
    }

    /// Looks at the state behind the wire: a call to every value at once.
    fn look(&self, admin: &mut Client) -> Vec<Noted> {
        let path = "state/jtel/contacts?limit=1000";
        let (table, begin, end) = self.timed(|| ask_admin(admin, "GET", path, &Value::Null));
        let mut looks: Vec<Vec<Contact>> = vec![Vec::new(); KEYS];
        for row in table["rows"].as_array().unwrap() {
            let key: usize = row["user_data"].as_str().unwrap()[1..].parse().unwrap();
            let shown = Shown {
                id: row["id"].as_i64().unwrap(),
                campaign: row["campaign_id"].as_i64().unwrap(),
                name: row["name"].as_str().unwrap().to_owned(),
                tag: row["tag"].as_str().map(str::to_owned),
            };
            looks[key].push(Contact { shown: Arc::new(shown), locked: row["locked"] == 1 });
        }
        let calls = looks.into_iter().map(|look| Call { begin, end, op: Op::Look(look) });
        calls.enumerate().collect()
    }
}

/// Sends one call and reads what came of it.
fn call(
    client: &mut Client,
    draw: &mut ChaCha8Rng,
    key: usize,
    name: String,
    last_id: Option<i64>,
) -> Op {
    let by = last_id.map_or(By::UserData, By::Id);
    let action = |action: &str| match by {
        By::UserData => format!("{BASE}/contacts/contact{action}?userData=U{key}"),
        By::Id(id) => format!("{BASE}/contacts/contact/{id}{action}"),
    };
    let mut send = |method: &str, path: &str, body: &Value| {
        let (status, reply) = client.json(method, path, body);
        assert!(matches!(status, 200 | 404), "{method} {path}: {status} {reply}");
        assert_eq!(reply["status"], status);
        (status == 200, reply)
    };
    match draw.random_range(0..100) {
        0..25 => {
            let campaign = if draw.random_bool(0.7) { 612 } else { 613 };
            let tag = draw.random_bool(0.5).then(|| format!("t{name}"));
            let overwrites = draw.random_bool(0.6);
            let mut body = json!({"DiallerCampaignsID": campaign, "UserData": format!("U{key}"),
                "Name": name, "PhoneNumber1": "4930231200"});
            if let Some(tag) = &tag {
                body["Tag"] = tag.as_str().into();
            }
            let path = format!("{BASE}/contacts/import?overwriteDuplicates={overwrites}");
            let (found, reply) = send("POST", &path, &body);
            assert!(found, "{reply}");
            assert_eq!(reply["records"][0]["UserData"], format!("U{key}"));
            let reply = shown(&reply["records"][0]);
            Op::Import { campaign, name, tag, overwrites, reply }
        }
        25..40 => Op::Delete { by, found: send("DELETE", &action(""), &Value::Null).0 },
        locking @ 40..70 => {
            let locked = locking % 2 == 0;
            let path = action(if locked { "/lock" } else { "/unlock" });
            Op::SetLock { by, locked, found: send("PATCH", &path, &Value::Null).0 }
        }
        _ => match by {
            By::UserData => Op::Read(records(&send("GET", &action(""), &Value::Null).1)),
            By::Id(id) => {
                let (found, reply) = send("GET", &format!("{BASE}/contacts/{id}"), &Value::Null);
                Op::ReadOne { id, reply: found.then(|| shown(&reply["records"][0])) }
            }
        },
    }
}

/// Lets the clients run, and answers the history of each value.
fn history(calls_max: usize, time: Duration) -> BTreeMap<usize, Vec<Call<Op>>> {
    let running = start(&[]);
    let test = Test { running: &running, moments: AtomicU64::new(0), over: AtomicBool::new(false) };
    let mut all: Vec<Noted> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let test = &test;
                scope.spawn(move || test.client(number, calls_max))
            })
            .collect();
        let mut admin = admin(&running);
        let started = now();
        let mut all = Vec::new();
        while !clients.iter().all(thread::ScopedJoinHandle::is_finished) {
            all.extend(test.look(&mut admin));
            test.over.store(started.elapsed() > time, Ordering::Relaxed);
        }
        all.extend(clients.into_iter().flat_map(|client| client.join().unwrap()));
        all
    });
    let mut admin = admin(&running);
    all.extend(test.look(&mut admin));
    let failed = ask_admin(&mut admin, "GET", "journal?outcome=error", &Value::Null);
    assert_eq!(failed["entries"], json!([]));

    let mut histories: BTreeMap<usize, Vec<Call<Op>>> = BTreeMap::new();
    for (key, call) in all {
        histories.entry(key).or_default().push(call);
    }
    histories
}

#[expect(clippy::disallowed_methods, reason = "how long to go on; nothing is asserted of it")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::print_stdout, reason = "asked for by hand, with --nocapture")]
fn tell(text: &str) {
    println!("{text}");
}

fn n_calls(histories: &BTreeMap<usize, Vec<Call<Op>>>) -> usize {
    histories.values().map(Vec::len).sum()
}

fn check_all(histories: &BTreeMap<usize, Vec<Call<Op>>>) {
    assert_eq!(histories.len(), KEYS);
    thread::scope(|scope| {
        for (key, calls) in histories {
            scope.spawn(move || {
                check::<Contacts>(State::default(), calls).unwrap_or_else(|reason| {
                    panic!("UserData U{key}, {} calls: {reason}", calls.len())
                });
            });
        }
    });
}

#[test]
fn what_many_clients_are_told_has_an_order() {
    let histories = history(50, Duration::MAX);
    check_all(&histories);
    assert!(n_calls(&histories) >= CLIENTS * 50);
}

/// `cargo test --release --test it -- --ignored --nocapture a_full_minute`
#[test]
#[ignore = "takes more than a minute"]
fn a_full_minute_of_many_clients_has_an_order() {
    let histories = history(usize::MAX, Duration::from_mins(1));
    check_all(&histories);
    let n_calls = n_calls(&histories);
    tell(&format!("{n_calls} calls in a minute"));
    assert!(n_calls > CLIENTS * 50);
}

fn contact(id: i64, name: &str, locked: bool) -> Contact {
    let shown = Shown { id, campaign: 612, name: name.into(), tag: None };
    Contact { shown: Arc::new(shown), locked }
}

fn imported(begin: u64, end: u64, overwrites: bool, id: i64, name: &str) -> Call<Op> {
    let reply = Shown::clone(&contact(id, name, false).shown);
    let op = Op::Import { campaign: 612, name: name.into(), tag: None, overwrites, reply };
    Call { begin, end, op }
}

fn holds(calls: &[Call<Op>]) -> bool {
    check::<Contacts>(State::default(), calls).is_ok()
}

#[test]
fn the_checker_finds_a_lock_an_import_or_a_deletion_that_got_lost() {
    let call = |begin, end, op| Call { begin, end, op };
    let glance = |begin, contacts: &[Contact]| call(begin, begin + 1, Op::Look(contacts.to_vec()));
    let lock = |begin, end, locked| {
        call(begin, end, Op::SetLock { by: By::UserData, locked, found: true })
    };
    let first = imported(1, 2, false, 1, "A");

    let locked = [first.clone(), lock(3, 4, true)];
    assert!(holds(&[&locked[..], &[glance(5, &[contact(1, "A", true)])]].concat()));
    assert!(!holds(&[&locked[..], &[glance(5, &[contact(1, "A", false)])]].concat()));
    // Side by side with an unlock, either may come last.
    let both = [first.clone(), lock(3, 6, true), lock(4, 5, false)];
    for locked in [true, false] {
        assert!(holds(&[&both[..], &[glance(7, &[contact(1, "A", locked)])]].concat()));
    }

    // An import that overwrites leaves the lock as it is.
    let overwritten = [&locked[..], &[imported(5, 6, true, 1, "B")]].concat();
    assert!(holds(&[&overwritten[..], &[glance(7, &[contact(1, "B", true)])]].concat()));
    assert!(!holds(&[&overwritten[..], &[glance(7, &[contact(1, "A", true)])]].concat()));
    assert!(!holds(&[&overwritten[..], &[glance(7, &[contact(1, "B", false)])]].concat()));

    // Two that overwrite side by side make one contact, not two.
    let one = [imported(1, 4, true, 1, "A"), imported(2, 3, true, 1, "B")];
    assert!(holds(&one));
    assert!(!holds(&[imported(1, 4, true, 1, "A"), imported(2, 3, true, 2, "B")]));
    assert!(!holds(&[first.clone(), imported(3, 4, false, 1, "B")]), "an ID twice");

    let delete = |begin, end, found| call(begin, end, Op::Delete { by: By::UserData, found });
    assert!(holds(&[first.clone(), delete(3, 6, true), delete(4, 5, false)]));
    assert!(!holds(&[first.clone(), delete(3, 6, true), delete(4, 5, true)]), "deleted twice");
    assert!(!holds(&[first.clone(), delete(3, 4, true), glance(5, &[contact(1, "A", false)])]));
    let reply = Some(Shown::clone(&contact(1, "A", false).shown));
    let read = call(5, 6, Op::ReadOne { id: 1, reply });
    assert!(!holds(&[first, delete(3, 4, true), read]), "read after it was deleted");
}
