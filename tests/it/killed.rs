//! The real program, killed in the middle of its work: what it acknowledged is there afterwards.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::support::program::{Running, serve};

/// How often the program is killed in the middle of its work.
const KILLS: u64 = 100;

/// Events that go out in one round at the most before the program is killed.
const EVENTS_PER_ROUND: u64 = 12;

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let mut running = serve(&["--data", data]);
        check_kept(&running, &acknowledged);
        // One connection, so that the kill comes between a write and its reply as often as not.
        let mut stream = running.connect("admin");
        let mut replies = BufReader::new(stream.try_clone().unwrap());
        let n_events = 1 + round % EVENTS_PER_ROUND;
        for event in 0..n_events {
            let body = r#"{"campaign":"2040","agent":"50017","type":"Inbound"}"#;
            let request = format!(
                "POST /v1/worlds/default/events/infocu5/record_call HTTP/1.1\r\nHost: localhost\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes()).unwrap();
            if event + 1 == n_events {
                break;
            }
            if let Some(id) = read_call_id(&mut replies) {
                acknowledged.push(id);
            }
        }
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        // What came through before the end counts as acknowledged.
        if let Some(id) = read_call_id(&mut replies) {
            acknowledged.push(id);
        }
    }
    let running = serve(&["--data", data]);
    check_kept(&running, &acknowledged);
    assert!(acknowledged.len() > 100, "too little was written to mean anything");
}

/// The id of the call that a reply acknowledges; `None` where the reply did not come whole.
fn read_call_id(replies: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if replies.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    replies.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    body["result"]["call"].as_str().map(str::to_owned)
}

fn check_kept(running: &Running, acknowledged: &[String]) {
    let mut kept = Vec::new();
    let mut offset = 0;
    loop {
        let path = format!("/v1/worlds/default/state/infocu5/calls?limit=1000&offset={offset}");
        let (_, page) = running.admin("GET", &path, "");
        let rows = page["rows"].as_array().unwrap();
        if rows.is_empty() {
            break;
        }
        kept.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        offset += rows.len();
    }
    for id in acknowledged {
        assert!(kept.contains(id), "call {id} was acknowledged and is gone");
    }
    // The journal has them as well: one entry per event, none twice.
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal?limit=1000", "");
    let n_events = journal["entries"].as_array().unwrap().len();
    assert!(n_events >= acknowledged.len().min(1000), "{n_events} entries");
    assert_eq!(n_events + 1, kept.len().min(1001), "state and journal are one");
}
