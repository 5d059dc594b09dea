//! Clients side by side on one world: an order of their calls is looked for that explains every
//! reply, for MOR's campaigns and jtel's contacts, each key by itself. By turns in memory and in a file,
//! where requests share commits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use serde_json::Value;

use super::client::{Client, request};
use super::dice::Dice;
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task, failed};
use crate::support::linearisable::{Call, Model, check};

const CLIENTS: u64 = 64;
/// Calls of a client in a round; then the round is checked, and the next begins with a new world.
const CALLS: usize = 150;
/// The same in the short form: an order is looked for the longer, the more calls there are.
const CALLS_SHORT: usize = 12;
const KEYS: usize = 8;
const WORLD: &str = "linear";
const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");

/// Contacts with one UserData, or the campaign.
struct Key;

#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct State {
    runs: bool,
    /// Of the contacts, in the order of their making.
    ids: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Op {
    /// Whether the campaign runs afterwards.
    Toggle(bool),
    /// The number of the new contact.
    Import(i64),
    Find(Vec<i64>),
    Delete {
        found: bool,
    },
}

impl Model for Key {
    type State = State;
    type Op = Op;

    fn step(state: &State, op: &Op) -> Option<State> {
        let mut after = state.clone();
        let holds = match op {
            Op::Toggle(runs) => {
                after.runs = !state.runs;
                after.runs == *runs
            }
            Op::Import(id) => {
                after.ids.push(*id);
                state.ids.iter().all(|it| it < id)
            }
            Op::Find(ids) => *ids == state.ids,
            Op::Delete { found } => {
                if *found && !state.ids.is_empty() {
                    after.ids.remove(0);
                }
                *found != state.ids.is_empty()
            }
        };
        holds.then_some(after)
    }
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let folder = tempfile::tempdir().map_err(|error| failed("make a folder", error))?;
    let servers = [Server::start(task, &[])?, Server::start_in(task, folder.path())?];
    let meter = task.meter();
    let (mut calls, mut rounds) = (0, 0);
    while meter.goes_on(calls) {
        let server = &servers[usize::from(rounds % 2 != 0)];
        let seed = task.seed.wrapping_mul(7919).wrapping_add(rounds);
        server.tell("DELETE", &format!("/v1/worlds/{WORLD}"), "")?;
        let body = format!(r#"{{"name":"{WORLD}","scenario":"demo"}}"#);
        let made = server.tell("POST", "/v1/worlds", &body)?;
        if made.status() != 201 {
            return Err(format!("no world: {}", made.text()));
        }
        let n_calls = if matches!(task.limit, Limit::Count(_)) { CALLS_SHORT } else { CALLS };
        calls +=
            round(server, seed, n_calls).map_err(|fault| format!("round {rounds}: {fault}"))?;
        rounds += 1;
    }
    Ok(Counts(vec![("calls", calls), ("rounds", rounds), ("violations", 0)]))
}

fn round(server: &Server, seed: u64, n_calls: usize) -> Result<u64, Fault> {
    let moments = Arc::new(AtomicU64::new(0));
    let mut by_key: BTreeMap<usize, Vec<Call<Op>>> = BTreeMap::new();
    let histories: Result<Vec<_>, Fault> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let moments = Arc::clone(&moments);
                let vendors = server.vendors();
                scope.spawn(move || {
                    talk(vendors, Dice::new(seed ^ (client << 40)), &moments, n_calls)
                })
            })
            .collect();
        let ended =
            clients.into_iter().map(|it| it.join().map_err(|_| "a client panicked".to_owned())?);
        ended.collect()
    });
    let mut calls = 0;
    for (key, call) in histories?.into_iter().flatten() {
        by_key.entry(key).or_default().push(call);
        calls += 1;
    }
    for (key, calls) in by_key {
        check::<Key>(State::default(), &calls).map_err(|fault| format!("key {key}: {fault}"))?;
    }
    Ok(calls)
}

/// The calls of one client, each with its key; key 0 is the campaign.
fn talk(
    mut vendors: Client,
    mut dice: Dice,
    moments: &AtomicU64,
    n_calls: usize,
) -> Result<Vec<(usize, Call<Op>)>, Fault> {
    let mut calls = Vec::with_capacity(n_calls);
    for _ in 0..n_calls {
        let key = dice.below(KEYS);
        let (what, bytes) =
            if key == 0 { ("toggle", toggle()) } else { of_contact(key, &mut dice) };
        let begin = moments.fetch_add(1, Ordering::SeqCst);
        let reply = vendors.send(&bytes).map_err(|error| format!("{what}: {error}"))?;
        let end = moments.fetch_add(1, Ordering::SeqCst);
        let op = op(what, reply.status(), &reply.text())
            .ok_or_else(|| format!("{what} was answered {}: {}", reply.status(), reply.text()))?;
        calls.push((key, Call { begin, end, op }));
    }
    Ok(calls)
}

fn toggle() -> Vec<u8> {
    let hash = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
    let path = format!(
        "/w/{WORLD}/billing/api/autodialer_change_campaign_status?u=dialer_bob&id=17&hash={hash}"
    );
    request("POST", &path, &[], b"")
}

fn of_contact(key: usize, dice: &mut Dice) -> (&'static str, Vec<u8>) {
    let base = format!("/w/{WORLD}/rest/v1.0/7/dialler/contacts");
    let one = format!("{base}/contact?userData=K{key}");
    match dice.below(10) {
        0..3 => {
            let body = format!(
                r#"{{"DiallerCampaignsID":612,"UserData":"K{key}","Name":"Proof","PhoneNumber1":"4989123456"}}"#
            );
            let headers = [TOKEN, ("Content-Type", "application/json")];
            ("import", request("POST", &format!("{base}/import"), &headers, body.as_bytes()))
        }
        3..6 => ("delete", request("DELETE", &one, &[TOKEN], b"")),
        _ => ("find", request("GET", &one, &[TOKEN], b"")),
    }
}

/// What a reply says; nothing where it says something that it must not.
fn op(what: &str, status: u16, text: &str) -> Option<Op> {
    let ids = || -> Option<Vec<i64>> {
        let read: Value = serde_json::from_str(text).ok()?;
        read["records"].as_array()?.iter().map(|record| record["ID"].as_i64()).collect()
    };
    match (what, status) {
        ("toggle", 200) if text.contains("Campaign started") => Some(Op::Toggle(true)),
        ("toggle", 200) if text.contains("Campaign stopped") => Some(Op::Toggle(false)),
        ("import", 200) => Some(Op::Import(*ids()?.first()?)),
        ("find", 200) => Some(Op::Find(ids()?)),
        ("delete", 200) => Some(Op::Delete { found: true }),
        ("delete", 404) => Some(Op::Delete { found: false }),
        _ => None,
    }
}
