//! Exit codes, verdicts and reports.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{ended, run};
use crate::support::program::{AGENTS, ringback};
use crate::support::tool::tool;

#[test]
fn the_commands_own_code_goes_first_and_a_run_of_nothing_is_inconclusive() {
    for (command, expected) in [
        (&["sh", "-c", "exit 7"][..], 7),
        (&["sh", "-c", "kill -9 $$"], 137),
        (&["sh", "-c", "kill -TERM $$"], 143),
        (&["no-such-command-anywhere"], 127),
        (&["/"], 126),
        (&["true"], 4),
    ] {
        let (code, _, err) = ended(&run(&[], command).output().unwrap());
        assert_eq!(code, expected, "{command:?}: {err}");
    }
    let (_, _, err) = ended(&run(&[], &["no-such-command-anywhere"]).output().unwrap());
    assert!(err.contains("cannot run no-such-command-anywhere"), "{err}");
    assert!(err.contains("no connection at all: the command was not found"), "{err}");
    let (code, out, err) =
        ended(&run(&[], &["sh", "-c", "echo out; echo err >&2"]).output().unwrap());
    assert_eq!((code, out.as_str()), (4, "out\n"));
    assert!(err.starts_with("err\n"), "{err}");
    assert!(err.contains("client 0, verdict inconclusive, exit code 4"), "{err}");
    assert!(err.contains("no connection at all"), "{err}");
    let (code, ..) = ended(&run(&["--inconclusive", "pass"], &["true"]).output().unwrap());
    assert_eq!(code, 0);
}

#[test]
fn bad_flags_start_nothing() {
    let (code, out, err) =
        ended(&run(&["--no-lever", "nodes"], &["sh", "-c", "echo never"]).output().unwrap());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("expected one of proxy, trust"), "{err}");
    let (code, ..) = ended(&run(&[], &[]).output().unwrap());
    assert_eq!(code, 2);
    let (code, _, err) =
        ended(&run(&["--scenario", "/nowhere.toml"], &["echo", "never"]).output().unwrap());
    assert_eq!(code, 2, "{err}");
}

#[test]
fn hosts_of_nobodys_and_handshakes_make_it_inconclusive_with_the_cause() {
    if tool("curl").is_none() {
        return;
    }
    let other = "curl -s https://example.com/ http://example.org/; true";
    let (code, _, err) = ended(&run(&[], &["sh", "-c", other]).output().unwrap());
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("refused host example.com:443"), "{err}");
    assert!(err.contains("no request reached a vendor"), "{err}");
    let untrusting = "env -u SSL_CERT_FILE -u CURL_CA_BUNDLE -u SSL_CERT_DIR \
                      curl -s --cacert /etc/ssl/certs/ca-certificates.crt https://api.infocu5.com/; true";
    let (code, _, err) = ended(&run(&[], &["sh", "-c", untrusting]).output().unwrap());
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("1 handshake came to nothing (untrusted)"), "{err}");
}

#[test]
fn refusals_fail_where_that_is_asked_for_and_reports_tell_them() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, journal, har) = (format!("json={}", path("r.json")), path("j.json"), path("h.har"));
    let url = "https://api.infocu5.com/dialer/";
    let asked = format!("curl -s -d '{AGENTS}' {url}; curl -s -d '{{}}' {url}");
    let flags = [
        "--fail-on",
        "refused",
        "--report",
        "text",
        "--report",
        &json,
        "--journal",
        &journal,
        "--har",
        &har,
    ];
    let (code, out, err) = ended(&run(&flags, &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("50017"), "{out}");
    assert!(err.contains("infocu5: 1 ok, 1 refused"), "{err}");
    assert!(err.contains("1 request was refused"), "{err}");
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap()
    };
    let report = read("r.json");
    assert_eq!(report["verdict"], "fail", "{report}");
    assert_eq!(report["requests"]["infocu5"]["ok"], 1, "{report}");
    assert_eq!(report["refusals"][0]["count"], 1, "{report}");
    assert!(read("j.json")["worlds"]["default"].is_array());
    assert_eq!(read("h.har")["log"]["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_inherited_and_leads_elsewhere_is_told_and_gone() {
    let mut command =
        run(&["--explain"], &["sh", "-c", "echo \"$NO_PROXY $ftp_proxy $RINGBACK_WORLD\""]);
    command.env("NO_PROXY", "*").env("ftp_proxy", "http://other.test");
    let (_, out, err) = ended(&command.output().unwrap());
    assert_eq!(out, "localhost,127.0.0.1,::1  default\n");
    assert!(err.contains("what was inherited is not used: NO_PROXY, ftp_proxy"), "{err}");
    assert!(err.contains("JAVA_TOOL_OPTIONS=-Dhttp.proxyHost"), "{err}");
}

#[test]
fn whom_a_client_trusted_is_told_where_it_is_led_to_others() {
    let err = |args: &[&str], file: &str| {
        let mut command = run(args, &["true"]);
        command.env("SSL_CERT_FILE", file).env("SSL_CERT_DIR", "").env("NO_PROXY", "*");
        for name in
            ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "AWS_CA_BUNDLE"]
        {
            command.env(name, "");
        }
        for name in
            ["CARGO_HTTP_CAINFO", "NIX_SSL_CERT_FILE", "HTTPLIB2_CA_CERTS", "PERL_LWP_SSL_CA_FILE"]
        {
            command.env(name, "");
        }
        command.env("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "").env("NODE_EXTRA_CA_CERTS", "");
        command.env("DENO_CERT", "");
        ended(&command.output().unwrap()).2
    };
    let own = "/corporate/authorities.pem";
    let said = err(&[], own);
    assert!(!said.contains("SSL_CERT_FILE"), "nobody else is reached: {said}");
    assert!(said.contains("what was inherited is not used: NO_PROXY\n"), "{said}");
    let said = err(&["--explain"], own);
    assert!(
        said.contains("clients trust Ringback alone, not whom these name: SSL_CERT_FILE\n"),
        "{said}"
    );
    let said = err(&["--others", "pass"], own);
    let told =
        "clients trust the system's authorities and Ringback, not whom these name: SSL_CERT_FILE\n";
    assert!(said.contains(told), "{said}");
    let said = err(&["--others", "pass"], "/etc/ssl/certs/ca-certificates.crt");
    assert!(!said.contains("SSL_CERT_FILE"), "the system's are trusted: {said}");
}

/// Somebody who has no processes yet, to whom limits apply: to root they do not.
const NOBODY: u32 = 54_321;

#[test]
fn a_system_that_gives_nothing_ends_it_with_a_line_and_leaves_nothing() {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let place = tempfile::tempdir().unwrap();
    // Where others can run it.
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
    let program = place.path().join("ringback");
    let built = env!("CARGO_BIN_EXE_ringback");
    fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).unwrap();
    let serve = "serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --until-stdin-closes";
    for command in ["run --inconclusive pass -- true", serve, "replay steps.toml"] {
        for limit in [
            "-n 10", "-n 11", "-n 12", "-n 13", "-n 15", "-n 17", "-u 2", "-u 3", "-u 4", "-u 5",
            "-u 6",
        ] {
            let folder = place.path().join("folder");
            fs::create_dir(&folder).unwrap();
            fs::write(place.path().join("steps.toml"), STEPS).unwrap();
            let script = format!("ulimit {limit}; exec '{}' {command}", program.display());
            let mut asked = Command::new("timeout");
            asked.arg("60");
            if limit.starts_with("-u") && is_root {
                std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
                let id = NOBODY.to_string();
                asked.args(["setpriv", "--reuid", &id, "--regid", &id, "--clear-groups"]);
            }
            asked.args(["bash", "-c", &script]).stdin(Stdio::null());
            asked.current_dir(place.path()).env("TMPDIR", &folder);
            let (code, _, err) = ended(&asked.output().unwrap());
            assert!(code == 3 || code == 0, "{command} {limit}: {code} {err}");
            assert!(!err.contains("panicked"), "{command} {limit}: {err}");
            fs::remove_dir(&folder).unwrap();
        }
    }
}

/// A scenario with a step.
const STEPS: &str = "extends = \"demo\"\n[[step]]\nname = \"a\"\nadvance = \"1s\"\n";

#[test]
fn a_flag_that_does_nothing_by_itself_or_names_nothing_is_refused() {
    for (flags, expected) in [
        (&["--fail-on-dependence"][..], "fails on what --explore-variants finds; expected both"),
        (&["--report", "junit="], "\"junit=\" names no file; expected such as junit=report.junit"),
        (&["--explore-budget", "many"], "expected a whole number"),
        (&["--body-max", "99999999999999999999999"], "expected a smaller number"),
    ] {
        let (code, out, err) = ended(&run(flags, &["echo", "never"]).output().unwrap());
        assert_eq!((code, out.as_str()), (2, ""), "{flags:?}: {err}");
        assert!(err.contains(expected), "{flags:?}: {err}");
    }
}

#[test]
fn a_word_that_has_no_place_is_told_its_place() {
    for (args, expected) in [
        (
            &["run", "--strict", "sh", "-c", "true"][..],
            "The client stands behind --: ringback run --strict -- sh -c true\n",
        ),
        (&["advance", "-3h"], "No number and no length of time is below 0 here.\n"),
        (&["wait", "--timeout", "-1s"], "No number and no length of time is below 0 here.\n"),
    ] {
        let (code, _, err) = ended(&ringback().args(args).output().unwrap());
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.ends_with(expected), "{args:?}: {err}");
    }
    // Of a flag that there is not, that is all.
    let (_, _, err) = ended(&ringback().args(["run", "--stric", "--", "true"]).output().unwrap());
    assert!(err.contains("'--strict'") && !err.contains("stands behind"), "{err}");
}

#[test]
fn a_variable_that_cannot_be_used_is_named_and_an_empty_one_is_none() {
    let told = |name: &str, value: &str, flags: &[&str]| {
        let (code, _, err) = ended(&run(flags, &["true"]).env(name, value).output().unwrap());
        (code, err)
    };
    for (name, value) in [("RINGBACK_FAIL_ON", "refusd"), ("RINGBACK_CLOCK", "noon")] {
        let (code, err) = told(name, value, &[]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(&format!("The value comes from the environment: {name}\n")), "{err}");
    }
    // What is written stands over it.
    let (code, err) = told("RINGBACK_CLOCK", "noon", &["--clock", "night"]);
    assert_eq!(code, 2, "{err}");
    assert!(!err.contains("environment"), "{err}");
    for name in ["RINGBACK_HAR", "RINGBACK_SCENARIO", "RINGBACK_FAIL_ON", "RINGBACK_SEED"] {
        let (code, err) = told(name, "", &[]);
        assert_eq!(code, 4, "{name}: {err}");
    }
}

#[test]
fn a_file_that_cannot_be_written_takes_nothing_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.json");
    let flag = format!("--journal={}", journal.display());
    let flags = ["--coverage=/dev/full", &flag, "--keep-on-failure", "--inconclusive", "pass"];
    for (script, expected) in [("true", 3), ("exit 5", 5)] {
        let mut command = run(&flags, &["sh", "-c", script]);
        let (code, _, err) = ended(&command.env("TMPDIR", folder.path()).output().unwrap());
        assert_eq!(code, expected, "{err}");
        assert!(err.contains("cannot write /dev/full: No space left on device"), "{err}");
        // The code that was told before is not the one that it ends with.
        assert_eq!(err.contains("so the exit code is 3"), expected == 3, "{err}");
        assert_eq!(err.contains("what it has shown is kept in "), expected == 5, "{err}");
        fs::remove_file(&journal).unwrap();
    }
}
