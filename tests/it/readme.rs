//! The front page: what it shows for Rust is run here as it stands there, a refusal is told as it shows
//! it, and the job that the manual shows for GitHub runs.
//!
//! Not here: its commands, and what the chapters show (`manual`); what it shows for Python and Node (the
//! tests of their packages).

use std::fs;
use std::path::Path;
use std::process::Command;

use ringback::embed::Error;
use ringback::{Ringback, VendorName};
use serde_json::json;

use crate::support::http::http;
use crate::support::program::{ringback, run, serve};
use crate::support::tool::tool;

fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The first block of a language in a page that holds a text.
fn snippet(path: &str, language: &str, with: &str) -> String {
    let page = page(path);
    let fence = format!("```{language}\n");
    let mut blocks = page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    let found = blocks.find(|block| block.contains(with));
    found.unwrap_or_else(|| panic!("no {language} with {with} in {path}")).to_owned()
}

/// A client under test.
struct MyClient(String);

impl MyClient {
    fn new(base: String) -> Self {
        MyClient(base)
    }

    fn lock(&self, contact: u32) {
        use std::io::{Read, Write};
        let rest = self.0.strip_prefix("http://").unwrap();
        let (address, prefix) = rest
            .split_once('/')
            .map_or((rest, String::new()), |(address, path)| (address, format!("/{path}")));
        let path = format!("{prefix}/rest/v1.0/7/dialler/contacts/contact/{contact}/lock");
        let request = http("PATCH", &path, &[("Authorization", "Bearer SIMTOKEN-7A")], "");
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[test]
fn the_rust_of_the_front_page_runs() -> Result<(), Error> {
    let ringback = Ringback::start().scenario("demo").serve()?;
    MyClient::new(ringback.url(VendorName::Jtel)).lock(301_501);
    ringback
        .verify(&json!({ "vendor": "jtel", "operation": "lock_contact_by_id", "exactly": 1 }))?;
    Ok(())
}

#[test]
fn it_is_the_one_that_the_front_page_shows() {
    let shown = snippet("README.md", "rust", "Ringback::start");
    let run = page("tests/it/readme.rs");
    let run = run.split("fn the_rust_of_the_front_page_runs").nth(1).unwrap();
    let run = run.split("\n}\n").next().unwrap();
    assert!(shown.lines().count() == 3, "{shown}");
    // The formatter breaks lines where it likes.
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    for line in shown.lines() {
        assert!(plain(run).contains(&plain(line)), "not run: {line}");
    }
}

/// The request whose refusal the front page shows: a comma too many.
const ONE_COMMA: &str = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getCalls",}"#;

#[test]
fn the_front_page_shows_a_refusal_as_it_is_told() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:07Z"]);
    running.post("/dialer/", ONE_COMMA);
    let admin = format!("http://{}", running.address("admin"));
    let (code, told, said) =
        run(ringback().args(["tail", "--no-follow"]).env("RINGBACK_ADMIN_URL", admin));
    assert_eq!(code, 0, "{said}");
    // On a terminal the reason has lines of its own, as wide as the terminal is.
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace().filter(|it| *it != "|").map(str::to_owned).collect()
    };
    let shown = snippet("README.md", "text", "$ ringback tail\n");
    assert_eq!(words(shown.strip_prefix("$ ringback tail\n").unwrap()), words(&told));
}

#[test]
fn the_replay_of_the_github_job_runs() {
    let job = snippet("docs/replay.md", "yaml", "runs-on");
    // The manifest names no repository, and no registry has the crate.
    assert!(job.contains("- run: cargo install --locked --path ringback\n"), "{job}");
    assert!(!include_str!("../../Cargo.toml").contains("\nrepository"), "name it in the job");
    let line = job.lines().find_map(|line| line.trim().strip_prefix("- run: ringback ")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let output = Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(line.split(' ').map(|word| {
            if word == "scenarios/" { scenarios.display().to_string() } else { word.to_owned() }
        }))
        .env_clear()
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("replay.xml").exists());
}

#[test]
fn its_first_requests_show_something_whenever_they_are_sent() {
    if tool("curl").is_none() {
        return;
    }
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let block = snippet("README.md", "sh", "# jtel");
    let here = format!("http://{}", running.address("listen"));
    let commands: Vec<&str> = block.lines().filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(commands.len(), 5, "one for each vendor: {block}");
    // On another day, and a second time.
    for days in ["0s", "400h"] {
        let (status, told) = running.admin(
            "POST",
            "/v1/worlds/default/clock/advance",
            &json!({ "by": days }).to_string(),
        );
        assert_eq!(status, 200, "{told}");
        for command in &commands {
            let command =
                command.replace("http://127.0.0.1:8080", &here).replacen("curl", "curl -sSf", 1);
            let ended =
                Command::new("sh").args(["-c", &command]).env("no_proxy", "*").output().unwrap();
            let body = String::from_utf8_lossy(&ended.stdout).into_owned();
            assert!(
                ended.status.success(),
                "{command}: {body}{}",
                String::from_utf8_lossy(&ended.stderr)
            );
            assert!(body.len() > 40 && !body.contains("[]"), "{command} shows nothing: {body}");
        }
    }
    let (_, page) = running.admin("GET", "/v1/worlds/default/journal?outcome=refused", "");
    assert_eq!(page["entries"], json!([]), "one is refused");
}
