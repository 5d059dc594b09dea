use std::path::Path;

use serde_json::json;

use super::journal::{Journal, Turn};
use super::line::{self, Line};
use super::part::{Exchange, Input, Start};
use super::recorder::named;
use crate::contract::vendor::Vendors;
use crate::recording::exchange::Recorded;
use crate::recording::moves::Event;
use crate::vendors::ALL;

#[test]
fn files_are_named_after_worlds_and_beginnings() {
    for (world, number, expected) in [
        ("default", 1, "a/day.toml"),
        ("", 1, "a/day.toml"),
        ("default", 3, "a/day-3.toml"),
        ("w1", 1, "a/day.w1.toml"),
        ("w1", 2, "a/day.w1-2.toml"),
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
    assert!(Journal::begin(&path).is_err());
}
