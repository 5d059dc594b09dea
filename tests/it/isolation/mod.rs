//! Many worlds at once over all vendors: none sees a row or a journal entry of another, and each
//! answers byte for byte as when it is alone.

mod drive;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringback::inside::app;
use ringback::inside::net::front::Front;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use serde_json::{Value, json};

use self::drive::{MARK, Outcome, drive, name};
use crate::support::program::serve;
use crate::support::talk::Client;

fn runtime(threads: usize) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(threads).enable_all().build().unwrap()
}

fn front() -> Arc<Front> {
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    Arc::new(Front::new(Arc::new(worlds), false))
}

/// What is left of the journals of many worlds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Journals {
    Whole,
    /// All journals of a process share its room: of a long run the oldest entries go.
    Latest,
}

/// Drives `count` worlds at once, and each again by itself.
fn check(count: u32, steps: u32, journals: Journals) {
    let together = runtime(4).block_on(async {
        let front = front();
        let library = Arc::new(app::library(None, ClockSpec::Real));
        let driven: Vec<_> = (0..count)
            .map(|world| {
                let (front, library) = (Arc::clone(&front), Arc::clone(&library));
                tokio::spawn(async move { drive(&front, &library, world, steps).await })
            })
            .collect();
        let mut outcomes = Vec::new();
        for world in driven {
            outcomes.push(world.await.unwrap());
        }
        assert_eq!(front.worlds.all().len(), count as usize);
        outcomes
    });
    let (one, library, front) = (runtime(1), app::library(None, ClockSpec::Real), front());
    let mut n_ok = 0;
    for (world, together) in (0..count).zip(&together) {
        let alone = one.block_on(drive(&front, &library, world, steps));
        assert!(front.worlds.delete(&name(world)).unwrap().is_some());
        for (idx, (left, right)) in together.replies.iter().zip(&alone.replies).enumerate() {
            assert_eq!(left, right, "world {world}, reply {idx}");
        }
        assert_eq!(together.replies.len(), alone.replies.len(), "world {world}");
        assert_eq!(together.rows, alone.rows, "world {world}");
        match journals {
            Journals::Whole => assert_eq!(together.journal, alone.journal, "world {world}"),
            Journals::Latest => {
                assert!(!together.journal.is_empty(), "world {world}");
                let skipped = alone.journal.len().saturating_sub(together.journal.len());
                assert_eq!(together.journal, alone.journal[skipped..], "world {world}");
            }
        }
        assert_nothing_foreign(world, together);
        n_ok += together.replies.iter().filter(|reply| reply.starts_with("200")).count();
    }
    // A generator whose requests are all refused would show nothing.
    let n_replies: usize = together.iter().map(|outcome| outcome.replies.len()).sum();
    assert!(n_ok * 2 > n_replies, "{n_ok} of {n_replies} requests went well");
}

fn assert_nothing_foreign(world: u32, outcome: &Outcome) {
    let own = &name(world)[1..];
    for (what, texts) in
        [("reply", &outcome.replies), ("journal entry", &outcome.journal), ("row", &outcome.rows)]
    {
        for text in texts {
            let marks = text.split(MARK).skip(1);
            assert!(marks.clone().all(|rest| rest.starts_with(own)), "{what} of {world}: {text}");
        }
    }
    let rows = outcome.rows.iter().filter(|row| row.contains(MARK)).count();
    assert!(rows > 0, "world {world} kept nothing of its own");
    let of_world = format!("\"world\":\"{}\"", name(world));
    assert!(outcome.journal.iter().all(|entry| entry.contains(&of_world)));
}

#[test]
fn two_hundred_worlds_at_once_answer_as_each_does_alone() {
    check(200, 8, Journals::Whole);
}

#[test]
#[ignore = "takes a minute; cargo test --release -- --ignored two_hundred"]
fn two_hundred_worlds_at_once_for_a_minute() {
    check(200, 1200, Journals::Latest);
}

/// A campaign with enough to do that eight hours of it take a while.
fn busy() -> Value {
    let contacts = (0..4000).map(|n| {
        json!({ "id": n + 1, "campaign": 612, "name": "Busy", "phone_number1": format!("49221{n:07}") })
    });
    let agents: Vec<u32> = (1..=60).collect();
    json!({
        "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
        "jtel": {
            "clients": [{ "id": 7, "tokens": ["BUSY"] }],
            "campaigns": [{ "id": 612, "client": 7, "name": "Busy", "running": true, "agents": agents }],
            "result_codes": [{ "id": 1, "campaign": 612, "export_key": "DONE", "type": "done", "texts": [] }],
            "contacts": contacts.collect::<Value>(),
        },
    })
}

#[test]
fn while_one_world_advances_others_go_on() {
    let running = serve(&[]);
    let body = json!({ "name": "busy", "scenario": busy() }).to_string();
    let (status, made) = running.admin("POST", "/v1/worlds", &body);
    assert_eq!(status, 201, "{made}");
    let is_done = AtomicBool::new(false);
    let (admin, listen) = (running.address("admin"), running.address("listen"));
    let during = std::thread::scope(|scope| {
        let advance = scope.spawn(|| {
            let mut client = Client::connect(&admin, &[]);
            let path = "/v1/worlds/busy/clock/advance";
            let (status, advanced) = client.json("POST", path, &json!({ "by": "8h" }));
            is_done.store(true, Ordering::SeqCst);
            assert_eq!(status, 200, "{advanced}");
            assert!(advanced["fired"].as_u64().unwrap() > 1000, "{}", advanced["fired"]);
        });
        // The world's own requests wait for the end of it, and see it.
        let waiting = scope.spawn(|| {
            let mut client = Client::connect(&listen, &[("Authorization", "Bearer BUSY")]);
            loop {
                let (status, _) =
                    client.send("GET", "/w/busy/rest/v1.0/7/dialler/campaigns/612", "");
                assert_eq!(status, 200);
                if is_done.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let (mut other, mut probe) = (Client::connect(&listen, &[]), Client::connect(&admin, &[]));
        let mut n_during = 0;
        while !is_done.load(Ordering::SeqCst) {
            let (status, _) = other.send("POST", "/dialer/", crate::support::program::AGENTS);
            assert_eq!(status, 200);
            for path in ["/livez", "/v1/worlds"] {
                assert_eq!(probe.send("GET", path, "").0, 200);
            }
            n_during += u32::from(!is_done.load(Ordering::SeqCst));
        }
        advance.join().unwrap();
        waiting.join().unwrap();
        n_during
    });
    let (_, journal) = running.admin("GET", "/v1/worlds/busy/journal?limit=1000", "");
    let is_advance = |entry: &Value| entry["action"] == "advance";
    let waited = journal["entries"].as_array().unwrap().iter().position(is_advance).unwrap();
    let waited = u32::try_from(waited).unwrap();
    assert!(during > waited, "{during} rounds elsewhere, {waited} in the world that advanced");
    assert!(during > 10, "{during} rounds elsewhere while the world advanced");
}
