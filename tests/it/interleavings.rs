//! What threads meet at, in many orders in which they can come: the models of `tests/interleavings`, which
//! are a program of their own, as their locks are others.

use std::process::Command;

use crate::support::tool::example;

#[test]
fn what_threads_meet_at_holds_in_any_order() {
    let Some(models) = example("interleavings") else { return };
    let output = Command::new(models).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{errors}");
    let n_right = told.lines().filter(|line| line.ends_with("... ok")).count();
    assert!(n_right >= 7, "{told}");
}
