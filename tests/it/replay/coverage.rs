//! `replay --coverage`: what all scenarios together have shown.

use std::fs;

use serde_json::Value;

use super::{cases, replay_in, root, stderr, stdout};
use crate::support::program::serve;

#[test]
fn scenarios_together_are_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coverage.json");
    let flag = format!("--coverage={}", file.display());
    let output = replay_in(root(), &["scenarios/replay", &flag]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let told: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let vendors: Vec<&str> =
        told["vendors"].as_array().unwrap().iter().filter_map(|it| it["vendor"].as_str()).collect();
    assert!(vendors.len() > 1, "{told}");
    assert!(told["exchanges"].as_u64().unwrap() > 1, "{told}");
    for vendor in told["vendors"].as_array().unwrap() {
        let asked = vendor["operations"]["asked"].as_object().unwrap();
        let never = vendor["operations"]["never"].as_array().unwrap();
        assert!(never.iter().all(|it| !asked.contains_key(it.as_str().unwrap())), "{vendor}");
    }
}

#[test]
fn without_a_file_it_is_for_people_and_takes_nothing_from_the_report() {
    let bare = replay_in(&cases(), &["status.toml", "--report", "json"]);
    let covered = replay_in(&cases(), &["status.toml", "--report", "json", "--coverage"]);
    assert_eq!(covered.status.code(), bare.status.code());
    assert_eq!(stdout(&covered).len(), stdout(&bare).len(), "{}", stdout(&covered));
    let told = stderr(&covered);
    assert!(told.contains("ringback: jtel: "), "{told}");
    assert!(told.contains("not asked at all: "), "{told}");
    assert!(!stderr(&bare).contains("not asked at all"), "{}", stderr(&bare));
}

#[test]
fn a_server_elsewhere_tells_it_by_its_control_plane_or_cannot() {
    let running = serve(&[]);
    let url = |name: &str| running.ready[name].as_str().unwrap().to_owned();
    let (listen, admin) = (url("listen"), url("admin"));
    let flags = ["status.toml", "--against", &listen, "--coverage"];
    let output = replay_in(&cases(), &[&flags[..], &["--admin", &admin]].concat());
    assert!(stderr(&output).contains("ringback: jtel: "), "{}", stderr(&output));
    let output = replay_in(&cases(), &flags);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("--admin"), "{}", stderr(&output));
    let output = replay_in(&cases(), &["status.toml", "--coverage=/nowhere/at/all.json"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
}
