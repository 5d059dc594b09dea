//! A sixth vendor, of which Ringback has never heard: through the public face alone, as
//! `docs/a-sixth-vendor.md` builds it. A test holds page and file together.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use ringback::Ringback;
use ringback::contract::prelude::*;
use ringback::embed::Error;
use serde_json::{Value, json};

static BELL: Vendor = Vendor {
    surface: &SURFACE,
    schema: &[SCHEMA_1],
    statements: &[STATEMENTS],
    route,
    seed,
    ..Vendor::BARE
};

static SURFACE: Surface = Surface {
    vendor: "bell",
    title: "A door bell",
    prefixes: &["/door/"],
    operations: &[RING],
    refusals: &[&NOBODY],
    scenario: &[DOORS],
    read_back: &[ReadBack::new("doors", "SELECT name FROM bell_door ORDER BY name")],
    tables: &[Table {
        name: "doors",
        text: "doors, and how often each was rung at",
        rows: "SELECT name, n_rung FROM bell_door ORDER BY name",
        secrets: &[],
    }],
    ..Surface::BARE
};

const SCHEMA_1: &str = "
    CREATE TABLE bell_door (
        name TEXT PRIMARY KEY,
        n_rung INTEGER NOT NULL DEFAULT 0
    ) STRICT";

ringback::statements! {
    INSERT_DOOR = "INSERT INTO bell_door (name) VALUES (?1)";
    RING_DOOR = "UPDATE bell_door SET n_rung = n_rung + 1 WHERE name = ?1";
}

const DOORS: Field = Field::optional(
    "doors",
    Kind::Rows(&Rows { fields: &[Field::required("name", Kind::Text, "its name").unique()] }),
    "doors with a bell",
);

fn seed(cx: &mut Cx<'_>, section: &mut dyn Section) -> Result<(), SeedError> {
    let tx = cx.tx();
    section.rows("doors", &mut |row| {
        tx.prepare_cached(INSERT_DOOR)?.execute([row.text("name")])?;
        Ok(())
    })
}

const RING: Operation = Operation {
    name: "ring_bell",
    text: "rings at a door",
    method: "POST",
    path: "/door/{name}/ring",
    access: Access::Writes,
    evidence: Evidence::Assumed("bell 1"),
    answer: ring_bell,
};

static NOBODY: Refusal = Refusal {
    rule: "bell.nobody",
    code: "404",
    text: "nobody",
    when: "no door of that name has a bell",
    evidence: Evidence::Assumed("bell 1"),
};

fn route(request: &Request) -> Routed {
    let name = request.path().strip_prefix("/door/").and_then(|rest| rest.strip_suffix("/ring"));
    let Some(name) = name.filter(|_| request.method == Method::POST) else {
        return Routed::default();
    };
    let mut params = Params::default();
    params.path.push("name", decode_segment(name));
    Routed { operation: SURFACE.operation("ring_bell"), params }
}

fn ring_bell(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let name = call.params.path.first("name").unwrap_or_default();
    let n_doors = cx.tx().prepare_cached(RING_DOOR)?.execute([name])?;
    if n_doors == 0 {
        let response = Response::with_body(StatusCode::NOT_FOUND, "text/plain", NOBODY.text);
        let hint = "seed it in [[bell.doors]]";
        return Ok(Reply::refused(response, &NOBODY, "a door with a bell", name, hint));
    }
    cx.effect(format!("{name} was rung at"));
    Ok(Reply::ok(Response::with_body(StatusCode::OK, "text/plain", "ding dong")))
}

fn start() -> Ringback {
    Ringback::start()
        .vendors(&[&BELL])
        .scenario("[[bell.doors]]\nname = \"front\"\n")
        .serve()
        .unwrap()
}

/// Sends a request without a body; answers the status and the body.
fn send(base: &str, method: &str, path: &str) -> (u16, String) {
    let rest = base.strip_prefix("http://").unwrap();
    let (address, prefix) = rest.split_once('/').map_or((rest, ""), |(host, name)| (host, name));
    let prefix = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{method} {prefix}{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[test]
fn it_is_seeded_served_and_read_back() {
    let ringback = start();
    let bell = ringback.url("bell");
    assert_eq!(send(&bell, "POST", "/door/front/ring"), (200, "ding dong".into()));
    let shared = ringback.listen_url();
    assert_eq!(send(&shared, "POST", "/door/front/ring"), (200, "ding dong".into()));
    assert_eq!(send(&bell, "POST", "/door/back/ring"), (404, "nobody".into()));
    assert_eq!(send(&bell, "GET", "/door/front/ring").0, 404);

    let doors = ringback.state("bell", "doors").unwrap();
    assert_eq!(doors, [json!({ "name": "front", "n_rung": 2 })]);
    let added = ringback.seed(&json!({ "bell": { "doors": [{ "name": "back" }] } })).unwrap();
    assert_eq!(added, json!({ "bell": { "doors": 1 } }));
    assert_eq!(send(&bell, "POST", "/door/back/ring").0, 200);
    let read = ringback.call(&Method::GET, "/scenario", &Value::Null).unwrap();
    let doors = json!([{ "name": "back" }, { "name": "front" }]);
    assert_eq!(read["scenario"]["bell"]["doors"], doors);

    ringback.reset().unwrap();
    let doors = ringback.state("bell", "doors").unwrap();
    assert_eq!(doors, [json!({ "name": "front", "n_rung": 0 })]);
}

#[test]
fn it_is_journaled_and_verified() {
    let ringback = start();
    send(&ringback.url("bell"), "POST", "/door/front/ring");
    send(&ringback.url("bell"), "POST", "/door/back/ring");
    send(&ringback.url("bell"), "GET", "/door/front/ring");
    let journal = ringback.journal().unwrap();
    assert_eq!(journal[0]["effects"][0]["text"], "front was rung at");
    // What it says nothing of is told all the same.
    assert_eq!(journal[2]["outcome"], "refused");
    let why = &journal[2]["why"];
    assert_eq!(why["hint"], "did you mean POST /door/front/ring?");
    assert_eq!(why["expected"], "POST /door/{name}/ring");
    assert_eq!(journal[1]["why"]["rule"], "bell.nobody");
    assert_eq!(journal[1]["why"]["found"], "back");

    let rung = json!({ "vendor": "bell", "operation": "ring_bell", "exactly": 2 });
    ringback.verify(&rung).unwrap();
    let never = json!({ "vendor": "bell", "operation": "ring_bell", "never": true });
    let Err(Error::Differs { .. }) = ringback.verify(&never) else { panic!("it was rung") };
}

#[test]
fn its_requests_go_wrong_on_demand() {
    let ringback = start();
    let fault = json!({
        "on": { "vendor": "bell", "operation": "ring_bell", "nth": 1 },
        "then": "refuse",
        "error": "bell.nobody",
    });
    ringback.call(&Method::POST, "/faults", &fault).unwrap();
    let bell = ringback.url("bell");
    assert_eq!(send(&bell, "POST", "/door/front/ring"), (404, "nobody".into()));
    assert_eq!(send(&bell, "POST", "/door/front/ring"), (200, "ding dong".into()));
    assert_eq!(ringback.state("bell", "doors").unwrap()[0]["n_rung"], 1);
}

#[test]
fn it_is_documented() {
    let ringback = start();
    let get = |path: &str| -> Value {
        let (status, body) = send(&ringback.admin_url(), "GET", path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    };
    let openapi = get("/openapi/bell.json");
    let ring = &openapi["paths"]["/door/{name}/ring"]["post"];
    assert_eq!(ring["operationId"], "ring_bell");
    assert_eq!(ring["parameters"][0]["name"], "name");
    assert_eq!(ring["responses"]["404"]["$ref"], "#/components/responses/404");
    let refusals = &openapi["components"]["responses"]["404"]["x-refusals"];
    assert_eq!(refusals[0]["rule"], "bell.nobody");
    let vendors = get("/v1/vendors");
    assert_eq!(vendors["vendors"].as_array().unwrap().len(), 1);
    let fidelity = get("/v1/fidelity").to_string();
    assert!(fidelity.contains("bell.nobody") && fidelity.contains("ring_bell"), "{fidelity}");
    let schema = ringback.schema();
    assert!(schema["properties"]["bell"]["properties"]["doors"].is_object(), "{schema}");
}

#[test]
fn its_mistakes_are_named_where_they_stand() {
    let start = |scenario: &str| Ringback::start().vendors(&[&BELL]).scenario(scenario).serve();
    let Err(Error::Scenario(said)) = start("[[bell.doors]]\nnam = \"front\"\n") else { panic!() };
    let said = said.to_string();
    assert!(said.contains("scenario:2") && said.contains("name"), "{said}");
    // Ringback's own vendors are not served beside it, so no scenario may speak of them.
    let Err(Error::Scenario(said)) = start("[jtel]\n") else { panic!() };
    assert!(said.to_string().contains("jtel"), "{said}");
    let Err(Error::Scenario(said)) = start("demo") else { panic!("it is of other vendors") };
    assert!(said.to_string().contains("none is built in for these vendors"), "{said}");
    let empty = Ringback::start().vendors(&[&BELL]).serve().unwrap();
    assert!(empty.state("bell", "doors").unwrap().is_empty());
}

/// On a shared listener a name at the start of a path is passed over.
#[test]
fn a_vendor_that_would_not_see_its_own_paths_is_refused() {
    static HIDDEN: Surface =
        Surface { vendor: "bell", prefixes: &["/bell/"], operations: &[RING], ..Surface::BARE };
    static SHADOWED: Vendor = Vendor { surface: &HIDDEN, ..Vendor::BARE };
    static SPACED: Surface = Surface { vendor: "door bell", ..Surface::BARE };
    static NAMED_BADLY: Vendor = Vendor { surface: &SPACED, ..Vendor::BARE };

    let refused = |vendors: &[&'static Vendor]| match Ringback::start().vendors(vendors).serve() {
        Err(Error::Vendors { reason }) => reason,
        other => panic!("{other:?}"),
    };
    let said = refused(&[&SHADOWED]);
    assert!(said.contains("bell would never see its prefix \"/bell/\""), "{said}");
    let said = refused(&[&BELL, &BELL]);
    assert!(said.contains("two vendors are called \"bell\""), "{said}");
    let said = refused(&[&NAMED_BADLY]);
    assert!(said.contains("\"door bell\" cannot be a vendor's name"), "{said}");
    ringback::inside::app::vendors().check().unwrap();
}

#[test]
fn a_vendor_whose_tables_are_not_sound_is_refused() {
    static DOUBLE: Surface = Surface { vendor: "bell", operations: &[RING, RING], ..Surface::BARE };
    static TWICE: Vendor = Vendor { surface: &DOUBLE, ..Vendor::BARE };
    const LISTED: Field = Field::optional("rows", Kind::List(&Kind::Any), "lists hold scalars");
    static LOOSE: Surface = Surface { vendor: "bell", scenario: &[LISTED], ..Surface::BARE };
    static NESTED: Vendor = Vendor { surface: &LOOSE, ..Vendor::BARE };
    static PLAIN: Surface = Surface { vendor: "bell", ..Surface::BARE };
    static NO_TABLE: Vendor = Vendor { surface: &PLAIN, statements: &[STATEMENTS], ..Vendor::BARE };
    static BROKEN: Vendor = Vendor { surface: &PLAIN, schema: &["CREATE TABEL x"], ..Vendor::BARE };

    let refused = |vendor: &'static Vendor| match Ringback::start().vendors(&[vendor]).serve() {
        Err(Error::Vendors { reason }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(refused(&TWICE).contains("the operation ring_bell stands twice"));
    assert!(refused(&NESTED).contains("rows is a list of something that is not a scalar"));
    let said = refused(&NO_TABLE);
    assert!(said.contains("INSERT_DOOR of bell") && said.contains("bell_door"), "{said}");
    let said = refused(&BROKEN);
    assert!(said.contains("the tables of bell cannot be made"), "{said}");
}

/// No world knows a wrong secret, so it is masked by the name under which the request has it.
#[test]
fn a_wrong_secret_is_masked_in_the_reason() {
    const CODE: &str = "w0ng-code-4711-8152";
    const OPEN: Operation = Operation {
        name: "open_door",
        method: "GET",
        path: "/door/open",
        access: Access::Reads,
        answer: |_, call| {
            let sent = call.params.query.first("code").unwrap_or_default();
            let response = Response::with_body(StatusCode::FORBIDDEN, "text/plain", "no");
            let found = format!("the code {sent:?}");
            Ok(Reply::refused(response, &NOBODY, "the code of the door", found, "ask at the desk"))
        },
        ..RING
    };
    static GATE: Surface = Surface {
        vendor: "gate",
        prefixes: &["/door/"],
        operations: &[OPEN],
        refusals: &[&NOBODY],
        secrets: &[Secret::named("code")],
        ..Surface::BARE
    };
    static VENDOR: Vendor = Vendor {
        surface: &GATE,
        contract: || "# Gate\n\n## 1. Doors\n\nA door has a code.\n",
        route: |request| {
            let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
            let params = Params { query, ..Params::default() };
            Routed { operation: GATE.operation("open_door"), params }
        },
        ..Vendor::BARE
    };
    let ringback = Ringback::start().vendors(&[&VENDOR]).serve().unwrap();
    send(&ringback.url("gate"), "GET", &format!("/door/open?code={CODE}"));
    let journal = json!(ringback.journal().unwrap()).to_string();
    assert!(journal.contains("the code") && !journal.contains(CODE), "{journal}");

    // Its contract is read where the five's are.
    let section = send(&ringback.admin_url(), "GET", "/v1/vendors/gate/contract?section=1");
    assert_eq!(section, (200, "## 1. Doors\n\nA door has a code.\n".into()));
    let (status, said) = send(&ringback.admin_url(), "GET", "/v1/vendors/gate/contract?section=9");
    assert!(status == 404 && said.contains("expected one of 1"), "{said}");
}

/// Each block of Rust on the page stands in this file, letter by letter.
#[test]
fn the_page_and_this_file_are_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/a-sixth-vendor.md")).unwrap();
    let file = fs::read_to_string(root.join("tests/it/sixth_vendor.rs")).unwrap();
    let mut blocks = 0;
    for rest in page.split("```rust\n").skip(1) {
        let block = rest.split("```").next().unwrap().trim_end();
        assert!(file.contains(block), "the page shows what no test runs:\n{block}");
        blocks += 1;
    }
    assert!(blocks > 5, "the page shows {blocks} blocks");
}
