//! What a run tells: reports for build servers, coverage, what it keeps; and the environment by itself.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{ended, run};
use crate::support::program::{AGENTS, ringback, serve};
use crate::support::tool::tool;

#[test]
fn build_servers_are_told_in_their_forms() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let reports = ["junit", "tap", "github"].map(|kind| format!("{kind}={}", path(kind)));
    let flags: Vec<&str> = reports.iter().flat_map(|it| ["--report", it]).collect();
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", "exit 3"]).output().unwrap());
    assert_eq!(code, 3, "{err}");
    let read = |name: &str| fs::read_to_string(path(name)).unwrap();
    assert!(read("junit").contains("the client ended with 3"), "{}", read("junit"));
    assert!(read("tap").contains("not ok 1 - the client ends with 0"), "{}", read("tap"));
    assert!(read("github").contains("::error title="), "{}", read("github"));
    let (code, _, err) = ended(&run(&["--report", "pdf"], &["true"]).output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("expected one of text, json, junit, tap, github, html"), "{err}");
}

#[test]
fn a_report_is_xml_whatever_a_client_sends() {
    if tool("curl").is_none() {
        return;
    }
    let asked =
        "curl -s -d '{\"affiliateID\":\"a\u{ffff}\u{1}\u{fffe}\"}' https://api.infocu5.com/dialer/";
    let flags = ["--report", "junit", "--fail-on", "refused"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("1 request was refused"), "{err}");
    let unfit = |it: char| matches!(it, '\u{fffe}' | '\u{ffff}') || (it.is_control() && it != '\n');
    assert!(!err.contains(unfit), "{err:?}");
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_client_starts() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none/x");
    let nowhere = nowhere.to_str().unwrap();
    for flag in [
        format!("--report=json={nowhere}"),
        format!("--report=html={nowhere}"),
        format!("--journal={nowhere}"),
        format!("--har={nowhere}"),
        format!("--coverage={nowhere}"),
    ] {
        let (code, out, err) = ended(&run(&[&flag], &["echo", "started"]).output().unwrap());
        assert_eq!((code, out.as_str()), (3, ""), "{flag}: {err}");
        assert!(err.contains(&format!("cannot write {nowhere}")), "{flag}: {err}");
    }
    let file = folder.path().join("kept");
    fs::write(&file, "before").unwrap();
    let flag = format!("--journal={}", file.display());
    let (code, ..) = ended(&run(&[&flag, "--host", "nobody=x"], &["true"]).output().unwrap());
    assert_eq!(code, 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
}

#[test]
fn a_pipe_with_a_name_gets_the_whole_report() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let read = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let flag = format!("--report=json={}", pipe.display());
    let (code, _, err) = ended(&run(&[&flag], &["true"]).output().unwrap());
    assert_eq!(code, 4, "{err}");
    let report: Value = serde_json::from_str(&read.join().unwrap()).unwrap();
    assert_eq!(report["verdict"], "inconclusive", "{report}");
}

#[test]
fn a_run_is_judged_by_itself_whatever_the_kept_worlds_have_seen() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("strict.toml");
    let expected = "extends = \"demo\"\nstrict = true\n\n[[expect]]\noperation = \"get_agents\"\nat_least = 1\n";
    fs::write(&scenario, expected).unwrap();
    let data = folder.path().join("data");
    let flags = |more: &'static str| {
        let all =
            ["--scenario", scenario.to_str().unwrap(), "--data", data.to_str().unwrap(), more];
        all.map(str::to_owned)
    };
    let ends = |more: &'static str, asked: &str| {
        let flags = flags(more);
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let asked = format!("curl -s -d '{asked}' https://api.infocu5.com/dialer/");
        ended(&run(&flags, &["sh", "-c", &asked]).output().unwrap())
    };
    let plain = "--fail-on=refused";
    let (code, _, err) = ends(plain, AGENTS);
    assert_eq!(code, 0, "{err}");
    // The expectation was met before, and not now.
    let (code, _, err) = ends(plain, &AGENTS.replace("getAgents", "getCampaigns"));
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("get_agents"), "{err}");
    // What was refused before is not told again.
    let (code, _, err) = ends(plain, "{}");
    assert_eq!(code, 1, "{err}");
    let (code, _, err) = ends(plain, AGENTS);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("refused infocu5"), "{err}");
}

#[test]
fn a_page_shows_every_exchange_and_asks_for_nothing() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.html");
    let flag = format!("html={}", file.display());
    let url = "https://api.infocu5.com/dialer/";
    let hostile = "<script>alert(1)</script>";
    let asked = format!(
        "curl -s -d '{AGENTS}' {url}; curl -s -d '{{\"affiliateID\":\"{hostile}\"}}' {url}; \
         curl -s https://example.com/; true"
    );
    let flags = ["--report", &flag, "--report", "text", "--fail-on", "refused"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    let page = fs::read_to_string(&file).unwrap();
    for part in [
        "2 asked of vendors, 1 refused; client 0, exit code 1",
        "1 request was refused",
        "<details open>",
        "POST /dialer/ -&gt; 200",
        "refused host example.com:443",
        "World default",
        "&lt;script&gt;",
        "default-src 'none'",
        "--panel:",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    for part in ["<script", "<link", "src=", "url(h", "http-equiv=\"refresh", "0f1e2d3c4b5a6978"] {
        assert!(!page.contains(part), "{part} is in the page");
    }
    let (code, out, err) = ended(&run(&["--report", "html"], &["echo", "never"]).output().unwrap());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("expected html=FILE"), "{err}");
}

#[test]
fn coverage_is_told_for_a_run_and_by_the_control_plane() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coverage.json");
    let flag = format!("--coverage={}", file.display());
    let url = "https://api.infocu5.com/dialer/";
    let asked = format!(
        "curl -s -d '{AGENTS}' {url}; curl -s -d '{{}}' {url}; \
         curl -s $RINGBACK_ADMIN_URL/v1/worlds/default/coverage >&2"
    );
    let (code, _, err) = ended(&run(&[&flag], &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    let told: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let infocu5 = &told["vendors"][0];
    assert_eq!(told["exchanges"], 2, "{told}");
    assert_eq!(infocu5["vendor"], "infocu5");
    assert_eq!(infocu5["operations"]["asked"]["get_agents"], 1, "{told}");
    assert_eq!(infocu5["refusals"]["met"].as_object().unwrap().len(), 1, "{told}");
    assert!(infocu5["refusals"]["never"].as_array().unwrap().len() > 1, "{told}");
    assert_eq!(told["not_asked"].as_array().unwrap().len(), 4, "{told}");
    assert!(told["never_met"].to_string().contains("a slow reply"), "{told}");
    assert!(!told["never_met"].to_string().contains("a refusal"), "{told}");
    assert!(err.contains("\"exchanges\":2"), "the control plane tells the same: {err}");
    let (_, _, err) = ended(&run(&["--coverage"], &["true"]).output().unwrap());
    assert!(err.contains("not asked at all: "), "{err}");
}

#[test]
fn what_failed_is_kept_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for (command, n_kept) in [("exit 0", 0), ("exit 9", 1)] {
        let flags = ["--keep-on-failure", "--inconclusive", "pass"];
        let mut run = run(&flags, &["sh", "-c", command]);
        let (_, _, err) = ended(&run.env("TMPDIR", folder.path()).output().unwrap());
        let kept: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(kept.len(), n_kept, "{err}");
    }
    let kept = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    for name in ["report.json", "journal.json", "coverage.json", "exchanges.har"] {
        let text = fs::read_to_string(kept.join(name)).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{name}: {text}");
    }
}

#[test]
fn an_environment_leads_to_a_program_that_runs() {
    let running = serve(&["demo"]);
    let url = running.ready["listen"].as_str().unwrap();
    let admin = running.ready["admin"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let env = |form: &str| {
        let mut command = ringback();
        command.args(["env", "--for", form, "--admin", admin]).env_remove("RINGBACK_URL");
        let output = command.arg("--folder").arg(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", super::text(&output.stderr));
        super::text(&output.stdout)
    };
    let told: Value = serde_json::from_str(&env("json")).unwrap();
    assert_eq!(told["https_proxy"], url);
    assert_eq!(told["RINGBACK_URL"], url);
    assert!(env("fish").contains(&format!("set -gx https_proxy '{url}'")));
    if tool("curl").is_some() {
        let script =
            format!("{}\ncurl -sS -d '{AGENTS}' https://api.infocu5.com/dialer/", env("sh"));
        let output = Command::new("sh").arg("-c").arg(&script).output().unwrap();
        let (_, out, err) = ended(&output);
        assert!(out.contains("50017"), "{out}{err}");
    }
}

/// What a job of GitHub's makes of the lines that are appended to its file.
fn read_by_github(lines: &str) -> Vec<(String, String)> {
    let pairs = lines.lines().filter(|line| !line.is_empty()).map(|line| {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        assert!(!name.contains("<<"), "{line}");
        (name.to_owned(), value.to_owned())
    });
    pairs.collect()
}

#[test]
fn a_job_of_github_is_led_and_asked_for_what_it_takes_from_no_file() {
    let running = serve(&["demo"]);
    let admin = running.ready["admin"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = ringback();
    command.args(["env", "--for", "github", "--admin", admin]).env_remove("RINGBACK_URL");
    command.env("NO_PROXY", "*").env("ftp_proxy", "http://other.test");
    let output = command.arg("--folder").arg(folder.path()).output().unwrap();
    let (code, out, err) = ended(&output);
    assert_eq!(code, 0, "{err}");
    let read = read_by_github(&out);
    let value = |name: &str| read.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str());
    // A step would end with an error that says that it cannot be stored.
    assert_eq!(value("NODE_OPTIONS"), None, "{out}");
    let preload = folder.path().join("preload.cjs");
    let asked = format!("NODE_OPTIONS: \"--require {}\"", preload.display());
    assert!(err.contains(&asked), "{err}");
    assert_eq!(value("https_proxy"), running.ready["listen"].as_str());
    // What cannot be taken out is emptied.
    assert_eq!(
        (value("ftp_proxy"), value("NO_PROXY")),
        (Some(""), Some("localhost,127.0.0.1,::1"))
    );
    let node = format!("--require {}", preload.display());
    for (name, client) in [
        ("curl", "curl -sS -d \"$BODY\" https://api.infocu5.com/dialer/"),
        (
            "node",
            "node -e 'fetch(\"https://api.infocu5.com/dialer/\", {method: \"POST\", body: process.env.BODY})\
             .then((it) => it.text()).then(console.log)'",
        ),
    ] {
        if tool(name).is_none() {
            continue;
        }
        let mut step = Command::new("bash");
        step.args(["-c", client]).envs(read.iter().cloned()).env("BODY", AGENTS);
        let (_, out, err) = ended(&step.env("NODE_OPTIONS", &node).output().unwrap());
        assert!(out.contains("50017"), "{name}: {out}{err}");
    }
}

#[test]
fn a_job_of_github_is_told_each_refusal_of_a_run_that_fails() {
    if tool("curl").is_none() {
        return;
    }
    let asked = "curl -s -d '{}' https://api.infocu5.com/dialer/";
    let flags = ["--report", "github", "--fail-on", "refused"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    let told = "::error title=ringback refused infocu5::infocu5.credentials: expected affiliateID";
    assert!(err.contains(told), "{err}");
    let (code, _, err) = ended(&run(&flags[..2], &["sh", "-c", asked]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("::error"), "{err}");
}

#[test]
fn what_would_be_set_is_printed_and_nothing_is_started() {
    let (code, out, err) = ended(&run(&["--print-env"], &["echo", "never"]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("export https_proxy='http://127.0.0.1:"), "{out}");
    assert!(!out.contains("never"), "{out}");
}

#[test]
fn each_reason_of_a_refusal_is_told_and_a_report_in_a_file_takes_nothing_away() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let flag = format!("json={}", file.display());
    let event = r#"{"campaign":17,"number":"1","outcome":"busy"}"#;
    let asked = format!(
        "ask() {{ curl -s -o /dev/null -d '' $RINGBACK_URL/mor/billing/api/autodialer_$1; }}; \
         ask 'get_campaign_ivr_poll_results?u=dialer_bob&id=17&hash=0'; \
         ask 'get_campaign_ivr_poll_results?u=dialer_bob&id=17'; \
         curl -s -o /dev/null --json '{event}' $RINGBACK_ADMIN_URL/v1/worlds/default/events/mor/dial_number; \
         curl -sk https://elsewhere.example/; true"
    );
    let flags = ["--report", &flag, "--fail-on", "unmatched"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert_eq!(err.matches("refused mor get_campaign_ivr_poll_results: ").count(), 2, "{err}");
    assert!(err.contains("refused event mor dial_number: "), "{err}");
    assert!(
        err.contains("refused host elsewhere.example:443, 1 time; --host VENDOR=HOST"),
        "{err}"
    );
    assert!(err.contains("client 0, verdict fail, exit code 1\n"), "{err}");
    let told: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(told["refusals"][0]["reasons"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(told["refused_events"].as_array().unwrap().len(), 1, "{told}");
}

/// Asks for something in a world of the client's own, which it deletes.
const OWN_WORLD: &str = r#"
    curl -s -H 'Content-Type: application/json' -d '{"name":"own","scenario":"demo"}' $RINGBACK_ADMIN_URL/v1/worlds
    curl -s -d '{"affiliateID":"nobody"}' $RINGBACK_URL/w/own/dialer/
    curl -s -X DELETE -H 'Content-Type: application/json' $RINGBACK_ADMIN_URL/v1/worlds/own
"#;

#[test]
fn what_a_world_has_shown_is_told_although_the_client_deleted_it() {
    if tool("curl").is_none() {
        return;
    }
    let (code, _, err) = ended(&run(&["--strict"], &["sh", "-c", OWN_WORLD]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("refused infocu5") && err.contains(": infocu5."), "{err}");
    assert!(err.contains("1 world of the client's own, not strict"), "{err}");
    let (_, _, err) = ended(&run(&[], &["sh", "-c", OWN_WORLD]).output().unwrap());
    assert!(!err.contains("not strict"), "{err}");
}

#[test]
fn a_parameter_that_nothing_reads_is_told_and_may_fail_the_run() {
    if tool("curl").is_none() {
        return;
    }
    let body = AGENTS.replacen('{', "{\"showal\":\"y\",", 1);
    let asked = format!("curl -s -d '{body}' https://api.infocu5.com/dialer/");
    let told = "nothing reads showal in the JSON body; did you mean showAll?";
    let (code, _, err) = ended(&run(&[], &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains(told), "{err}");
    let flags = ["--fail-on", "unread"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", &asked]).output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(err.contains(&format!("unread: infocu5 get_agents: {told}")), "{err}");
}
