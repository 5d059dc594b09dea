//! The reports for other programs, read by parsers that others wrote.

use junit_parser::TestStatus;
use tap_parser::{DirectiveKind, TapParser, TapStatement, TapTest};

use super::{cases, replay_in, root, stderr, stdout};

/// The cases whose reports are read: a status, one with steps that were not reached, and one that
/// has every kind of sign in it.
const FILES: [&str; 3] = ["status.toml", "missing_step.toml", "body.toml"];

fn report(kind: &str) -> String {
    let output = replay_in(&cases(), &[FILES.as_slice(), &["--report", kind]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn junit_is_read_by_a_parser_of_others() {
    let report = report("junit");
    let read = junit_parser::from_reader(report.as_bytes()).unwrap();
    assert_eq!((read.tests, read.failures, read.skipped, read.errors), (5, 3, 2, 0));
    let names: Vec<&str> = read.suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, FILES);
    let case = &read.suites[0].cases[0];
    assert_eq!(case.original_name, "lock it");
    assert_eq!((case.file.as_deref(), case.line), (Some("status.toml"), Some(4)));
    let TestStatus::Failure(failure) = &case.status else { panic!("{case:?}") };
    let message =
        r#"status: expected 200, found 404: {"status":404,"error":"Dialler contact not found"}"#;
    assert_eq!(failure.message, message);
    assert!(failure.text.contains("why          jtel.contact:"), "{}", failure.text);
    let missed = &read.suites[1].cases[1];
    let TestStatus::Skipped(skipped) = &missed.status else { panic!("{missed:?}") };
    assert_eq!(skipped.message, r#"the step "find it" differs"#);
}

#[test]
fn junit_of_all_scenarios_is_all_green() {
    let output = replay_in(root(), &["scenarios", "--report", "junit"]);
    let read = junit_parser::from_reader(output.stdout.as_slice()).unwrap();
    assert!(read.tests > 150, "{}", read.tests);
    assert_eq!((read.failures, read.errors, read.skipped), (0, 0, 0));
}

#[test]
fn the_page_holds_all_of_it_and_asks_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("replay.html");
    let flag = format!("html={}", file.display());
    let output =
        replay_in(&cases(), &[FILES.as_slice(), &["--report", &flag, "--report", "text"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    // The exchanges are the page's alone.
    assert!(!stdout(&output).contains("\n  > "), "{}", stdout(&output));
    let page = std::fs::read_to_string(&file).unwrap();
    for part in [
        "lock it",
        "jtel.contact",
        "not run",
        "<details open>",
        "/rest/v1.0/",
        "default-src 'none'",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    for part in ["<script", "<link", "src=", "url(h", "http-equiv=\"refresh"] {
        assert!(!page.contains(part), "{part} is in the page");
    }
}

#[test]
fn tap_is_read_by_a_parser_of_others() {
    let report = report("tap");
    let statements = TapParser::new().parse(&report).unwrap();
    let TapStatement::Plan(plan) = &statements[0] else { panic!("{:?}", statements[0]) };
    assert_eq!(plan.count, 5);
    let tests: Vec<&TapTest<'_>> = statements
        .iter()
        .filter_map(|it| if let TapStatement::TestPoint(test) = it { Some(test) } else { None })
        .collect();
    let results: Vec<bool> = tests.iter().map(|test| test.result).collect();
    assert_eq!(results, [false, false, true, true, false]);
    assert_eq!(tests[0].desc, Some("status.toml: lock it"));
    assert!(tests[0].yaml.iter().any(|line| line.contains("subject: \"status\"")));
    let skipped = tests[2].directive.as_ref().unwrap();
    assert_eq!(skipped.kind, DirectiveKind::Skip);
    assert_eq!(skipped.reason, Some(r#"the step "find it" differs"#));
}

/// Name, properties, message.
type Command = (String, Vec<(String, String)>, String);

/// The workflow commands of GitHub: `::name key=value,…::message`, where `%`, CR and LF are escaped
/// in both, and `:` and `,` in the values too.
fn commands(text: &str) -> Vec<Command> {
    let plain = |text: &str| {
        let text = text.replace("%3A", ":").replace("%2C", ",");
        text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    };
    let lines = text.lines().filter_map(|line| line.strip_prefix("::"));
    let commands = lines.map(|line| {
        let (head, message) = line.split_once("::").unwrap();
        let (name, properties) = head.split_once(' ').unwrap();
        let properties = properties.split(',').map(|property| {
            let (key, value) = property.split_once('=').unwrap();
            (key.to_owned(), plain(value))
        });
        (name.to_owned(), properties.collect(), plain(message))
    });
    commands.collect()
}

#[test]
fn annotations_have_the_form_that_github_reads() {
    let report = report("github");
    let commands = commands(&report);
    assert_eq!(commands.len(), 5, "{report}");
    let (name, properties, message) = &commands[0];
    assert_eq!(name, "error");
    let wanted = [
        ("file", "status.toml"),
        ("line", "10"),
        ("col", "21"),
        ("title", "step \"lock it\" differs"),
    ];
    let wanted = wanted.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(properties.as_slice(), wanted);
    // The reason stands on a line of its own, within one command.
    let (first, second) = message.split_once('\n').unwrap();
    assert!(first.starts_with("status: expected 200, found 404: {\"status\":404,"), "{first}");
    assert!(second.starts_with("jtel.contact: expected the ID"), "{second}");
    assert!(report.ends_with("3 scenarios: 3 differ\n"), "{report}");
}

#[test]
fn reports_go_to_files_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("replay.xml");
    let flag = format!("junit={}", junit.display());
    let output = replay_in(&cases(), &["status.toml", "--report", "text", "--report", &flag]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("step 1 \"lock it\" differs"));
    assert!(junit_parser::from_reader(std::fs::read(junit).unwrap().as_slice()).is_ok());
}

#[test]
fn jobs_fail_fast_seed_and_variants_do_what_they_say() {
    let count = |args: &[&str]| {
        let output = replay_in(&cases(), &[args, &["--report", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (report["differed"].as_u64().unwrap(), report["not_run"].as_u64().unwrap())
    };
    assert_eq!(count(&["status.toml", "body.toml", "--fail-fast", "--jobs", "1"]), (1, 1));
    assert_eq!(count(&["status.toml", "body.toml", "--jobs", "1"]), (2, 0));
    assert_eq!(count(&["status.toml", "body.toml", "--filter", "contact that"]), (1, 0));
    // With the other reading, an error of MaestroConference is a status.
    let output = replay_in(
        &cases(),
        &["body.toml", "--variants", "maestro.error_style=http", "--report", "json"],
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = &report["scenarios"][0]["steps"][0]["differences"][0]["found"];
    assert_eq!(found, "\"Invalid offer id or token\"");
    let seeded = |seed: &str| {
        let output = replay_in(root(), &["scenarios", "--seed", seed, "--filter", "lock"]);
        output.status.code()
    };
    assert_eq!((seeded("1"), seeded("2")), (Some(0), Some(0)));
}
