//! jtel over HTTP: a day of a campaign, and many clients at once.

mod day;
mod side_by_side;

use std::io::Write;

use serde_json::{Value, json};

use crate::support::program::{Running, serve};
use crate::support::talk::Client;

const BASE: &str = "/rest/v1.0/7/dialler";

/// Starts the program with client account 7, campaigns 612 and 613 and the clock standing still.
fn start(agents: &[i64]) -> Running {
    let code = |id: i64, kind: &str, weight: i64| {
        json!({
            "id": id, "campaign": 612, "export_key": format!("KEY_{id}"), "type": kind,
            "weight": weight, "texts": [{"language": 2, "text": format!("Text {id}")}],
        })
    };
    let clock = toml::Table::from_iter([
        ("mode".to_owned(), "frozen".into()),
        ("at".to_owned(), "2024-03-04T09:00:00Z".into()),
    ]);
    let jtel = json!({
        "clients": [{"id": 7, "tokens": ["SIMTOKEN-7A"]}],
        "campaigns": [
            {"id": 612, "client": 7, "name": "Spring Recall", "agents": agents,
             "no_number_code": 3101, "tries_used_up_code": 3103},
            {"id": 613, "client": 7, "name": "Winback 2024"},
        ],
        "result_codes": [code(3101, "abort", 0), code(3103, "abort", 0), code(3105, "done", 4),
            code(3106, "abort", 1)],
    });
    let mut scenario = toml::Table::new();
    scenario.insert("seed".into(), 42.into());
    scenario.insert("clock".into(), clock.into());
    scenario.insert("jtel".into(), toml::Value::try_from(jtel).unwrap());
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(scenario.to_string().as_bytes()).unwrap();
    serve(&[file.path().to_str().unwrap()])
}

fn client(running: &Running) -> Client {
    let token = ("Authorization", "Bearer SIMTOKEN-7A");
    Client::connect(&running.address("listen"), &[token])
}

fn admin(running: &Running) -> Client {
    Client::connect(&running.address("admin"), &[])
}

/// Asks the control plane about the default world.
fn ask_admin(admin: &mut Client, method: &str, path: &str, body: &Value) -> Value {
    let (status, reply) = admin.json(method, &format!("/v1/worlds/default/{path}"), body);
    assert_eq!(status, 200, "{path}: {reply}");
    reply
}
