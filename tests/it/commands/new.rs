//! `new`: a scenario to begin with, and the state of a running world as one.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::{ask, told};
use crate::support::program::{ringback, run, serve};

#[test]
fn a_first_scenario_is_right_and_its_steps_pass() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.toml");
    let path = file.to_str().unwrap();
    let (code, told, said) = run(ringback().args(["new", path]));
    assert_eq!((code, said.as_str()), (0, ""), "{told}");
    assert!(told.contains("ringback check"), "{told}");
    let (code, told, said) = run(ringback().args(["check", path]));
    assert_eq!(code, 0, "{said}");
    assert!(told.contains("fine (My first scenario"), "{told}");
    let (code, told, said) = run(ringback().args(["replay", path]));
    assert_eq!(code, 0, "{told}{said}");
    let before = fs::read(&file).unwrap();
    let (code, _, said) = run(ringback().args(["new", path]));
    assert!(code == 2 && said.contains("is there already"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn what_is_to_be_pasted_is_one_word_to_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my first.toml");
    let path = file.to_str().unwrap();
    let (code, told, said) = run(ringback().args(["new", path]));
    assert_eq!(code, 0, "{said}");
    assert_eq!(told, format!("wrote {path}; try: ringback check '{path}'\n"));
}

#[test]
fn each_vendor_has_a_first_scenario() {
    for vendor in ["infocu5", "jtel", "maestro", "maxcontact", "mor"] {
        let (code, text, said) = run(ringback().args(["new", "--vendor", vendor, "-"]));
        assert_eq!(code, 0, "{said}");
        assert!(text.starts_with("# ") && text.contains(&format!("\n[{vendor}]\n")), "{text}");
    }
    let (code, _, said) = run(ringback().args(["new", "--vendor", "jtle", "-"]));
    assert!(code == 2 && said.contains("did you mean \"jtel\"?"), "{said}");
}

#[test]
fn the_state_of_a_running_world_becomes_a_scenario() {
    let running = serve(&["jtel", "--clock", "frozen@2026-03-02T09:00:00Z"]);
    told(&running, &["world", "fork", "a", "--clock", "frozen@2026-03-02T10:00:00Z"]);
    let folder = tempfile::tempdir().unwrap();
    let admin = running.address("admin");
    for (number, world) in
        ["a".to_owned(), format!("http://{admin}/v1/worlds/a"), format!("{admin}/v1/worlds/a/")]
            .iter()
            .enumerate()
    {
        let file = folder.path().join(format!("{number}.toml"));
        let path = file.to_str().unwrap();
        told(&running, &["new", "--from-world", world, path]);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("2026-03-02T10:00:00Z") && text.contains("SIMTOKEN-7A"), "{text}");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o077, 0, "credentials are in it");
        let (code, _, said) = run(ringback().args(["check", path]));
        assert_eq!(code, 0, "{said}");
    }
    let (code, _, said) = ask(&running, &["new", "--from-world", "nowhere", "-"]);
    assert!(code == 2 && said.contains("\"nowhere\""), "{said}");
    assert_eq!(ask(&running, &["new", "--from-world", "a", "--vendor", "jtel", "-"]).0, 2);
}
