use std::path::{Path, PathBuf};

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::ear::{Ear, Lost, Told, ear};
use super::ended::Recording;
use super::files::named;
use super::journal::{Journal, NoJournal, Turn};
use super::keeper::Keeper;
use super::line::{self, Line};
use super::masking::Masking;
use super::part::{Exchange, Input, Start};
use super::resume::resume;
use crate::base::limits::{LEFT_OUT_LINES_MAX, RECORDED_EXCHANGES_MAX, RECORDED_PARTS_MAX};
use crate::contract::vendor::{Vendor, Vendors};
use crate::recording::exchange::Recorded;
use crate::recording::mask::Whose;
use crate::recording::moves::Event;
use crate::sim::journal::tap::{self, Taken, Tap};
use crate::vendors::ALL;
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};

#[test]
fn files_are_named_after_worlds_and_beginnings() {
    for (world, number, expected) in [
        ("default", 1, "a/day.toml"),
        ("", 1, "a/day.toml"),
        ("default", 3, "a/day-3.toml"),
        ("w1", 1, "a/day.w1.toml"),
        ("w1", 2, "a/day.w1.2.toml"),
        // The name of another world.
        ("w1-2", 1, "a/day.w1-2.toml"),
    ] {
        assert_eq!(named(Path::new("a/day.toml"), world, number), Path::new(expected));
    }
}

#[test]
fn lines_are_read_as_they_were_written() {
    let vendor = Vendors(ALL).find("jtel").unwrap();
    let it = Recorded {
        place: "request 1".into(),
        started: Some("2026-03-02T09:00:00.123Z".parse().unwrap()),
        method: "GET".into(),
        target: "/a?b=1".into(),
        headers: vec![("A".into(), "b".into())],
        body: b"x\ny".to_vec(),
        status: 200,
        reply: b"{}".to_vec(),
        ..Recorded::default()
    };
    let at = it.started.unwrap();
    let exchange = Exchange { vendor, it, arrival: Some("cut"), is_open: true };
    let event = Event { at, vendor, name: "e".into(), fields: json!({ "a": 1 }) };
    let start = Some(Start { at, scenario: json!({ "seed": 1 }) });
    for it in [
        Line::Input(Input::Exchange(Box::new(exchange))),
        Line::Input(Input::Event(event)),
        Line::Begins { world: "default".into(), start },
        Line::Begins { world: String::new(), start: None },
        Line::LeftOut("a body".into()),
    ] {
        let text = line::write(3, &it);
        assert_eq!(text.matches('\n').count(), 1);
        let (part, read) = line::read(&text).unwrap();
        assert_eq!((part, format!("{read:?}")), (3, format!("{it:?}")));
    }
    assert!(line::read("{\"part\":0,\"exchange\":{}}").is_none());
    assert!(line::read("{").is_none());
}

#[test]
fn a_full_disk_is_told_once_and_what_waits_is_kept() {
    // A device that is always full.
    let Ok(mut journal) = Journal::over(Path::new("/dev/full")) else { return };
    assert!(matches!(journal.add("a\n"), Some(Turn::Fails(_))));
    assert!(journal.add("b\n").is_none());
    assert!(!journal.is_whole());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.part");
    journal.move_to(&path).unwrap();
    assert!(matches!(journal.add("c\n"), Some(Turn::Works)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\nb\nc\n");
    assert!(journal.is_whole());
    assert!(matches!(Journal::begin(&path), Err(NoJournal::Held)));
}

#[test]
fn a_file_belongs_to_one_process_and_one_that_nothing_came_to_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.part");
    let journal = Journal::begin(&path).unwrap();
    assert!(matches!(Journal::begin(&path), Err(NoJournal::Busy)));
    drop(journal);
    // As a program left it that was killed before anybody asked it.
    let mut journal = Journal::begin(&path).unwrap();
    journal.add("a\n");
    drop(journal);
    assert!(matches!(Journal::begin(&path), Err(NoJournal::Held)));
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, format!("{}\na\n", line::HEAD));
    let link = folder.path().join("y.part");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(Journal::begin(&link), Err(NoJournal::Failed(_))));
}

const AT: &str = "2026-03-02T09:00:00Z";

fn jtel() -> &'static Vendor {
    Vendors(ALL).find("jtel").unwrap()
}

fn keeper(folder: &Path) -> Keeper {
    let journal = Journal::begin(&folder.join("day.toml.part")).unwrap();
    Keeper::new(journal, Masking::new(Whose::Clients).unwrap())
}

/// Has a keeper take note of what is told.
fn kept(mut keeper: Keeper, tell: impl FnOnce(&Ear)) -> Keeper {
    let (ear, hearing) = ear(usize::MAX);
    tell(&ear);
    ear.end();
    hearing.each(|it| keeper.take(it));
    keeper
}

fn ended(keeper: Keeper) -> (Vec<(PathBuf, Value)>, Recording) {
    let mut made = Vec::new();
    let recording = keeper.end(Path::new("day.toml"), &mut |path, imported| {
        made.push((path, imported.scenario));
    });
    (made, recording)
}

fn begins(ear: &Ear, world: &str, token: &str) {
    let jtel = json!({ "clients": [{ "id": 7, "tokens": [token] }] });
    let scenario = json!({ "title": "t", "seed": 1, "jtel": jtel });
    let (omitted, secrets) = (Vec::new(), Vec::new());
    ear.begins(world, tap::Start { at: AT.parse().unwrap(), scenario, omitted, secrets });
}

fn asks(ear: &Ear, world: &str, token: &str, body: &[u8]) {
    let target = "/rest/v1.0/7/dialler/campaigns".parse().unwrap();
    let mut request = Request::new(Method::GET, target);
    let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    request.headers.insert(header::AUTHORIZATION, value);
    request.body = body.to_vec().into();
    let response = Response::with_body(StatusCode::OK, "application/json", "[]");
    let (at, delivery) = (AT.parse().unwrap(), Delivery::default());
    let taken = Taken { at, vendor: jtel(), request, response, is_long: false, delivery };
    ear.answered(world, taken);
}

#[test]
fn what_comes_faster_than_it_is_taken_note_of_is_left_out_and_told() {
    let (ear, hearing) = ear(3_000);
    let heard = |status: u16| {
        ear.heard(jtel(), Recorded { reply: vec![b'x'; 2_000], status, ..Recorded::default() });
    };
    heard(1);
    heard(2);
    heard(3);
    // A beginning that is left out takes what follows it along, as small as it is.
    begins(&ear, "w", &"t".repeat(4_000));
    asks(&ear, "w", "T", b"");
    ear.end();
    // Whoever tells late is not heard, and does not fail.
    heard(4);
    let mut told = Vec::new();
    hearing.each(|it| {
        told.push(match it.told {
            Told::Heard(_, it) => (it.status, Lost::default()),
            Told::Lost(lost) => (0, lost),
            other => panic!("{other:?}"),
        });
    });
    let lost = |n_inputs, begins| (0, Lost { n_inputs, begins });
    assert_eq!(told, [(1, Lost::default()), lost(2, false), lost(1, true)]);
}

#[test]
fn what_was_left_out_is_told_before_what_comes_again() {
    let (ear, hearing) = ear(10_000);
    asks(&ear, "w", "T", &[b'x'; 6_000]);
    asks(&ear, "w", "T", &[b'x'; 6_000]);
    asks(&ear, "w", "T", b"");
    ear.end();
    let mut told = Vec::new();
    hearing.each(|it| told.push(matches!(it.told, Told::Lost(Lost { n_inputs: 1, .. }))));
    assert_eq!(told, [false, true, false]);
}

#[test]
fn a_world_is_masked_once_and_again_where_more_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = kept(keeper(folder.path()), |ear| {
        begins(ear, "default", "SIMTOKEN-7A");
        for token in ["SIMTOKEN-7A", "SIMTOKEN-7A", "SIMTOKEN-7A", "OTHER-TOKEN-9"] {
            asks(ear, "default", token, b"");
        }
    });
    assert_eq!(keeper.held().2, 2);
    let text = std::fs::read_to_string(folder.path().join("day.toml.part")).unwrap();
    assert_eq!(text.matches("\"start\"").count(), 1, "{text}");
    assert!(!text.contains("SIMTOKEN") && !text.contains("OTHER-TOKEN"), "{text}");
}

#[test]
fn a_world_that_is_gone_and_was_never_asked_is_held_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = kept(keeper(folder.path()), |ear| {
        for n in 0..10 {
            let world = format!("w{n}");
            begins(ear, &world, "SIMTOKEN-7A");
            if n == 3 {
                asks(ear, &world, "SIMTOKEN-7A", b"");
            }
            ear.ends(&world);
        }
        begins(ear, "w0", "SIMTOKEN-7A");
    });
    assert_eq!(keeper.held().1, 2);
    let (made, recording) = ended(keeper);
    let files: Vec<&PathBuf> = made.iter().map(|(path, _)| path).collect();
    assert_eq!(files, [Path::new("day.w3.toml")]);
    assert_eq!((recording.n_asked, recording.failed.len()), (1, 0));
}

#[test]
fn what_memory_does_not_hold_stands_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.toml.part");
    let keeper = kept(keeper(folder.path()).at_most(8_000), |ear| {
        begins(ear, "default", "SIMTOKEN-7A");
        for _ in 0..5 {
            asks(ear, "default", "SIMTOKEN-7A", &[b'x'; 3_000]);
        }
        // What begins when there is no room is not held at all.
        begins(ear, "w", "SIMTOKEN-7A");
        asks(ear, "w", "SIMTOKEN-7A", &[b'x'; 3_000]);
    });
    assert!(keeper.held().0 <= 8_000, "{:?}", keeper.held());
    let (made, recording) = ended(keeper);
    assert_eq!(made.len(), 1, "{recording:?}");
    let n_steps = made[0].1["step"].as_array().unwrap().len();
    assert!((1..5).contains(&n_steps), "{n_steps}");
    let told = recording.failed.join("\n");
    assert!(told.contains(&format!("day.toml: it lacks {} inputs", 5 - n_steps)), "{told}");
    assert!(told.contains("day.w.toml: it lacks 1 input at its end"), "{told}");
    // Another process would take it for one that grows still.
    drop(recording);
    let resumed = resume(&file, Path::new("day.toml")).unwrap();
    let n_steps = |idx: usize| resumed.scenarios[idx].1.scenario["step"].as_array().unwrap().len();
    assert_eq!((n_steps(0), n_steps(1)), (5, 1));
}

#[test]
fn parts_and_inputs_beyond_the_limits_are_counted_and_not_held() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = kept(keeper(folder.path()), |ear| {
        begins(ear, "default", "SIMTOKEN-7A");
        for _ in 0..RECORDED_EXCHANGES_MAX + 3 {
            asks(ear, "default", "SIMTOKEN-7A", b"");
        }
    });
    let held = keeper.held().0;
    let keeper = kept(keeper, |ear| asks(ear, "default", "SIMTOKEN-7A", b""));
    assert_eq!(keeper.held().0, held);
    drop(keeper);
    let folder = tempfile::tempdir().unwrap();
    let keeper = kept(self::keeper(folder.path()), |ear| {
        for _ in 0..RECORDED_PARTS_MAX + 2 {
            begins(ear, "default", "SIMTOKEN-7A");
            asks(ear, "default", "SIMTOKEN-7A", b"");
        }
    });
    let held = keeper.held().0;
    let keeper = kept(keeper, |ear| {
        begins(ear, "default", "SIMTOKEN-7A");
        asks(ear, "default", "SIMTOKEN-7A", b"");
    });
    assert_eq!(keeper.held().0, held);
}

/// How many steps each scenario of a world has, while the recording goes on, and what is left out.
fn so_far(keeper: Keeper, world: &str, tell: impl FnOnce(&Ear)) -> (Vec<usize>, Vec<String>) {
    let (ear, hearing) = ear(usize::MAX);
    tell(&ear);
    let mut keeper = keeper;
    let again = std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            let again = ear.again(world);
            ear.end();
            again
        });
        hearing.each(|it| keeper.take(it));
        asked.join().unwrap()
    });
    let n_steps = again.scenarios.iter().map(|it| it["step"].as_array().unwrap().len());
    (n_steps.collect(), again.left_out)
}

fn on_demand() -> Keeper {
    Keeper::on_demand(Masking::new(Whose::Clients).unwrap())
}

#[test]
fn what_worlds_did_is_held_for_as_long_as_they_are_there() {
    let told = |ear: &Ear| {
        // More than become scenarios of a whole run.
        for n in 0..RECORDED_PARTS_MAX + 2 {
            let world = format!("w{n}");
            begins(ear, &world, "SIMTOKEN-7A");
            asks(ear, &world, "SIMTOKEN-7A", b"");
            ear.ends(&world);
        }
        for n in [1, 2] {
            begins(ear, "w", "SIMTOKEN-7A");
            (0..n).for_each(|_| asks(ear, "w", "SIMTOKEN-7A", b""));
        }
    };
    assert_eq!(kept(on_demand(), told).held().1, 2);
    assert_eq!(so_far(on_demand(), "w", told), (vec![1, 2], Vec::new()));
    assert_eq!(so_far(on_demand(), "w3", told), (Vec::new(), Vec::new()));
    // Once it has ended, nobody answers.
    let (ear, hearing) = ear(usize::MAX);
    ear.end();
    drop(hearing);
    assert!(ear.again("w").scenarios.is_empty());
}

#[test]
fn what_memory_does_not_hold_is_told_to_who_asks() {
    let (n_steps, left_out) = so_far(on_demand().at_most(8_000), "default", |ear| {
        begins(ear, "default", "SIMTOKEN-7A");
        for _ in 0..5 {
            asks(ear, "default", "SIMTOKEN-7A", &[b'x'; 3_000]);
        }
    });
    assert!(n_steps.len() == 1 && (1..5).contains(&n_steps[0]), "{n_steps:?}");
    let lacking = format!("it lacks {} inputs at its end", 5 - n_steps[0]);
    assert!(left_out.iter().any(|it| it.starts_with(&lacking)), "{left_out:?}");
}

#[test]
fn where_all_is_left_out_the_reasons_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let n = LEFT_OUT_LINES_MAX + 2;
    let keeper = kept(keeper(folder.path()), |ear| {
        begins(ear, "w", "SIMTOKEN-7A");
        for _ in 0..n {
            asks(ear, "w", "SIMTOKEN-7A", b"\xff\xfe");
        }
        // Nobody told how this one began.
        asks(ear, "other", "SIMTOKEN-7A", b"");
        ear.unheard("502: it cannot be reached".into());
    });
    let (made, recording) = ended(keeper);
    assert!(made.is_empty() && recording.failed.is_empty(), "{recording:?}");
    assert_eq!(recording.n_asked, n + 2);
    for told in [
        "world w: request 1: a body that is no text",
        "world w: and 2 more",
        "request 1: 502: it cannot be reached",
        "1 input of worlds whose beginning could not be told",
    ] {
        let is_told = recording.left_out.iter().any(|it| it.starts_with(told));
        assert!(is_told, "{told}: {:?}", recording.left_out);
    }
}

#[test]
fn credentials_of_rows_that_a_world_does_not_read_are_replaced() {
    let mut masking = Masking::new(Whose::Clients).unwrap();
    let scenario = json!({
        "jtel": { "clients": [{ "id": 7, "tokens": ["SIMTOKEN-7A", "ab1"] }] },
        "infocu5": { "affiliates": [{ "id": "A7k2Qm9ZrT4x", "key": "0f1e2d3c4b5a6978" }] },
        "maxcontact": {
            "accounts": [{ "login": "agent.17", "password": "agent.17", "tokens": [] }],
            "tokens": [{ "login": "api.user", "token": "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47" }],
        },
    });
    masking.learn_scenario(&scenario);
    let start = Start { at: AT.parse().unwrap(), scenario };
    let text = masking.start(&start).unwrap().scenario.to_string();
    for gone in ["SIMTOKEN-7A", "0f1e2d3c4b5a6978", "7f0c9d2e"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    // A login that is its own password, what is short, and what stands beside.
    for there in ["agent.17", "ab1", "A7k2Qm9ZrT4x", "api.user"] {
        assert!(text.contains(there), "{there}: {text}");
    }
}
