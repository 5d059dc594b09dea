//! The commands that talk to a running program, and the schema of scenarios.

mod check;
mod control;
mod each;
mod journal;
mod new;
mod printed;
mod tail;
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::thread;

use ringback::inside::app;
use serde_json::{Map, Value, json};

use crate::support::http::http;
use crate::support::program::{AGENTS, Running, ringback, run, serve, serve_with};

/// Runs a command against a running program; exit code, stdout and stderr.
fn ask(running: &Running, args: &[&str]) -> (i32, String, String) {
    let admin = format!("http://{}", running.address("admin"));
    run(ringback().args(args).env("RINGBACK_ADMIN_URL", admin))
}

/// Runs a command that has to go well; what it printed.
fn told(running: &Running, args: &[&str]) -> String {
    let (code, told, said) = ask(running, args);
    assert_eq!((code, said.as_str()), (0, ""), "{args:?}: {told}");
    told
}

fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        // JSON has no moments; the schema has them as text.
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, json_of(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Every scenario that is shipped, also in folders.
fn shipped(folder: &Path, found: &mut Vec<(String, Value)>) {
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            shipped(&path, found);
        } else if path.extension().is_some_and(|end| end == "toml") {
            let text = fs::read_to_string(&path).unwrap();
            let table: toml::Table = text.parse().unwrap();
            found.push((path.display().to_string(), json_of(table.into())));
        }
    }
}

#[test]
fn shipped_scenarios_are_of_the_schema_and_wrong_ones_are_not() {
    let (code, printed, _) = run(ringback().arg("schema"));
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(schema, app::schema());
    assert!(jsonschema::meta::is_valid(&schema));
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let mut found = Vec::new();
    shipped(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut found);
    assert!(!found.is_empty());
    for (name, scenario) in &found {
        let errors: Vec<String> = schema
            .iter_errors(scenario)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .map(|text| {
                text.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect()
            })
            .collect();
        assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
    }
    for wrong in [
        json!({ "titel": "x" }),
        json!({ "seed": -1 }),
        json!({ "clock": { "mode": "still" } }),
        json!({ "jtel": { "clients": [{ "tokens": [] }] } }),
        json!({ "jtel": { "contacts": { "csv": 1 } } }),
        json!({ "jtel": { "variants": { "pick": "any" } } }),
        json!({ "nobody": {} }),
    ] {
        assert!(!schema.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn wait_and_healthcheck_answer_by_their_exit_codes() {
    let running = serve_with(&[], &[("RINGBACK_ADMIN_TOKEN", "s3cret")]);
    let admin = format!("http://{}", running.address("admin"));
    let command = |args: &[&str]| {
        let mut command = ringback();
        command.args(args).env("RINGBACK_ADMIN_URL", &admin).env("RINGBACK_ADMIN_TOKEN", "s3cret");
        run(&mut command)
    };
    assert_eq!(command(&["healthcheck"]), (0, "ready\n".into(), String::new()));
    assert_eq!(command(&["wait"]).0, 0);
    // The condition brings its own time, so that finding the server may take longer.
    let reset = r#"{"action":"reset","at_least":1,"timeout":"10ms"}"#;
    let (code, told, said) = command(&["wait", "--for", reset]);
    assert_eq!(code, 1, "{told}{said}");
    let none = r#"{"action":"reset","never":true,"timeout":"10ms"}"#;
    let (code, told, said) = command(&["wait", "--for", none]);
    assert_eq!(code, 0, "{told}{said}");
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["verdict"], "pass");
    assert_eq!(command(&["wait", "--for", "{"]).0, 2);
    assert_eq!(command(&["wait", "--for", r#"{"actoin":"reset"}"#]).0, 2);
    assert_eq!(command(&["wait", "--for", none, "--world", "nowhere"]).0, 2);
    assert_eq!(command(&["wait", "--timeout", "soon"]).0, 2);
    assert_eq!(command(&["wait", "--admin", "nowhere"]).0, 2);
    drop(running);
    let (code, _, said) = command(&["healthcheck", "--timeout", "1s"]);
    // It was not waited for: that nothing is there is known at once.
    assert!(code == 1 && said.contains("not ready: nothing answers at "), "{said}");
    let (code, _, said) = command(&["wait", "--timeout", "50ms"]);
    assert_eq!(code, 3);
    // How far it came in that time is the machine's affair.
    assert!(said.contains("not ready after 50ms: "), "{said}");
}

#[test]
fn tail_begins_at_the_end_where_it_follows_and_prints_what_there_is_where_not() {
    let running = serve(&[]);
    let reset = || running.admin("POST", "/v1/worlds/default/reset", "").0;
    assert_eq!(reset(), 200);
    let admin = format!("http://{}", running.address("admin"));
    let (code, said, _) = run(ringback().args(["tail", "--no-follow", "--admin", &admin]));
    assert_eq!((code, said.lines().count()), (0, 1), "{said}");
    assert!(said.starts_with("    1 ") && said.contains(" reset"), "{said}");
    let mut tail =
        ringback().args(["tail", "--admin", &admin]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let first = thread::spawn(move || lines.next().unwrap().unwrap());
    // Nobody knows when it has begun, so there is news until it has seen some.
    while !first.is_finished() {
        assert_eq!(reset(), 200);
    }
    let line = first.join().unwrap();
    tail.kill().unwrap();
    tail.wait().unwrap();
    assert!(!line.starts_with("    1 ") && line.contains(" reset"), "{line}");
    // A flag and its variable are one.
    let (code, said, _) = run(ringback()
        .arg("tail")
        .env("RINGBACK_ADMIN_URL", &admin)
        .env("RINGBACK_NO_FOLLOW", "true")
        .env("RINGBACK_AFTER", "0"));
    assert_eq!(code, 0);
    assert!(said.contains("reset"), "{said}");
}

#[test]
fn tail_says_which_parameters_nothing_reads() {
    let running = serve(&[]);
    let path = "/_access/fetchCallersByCall?offer_id=4711&call=K7Q2ZP0XN4V8T1RB";
    let token = "offer_token=5c0e77a1d94b42f8a6e13b90cf28d451";
    for query in [format!("{token}&tpye=XML&page=2"), "tpye=XML".to_owned()] {
        running.raw("listen", http("GET", &format!("{path}&{query}"), &[], "").as_bytes());
    }
    let admin = format!("http://{}", running.address("admin"));
    let (_, said, _) = run(ringback().args(["tail", "--no-follow", "--admin", &admin]));
    let lines: Vec<&str> = said.lines().collect();
    let told = "-> 200 ok | nothing reads tpye in the query; did you mean type? \
                | nothing reads page in the query";
    assert!(lines[0].ends_with(told), "{said}");
    assert!(lines[1].contains("refused | maestro.missing"), "{said}");
    assert!(lines[1].ends_with("| nothing reads tpye in the query; did you mean type?"), "{said}");
}

#[test]
fn tail_gives_a_line_for_the_shell() {
    let running = serve(&[]);
    assert_eq!(running.admin("POST", "/v1/worlds/default/reset", "").0, 200);
    running.post("/dialer/", AGENTS);
    let admin = format!("http://{}", running.address("admin"));
    let (code, said, _) =
        run(ringback().args(["tail", "--no-follow", "--curl", "--admin", &admin]));
    assert_eq!(code, 0, "{said}");
    let lines: Vec<&str> = said.lines().collect();
    // What is no request has none.
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[1].contains("infocu5 get_agents"), "{said}");
    let curl = "      curl --globoff --path-as-is -X 'POST' 'http://";
    assert!(lines[2].starts_with(curl) && lines[2].contains("getAgents"), "{said}");
}

#[test]
fn shells_are_told_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = run(ringback().args(["completions", shell]));
        assert_eq!(code, 0);
        assert!(script.contains("healthcheck") && script.contains("timeout"), "{shell}");
    }
    assert_eq!(run(ringback().args(["completions", "cmd"])).0, 2);
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("share/man1");
    let (code, told, said) = run(ringback().arg("man").arg(&into));
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(told.contains("share/man1/ringback.1"), "{told}");
    let page = |name: &str| fs::read_to_string(into.join(name)).unwrap();
    assert!(page("ringback.1").contains("ringback\\-serve(1)"), "{}", page("ringback.1"));
    let serve = page("ringback-serve.1");
    assert!(serve.starts_with(".ie ") && serve.contains("RINGBACK_UNTIL_STDIN_CLOSES"), "{serve}");
    assert!(page("ringback-world-make.1").contains("RINGBACK_"));
    // A file stands where the folder should.
    let (code, _, said) = run(ringback().arg("man").arg(into.join("ringback.1")));
    assert!(code == 3 && said.starts_with("ringback: cannot write manual pages to "), "{said}");
}

#[test]
fn a_contract_is_printed_by_the_source_of_a_reason() {
    let (code, text, _) = run(ringback().args(["contract", "mor", "1.3"]));
    assert_eq!(code, 0);
    assert!(text.starts_with("### 1.3 The hash\n"), "{text}");
    assert!(!text.contains("### 1.4"), "{text}");
    let (code, text, _) = run(ringback().args(["contract", "jtel", "4.4"]));
    assert_eq!((code, text.starts_with("**4.4 overwriteDuplicates**")), (0, true), "{text}");
    let (code, _, stderr) = run(ringback().args(["contract", "mor", "9.9"]));
    assert_eq!((code, stderr.contains("no section \"9.9\"; expected one of 0, 1, 1.1")), (2, true));
    let (code, _, stderr) = run(ringback().args(["contract", "more"]));
    assert_eq!((code, stderr.contains("did you mean \"mor\"?")), (2, true), "{stderr}");
    let (code, text, _) = run(ringback().args(["contract", "maestro", "--list"]));
    assert_eq!((code, text.lines().count() > 10), (0, true), "{text}");
}
