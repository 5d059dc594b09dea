//! What is in `packages/` and needs no release build: its own checks are run with this build's program,
//! where the tools that they need are.

use std::path::Path;
use std::process::Command;

use crate::support::tool::tool;

/// Runs the check of a package; where one of its tools is missing, that has been said.
fn check(package: &str, tools: &[&str]) {
    if tools.iter().any(|name| tool(name).is_none()) {
        return;
    }
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("packages").join(package).join("check");
    let output = Command::new(check).arg(env!("CARGO_BIN_EXE_ringback")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{said}");
    assert!(told.lines().filter(|line| line.starts_with("ok ")).count() > 4, "{told}");
}

#[test]
fn many_processes_stand_behind_a_balancer_as_one() {
    check("deploy", &["python3", "haproxy"]);
}

#[test]
fn the_steps_of_the_action_do_what_a_runner_needs() {
    check("action", &["bash", "jq", "curl", "python3"]);
}
