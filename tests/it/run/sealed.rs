//! Clients that are sealed off: any of them reaches the vendors here, and nobody else.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use super::{ended, run, text};
use crate::support::program::AGENTS;
use crate::support::tool::tool;

/// Whether clients can be sealed off here. The program's own word is taken for it where the system's
/// own tool cannot do it either; where that can, the program has to.
pub(crate) fn can_seal() -> bool {
    let (code, _, err) = ended(&run(&["--sealed"], &["true"]).output().unwrap());
    if code == 4 {
        return true;
    }
    let by_hand = Command::new("unshare").args(["-U", "-r", "-m", "-n", "true"]).output();
    let can = by_hand.is_ok_and(|output| output.status.success());
    assert!(!can, "unshare does what --sealed does not: {err}");
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("does not let a client be sealed off"), "{err}");
    eprintln!("skipped: nobody is sealed off on this system");
    false
}

#[test]
fn a_client_reaches_vendors_by_name_and_nobody_else() {
    if !can_seal() || tool("curl").is_none() {
        return;
    }
    let script = format!(
        "env -u SSL_CERT_FILE curl -sS -d '{AGENTS}' https://api.infocu5.com/dialer/ && \
         curl -sS -d '{AGENTS}' http://api.infocu5.com/dialer/ && \
         curl -sS -o /dev/null https://acme.maxcontact.com/ && \
         curl -sS -d '{AGENTS}' $RINGBACK_URL/dialer/ && \
         curl -sS -o /dev/null $RINGBACK_ADMIN_URL/v1/vendors && env"
    );
    let mut command = run(&["--sealed"], &["sh", "-c", &script]);
    let (code, out, err) =
        ended(&command.env("https_proxy", "http://192.0.2.1:3128").output().unwrap());
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(out.matches("50017").count(), 3, "{out}{err}");
    assert!(err.contains("infocu5: 3 ok"), "{err}");
    assert!(err.contains("maxcontact: 1 refused"), "{err}");
    assert!(!out.to_lowercase().contains("_proxy="), "{out}");
}

#[test]
fn a_client_that_bypasses_everything_meets_nobody_and_is_inconclusive_with_the_cause() {
    if !can_seal() || tool("curl").is_none() {
        return;
    }
    // Its own resolver, its own trust, no proxy, and an address in its own code.
    let script = "curl -s -m 5 --noproxy '*' https://example.com/; \
                  curl -sk -m 5 --noproxy '*' https://192.0.2.7/dns-query; true";
    let (code, _, err) = ended(&run(&["--sealed"], &["sh", "-c", script]).output().unwrap());
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("looked up example.com"), "{err}");
    assert!(err.contains("connected to 192.0.2.7:443"), "{err}");
    assert!(err.contains("no request reached a vendor"), "{err}");
    // A port that nobody has inside is refused at once.
    let elsewhere = "curl -sS -m 5 http://192.0.2.7:8080/; test $? -eq 7";
    let (code, _, err) = ended(&run(&["--sealed"], &["sh", "-c", elsewhere]).output().unwrap());
    assert_eq!(code, 4, "{err}");
}

#[test]
fn a_port_of_the_host_is_let_through_by_address_and_by_name() {
    if !can_seal() || tool("curl").is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 1024];
            assert!(stream.read(&mut head).unwrap() > 0);
            stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nlet through\n").unwrap();
        }
    });
    let by_name = format!("localhost:{}", address.port());
    let flags = ["--sealed", "--inconclusive", "pass", "--allow", &address.to_string()];
    let script = format!("curl -sS http://{address}/ && curl -sS http://{by_name}/");
    let (code, out, err) = ended(&run(&flags, &["sh", "-c", &script]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "let through\nlet through\n", "{err}");
    serving.join().unwrap();
}

#[test]
fn an_address_that_is_a_vendors_is_nobody_elses_and_a_name_counts_once() {
    if !can_seal() || tool("curl").is_none() {
        return;
    }
    let path = "rest/v1.0/7/dialler/contacts/301501";
    let asks = format!(
        "curl -sS -o /dev/null -H 'Authorization: Bearer SIMTOKEN-7A' https://10.1.2.3/{path}"
    );
    let flags = ["--sealed", "--host", "jtel=10.1.2.3", "--fail-on", "unmatched"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", &asks]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("jtel: 1 ok") && !err.contains("connected to"), "{err}");
    // Both kinds of its address are asked for.
    let asks = format!("{asks}; curl -s http://nobody.test/; true");
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", &asks]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("  1 request was no vendor's\n"), "{err}");
}

#[test]
fn what_cannot_be_let_through_starts_nothing() {
    for (flags, expected) in [
        (&["--sealed", "--allow", "127.0.0.1:443"][..], "vendors'"),
        (&["--sealed", "--allow", "db"], "expected a host and a port"),
        (&["--allow", "127.0.0.1:5432"], "--sealed"),
        (&["--sealed", "--others", "pass"], "expected one of them"),
    ] {
        let (code, out, err) = ended(&run(flags, &["echo", "never"]).output().unwrap());
        assert_eq!((code, out.as_str()), (2, ""), "{flags:?}: {err}");
        assert!(err.contains(expected), "{flags:?}: {err}");
    }
}

#[test]
fn files_stay_as_they_are_and_nothing_is_left() {
    if !can_seal() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let hosts = fs::read("/etc/hosts").unwrap_or_default();
    let script = "id -u; echo kept > \"$TMPDIR/mine\"; (setsid sleep 300 &) ; exit 5";
    let mut command = run(&["--sealed"], &["sh", "-c", script]);
    let output = command.env("TMPDIR", folder.path()).output().unwrap();
    let (code, out, err) = ended(&output);
    assert_eq!(code, 5, "{err}");
    let own = text(&Command::new("id").arg("-u").output().unwrap().stdout);
    assert_eq!(out, own);
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["mine"]);
    assert_eq!(fs::read("/etc/hosts").unwrap_or_default(), hosts);
}
