//! Whatever stderr and stdout are: nothing waits, nothing panics, what is lost is counted.

use std::io::Read;

use crate::alive::{ANY_PORTS, metric, signal};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, ringback, run, serve, serve_by, serve_with};

/// Lines in plenty: more than wait for stderr and fit into a pipe.
fn log_much(running: &Running) {
    for idx in 0..2500 {
        let path = format!("/nothing/{idx}");
        let reply = running.raw("listen", http("GET", &path, &[], "").as_bytes());
        assert_eq!(status_of(&reply), 404, "request {idx}: {reply}");
    }
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    assert_eq!(running.admin("GET", "/livez", "").0, 200);
}

#[test]
fn a_pipe_that_nobody_reads_holds_nobody() {
    let mut running = serve(&["--log", "trace"]);
    log_much(&running);
    assert!(metric(&running, "ringback_log_lines_lost_total") > 0);
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_pipe_whose_reader_is_gone_takes_nobody_with_it() {
    let mut running = serve(&["--log", "trace"]);
    drop(running.child.stderr.take());
    log_much(&running);
    assert!(metric(&running, "ringback_log_lines_lost_total") > 0);
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_full_device_takes_nobody_with_it() {
    let mut running = serve_by(r#"exec "$@" 2>/dev/full"#, &["--log", "trace"]);
    log_much(&running);
    assert!(metric(&running, "ringback_log_lines_lost_total") > 0);
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_closed_stderr_takes_nobody_with_it() {
    let mut running = serve_by(r#"exec "$@" 2>&-"#, &["--log", "trace"]);
    log_much(&running);
    assert_eq!(running.stop(), 0);
}

#[test]
fn the_last_lines_are_there_and_in_colours_only_where_they_are_wanted() {
    let said = |env: &[(&str, &str)]| {
        let (code, said) = serve_with(&["--log", "info"], env).stop_and_listen();
        assert_eq!(code, 0);
        assert!(said.contains("stopping"), "{said:?}");
        said
    };
    assert!(!said(&[]).contains('\u{1b}'));
    assert!(said(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!said(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn a_failure_that_nobody_can_be_told_has_its_exit_code() {
    let program = ringback().get_program().to_owned();
    for redirected in ["2>/dev/full", "2>&-"] {
        let line = format!(r#"exec "$@" {redirected}"#);
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", &line, "sh"]).arg(&program).args(["serve", "missing.toml"]);
        let (code, _, said) = run(command.args(ANY_PORTS));
        assert_eq!((code, said.as_str()), (2, ""), "{redirected}");
    }
}

#[test]
fn a_ready_line_that_nobody_takes_is_an_error_or_no_reason_to_hang() {
    let program = ringback().get_program().to_owned();
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", r#"exec "$@" >/dev/full"#, "sh"]).arg(&program).arg("serve");
    let (code, _, said) = run(command.args(ANY_PORTS));
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("cannot print the ready line"), "{said}");

    // A pipe that is full from the beginning: the line waits in it, and the program can be stopped.
    let full = r#"{ head -c 65536 /dev/zero; exec "$@"; }"#;
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", full, "sh"]).arg(&program).args(["serve", "--log", "info"]).args(ANY_PORTS);
    let piped = std::process::Stdio::piped;
    let child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    let mut running = Running { child, ready: serde_json::Value::Null };
    let mut stdout = running.child.stdout.take().unwrap();
    // The line stands behind the zeros: once they are taken, it is the proof that it serves.
    let mut zeros = vec![0; 65536];
    stdout.read_exact(&mut zeros).unwrap();
    let mut first = [0];
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(first, *b"{");
    signal(&running, "-TERM");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}
