//! A vendor that answers otherwise than it was recorded; another Ringback plays it, behind a server that
//! changes what it says.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, ringback, run, serve};

const BEARER: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const TOKEN: &str = "token=SIMTOKEN-7A";
const READS: [&str; 2] = ["/rest/v1.0/7/dialler/contacts/301501", "/rest/v1.0/7/dialler/campaigns"];

/// Records some reads, and a write.
fn recorded(folder: &Path) -> PathBuf {
    let file = folder.join("day.toml");
    let mut running = serve(&["--record", file.to_str().unwrap()]);
    for path in READS {
        let reply = running.raw("listen", http("GET", path, &[BEARER], "").as_bytes());
        assert_eq!(status_of(&reply), 200, "{reply}");
    }
    let lock = "/rest/v1.0/7/dialler/contacts/contact/301501/lock";
    let reply = running.raw("listen", http("PATCH", lock, &[BEARER], "").as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    file
}

/// Stands before a server and changes the head and the body of its replies.
fn planted(upstream: String, change: fn(String, String) -> (String, String)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if asked.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                let lower = line.to_ascii_lowercase();
                if let Some(value) = lower.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            // One that only looks whether somebody listens sends nothing.
            if head.is_empty() || asked.read_exact(&mut body).is_err() {
                continue;
            }
            // A reply of the older protocol comes in one piece.
            let head = head.replacen("HTTP/1.1", "HTTP/1.0", 1);
            let mut other = TcpStream::connect(&upstream).unwrap();
            other.write_all(format!("{head}\r\n").as_bytes()).unwrap();
            other.write_all(&body).unwrap();
            let mut reply = String::new();
            other.read_to_string(&mut reply).unwrap();
            let (head, body) = reply.split_once("\r\n\r\n").unwrap();
            let kept = |line: &&str| {
                let line = line.to_ascii_lowercase();
                !line.starts_with("content-length") && !line.starts_with("connection")
            };
            let head = head.replacen("HTTP/1.0", "HTTP/1.1", 1);
            let head = head.lines().filter(kept).collect::<Vec<_>>().join("\r\n");
            let (head, body) = change(head, body.to_owned());
            let length = body.len();
            let reply =
                format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    address
}

/// Stands before a server, and answers itself what is asked of a path.
fn refusing(
    upstream: String,
    path: &'static str,
    status: &'static str,
    body: &'static str,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while asked.read_line(&mut head).unwrap_or(0) > 2 {}
            // One that only looks whether somebody listens sends nothing.
            let Some(line) = head.lines().next() else { continue };
            let reply = if line.split('?').next().unwrap().contains(path) {
                let length = body.len();
                format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                )
            } else {
                let mut other = TcpStream::connect(&upstream).unwrap();
                let head = head.replacen("HTTP/1.1", "HTTP/1.0", 1);
                other.write_all(head.as_bytes()).unwrap();
                let mut reply = String::new();
                other.read_to_string(&mut reply).unwrap();
                reply
            };
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    address
}

fn drift(file: &Path, target: &str, more: &[&str]) -> (i32, String, String) {
    let target = format!("http://{target}/jtel");
    let file = file.to_str().unwrap();
    let own = ["drift", file, "--against", &target, "--credential", TOKEN];
    run(ringback().args(own).args(more))
}

#[test]
fn what_a_vendor_changes_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = recorded(folder.path());
    let vendor = serve(&[]);
    let listen = vendor.address("listen");

    let (code, out, err) = drift(&file, &listen, &[]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("no drift: 2 replies"), "{out}");
    // The lock may change something, so it is not sent.
    assert!(out.contains("not sent: jtel lock_contact_by_id"), "{out}");

    for (change, kind, told) in [
        (
            (|head: String, body: String| (head, body.replace("\"FirstName\"", "\"GivenName\"")))
                as fn(String, String) -> (String, String),
            "renamed",
            "FirstName is called GivenName",
        ),
        (
            |head, body| (head, body.replace("2024-03-04T08:15:00.000Z", "04.03.2024 08:15:00")),
            "form",
            "dtImported",
        ),
        (|head, body| (head + "\r\nX-Added: yes", body), "extra", "header x-added: yes"),
        // It says the credential again, in a place of its own.
        (
            |head, body| (head, body.replacen('{', "{\"Echo\":\"of SIMTOKEN-7A\",", 1)),
            "extra",
            "/Echo",
        ),
        (
            |head, body| (head, body.replacen('{', "{\"Token\":\"a-session-of-99\",", 1)),
            "extra",
            "/Token",
        ),
        (|head, body| (head, body.replace("Spring Recall", "Spring Call")), "", ""),
    ] {
        let target = planted(listen.clone(), change);
        let (code, out, err) = drift(&file, &target, &[]);
        if kind.is_empty() {
            // People and rows may be others.
            assert_eq!(code, 0, "{out}{err}");
            assert!(out.contains("varies   /records/*/Name: people's data"), "{out}");
            continue;
        }
        assert_eq!(code, 1, "{kind}: {out}{err}");
        let line = out.lines().find(|line| line.trim_start().starts_with(kind));
        assert!(line.is_some_and(|line| line.contains(told)), "{kind}: {out}");
        assert!(!out.contains("SIMTOKEN") && !err.contains("SIMTOKEN"), "{out}{err}");
        assert!(!out.contains("a-session"), "{out}");
    }
}

#[test]
fn a_system_that_wants_no_more_is_not_asked_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = recorded(folder.path());
    let page = "<!doctype html><title>Are you human?</title>a CAPTCHA";
    for (status, body, told) in [
        ("429 Too Many Requests", "", "with 429: it wants no more"),
        ("423 Locked", "{}", "with 423: it wants no more"),
        ("401 Unauthorized", "", "refuses a credential: 401 to jtel list_campaigns"),
        ("503 Service Unavailable", page, "with a captcha and status 503"),
    ] {
        let vendor = serve(&[]);
        let target = refusing(vendor.address("listen"), "/campaigns", status, body);
        // The lock comes last in the recording, and would be sent too.
        let (code, out, err) = drift(&file, &target, &["--writes"]);
        assert_eq!(code, 4, "{status}: {out}{err}");
        assert!(out.starts_with("no drift: 1 reply of "), "{status}: {out}");
        assert_eq!(err.trim_end().lines().count(), 1, "{err}");
        for text in [&out, &err] {
            assert!(text.contains("stopped early, what was learnt is kept: the target "), "{text}");
            assert!(text.contains(told), "{told}: {text}");
        }
        let journal = vendor.admin("GET", "/v1/worlds/default/journal", "").1;
        let paths: Vec<&str> = journal["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it["request"]["path"].as_str())
            .collect();
        assert_eq!(paths.len(), 1, "{journal}");
    }
    // Nothing was learnt: that is one line too, and programs are told.
    let vendor = serve(&[]);
    let target = refusing(vendor.address("listen"), "/dialler", "429 Too Many Requests", "");
    let report = folder.path().join("drift.json");
    let junit = folder.path().join("drift.xml");
    let reports = [format!("json={}", report.display()), format!("junit={}", junit.display())];
    let (code, out, err) =
        drift(&file, &target, &["--report", &reports[0], "--report", &reports[1]]);
    assert_eq!(code, 4, "{out}{err}");
    assert_eq!(err.trim_end().lines().count(), 1, "{err}");
    let told: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    assert!(told["stopped"].as_str().unwrap().contains("429"), "{told}");
    assert_eq!(told["replies"], 0, "{told}");
    assert!(fs::read_to_string(junit).unwrap().contains("stopped early"));
}

#[test]
fn a_switch_that_explains_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = recorded(folder.path());
    let vendor = serve(&[]);
    let turned =
        vendor.admin("PUT", "/v1/worlds/default/variants", r#"{"jtel":{"date_style":"z_micros"}}"#);
    assert_eq!(turned.0, 200, "{}", turned.1);
    let report = folder.path().join("drift.json");
    let junit = folder.path().join("drift.xml");
    let html = folder.path().join("drift.html");
    let reports = [
        format!("json={}", report.display()),
        format!("junit={}", junit.display()),
        format!("html={}", html.display()),
    ];
    let (code, out, err) = drift(
        &file,
        &vendor.address("listen"),
        &[
            "--report",
            "text",
            "--report",
            &reports[0],
            "--report",
            &reports[1],
            "--report",
            &reports[2],
        ],
    );
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("as Ringback answers under jtel.date_style=z_micros"), "{out}");
    let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    let operation = &report["files"][0]["operations"][0];
    assert_eq!(operation["differences"][0]["explained"][0], "jtel.date_style=z_micros", "{report}");
    let junit = fs::read_to_string(junit).unwrap();
    assert!(junit.contains("failures=\"1\"") && junit.contains("z_micros"), "{junit}");
    assert!(fs::read_to_string(html).unwrap().contains("z_micros"));
}

#[test]
fn a_replay_is_compared_with_another_server_and_with_this_process() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("agents.toml");
    let text = format!(
        "extends = \"demo\"\n[[step]]\nname = \"agents\"\nsend = {{ method = \"POST\", path = \"/dialer/\", body = '''{AGENTS}''' }}\n"
    );
    fs::write(&scenario, text).unwrap();
    let (one, other) = (serve(&[]), serve(&[]));
    let against = planted(one.address("listen"), |head, body| {
        (head, body.replace("agentNameFirst", "agentFirstName"))
    });
    for (with, n) in [(other.address("listen"), 1), ("self".to_owned(), 1)] {
        let (code, out, err) = run(ringback().args([
            "replay",
            scenario.to_str().unwrap(),
            "--against",
            &against,
            "--compare-with",
            &with,
        ]));
        assert_eq!(code, n, "{out}{err}");
        assert!(out.contains("agentNameFirst is called agentFirstName"), "{out}");
        let (code, out, err) = run(ringback().args([
            "replay",
            scenario.to_str().unwrap(),
            "--against",
            &one.address("listen"),
            "--compare-with",
            &with,
        ]));
        assert_eq!(code, 0, "{out}{err}");
    }
}

/// A scenario of steps, each a request for jtel's campaigns and what it expects.
fn steps(folder: &Path, steps: &[&str]) -> PathBuf {
    let mut text = "extends = \"demo\"\n".to_owned();
    for (idx, expect) in steps.iter().enumerate() {
        let step = format!(
            "[[step]]\nname = \"step {idx}\"\nsend = \"\"\"\nGET {}\nAuthorization: Bearer SIMTOKEN-7A\n\
             \"\"\"\n{expect}\n",
            READS[1]
        );
        text.push_str(&step);
    }
    let file = folder.join("steps.toml");
    fs::write(&file, text).unwrap();
    file
}

fn with_recording(file: &Path, target: &str) -> (i32, String, String) {
    let file = file.to_str().unwrap();
    let command = ["replay", file, "--against", target, "--compare-with", "recording"];
    run(ringback().args(command))
}

#[test]
fn whatever_a_step_expects_is_held_against_the_reply() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let listen = vendor.address("listen");
    for (fine, other, kind) in [
        ("body_contains = \"Spring\"", "body_contains = \"Autumn\"", "body"),
        ("regex = \"Spring.*\"", "regex = \"^Autumn\"", "body"),
        ("headers = { content-type = true }", "headers = { x-none = true }", "header"),
        ("fields = { \"/count\" = 2 }", "fields = { \"/count\" = 77 }", "field"),
        ("json = { count = 2 }", "json = { nothing = \"x\" }", "missing"),
        ("json = { count = 2 }", "json = { count = \"2\" }", "type"),
        ("reply = \"whole\"", "reply = \"cut\"", "no reply"),
        ("capture = { a = \"/count\" }", "capture = { a = \"/nothing\" }", "capture"),
        ("status = 200", "status = 201", "status"),
    ] {
        let file = steps(folder.path(), &[&format!("expect = {{ {fine} }}")]);
        let (code, out, err) = with_recording(&file, &listen);
        assert_eq!(code, 0, "{fine}: {out}{err}");
        assert!(out.starts_with("no drift: 1 reply"), "{fine}: {out}");
        let file = steps(folder.path(), &[&format!("expect = {{ {other} }}")]);
        let (code, out, err) = with_recording(&file, &listen);
        assert_eq!(code, 1, "{other}: {out}{err}");
        let mut lines = out.lines();
        assert!(lines.any(|it| it.trim_start().starts_with(kind)), "{other}: {out}");
    }
}

#[test]
fn what_was_not_compared_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let listen = vendor.address("listen");
    let file = steps(folder.path(), &["", "expect = { status = 200 }", ""]);
    let (code, out, err) = with_recording(&file, &listen);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("no drift: 1 reply"), "{out}");
    let file = steps(folder.path(), &["", ""]);
    let (code, out, err) = with_recording(&file, &listen);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("nothing was compared"), "{err}");
    // A step that needs what is not there.
    let verify = folder.path().join("verify.toml");
    let text = fs::read_to_string(steps(folder.path(), &["expect = { status = 200 }"])).unwrap();
    let more = "[[step]]\nname = \"v\"\nverify = { operation = \"list_campaigns\" }\n";
    fs::write(&verify, format!("{text}{more}")).unwrap();
    fs::rename(steps(folder.path(), &["expect = { status = 200 }"]), folder.path().join("a.toml"))
        .unwrap();
    let (code, out, err) = with_recording(folder.path(), &listen);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("verify.toml: its steps need a control plane"), "{out}");
}

#[test]
fn what_is_not_known_to_read_is_not_sent_and_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.toml");
    let mut running = serve(&["--record", file.to_str().unwrap()]);
    for path in [READS[1], "/rest/v1.0/7/dialler/own"] {
        running.raw("listen", http("GET", path, &[BEARER], "").as_bytes());
    }
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    let (vendor, other) = (serve(&[]), serve(&[]));
    let other = format!("http://{}/jtel", other.address("listen"));
    let (code, out, err) = drift(&file, &vendor.address("listen"), &["--compare-with", &other]);
    assert_eq!(code, 0, "{out}{err}");
    let told = "it is no operation that is known here, and may change something";
    assert_eq!(out.matches(told).count(), 1, "{out}");
    let (_, journal) = vendor.admin("GET", "/v1/worlds/default/journal", "");
    assert!(!journal.to_string().contains("dialler/own"), "{journal}");
}

#[test]
fn what_is_no_request_is_told_as_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let file = steps(folder.path(), &["expect = { status = 200 }"]);
    let text = fs::read_to_string(&file).unwrap();
    let more = "[[step]]\nname = \"later\"\nadvance = \"90m\"\n\
                [[step]]\nname = \"sooner\"\nadvance = \"2m\"\n\
                [[step]]\nname = \"more\"\nseed = { jtel = {} }\n\
                [[step]]\nname = \"a call\"\nevent = { vendor = \"jtel\", name = \"start_campaign\", with = { campaign = 612 } }\n";
    fs::write(&file, format!("{text}{more}")).unwrap();
    let vendor = serve(&[]);
    let (code, out, err) = drift(&file, &vendor.address("listen"), &[]);
    assert_eq!(code, 0, "{out}{err}");
    for told in [
        "not sent: more: it is for a control plane",
        "not sent: a call: what happens at a vendor's own system is not done from here",
        "not sent: 2 steps that turn the clock",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
}

#[test]
fn bad_input_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = recorded(folder.path());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = closed.local_addr().unwrap().to_string();
    drop(closed);
    let (code, out, err) = drift(&file, &dead, &[]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(err.contains("nothing answers at"), "{err}");
    let vendor = serve(&[]);
    let (code, _, err) = drift(&file, &vendor.address("listen"), &["--vendor", "mor"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("nothing was compared"), "{err}");
    let (code, _, err) = drift(&file, &vendor.address("listen"), &["--compare-with", "nowhere"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("or one of recording, self"), "{err}");
}
