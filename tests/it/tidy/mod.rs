//! Rules about the source: who may import whom, what a vendor's folder looks like, where evidence,
//! clocks and randomness may come from.

mod circles;
mod graph;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ringback::app;
use ringback::contract::fields::audit;
use ringback::sim::worlds::tables;
use ringback::store::database::Database;
use rusqlite::StatementStatus;

/// Each module and what it may import, besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("web", &["base"]),
    ("store", &["base"]),
    ("contract", &["base", "web", "store"]),
    ("sim", &["base", "web", "store", "contract"]),
    ("vendors", &["base", "web", "store", "contract", "sim"]),
    ("scenario", &["base", "contract", "sim", "web"]),
    ("admin", &["base", "web", "store", "contract", "sim", "scenario"]),
    ("net", &["base", "web", "contract", "sim"]),
    ("client", &["base", "web"]),
    ("embed", &["admin", "base", "contract", "net", "scenario", "sim", "vendors", "web"]),
    ("replay", &["base", "client", "contract", "embed", "scenario", "sim", "web"]),
    (
        "app",
        &[
            "admin", "base", "client", "contract", "net", "scenario", "sim", "store", "vendors",
            "web",
        ],
    ),
    ("cli", &["app", "base", "client", "contract", "exit", "net", "replay", "sim", "store"]),
    ("exit", &[]),
    ("main", &["cli"]),
];

/// Files that every vendor's folder has.
const VENDOR_FILES: &[&str] = &[
    "auth.rs",
    "contract.md",
    "errors.rs",
    "events.rs",
    "mod.rs",
    "model.rs",
    "routes.rs",
    "schema/0001.sql",
    "seed.rs",
    "store.rs",
    "surface.rs",
    "variants.rs",
    "wire.rs",
];

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils.rs", "util.rs", "helpers.rs", "common.rs", "misc.rs"];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// A source file: its path below `src`, and its text without tests and comments.
struct Source {
    path: String,
    code: String,
}

impl Source {
    /// `sim` for `sim/world.rs`, `app` for `app.rs`.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![src()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let below = path.strip_prefix(src()).unwrap().to_string_lossy().into_owned();
                found.push(Source {
                    path: below,
                    code: code_of(&fs::read_to_string(&path).unwrap()),
                });
            }
        }
    }
    found.retain(|source| !is_test(&source.path));
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(found.len() > 30, "the sources were not found");
    found
}

fn is_test(path: &str) -> bool {
    path == "testing.rs" || path.contains("tests/") || path.ends_with("/tests.rs")
}

/// The text up to a module of tests, without comment lines.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The modules of this crate that a text names: `crate::sim::…`.
fn imports(code: &str) -> BTreeSet<&str> {
    let parts = code.split("crate::").skip(1);
    parts
        .map(|rest| rest.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or(""))
        // Macros stand at the root.
        .filter(|name| !matches!(*name, "" | "statements" | "variants" | "phone_digits"))
        .collect()
}

#[test]
fn arrows_point_inwards() {
    let mut faults = Vec::new();
    for source in sources() {
        if source.path == "lib.rs" {
            continue;
        }
        let module = source.module();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            faults.push(format!(
                "{}: the module {module} stands in no row of the table",
                source.path
            ));
            continue;
        };
        for import in imports(&source.code) {
            // `use crate::{…}` and the macros of `store` are how a vendor declares its statements.
            if import != module && !allowed.contains(&import) {
                faults.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn a_vendor_imports_no_other_vendor() {
    let names: Vec<_> = app::vendors().0.iter().map(|vendor| vendor.surface.vendor).collect();
    let mut faults = Vec::new();
    for source in sources() {
        let Some(path) = source.path.strip_prefix("vendors/") else { continue };
        let own = path.split('/').next().unwrap();
        for other in names.iter().filter(|name| **name != own && own != "mod.rs") {
            if source.code.contains(&format!("vendors::{other}")) {
                faults.push(format!("{} imports {other}", source.path));
            }
        }
        if source.code.contains("super::super::super") && !source.path.contains("/ops/") {
            faults.push(format!("{} reaches out of its folder", source.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_core_names_no_vendor() {
    let mut faults = Vec::new();
    for source in sources() {
        if !matches!(
            source.module(),
            "base" | "web" | "store" | "contract" | "sim" | "admin" | "net"
        ) {
            continue;
        }
        for vendor in app::vendors().0 {
            let name = vendor.surface.vendor;
            if source.code.contains(&format!("{name}_"))
                || source.code.contains(&format!("\"{name}\""))
            {
                faults.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert_none(&faults);
}

/// `serve` answers and never asks: only the client of the command line opens connections.
#[test]
fn only_the_client_connects_out() {
    let ways = ["TcpStream::connect", "UnixStream", "UdpSocket", "TcpSocket", "client::conn"];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module() != "client") {
        let found = ways.iter().filter(|way| source.code.contains(**way));
        faults.extend(found.map(|way| format!("{} uses {way}", source.path)));
    }
    assert_none(&faults);
    for (module, imports) in ARROWS {
        let may = ["cli", "app", "replay", "main"].contains(module);
        assert!(may || !imports.contains(&"client"), "{module} imports client");
    }
}

#[test]
fn sockets_clocks_and_randomness_have_their_places() {
    // What may be named, and by whom.
    let rules: &[(&str, &[&str])] = &[
        ("hyper::", &["net/", "client/"]),
        ("hyper_util::", &["net/", "client/"]),
        (
            "tokio::",
            &[
                "net/",
                "client/",
                "app.rs",
                "cli/",
                "embed.rs",
                "replay/all.rs",
                "sim/blocking.rs",
                "sim/world/",
                "web/stream.rs",
            ],
        ),
        ("SystemTime", &["base/clock.rs"]),
        (
            "Instant::now",
            &["base/clock.rs", "client/wait.rs", "sim/world/judging.rs", "sim/world/journal.rs"],
        ),
        ("getrandom", &[]),
        ("thread_rng", &[]),
        ("unsafe ", &["store/pages/vfs.rs"]),
        ("println!", &["cli/"]),
        ("process::exit", &["main.rs"]),
    ];
    let mut faults = Vec::new();
    for source in sources() {
        for (word, places) in rules {
            let here = places.iter().any(|place| source.path.starts_with(place));
            if source.code.contains(word) && !here {
                faults.push(format!("{} names {word}", source.path));
            }
        }
        let name = source.path.rsplit('/').next().unwrap();
        if EMPTY_NAMES.contains(&name) {
            faults.push(format!("{} has a name that says nothing", source.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_vendor_folder_has_the_same_shape() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let name = vendor.surface.vendor;
        let folder = src().join("vendors").join(name);
        for file in VENDOR_FILES {
            // A file that has grown long is a folder of the same name.
            let as_folder = folder.join(file.trim_end_matches(".rs")).join("mod.rs");
            if !folder.join(file).exists() && !as_folder.exists() {
                faults.push(format!("vendors/{name} has no {file}"));
            }
        }
        if !folder.join("ops").is_dir() {
            faults.push(format!("vendors/{name} has no ops/"));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_wire_fact_has_its_evidence() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let contract = src().join("vendors").join(surface.vendor).join("contract.md");
        let contract = fs::read_to_string(contract).unwrap();
        let mut facts = Vec::new();
        facts.extend(surface.operations.iter().map(|it| (it.name, it.evidence)));
        facts.extend(surface.refusals.iter().map(|it| (it.rule, it.evidence)));
        facts.extend(surface.wire_fields.iter().map(|it| (it.name, it.evidence)));
        facts.extend(surface.not_simulated.iter().map(|it| (it.what, it.evidence)));
        for variant in surface.variants {
            facts.extend(variant.values.iter().map(|value| (variant.name, value.evidence)));
            if variant.values.len() < 2 {
                faults.push(format!("{}: {} leaves no choice", surface.vendor, variant.name));
            }
        }
        assert!(!surface.operations.is_empty() && !surface.wire_fields.is_empty());
        for (name, evidence) in facts {
            let source = evidence.source();
            let place = source.strip_prefix(&format!("contracts/{}.md ", surface.vendor));
            let Some(section) = place else {
                faults.push(format!("{}: {name} cites {source}", surface.vendor));
                continue;
            };
            // A section is a heading of the contract: `## 4. …`, `### 4.5 …`, or a point `**4.4 …`.
            let headings =
                [format!("# {section}. "), format!("# {section} "), format!("**{section} ")];
            if !headings.iter().any(|heading| contract.contains(heading)) {
                faults.push(format!(
                    "{}: {name} cites section {section}, which is not there",
                    surface.vendor
                ));
            }
        }
        for refusal in surface.refusals {
            if !refusal.rule.starts_with(&format!("{}.", surface.vendor)) {
                faults.push(format!("{} is not a rule of {}", refusal.rule, surface.vendor));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn scenario_and_event_tables_are_sound() {
    let mut faults = audit(ringback::sim::loading::top::TOP);
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        faults.extend(audit(surface.scenario));
        for event in surface.events {
            let found = audit(event.fields);
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", event.name)));
        }
    }
    assert_none(&faults);
}

#[test]
fn all_statements_prepare_and_none_asks_the_clock() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let mut all = tables::statements(vendors);
    for vendor in vendors.0 {
        all.extend(vendor.surface.tables.iter().map(|table| (table.name, table.rows)));
    }
    assert!(all.len() > 30, "the statements were not found");
    let mut faults = Vec::new();
    for (name, sql) in all {
        if let Err(error) = db.connection().prepare(sql) {
            faults.push(format!("{name}: {error}"));
        }
        let words = sql.to_ascii_lowercase();
        let clocks = ["random()", "current_", "'now'", "date()", "datetime()", "strftime('%s')"];
        for clock in clocks.iter().filter(|word| words.contains(**word)) {
            faults.push(format!("{name} names {clock}"));
        }
        if words.contains("select *") || words.contains("insert or replace") {
            faults.push(format!("{name} lists no columns, or replaces"));
        }
    }
    assert_none(&faults);
}

/// A table for the statement alone, made and dropped each time, costs more than writing a row. It comes
/// with RETURNING, and with an IN of three or more in a CHECK.
#[test]
fn no_statement_that_writes_makes_a_table_for_itself() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let mut faults = Vec::new();
    for (name, sql) in tables::statements(vendors) {
        let mut statement = db.connection().prepare(&format!("EXPLAIN {sql}")).unwrap();
        // It is not run, so its parameters need no values.
        let codes = statement.raw_query().mapped(|row| row.get("opcode"));
        let codes: Vec<String> = codes.collect::<Result<_, _>>().unwrap();
        let is_any = |code: &str| codes.iter().any(|it| it == code);
        let moves_all = ["SHIFT_TIMERS", "SETTLE_SHIFTED_TIMERS"].contains(&name);
        if is_any("OpenWrite") && is_any("OpenEphemeral") && !moves_all {
            faults.push(name.to_owned());
        }
    }
    assert_none(&faults);
}

#[test]
fn no_statement_is_planned_anew_for_its_values() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    db.connection().execute_batch("BEGIN").unwrap();
    let mut faults = Vec::new();
    for (name, sql) in tables::statements(vendors) {
        let mut statement = db.connection().prepare(sql).unwrap();
        for value in 1..4 {
            for idx in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(idx, value).unwrap();
            }
            // Whether the values make sense to the table is not the question here.
            let _ = statement.raw_query().next();
        }
        if statement.get_status(StatementStatus::RePrepare) > 0 {
            faults.push(format!("{name} is prepared anew when its parameters change"));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_refusal_of_a_vendor_is_in_its_table() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let folder = format!("vendors/{}/", surface.vendor);
        for source in sources().iter().filter(|source| source.path.starts_with(&folder)) {
            let quoted = format!("rule: \"{}.", surface.vendor);
            for rest in source.code.split(quoted.as_str()).skip(1) {
                let rule = format!("{}.{}", surface.vendor, rest.split('"').next().unwrap());
                if !surface.refusals.iter().any(|refusal| refusal.rule == rule) {
                    faults.push(format!("{rule} is not in the table of refusals"));
                }
            }
        }
    }
    assert_none(&faults);
}
