//! What keys of a terminal do, and who reads it: a shell with job control on a pseudo terminal.

use std::process::Command;

use super::sealed::can_seal;
use super::text;
use crate::support::tool::tool;

/// Types into a shell: pairs of what is waited for on the screen, and what is typed then.
const TYPIST: &str = r#"
import json, os, pty, select, signal, sys
shell, screen = pty.fork()
if shell == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = ""
for awaited, typed in json.loads(sys.argv[1]):
    while awaited not in seen:
        if not select.select([screen], [], [], 30)[0]:
            os.kill(shell, signal.SIGKILL)
            sys.exit("waited in vain for " + repr(awaited) + ", saw " + repr(seen))
        seen += os.read(screen, 4096).decode(errors="replace")
    print(seen, end="")
    seen = seen.split(awaited, 1)[1]
    os.write(screen, typed.encode())
"#;

const CTRL_C: &str = "\x03";
const CTRL_Z: &str = "\x1a";

/// Has this typed; what is waited for is never what the shell shows of a line as it is typed.
fn typed(steps: &[(&str, &str)]) {
    let (Some(python), Some(_)) = (tool("python3"), tool("bash")) else { return };
    let steps = serde_json::to_string(steps).unwrap();
    let mut command = Command::new(python);
    command.args(["-c", TYPIST, &steps]).env("RB", env!("CARGO_BIN_EXE_ringback"));
    command.env("TERM", "dumb");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

fn stops_and_goes_on(flag: &str) {
    let line = format!("$RB run {flag} -- sh -c 'echo he\"\"re; read x; echo go\"\"t $x'\n");
    typed(&[
        ("bash", &line),
        ("here", CTRL_Z),
        ("Stopped", "echo pro\"\"mpt\n"),
        ("prompt", "fg\n"),
        ("run", "hello\n"),
        ("got hello", ""),
        ("exit code 4", "echo en\"\"d\n"),
        ("end", ""),
    ]);
}

#[test]
fn a_run_that_is_stopped_by_a_key_gives_the_shell_the_terminal_and_goes_on() {
    stops_and_goes_on("");
}

#[test]
fn a_sealed_run_is_stopped_by_a_key_as_well() {
    if can_seal() {
        stops_and_goes_on("--sealed");
    }
}

#[test]
fn a_client_that_stops_itself_stops_the_run() {
    typed(&[
        ("bash", "$RB run -- sh -c 'kill -STOP $$; echo wo\"\"ken'\n"),
        ("Stopped", "fg\n"),
        ("woken", ""),
        ("exit code 4", "echo en\"\"d\n"),
        ("end", ""),
    ]);
}

#[test]
fn the_terminal_is_read_by_all_of_a_pipeline_whatever_stdin_is() {
    for line in [
        "$RB run -- sh -c 'echo he\"\"re' | sh -c 'cat; read x </dev/tty; echo go\"\"t $x'\n",
        "$RB run -- sh -c 'echo he\"\"re; read x </dev/tty; echo go\"\"t $x' </dev/null\n",
        "seq 3 | $RB run -- sh -c 'cat; echo he\"\"re; read x </dev/tty; echo go\"\"t $x'\n",
    ] {
        typed(&[("bash", line), ("here", "hello\n"), ("got hello", "echo en\"\"d\n"), ("end", "")]);
    }
}

#[test]
fn a_run_in_the_background_that_wants_the_terminal_comes_back() {
    typed(&[
        ("bash", "$RB run -- sh -c 'read x; echo go\"\"t $x' &\n"),
        ("bash", "until jobs | grep -q Stopped; do :; done; echo wai\"\"ts\n"),
        ("waits", "fg\n"),
        ("run", "hello\n"),
        ("got hello", ""),
        ("exit code 4", "echo en\"\"d\n"),
        ("end", ""),
    ]);
}

#[test]
fn a_key_reaches_the_client_once_and_a_signal_to_the_run_does_too() {
    let script = "import os, signal, subprocess\n\
                  held = {signal.SIGINT, signal.SIGTERM}\n\
                  signal.pthread_sigmask(signal.SIG_BLOCK, held)\n\
                  print(chr(104) + \"ere\", flush=True)\n\
                  signal.sigwait({signal.SIGINT})\n\
                  more = signal.sigtimedwait({signal.SIGINT}, 0.5)\n\
                  print(\"more\" if more else \"once\", flush=True)\n\
                  stat = open(\"/proc/%d/stat\" % os.getppid()).read().rsplit(\")\", 1)[1]\n\
                  os.kill(int(stat.split()[1]), signal.SIGTERM)\n\
                  signal.sigwait({signal.SIGTERM})\n\
                  print(\"to\" + \"ld\", flush=True)\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.py");
    std::fs::write(&file, script).unwrap();
    let line = format!("$RB run -- python3 {}\n", file.display());
    typed(&[("bash", &line), ("here", CTRL_C), ("once", ""), ("told", ""), ("exit code 4", "")]);
}
