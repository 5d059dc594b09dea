//! `serve --watch`.

use std::io::{BufRead, BufReader};

use serde_json::json;

use super::make;
use crate::support::program::{AGENTS, ringback, run, serve};

#[test]
fn the_default_world_begins_again_when_its_file_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("floor.toml");
    let scenario = |agents: &str| {
        format!(
            "[infocu5]\naffiliates = [{{ id = \"A7k2Qm9ZrT4x\", key = \"0f1e2d3c4b5a69788796a5b4c3d2e1f0\" }}]\n\
             agents = {agents}\n"
        )
    };
    std::fs::write(&path, scenario("{ csv = \"agents.csv\" }")).unwrap();
    let csv = folder.path().join("agents.csv");
    std::fs::write(&csv, "id,first,affiliate\n1,Ada,A7k2Qm9ZrT4x\n").unwrap();
    let mut running = serve(&[path.to_str().unwrap(), "--watch"]);
    let mut said = BufReader::new(running.child.stderr.take().unwrap());
    let answers = |name: &str| running.post("/dialer/", AGENTS).contains(name);
    assert!(answers("Ada"));
    // A file beside it.
    std::fs::write(&csv, "id,first,affiliate\n1,Bea,A7k2Qm9ZrT4x\n").unwrap();
    while !answers("Bea") {}
    // A mistake: the seed stays, and the reason is said with its place.
    std::fs::write(&path, scenario("[{ id = \"1\", furst = \"Cleo\" }]")).unwrap();
    let mut line = String::new();
    while !line.contains("keeps its old seed") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0);
    }
    line.clear();
    while !line.contains("furst") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0);
    }
    assert!(line.contains("floor.toml:3:"), "{line}");
    assert!(answers("Bea"));
    // Another file in its place, as editors do it.
    let fresh = folder.path().join("floor.toml.new");
    let row = "[{ id = \"1\", first = \"Dora\", affiliate = \"A7k2Qm9ZrT4x\" }]";
    std::fs::write(&fresh, scenario(row)).unwrap();
    std::fs::rename(&fresh, &path).unwrap();
    while !answers("Dora") {}
    // What a reset goes back to, and what new worlds begin with.
    assert_eq!(running.admin("POST", "/v1/worlds/default/reset", "").0, 200);
    assert!(answers("Dora"));
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": "floor" })).0, 201);
    assert!(running.post("/w/b/dialer/", AGENTS).contains("Dora"));
    let mut after = 0;
    loop {
        let path = format!("/v1/worlds/default/journal?limit=1000&after={after}");
        let (_, page) = running.admin("GET", &path, "");
        let last = page["entries"].as_array().unwrap().last().expect("a marker is in the journal");
        after = last["seq"].as_u64().unwrap();
        if page.to_string().contains("\"action\":\"reseed\"") {
            break;
        }
    }

    let (code, _, said) = run(ringback().args(["serve", "--watch", "--admin", "127.0.0.1:0"]));
    assert_eq!(code, 2);
    assert!(said.contains("expected a scenario file to watch"), "{said}");
}
