//! Exit codes, verdicts and reports.

use std::fs;

use serde_json::Value;

use super::{ended, run};
use crate::support::program::AGENTS;
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
fn a_system_that_gives_nothing_ends_it_with_a_line_and_leaves_nothing() {
    let root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    for limit in ["-n 10", "-n 11", "-n 12", "-n 13", "-u 2", "-u 4", "-u 6"] {
        // Nobody counts the threads of the one who may do anything.
        if limit.starts_with("-u") && root {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let own = run(&[], &["true"]);
        let program = own.get_program().to_str().unwrap();
        let script = format!("ulimit {limit}; exec '{program}' run --inconclusive pass -- true");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).env("TMPDIR", folder.path());
        let (code, _, err) = ended(&command.output().unwrap());
        assert!(code == 3 || code == 0, "{limit}: {code} {err}");
        assert!(!err.contains("panicked"), "{limit}: {err}");
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "{limit}: {err}");
    }
}
