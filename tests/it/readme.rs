//! What the README shows for other languages is run as it stands there, where their interpreter is.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The first block of a language in the README that holds a text.
fn snippet(language: &str, with: &str) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let fence = format!("```{language}\n");
    let mut blocks = readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    let found = blocks.find(|block| block.contains(with));
    found.unwrap_or_else(|| panic!("no {language} with {with} in the README")).to_owned()
}

/// Runs a snippet with an interpreter; where there is none, says so and goes on.
fn run(interpreter: &str, args: &[&str], file: &str, text: &str) {
    let probe = Command::new(interpreter).arg("--version").stdout(Stdio::null()).status();
    if probe.is_err() {
        eprintln!("skipped: there is no {interpreter} on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::write(&path, text).unwrap();
    let output = Command::new(interpreter)
        .args(args)
        .arg(&path)
        .current_dir(folder.path())
        .env("RINGBACK", env!("CARGO_BIN_EXE_ringback"))
        .output()
        .unwrap();
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{told}");
    // A file without tests is fine to an interpreter, and not to us.
    assert!(told.contains("Ran 1 test") || told.contains("pass 1"), "{told}");
}

#[test]
fn the_python_of_the_readme_runs() {
    run("python3", &[], "test_client.py", &snippet("python", "unittest"));
}

#[test]
fn the_javascript_of_the_readme_runs() {
    run("node", &["--test"], "client.test.mjs", &snippet("js", "node:test"));
}

#[test]
fn the_replay_of_the_github_job_runs() {
    let job = snippet("yaml", "runs-on");
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
