//! Worlds of the real program: how a request finds its own, and what a world has beside its state.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use ringback::app;
use ringback::base::clock;
use ringback::sim::loading::settings::ClockSpec;
use ringback::sim::world::World;
use ringback::sim::worlds::Worlds;
use ringback::sim::worlds::folder::Keep;
use serde_json::{Value, json};

use crate::program::{AGENTS, Running, body_of, http, ringback, run, serve, serve_with, status_of};
use crate::support::talk::Client;

/// What a contact of jtel's demo is read with.
const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";

/// A GET with a bearer token, on an address of its own or the shared listener.
fn get_contact(address: &str, headers: &[(&str, &str)]) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(http("GET", CONTACT, headers, "").as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    status_of(&reply)
}

fn make(running: &Running, body: &Value) -> (u16, Value) {
    running.admin("POST", "/v1/worlds", &body.to_string())
}

/// How many exchanges a world has journaled.
fn exchanges(running: &Running, world: &str) -> usize {
    let (status, journal) = running.admin("GET", &format!("/v1/worlds/{world}/journal"), "");
    assert_eq!(status, 200, "{journal}");
    let entries = journal["entries"].as_array().unwrap();
    entries.iter().filter(|entry| entry.get("request").is_some()).count()
}

#[test]
fn the_host_names_a_world_after_the_path_and_before_the_header() {
    let running = serve(&[]);
    for name in ["a", "b", "c"] {
        assert_eq!(make(&running, &json!({ "name": name, "scenario": "demo" })).0, 201);
    }
    let ask = |path: &str, headers: &[(&str, &str)]| {
        running.raw("listen", http("POST", path, headers, AGENTS).as_bytes())
    };
    let named = |host| [("Host", host), ("X-Ringback-World", "c")];
    assert_eq!(status_of(&ask("/w/a/dialer/", &named("b.localhost:8080"))), 200);
    assert_eq!(status_of(&ask("/dialer/", &named("B.Localhost:8080"))), 200);
    assert_eq!(status_of(&ask("/dialer/", &named("localhost"))), 200);
    for world in ["a", "b", "c"] {
        assert_eq!(exchanges(&running, world), 1, "{world}");
    }
    for host in ["nobody.localhost", "x.a.localhost:80"] {
        let reply = ask("/dialer/", &[("Host", host), ("X-Ringback-World", "c")]);
        assert_eq!(status_of(&reply), 404, "{host}");
        assert!(body_of(&reply).starts_with("ringback: there is no world called"), "{reply}");
    }
    assert_eq!((exchanges(&running, "c"), exchanges(&running, "default")), (1, 0));
}

#[test]
fn a_claimed_credential_leads_to_its_world_until_that_goes() {
    let running = serve(&[]);
    let claims = json!([
        "jtel:SIMTOKEN-7A",
        "mor:u=dialer_bob",
        "infocu5:A7k2Qm9ZrT4x",
        "maestro:5c0e77a1d94b42f8a6e13b90cf28d451",
        "maxcontact:user=101",
    ]);
    let (status, made) =
        make(&running, &json!({ "name": "a", "scenario": "demo", "claims": claims }));
    assert_eq!(status, 201, "{made}");
    let shown = made["claims"].to_string();
    assert!(shown.contains("mor:u=dialer_bob") && !shown.contains("SIMTOKEN"), "{shown}");

    let jtel = http("GET", CONTACT, &[("Authorization", "Bearer SIMTOKEN-7A")], "");
    let maestro = "/_access/fetchCallersByCall?offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&offer_id=4711&call=K7Q2ZP0XN4V8T1RB";
    let mor = "/billing/api/autodialer_get_campaign_ivr_poll_results";
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let max = "/webservices/services/telephony/getcalls/user/101";
    let requests = [
        jtel.clone(),
        http("POST", "/dialer/", &[], AGENTS),
        http("GET", maestro, &[], ""),
        http(
            "POST",
            mor,
            &form,
            "u=dialer_bob&id=17&hash=5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24",
        ),
        http("GET", max, &[("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47")], ""),
    ];
    for (n_seen, request) in (1..).zip(&requests) {
        assert_eq!(status_of(&running.raw("listen", request.as_bytes())), 200, "{request}");
        assert_eq!(exchanges(&running, "a"), n_seen, "{request}");
    }
    // What is named goes before what is claimed, and other credentials go on to the default world.
    let header = [("Authorization", "Bearer SIMTOKEN-7A"), ("X-Ringback-World", "default")];
    running.raw("listen", http("GET", CONTACT, &header, "").as_bytes());
    let other = [("Authorization", "Bearer SIMTOKEN-8A")];
    running.raw("listen", http("GET", CONTACT, &other, "").as_bytes());
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "default")), (5, 2));

    let again =
        json!({ "name": "b", "scenario": "demo", "claims": ["jtel:free", "jtel:SIMTOKEN-7A"] });
    let (status, problem) = make(&running, &again);
    assert_eq!((status, &problem["holder"]), (409, &json!("a")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("claims/1: jtel:token is claimed"));
    assert!(!problem.to_string().contains("SIMTOKEN"));
    assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);

    // A reset keeps them, a fork has none, deletion frees them.
    assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "").0, 200);
    assert_eq!(
        running.admin("POST", "/v1/worlds/a/fork", r#"{"name":"f"}"#).1["claims"],
        json!([])
    );
    running.raw("listen", jtel.as_bytes());
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "f")), (6, 0));
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "").0, 200);
    running.raw("listen", jtel.as_bytes());
    assert_eq!(exchanges(&running, "default"), 3);
    assert_eq!(make(&running, &again).0, 201);
}

#[test]
fn claims_that_make_no_sense_are_refused_with_their_place() {
    let running = serve(&[]);
    let refused = |claims: Value| {
        let body = json!({ "name": "a", "scenario": "demo", "claims": claims });
        let (status, problem) = make(&running, &body);
        assert_eq!(status, 400, "{problem}");
        problem["detail"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused(json!("jtel:x")),
        "claims: expected a list of texts such as \"vendor:credential\""
    );
    assert!(refused(json!(["jtel"])).starts_with("claims/0: no colon"));
    assert!(refused(json!(["jtel:x", "jtl:y"])).ends_with("did you mean \"jtel\"?"));
    assert!(refused(json!(["mor:u="])).starts_with("claims/0: no value"));
    assert!(
        refused(json!(["jtel:x", "jtel:token=x"])).starts_with("claims/1: it stands there twice")
    );
    // A scenario with mistakes claims nothing.
    let broken =
        json!({ "name": "a", "scenario": { "jtel": { "nothing": [] } }, "claims": ["jtel:x"] });
    assert_eq!(make(&running, &broken).0, 400);
    assert_eq!(
        make(&running, &json!({ "name": "a", "scenario": "demo", "claims": ["jtel:x"] })).0,
        201
    );
}

#[test]
fn a_world_has_its_own_port_for_as_long_as_it_lives() {
    let running = serve(&[]);
    let body = json!({ "name": "a", "scenario": "demo", "listen": "127.0.0.1:0" });
    let (status, made) = make(&running, &body);
    assert_eq!(status, 201, "{made}");
    let address = made["listen"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let token = [("Authorization", "Bearer SIMTOKEN-7A")];
    // The port decides before everything else.
    let elsewhere = [token[0], ("X-Ringback-World", "default"), ("Host", "default.localhost")];
    assert_eq!(get_contact(&address, &elsewhere), 200);
    running.admin("POST", "/v1/worlds/a/checkpoint", r#"{"name":"c"}"#);
    running.admin("POST", "/v1/worlds/a/reset", "");
    assert_eq!(get_contact(&address, &token), 200);
    let (_, rolled) = running.admin("POST", "/v1/worlds/a/rollback", r#"{"name":"c"}"#);
    assert_eq!(rolled["world"]["listen"], made["listen"], "{rolled}");
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "default")), (2, 0));

    // A port that is taken, and one that may not be had: nothing is made.
    let same_port = json!({ "name": "b", "scenario": "demo", "listen": address });
    let (status, problem) = make(&running, &same_port);
    assert_eq!((status, &problem["type"]), (409, &json!("urn:ringback:problem:address-in-use")));
    let open = json!({ "name": "b", "scenario": "demo", "listen": "0.0.0.0:0" });
    let (status, problem) = make(&running, &open);
    assert_eq!(status, 400, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("binds loopback only"));
    assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);

    // When the answer to the deletion is there, the address is free.
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "").0, 200);
    let mine = TcpListener::bind(&address).unwrap();
    drop(mine);
    assert_eq!(make(&running, &same_port).0, 201);
}

#[test]
fn listeners_of_worlds_are_counted() {
    let running = serve(&[]);
    let scenario = json!({});
    let mut n_made = 0;
    let problem = loop {
        let name = format!("w{n_made}");
        let body = json!({ "name": name, "scenario": scenario, "listen": "127.0.0.1:0" });
        let (status, answer) = make(&running, &body);
        if status != 201 {
            break answer;
        }
        n_made += 1;
        assert!(n_made < 1000);
    };
    assert_eq!(problem["type"], "urn:ringback:problem:too-many-listeners", "{problem}");
    assert_eq!(n_made, ringback::base::limits::OWN_LISTENERS_MAX);
    running.admin("DELETE", "/v1/worlds/w3", "");
    let body = json!({ "name": "again", "scenario": scenario, "listen": "127.0.0.1:0" });
    assert_eq!(make(&running, &body).0, 201);
}

#[test]
fn one_vendor_has_a_listener_of_its_own() {
    let mut running = serve(&["--listen", "127.0.0.1:0,jtel=127.0.0.1:0"]);
    let jtel = running.ready["vendors"]["jtel"].as_str().unwrap();
    let address = jtel.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    assert_ne!(address, running.address("listen"));
    assert!(running.ready["vendors"]["mor"].as_str().unwrap().contains(&running.address("listen")));
    let token = [("Authorization", "Bearer SIMTOKEN-7A"), ("Host", "api.infocu5.com")];
    assert_eq!(get_contact(&address, &token), 200);
    // All that comes there is jtel's to answer, also what another vendor would take.
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(http("POST", "/dialer/", &[], AGENTS).as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert_eq!(status_of(&reply), 404);
    assert!(!reply.contains("ringback"), "{reply}");
    assert_eq!(running.stop(), 0);

    let (code, _, said) =
        run(ringback().args(["serve", "--listen", "jtl=127.0.0.1:0", "--admin", "127.0.0.1:0"]));
    assert_eq!(code, 2);
    assert!(said.contains("expected one of") && said.contains("jtel"), "{said}");
}

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

#[test]
fn a_world_is_made_with_other_switches_and_expectations_than_its_scenario_has() {
    let running = serve(&[]);
    let get = |path: &str| running.admin("GET", path, "").1;
    let scenario = json!({
        "extends": "demo", "strict": true, "expect": [{ "vendor": "mor", "at_most": 1 }],
        "jtel": { "variants": { "pick": "highest_id" } },
    });
    let before = get("/v1/worlds/default/variants");
    assert_eq!(before["infocu5"]["calls_shape"], "keyed");
    let expect = json!([{ "operation": "get_agents", "at_least": 1 }]);
    let variants = json!({ "infocu5": { "calls_shape": "array" } });
    let body = json!({
        "name": "a", "scenario": scenario, "variants": variants, "strict": false, "expect": expect,
    });
    let (status, made) = make(&running, &body);
    assert_eq!(status, 201, "{made}");
    for _ in 0..2 {
        let switches = get("/v1/worlds/a/variants");
        assert_eq!(switches["infocu5"]["calls_shape"], "array");
        assert_eq!(switches["jtel"]["pick"], "highest_id", "the scenario's own stay");
        let expected = json!({ "strict": false, "expect": expect });
        assert_eq!(get("/v1/worlds/a/strict"), expected);
        assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "").0, 200);
    }
    // What is not said stays as the scenario says it, also where the scenario was loaded before.
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": scenario })).0, 201);
    assert_eq!(get("/v1/worlds/b/variants")["infocu5"]["calls_shape"], "keyed");
    assert_eq!(get("/v1/worlds/b/strict")["strict"], true);
    for (member, value, said) in [
        ("variants", json!({ "jtle": {} }), "did you mean"),
        ("variants", json!({ "jtel": { "pick": "first" } }), "lowest_id"),
        ("variants", json!("pick"), "variants: expected an object"),
        ("strict", json!("yes"), "expected true or false"),
        ("expect", json!([{ "vendr": "mor" }]), "did you mean"),
    ] {
        let mut body = json!({ "name": "c", "scenario": "demo" });
        body[member] = value;
        let (status, problem) = make(&running, &body);
        assert_eq!(status, 400, "{problem}");
        assert!(problem.to_string().contains(said), "{member}: {problem}");
    }
}

/// A column of the first row of a table, as it is shown.
fn shown(world: &Arc<World>, vendor: &str, table: &str, column: &str) -> Value {
    let vendor = app::vendors().find(vendor).unwrap();
    let table = vendor.surface.table(table).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let page = runtime.block_on(world.table(vendor, table, 0, 1, true)).unwrap();
    page["rows"][0][column].clone()
}

#[test]
fn a_world_of_a_loaded_seed_begins_when_it_is_made_and_again_when_it_is_reset() {
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name| worlds.make(name, &mut library.open("demo").unwrap()).unwrap();
    let issued = |world: &Arc<World>| {
        let at_ms = |column| shown(world, "maxcontact", "tokens", column).as_i64().unwrap();
        // A year, as the demo says.
        assert_eq!(at_ms("expires_ms") - at_ms("issued_ms"), 365 * 86_400_000);
        at_ms("issued_ms")
    };
    let later_than = |ms| while clock::system_now_ms() <= ms {};
    let first = make("first");
    let first_ms = issued(&first);
    later_than(first_ms);
    let second = make("second");
    let second_ms = issued(&second);
    assert!(second_ms > first_ms, "it begins when it is made");
    later_than(second_ms);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(first.reset()).unwrap();
    assert!(issued(&first) > second_ms, "it begins again");
}

/// Sends a body of bytes to the control plane; answers status and JSON.
fn import(running: &Running, name: &str, file: &[u8]) -> (u16, Value) {
    let mut stream = running.connect("admin");
    let head = format!(
        "POST /v1/worlds/{name}/import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/vnd.sqlite3\r\nContent-Length: {}\r\n\r\n",
        file.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(file).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    (status_of(&reply), serde_json::from_str(&body_of(&reply)).unwrap())
}

fn export(running: &Running, name: &str) -> Vec<u8> {
    let mut client = Client::connect(&running.address("admin"), &[]);
    let (status, file) = client.send("GET", &format!("/v1/worlds/{name}/export"), "");
    assert_eq!(status, 200);
    file
}

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
        assert_eq!(json.0, 422, "{}", json.1);
    }
}

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

/// Every row of every view of a world's state.
fn views(world: &Arc<World>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut rows = Vec::new();
    for vendor in app::vendors().0 {
        for table in vendor.surface.tables {
            let page = world.table(vendor, table, 0, usize::MAX, true);
            let page = runtime.block_on(page).unwrap();
            let found = page["rows"].as_array().unwrap();
            rows.extend(
                found.iter().map(|row| format!("{} {}: {row}", vendor.surface.vendor, table.name)),
            );
        }
    }
    rows
}

#[test]
fn a_world_read_back_as_a_scenario_makes_the_same_world_again() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let demo: toml::Table = toml::from_str(include_str!("../../scenarios/demo.toml")).unwrap();
    let mut demo = serde_json::to_value(demo).unwrap();
    demo["clock"] = json!({ "mode": "frozen", "at": "2026-03-02T09:00:00.250Z" });
    demo["line"] =
        json!([{ "vendor": "jtel", "ends_with": "77", "then": "busy", "ring": "1m30s" }]);
    demo["mor"]["variants"] = json!({ "uniquehash": "accepted" });
    demo["mor"]["whitelist"] = json!([{ "ip": "10.1.2.3-5" }]);
    demo["mor"]["permission_groups"] = json!([{ "name": "readers", "upload_numbers": "write" }]);
    demo["maxcontact"]["codes"] = json!([{ "key": "E_TOKEN", "code": 77 }]);
    demo["maxcontact"]["numbers"] = json!({ "ringing": 22 });
    demo["maxcontact"]["settings"] = json!({ "line": "manual", "ring_after": "3s" });
    demo["infocu5"]["settings"] = json!({ "calls_max": 9 });
    demo["infocu5"]["agents"][0]["shared_with"] = json!(["B3n8Wp5YsU6v"]);
    demo["jtel"]["campaigns"][0]["active_days"] = json!(["mon", "sun"]);
    demo["maestro"]["opt_ins"] = json!([{ "caller": "N0T1NTERESTED777", "offer": 4711,
        "at": "2015-09-14T17:30:00-07:00" }]);
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name: &str, scenario: &Value| {
        let made = worlds.make(name, &mut library.read_json(scenario));
        made.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let first = make("first", &demo);
    let read = runtime.block_on(first.unseed()).unwrap();
    assert_eq!(read.omitted, Vec::<Value>::new());
    let second = make("second", &read.scenario);
    assert_eq!(runtime.block_on(second.unseed()).unwrap(), read);
    let (left, right) = (views(&first), views(&second));
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(left, right);
    }
    // Every collection that a section declares is read back; people are by what they became.
    for surface in app::vendors().0.iter().map(|vendor| vendor.surface) {
        for field in surface.scenario.iter().filter(|field| field.name != "people") {
            let back = surface.read_back.iter().any(|back| back.name == field.name);
            assert!(back, "{} is not read back: {}", field.name, surface.vendor);
        }
    }
    // As the text of a file it is the same scenario, and what happened since is in it.
    let text = ringback::scenario::to_toml(&read.scenario).unwrap();
    let mut opened = library.read_toml("read back", &text);
    let third = worlds.make("third", &mut opened).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(runtime.block_on(third.unseed()).unwrap(), read);
    runtime.block_on(third.advance(ringback::base::time::Span::MINUTE)).unwrap();
    let later = runtime.block_on(third.unseed()).unwrap().scenario;
    assert_eq!(later["clock"]["at"], "2026-03-02T09:01:00.250Z");
}

#[test]
fn faults_people_traffic_and_expectations_come_back_as_they_were_stated() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stated = json!({
        "seed": 7,
        "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
        "line": [{ "vendor": "jtel", "share": 0.25, "then": "busy" }],
        "fault": [
            { "then": "delay", "delay": "1s500ms" },
            { "name": "slow", "then": "delay", "delay": "1s", "delay_to": "2s" },
            { "name": "slower", "then": "delay", "delay": "1s", "sigma": 0.5 },
            { "name": "drops", "on": { "access": "reads", "every": 3, "times": 2 }, "then": "drip",
                "bytes": 4, "pause": "10ms" },
            { "on": { "from": "2026-03-02T10:00:00Z", "until": "2026-03-02T11:00:00.500Z" },
                "then": "truncate", "bytes": 3 },
            { "on": { "for": "10m", "probability": 0.5 }, "then": "status", "status": 502,
                "body": "busy", "content_type": "text/html" },
            { "on": { "vendor": "jtel", "operation": "get_contact", "nth": 2,
                "match": [{ "at": "param id", "equals": "301501" }, { "at": "path", "contains": "7" }] },
                "then": "refuse", "error": "jtel.contact" },
            { "then": "rate_limit", "most": 9, "per": "1m", "status": 429, "delay": "1s" },
            { "on": { "vendor": "mor" }, "then": "lose_reply" },
        ],
        "people": [{ "phone": "+49 221 4710123", "name": "König", "email": "ida@example.test" }],
        "crowd": 20,
        "strict": true,
        "expect": [{ "vendor": "mor", "why": "mor.hash", "at_most": 1 }],
        "traffic": [
            { "name": "calls", "vendor": "maestro", "kind": "calls", "per_hour": 6.5,
                "offers": ["4711"], "callers": "2..4", "duration": "20m" },
            { "name": "poll", "vendor": "mor", "kind": "campaign", "campaign": "18",
                "zone": "Europe/Berlin", "hours": ["09:00-17:00"], "days": ["mon", "tue"],
                "per_hour": 5.0, "first": 3 },
        ],
        "maestro": { "offers": [{ "id": "4711", "token": "5c0e77a1d94b42f8a6e13b90cf28d451" }] },
        "mor": {
            "settings": { "secret_key": "sim-secret-1" },
            "users": [{ "username": "bob" }],
            "campaigns": [{ "id": 18, "name": "Poll", "user": "bob", "start_time": "00:00:00",
                "stop_time": "23:59:59", "actions": [{ "action": "IVR", "data": "5" }] }],
        },
    });
    let library = app::library(None, ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let make = |name: &str, scenario: &Value| {
        let made = worlds.make(name, &mut library.read_json(scenario));
        made.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let unseed = |world: &Arc<World>| runtime.block_on(world.unseed()).unwrap();
    let first = make("first", &stated);
    let read = unseed(&first);
    assert_eq!(read.omitted, Vec::<Value>::new());
    for name in ["line", "fault", "strict", "expect", "traffic"] {
        assert_eq!(read.scenario[name], stated[name], "{name}");
    }
    // The crowd is in the list, each with their number.
    assert_eq!(read.scenario["people"].as_array().unwrap().len(), 21);
    assert_eq!(read.scenario["people"][0], stated["people"][0]);
    let second = make("second", &read.scenario);
    assert_eq!(unseed(&second), read);
    let text = ringback::scenario::to_toml(&read.scenario).unwrap();
    let third = worlds.make("third", &mut library.read_toml("read back", &text));
    assert_eq!(unseed(&third.unwrap_or_else(|error| panic!("{error}"))), read);

    // The same things happen in both, and then it is told what a scenario cannot say of them.
    let hour = ringback::base::time::Span::HOUR;
    let later = [&first, &second].map(|world| {
        runtime.block_on(world.advance(hour)).unwrap();
        (runtime.block_on(world.faults()), views(world), unseed(world))
    });
    assert_eq!(later[0], later[1]);
    let (_, views, later) = &later[0];
    assert!(views.iter().any(|row| row.starts_with("maestro calls")), "{views:?}");
    let omitted = Value::from(later.omitted.clone());
    let omitted = |what: &str| {
        let all = omitted.as_array().unwrap().iter();
        let mut found = all.filter(|it| it["what"].as_str().unwrap().contains(what));
        found.next().map(|it| it["count"].clone())
    };
    assert_eq!(omitted("rules for faults"), Some(json!(1)), "the one with a length of time");
    assert_eq!(omitted("sources of traffic"), Some(json!(2)));
    // Whom the campaign takes next is said.
    let first_next = later.scenario["traffic"][1]["first"].as_i64().unwrap();
    assert!(first_next > 3, "{first_next}");
    make("fourth", &later.scenario);
}

#[test]
fn what_a_scenario_cannot_say_is_listed() {
    let running = serve(&[]);
    let get = |path: &str| running.admin("GET", path, "").1;
    let read = get("/v1/worlds/default/scenario");
    assert_eq!(read["omitted"], json!([]), "{}", read["omitted"]);
    let event = "/v1/worlds/default/events/maestro/rotate_token";
    let body = r#"{"offer":"4711","token":"aaaa77a1d94b42f8a6e13b90cf28d451"}"#;
    assert_eq!(running.admin("POST", event, body).0, 200);
    let read = get("/v1/worlds/default/scenario");
    let omitted = read["omitted"].as_array().unwrap();
    assert_eq!((omitted.len(), &omitted[0]["vendor"]), (1, &json!("maestro")), "{omitted:?}");
    assert_eq!(
        read["scenario"]["maestro"]["offers"][0]["token"],
        "aaaa77a1d94b42f8a6e13b90cf28d451"
    );
    assert_eq!(make(&running, &json!({ "name": "b", "scenario": read["scenario"] })).0, 201);
    let mut client = Client::connect(&running.address("admin"), &[]);
    let (status, text) = client.send("GET", "/v1/worlds/b/scenario.toml", "");
    let text = String::from_utf8(text).unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("[[jtel.contacts]]"), "{text}");
}
