//! `record`: between a client and a vendor's own system.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;

use rustls::RootCertStore;
use serde_json::Value;

use crate::live::assert_clean;
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, Running, ringback, run, serve};
use crate::support::secure::config;
use crate::support::tool::tool;

const BEARER: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";
const LOCK: &str = "/rest/v1.0/7/dialler/contacts/contact/301501/lock";

/// Starts `record` for one vendor, on a port that is free.
fn relay(folder: &Path, to: &str, vendor: &str, more: &[&str]) -> Running {
    record(folder, &[&["--to", to, "--vendor", vendor], more].concat())
}

/// Starts `record`, on a port that is free.
fn record(folder: &Path, more: &[&str]) -> Running {
    let out = folder.join("seen.toml");
    let mut command: Command = ringback();
    command.args(["record", "--listen", "127.0.0.1:0"]);
    let mut child = command.args(["--out", out.to_str().unwrap()]).args(more).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if line.is_empty() {
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        panic!("it did not start: {said}");
    }
    Running { child, ready: serde_json::from_str(&line).unwrap() }
}

fn ask(relay: &Running, method: &str, path: &str, body: &str) -> (u16, String) {
    let reply = relay.raw("listen", http(method, path, &[BEARER], body).as_bytes());
    (status_of(&reply), reply)
}

/// A server that gives one reply to all, whatever is asked.
fn stub(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while head.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn a_vendors_system_is_recorded_and_what_writes_is_held_back() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let mut relay =
        relay(folder.path(), &format!("http://{}/jtel", vendor.address("listen")), "jtel", &[]);
    let (status, reply) = ask(&relay, "GET", CONTACT, "");
    assert_eq!(status, 200, "{reply}");
    let (status, reply) = ask(&relay, "PATCH", LOCK, "");
    assert_eq!(status, 403);
    assert!(body_of(&reply).contains("lock_contact_by_id, which may change something"), "{reply}");
    // What is none of the vendor's operations may do anything, by GET too.
    for method in ["POST", "GET", "HEAD"] {
        assert_eq!(ask(&relay, method, "/rest/v1.0/7/own", "{}").0, 403, "{method}");
    }
    // It never came to the vendor.
    let (_, journal) = vendor.admin("GET", "/v1/worlds/default/journal", "");
    let n_exchanges = |journal: &Value| {
        let entries = journal["entries"].as_array().unwrap();
        entries.iter().filter(|it| it["kind"] == "exchange" || it["request"].is_object()).count()
    };
    assert_eq!(n_exchanges(&journal), 1, "{journal}");
    let (code, said) = relay.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the only address that is connected to"), "{said}");
    assert!(said.contains("403: PATCH is jtel's lock_contact_by_id"), "{said}");
    let text = fs::read_to_string(folder.path().join("seen.toml")).unwrap();
    assert_clean(&text, "the scenario");
    assert_clean(&said, "stderr");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let (code, out, err) = run(ringback().arg("replay").arg(folder.path()));
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn what_stands_before_the_paths_there_does_not_hide_what_a_request_is() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let to = format!("http://{}/rest/v1.0", vendor.address("listen"));
    let mut relay = relay(folder.path(), &to, "jtel", &[]);
    let below = |path: &'static str| path.strip_prefix("/rest/v1.0").unwrap();
    let (status, reply) = ask(&relay, "PATCH", below(LOCK), "");
    assert_eq!(status, 403);
    assert!(body_of(&reply).contains("lock_contact_by_id"), "{reply}");
    let (status, reply) = ask(&relay, "GET", below(CONTACT), "");
    assert_eq!(status, 200, "{reply}");
    relay.stop();
}

#[test]
fn clients_of_several_vendors_have_it_for_their_proxy() {
    let Some(curl) = tool("curl") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (serve(&[]), serve(&[]));
    let dialer = format!("infocu5=http://{}", one.address("listen"));
    let portal = format!("http://{}/jtel", other.address("listen"));
    let (jtel, kept) = (format!("jtel={portal}"), folder.path().join("ca"));
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let kept = kept.to_str().unwrap();
    let mut relay = record(&out, &["--to", &dialer, "--to", &jtel, "--ca-dir", kept]);
    let ca = relay.ready["ca"].as_str().unwrap().to_owned();
    assert_eq!(relay.ready["to"]["jtel"], *portal);
    let proxy = format!("http://{}", relay.address("listen"));
    let asked = |args: &[&str]| {
        let with = ["-sS", "-x", &proxy, "--cacert", &ca, "--noproxy", "", "-w", " %{http_code}"];
        let output = Command::new(&curl).args(with).args(args).output().unwrap();
        let (out, err) = (&output.stdout, &output.stderr);
        format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
    };
    // The vendor's own name, as its clients have it; where none is known, the address after --to.
    let told = asked(&["--data-binary", AGENTS, "https://api.infocu5.com/dialer/"]);
    assert!(told.contains("50017") && told.ends_with(" 200"), "{told}");
    let bearer = format!("{}: {}", BEARER.0, BEARER.1);
    let told = asked(&["-H", &bearer, &format!("{portal}{CONTACT}")]);
    assert!(told.contains("301501") && told.ends_with(" 200"), "{told}");
    let told = asked(&["-X", "PATCH", "-H", &bearer, &format!("{portal}{LOCK}")]);
    assert!(told.contains("lock_contact_by_id") && told.ends_with(" 403"), "{told}");
    // What is none of theirs goes nowhere.
    let told = asked(&[&format!("http://{}/rest", other.address("listen"))]);
    assert!(told.contains("only paths below /jtel") && told.ends_with(" 403"), "{told}");
    let told = asked(&["http://other.example.test/"]);
    assert!(
        told.contains("api.infocu5.com (infocu5); 127.0.0.1") && told.ends_with(" 403"),
        "{told}"
    );
    assert!(asked(&["https://other.example.test/"]).contains("403"));
    assert!(asked(&["https://other.example.test/"]).contains("403"));
    let (status, reply) = ask(&relay, "GET", CONTACT, "");
    assert_eq!(status, 421);
    assert!(reply.contains("has this address for its proxy"), "{reply}");
    let told = asked(&["--cacert", "/etc/ssl/certs/none.pem", "https://api.infocu5.com/"]);
    assert!(told.ends_with("000") || told.contains("curl: ("), "{told}");
    let (code, said) = relay.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    // A client tells little of a proxy that refuses it, so this is told here, once for each.
    for host in ["other.example.test:80", "other.example.test:443"] {
        assert_eq!(said.matches(&format!("403: {host} is another host")).count(), 1, "{said}");
    }
    let text = fs::read_to_string(out.join("seen.toml")).unwrap();
    assert_clean(&text, "the scenario");
    for path in ["/dialer/", CONTACT] {
        assert!(text.contains(&format!("path = \"{path}\"")), "{path}: {text}");
    }
    let (code, out, err) = run(ringback().arg("replay").arg(&out));
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_client_that_does_not_trust_the_recording_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let to = "http://127.0.0.1:9";
    let mut relay = relay(folder.path(), to, "infocu5", &[]);
    assert_eq!(relay.ready["ca"], Value::Null);
    let nobody = config(RootCertStore::empty());
    assert!(relay.secure_with(nobody, "listen", "api.infocu5.com").is_err());
    let (code, said) = relay.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("a handshake failed"), "{said}");
    assert!(said.contains("ca.pem in the folder after --ca-dir"), "{said}");
}

#[test]
fn a_log_is_told_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let to = format!("http://{}/jtel", vendor.address("listen"));
    let mut relay = relay(folder.path(), &to, "jtel", &["--log", "debug"]);
    assert_eq!(ask(&relay, "GET", CONTACT, "").0, 200);
    let (code, said) = relay.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(" DEBUG "), "{said}");
}

#[test]
fn an_address_that_is_taken_is_told_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let (listen, out) = (taken.local_addr().unwrap().to_string(), folder.path().join("seen.toml"));
    let command = ["record", "--to", "http://a.test", "--vendor", "jtel", "--listen", &listen];
    let (code, _, err) = run(ringback().args(command).arg("--out").arg(&out));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("--listen") && err.contains("nothing was recorded"), "{err}");
    // It leaves nothing that would be in the way of the next.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn with_tls_and_with_writes() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = serve(&[]);
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, vendor.ca()).unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let to = format!("https://{}/jtel", vendor.address("listen"));
    let mut relay = relay(
        &out,
        &to,
        "jtel",
        &["--upstream-ca", ca.to_str().unwrap(), "--allow-operation", "lock_contact_by_id"],
    );
    let (status, reply) = ask(&relay, "PATCH", LOCK, "");
    assert_eq!(status, 200, "{reply}");
    assert_eq!(
        ask(&relay, "PATCH", "/rest/v1.0/7/dialler/contacts/contact/301501/unlock", "").0,
        403
    );
    let growing = fs::read_to_string(out.join("seen.toml.part")).unwrap();
    assert_clean(&growing, "what grows");
    let (code, said) = relay.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    // An authority that nobody trusts.
    let mut relay = self::relay(folder.path(), &to, "jtel", &["--writes"]);
    let (status, reply) = ask(&relay, "GET", CONTACT, "");
    assert_eq!(status, 502, "{reply}");
    assert!(reply.contains("does not speak TLS as it should"), "{reply}");
    relay.stop();
}

#[test]
fn a_vendor_that_is_dead_slow_or_leads_away_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = closed.local_addr().unwrap();
    drop(closed);
    let away = stub(
        "HTTP/1.1 302 Found\r\nLocation: https://other.example.test/x\r\nContent-Length: 0\r\n\r\n",
    );
    let cut = stub("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
    for (idx, (to, status, told)) in [
        (silent.local_addr().unwrap().to_string(), 504, "gave no whole reply within 0.3 s"),
        (dead.to_string(), 502, "cannot be reached"),
        (away, 502, "sends its client on to other.example.test"),
        (cut, 502, "broke off inside its reply"),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = folder.path().join(idx.to_string());
        fs::create_dir(&folder).unwrap();
        let to = format!("http://{to}");
        let mut relay = relay(&folder, &to, "jtel", &["--patience", "300ms"]);
        let (found, reply) = ask(&relay, "GET", CONTACT, "");
        assert_eq!(found, status, "{reply}");
        assert!(reply.contains(told), "{reply}");
        let (code, said) = relay.stop_and_listen();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("nothing was recorded: the one request is left out"), "{said}");
        assert_eq!(said.matches(told).count(), 2, "{said}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }
}

#[test]
fn bad_input_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("x.toml");
    let out = out.to_str().unwrap();
    for (args, told) in [
        (vec!["--to", "portal.test", "--vendor", "jtel"], "neither https:// nor http://"),
        (vec!["--to", "http://a.test", "--vendor", "jtell"], "did you mean \"jtel\"?"),
        (
            vec!["--to", "http://a.test", "--vendor", "jtel", "--allow-operation", "lock"],
            "no operation \"lock\" of jtel",
        ),
        (
            vec!["--to", "http://a.test", "--vendor", "jtel", "--upstream-ca", "/none"],
            "begins with http://",
        ),
        (vec!["--to", "https://a.test", "--vendor", "jtel", "--upstream-ca", "/none"], "/none"),
        (vec!["--to", "http://a.test"], "does not say whose system that is"),
        (vec!["--to", "jtel=http://a.test", "--vendor", "mor"], "says jtel already"),
        (vec!["--to", "jtel=http://a.test", "--to", "jtel=http://b.test"], "jtel has two systems"),
        (vec!["--to", "jtel=http://a.test", "--to", "mor=http://A.test/b"], "is mor's and jtel's"),
        (
            vec!["--to", "jtel=http://a.test,mor=http://b.test", "--allow-operation", "lock"],
            "no operation \"lock\" of jtel and mor",
        ),
    ] {
        let (code, _, err) = run(ringback().args(["record", "--out", out]).args(&args));
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(told), "{args:?}: {err}");
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
