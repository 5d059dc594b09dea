//! Worlds that go by themselves, also after a restart with `--data`.

use serde_json::{Value, json};

use super::{export, import, make};
use crate::support::program::{Running, serve, serve_with};

#[test]
fn a_world_goes_when_its_time_to_live_is_over() {
    let running = serve_with(&[], &[]);
    let body = json!({ "name": "a", "scenario": "demo", "ttl": "1ms", "listen": "127.0.0.1:0" });
    let (status, made) = make(&running, &body);
    assert_eq!((status, &made["ttl"]), (201, &json!("1ms")));
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": "demo", "ttl": "1h" })).0, 201);
    let names = || {
        let (_, listed) = running.admin("GET", "/v1/worlds", "");
        let worlds = listed["worlds"].as_array().unwrap();
        worlds.iter().map(|world| world["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // A listing is no use, so it may ask until the world is gone.
    while names().contains(&"a".to_owned()) {}
    assert_eq!(names(), ["b", "default"]);
    for ttl in [json!("0s"), json!(10), json!("soon")] {
        let (status, problem) =
            make(&running, &json!({ "name": "c", "scenario": "demo", "ttl": ttl }));
        assert_eq!(status, 400, "{problem}");
    }
}

#[test]
fn a_time_to_live_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let ttl = |running: &Running, name: &str| {
        let (status, world) = running.admin("GET", &format!("/v1/worlds/{name}"), "");
        (status, world["ttl"].clone())
    };
    let mut running = serve(&["--data", data]);
    for (name, ttl) in [("brief", "1500ms"), ("long", "1h30m")] {
        let body = json!({ "name": name, "scenario": "demo", "ttl": ttl });
        assert_eq!(make(&running, &body).0, 201);
    }
    assert_eq!(running.admin("POST", "/v1/worlds/long/fork", r#"{"name":"fork"}"#).0, 201);
    assert_eq!(running.admin("POST", "/v1/worlds/long/reset", "").0, 200);
    assert_eq!(running.stop(), 0);

    let running = serve(&["--data", data]);
    assert_eq!(ttl(&running, "long"), (200, json!("1h30m")));
    assert_eq!(ttl(&running, "fork"), (200, Value::Null));
    assert_eq!(ttl(&running, "default"), (200, Value::Null));
    // It is nobody's use to look into the folder.
    while folder.path().join("brief.db").exists() {}
    // An export holds nothing that is the process's.
    let file = export(&running, "long");
    assert_eq!(import(&running, "copy", &file).0, 201);
    assert_eq!(ttl(&running, "copy"), (200, Value::Null));
}
