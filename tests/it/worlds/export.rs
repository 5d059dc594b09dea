//! Worlds as files: out of one process and into another, in memory and with `--data`.

use serde_json::json;

use super::{exchanges, export, import, make};
use crate::support::program::{AGENTS, Running, serve};

/// A world with a frozen clock in which something has happened.
fn lived(running: &Running, name: &str) {
    let scenario = json!({ "seed": 7, "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
        "infocu5": {
            "affiliates": [{ "id": "A7k2Qm9ZrT4x", "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }],
            "agents": [{ "id": "1", "first": "Ada", "affiliate": "A7k2Qm9ZrT4x" },
                { "id": "2", "first": "Eve", "affiliate": "A7k2Qm9ZrT4x" }],
            "variants": { "calls_shape": "array" },
        } });
    assert_eq!(make(running, &json!({ "name": name, "scenario": scenario })).0, 201);
    let event = format!("/v1/worlds/{name}/events/infocu5/set_agent_active");
    assert_eq!(running.admin("POST", &event, r#"{"id":"1","active":false}"#).0, 200);
    let advance = format!("/v1/worlds/{name}/clock/advance");
    assert_eq!(running.admin("POST", &advance, r#"{"by":"90m"}"#).0, 200);
}

#[test]
fn a_world_goes_into_a_file_and_comes_out_in_another_process() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let (here, there) = (serve(&[]), serve(&["--data", folder]));
    lived(&here, "a");
    let file = export(&here, "a");
    // From memory into files, and from files into memory.
    let (status, made) = import(&there, "b", &file);
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["clock"]["now"], "2026-03-02T10:30:00Z");
    assert!(there.post("/w/b/dialer/", AGENTS).contains("Eve"));
    assert!(!there.post("/w/b/dialer/", AGENTS).contains("Ada"));
    let again = export(&there, "b");
    let (status, made) = import(&here, "c", &again);
    assert_eq!((status, &made["inputs"]), (201, &json!(0)), "{made}");
    let variants = |running: &Running, name| {
        running.admin("GET", &format!("/v1/worlds/{name}/variants"), "").1
    };
    assert_eq!(variants(&here, "c"), variants(&here, "a"));
    assert_eq!(variants(&here, "c")["infocu5"]["calls_shape"], "array");
    // What was exchanged there is not in the file, and a reset goes back to what was.
    assert_eq!(exchanges(&here, "c"), 0);
    assert!(!String::from_utf8_lossy(&again).contains("set_agent_active"));
    let event = "/v1/worlds/c/events/infocu5/set_agent_active";
    here.admin("POST", event, r#"{"id":"2","active":false}"#);
    assert!(here.post("/w/c/dialer/", AGENTS).contains("341"));
    assert_eq!(here.admin("POST", "/v1/worlds/c/reset", "").0, 200);
    assert!(here.post("/w/c/dialer/", AGENTS).contains("Eve"));
    assert!(
        !std::fs::read_dir(data.path())
            .unwrap()
            .any(|file| { file.unwrap().file_name().to_string_lossy().contains("export") })
    );
}

#[test]
fn a_file_that_is_no_export_makes_nothing() {
    let data = tempfile::tempdir().unwrap();
    for running in [serve(&[]), serve(&["--data", data.path().to_str().unwrap()])] {
        lived(&running, "a");
        let file = export(&running, "a");
        let refused = |file: &[u8]| {
            let (status, problem) = import(&running, "b", file);
            assert_eq!(status, 422, "{problem}");
            assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);
            problem["detail"].as_str().unwrap().to_owned()
        };
        assert!(refused(b"").starts_with("expected an SQLite file of at least 100 bytes"));
        assert!(refused(&[b'x'; 8192]).starts_with("expected an SQLite file, found"));
        assert!(refused(&file[..file.len() - 4096]).contains("pages as the header says"));
        assert!(refused(&file[..file.len() - 100]).contains("whole pages"));
        let mut damaged = file.clone();
        let middle = damaged.len() / 2 / 4096 * 4096;
        damaged[middle..middle + 2048].fill(0xA5);
        assert!(refused(&damaged).starts_with("the database is damaged"), "{}", refused(&damaged));

        let altered = |sql: &str| {
            let path = data.path().join("altered");
            std::fs::write(&path, &file).unwrap();
            let db = rusqlite::Connection::open(&path).unwrap();
            db.execute_batch(sql).unwrap();
            drop(db);
            refused(&std::fs::read(&path).unwrap())
        };
        let newer = "UPDATE ringback_schema SET version = 99 WHERE component = 'core'";
        assert!(altered(newer).contains("version 99 of core"), "{}", altered(newer));
        let format = "UPDATE ringback_setting SET value = '{\"format\":2,\"version\":\"9.0\"}'
                      WHERE name = 'exported'";
        assert!(altered(format).contains("by version \"9.0\" in format 2"), "{}", altered(format));
        let vendor = "INSERT INTO ringback_schema (component, version) VALUES ('acme', 1)";
        assert!(altered(vendor).contains("tables of \"acme\""));
        let trigger = "CREATE TRIGGER spy AFTER INSERT ON ringback_timer BEGIN SELECT 1; END";
        assert!(altered(trigger).contains("trigger \"spy\""));
        assert!(altered("DROP TABLE ringback_schema").contains("something else"));
        assert!(altered("DROP INDEX ringback_timer_key").contains("no index"));
        assert!(
            altered("DELETE FROM ringback_setting").contains("expected a file that was exported")
        );
        // The file itself is fine all the while.
        assert_eq!(import(&running, "b", &file).0, 201);
        assert_eq!(import(&running, "b", &file).0, 409);
        assert_eq!(import(&running, "B", &file).0, 400);
        // Only this path takes such a body, and it takes no other.
        let json = running.admin("POST", "/v1/worlds/c/import", "{}");
        assert_eq!(json.0, 415, "{}", json.1);
    }
}
