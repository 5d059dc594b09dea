//! `calibrate` by the real program, against another of itself.

use std::fs;

use crate::support::program::{ringback, run, serve};

const ID: &str = "id=A7k2Qm9ZrT4x";
const KEY: &str = "key=0f1e2d3c4b5a69788796a5b4c3d2e1f0";

#[test]
fn what_is_found_is_a_scenario_whose_switches_count_as_observed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("seen.toml");
    let target = serve(&[]);
    let turned =
        r#"{"infocu5":{"calls_shape":"array","missing_value":"null","other_method":"405"}}"#;
    assert_eq!(target.admin("PUT", "/v1/worlds/default/variants", turned).0, 200);
    let mut calibrate = ringback();
    let against = format!("http://{}/infocu5", target.address("listen"));
    calibrate.args(["calibrate", "--vendor", "infocu5", "--against", &against, "--rate", "1000"]);
    calibrate.args(["--credential", ID, "--credential", KEY, "--out"]).arg(&out);
    let (code, said, err) = run(&mut calibrate);
    assert_eq!(code, 0, "{said}{err}");
    assert!(said.contains("10 of 10 switches found"), "{said}");
    assert!(!said.contains("0f1e2d3c4b5a"), "{said}");
    let text = fs::read_to_string(&out).unwrap();
    for switch in ["calls_shape = { value = \"array\"", "missing_value = { value = \"null\""] {
        assert!(text.contains(switch), "{text}");
    }
    let seen = serve(&[out.to_str().unwrap()]);
    let (status, told) = seen.admin("GET", "/v1/fidelity?world=default", "");
    assert_eq!(status, 200);
    let infocu5 = told["vendors"].as_array().unwrap().iter().find(|it| it["vendor"] == "infocu5");
    let facts = infocu5.unwrap()["facts"].as_array().unwrap().iter();
    let array = facts.filter(|it| it["group"] == "calls_shape" && it["name"] == "array");
    let grades: Vec<&str> = array.map(|it| it["evidence"].as_str().unwrap()).collect();
    assert_eq!(grades, ["observed"]);
    let (_, set) = seen.admin("GET", "/v1/worlds/default/variants", "");
    assert_eq!(set["infocu5"]["other_method"], "405");
}

#[test]
fn a_wrong_order_is_one_clear_line() {
    for (args, told) in [
        (&["--vendor", "infocu6", "--against", "127.0.0.1:9"][..], "expected one of infocu5, jtel"),
        (&["--vendor", "infocu5", "--against", "127.0.0.1:9"], "needs --credential id="),
        (
            &["--vendor", "infocu5", "--against", "127.0.0.1:9", "--credential", "tokn=x"],
            "expected one of id, key",
        ),
        (
            &[
                "--vendor",
                "mor",
                "--against",
                "127.0.0.1:9",
                "--credential",
                "u=a",
                "--credential",
                "key=b",
            ],
            "--scenario FILE",
        ),
    ] {
        let (code, _, err) = run(ringback().arg("calibrate").args(args));
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.contains(told), "{args:?}: {err}");
    }
    let nobody = ["--vendor", "infocu5", "--against", "127.0.0.1:9", "--credential", ID];
    let (code, _, err) = run(ringback().arg("calibrate").args(nobody).args(["--credential", KEY]));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("nothing answers"), "{err}");
}

#[test]
fn a_switch_says_how_it_is_known_or_what_is_wrong_with_that() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.toml");
    for (entry, told) in [
        (r#"{ value = "array", evidence = "observed", on = "2026-03-02" }"#, None),
        (r#"{ value = "array", evidence = "observed", on = 2026-03-02 }"#, None),
        (r#"{ value = "arry", evidence = "observed", on = "2026-03-02" }"#, Some("array")),
        (r#"{ value = "array", evidence = "heard", on = "2026-03-02" }"#, Some("observed")),
        (r#"{ value = "array", evidence = "observed", on = "March" }"#, Some("2026-03-02")),
        (r#"{ value = "array", evidence = "observed", when = "2026-03-02" }"#, Some("when")),
    ] {
        fs::write(&file, format!("[infocu5.variants]\ncalls_shape = {entry}\n")).unwrap();
        let (code, out, err) = run(ringback().arg("check").arg(&file));
        assert_eq!(code, if told.is_some() { 2 } else { 0 }, "{entry}: {out}{err}");
        if let Some(told) = told {
            assert!(format!("{out}{err}").contains(told), "{told}: {out}{err}");
        }
    }
}
