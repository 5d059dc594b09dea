//! The floors of the source, and which of them each may name.

use super::graph::Graph;
use super::{GRAPH, assert_none};

/// Each floor and what it may name besides itself: floors, or parts of them. A file stands on the floor
/// whose path is the longest that its own begins with, so `sim` is the files of `sim/` that are on none
/// of the floors in it, and naming `sim` allows those alone.
pub(super) const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("web", &["base"]),
    ("store", &["base"]),
    ("contract", &["base", "store", "web"]),
    ("sim", &["base", "contract"]),
    ("sim/documents", &["base", "contract"]),
    ("sim/fault", &["base", "contract", "store", "web"]),
    ("sim/journal", &["base", "contract", "sim/fault", "store", "web"]),
    ("sim/outside", &["base", "contract", "store"]),
    ("sim/judge", &["base", "contract", "sim/fault/kind", "sim/journal", "store", "web"]),
    ("sim/loading", &["base", "contract", "sim/fault", "sim/judge", "sim/outside", "store"]),
    (
        "sim/world/engine",
        &[
            "base",
            "contract",
            "sim",
            "sim/fault",
            "sim/journal",
            "sim/judge",
            "sim/loading",
            "sim/outside",
            "store",
            "web",
        ],
    ),
    (
        "sim/world",
        &[
            "base",
            "contract",
            "sim",
            "sim/fault",
            "sim/journal",
            "sim/judge",
            "sim/loading",
            "sim/outside",
            "sim/world/engine",
            "store",
            "web",
        ],
    ),
    (
        "sim/worlds",
        &[
            "base",
            "contract",
            "sim",
            "sim/fault",
            "sim/journal",
            "sim/judge",
            "sim/loading",
            "sim/outside",
            "sim/world",
            "sim/world/engine/clock",
            "sim/world/engine/due",
            "sim/world/engine/halt",
            "sim/world/engine/room",
            "store",
            "web",
        ],
    ),
    ("vendors", &["base", "contract", "sim/outside/line", "sim/outside/people", "store", "web"]),
    ("scenario", &["base", "contract", "sim/documents", "sim/judge", "sim/loading", "web"]),
    (
        "admin",
        &[
            "base",
            "contract",
            "scenario",
            "sim",
            "sim/documents",
            "sim/fault",
            "sim/journal",
            "sim/judge",
            "sim/loading",
            "sim/world",
            "sim/world/engine/clock",
            "sim/world/engine/halt",
            "sim/world/engine/rules",
            "sim/worlds",
            "store/folder/error",
            "store/folder/trouble",
            "web",
        ],
    ),
    ("net", &["base", "contract", "sim/world", "sim/worlds", "web"]),
    ("client", &["base", "web"]),
    (
        "embed",
        &[
            "admin",
            "base",
            "contract",
            "net",
            "scenario",
            "sim/loading",
            "sim/worlds",
            "vendors",
            "web",
        ],
    ),
    (
        "replay",
        &[
            "base",
            "client",
            "contract",
            "embed",
            "scenario",
            "sim/journal",
            "sim/judge",
            "sim/loading/scenario",
            "sim/world",
            "sim/worlds",
            "web",
        ],
    ),
    (
        "calibrate",
        &[
            "base",
            "client",
            "contract",
            "embed",
            "scenario",
            "sim/world",
            "sim/worlds",
            "vendors",
            "web",
        ],
    ),
    (
        "recording",
        &[
            "base",
            "contract",
            "embed",
            "scenario",
            "sim/journal",
            "sim/world",
            "sim/world/engine/clock",
            "sim/worlds",
            "vendors",
            "web",
        ],
    ),
    ("drift", &["base", "calibrate", "contract", "replay", "scenario", "vendors", "web"]),
    ("explore", &["base", "calibrate", "contract", "sim/journal", "web"]),
    ("run", &["base", "contract", "sim/journal", "web"]),
    (
        "app",
        &[
            "admin",
            "base",
            "contract",
            "net",
            "run",
            "scenario",
            "sim",
            "sim/journal",
            "sim/judge",
            "sim/loading",
            "sim/world",
            "sim/worlds",
            "store",
            "vendors",
            "web",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "base",
            "calibrate",
            "client",
            "contract",
            "drift",
            "exit",
            "explore",
            "net",
            "recording",
            "replay",
            "run",
            "scenario/built_in",
            "scenario/capsule",
            "scenario/counted",
            "scenario/mistake",
            "scenario/print",
            "sim/documents",
            "sim/journal",
            "sim/judge/coverage",
            "sim/judge/covered",
            "sim/loading/clock_wanted",
            "sim/outside",
            "sim/worlds",
            "store",
            "web",
        ],
    ),
    ("exit", &[]),
    // What the program's own tests and benchmarks reach behind the wall of the crate.
    (
        "inside",
        &[
            "app",
            "base",
            "cli",
            "net",
            "scenario",
            "sim/documents",
            "sim/loading",
            "sim/world",
            "sim/worlds",
            "store",
            "web",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Files that only some floors may name, whatever the rows say: a `Cx` is made behind one door.
const DOORS: &[(&str, &[&str])] = &[("contract/scope", &["contract", "sim"])];

#[test]
fn arrows_point_down() {
    let mut faults = faults(&GRAPH, ARROWS);
    faults.extend(through_doors(&GRAPH, DOORS));
    assert_none(&faults);
}

/// `serve` answers and never asks: only what is no part of it may name the client.
#[test]
fn only_who_asks_names_the_client() {
    for (floor, names) in ARROWS {
        let may = ["calibrate", "cli", "replay"].contains(floor);
        assert!(may || !names.contains(&"client"), "{floor} names client");
    }
}

/// Arrows that the table does not allow.
fn faults(graph: &Graph, rows: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in graph.edges.keys().filter(|file| floor(rows, file).is_none()) {
        faults.push(format!("{file} stands in no row of the table"));
    }
    for (from, to, name) in graph.arrows() {
        let (Some(row), Some((target, _))) = (floor(rows, from), floor(rows, to)) else { continue };
        // A part of a floor may be named alone; a floor does not include the floors inside it.
        let allows = |part: &&str| is_below(to, part) && part.len() >= target.len();
        if row.0 != *target && !row.1.iter().any(allows) {
            faults.push(format!("{from} -> {to} (names {name}): {} may not name {target}", row.0));
        }
    }
    faults
}

fn through_doors(graph: &Graph, doors: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    for (door, may) in doors {
        let through = graph.arrows().filter(|(_, to, _)| is_below(to, door));
        let wrong = through.filter(|(from, ..)| !may.iter().any(|floor| is_below(from, floor)));
        faults.extend(wrong.map(|(from, to, name)| format!("{from} -> {to} (names {name})")));
    }
    faults
}

/// The row of a file's floor.
fn floor<'r, 'n>(
    rows: &'r [(&'n str, &'n [&'n str])],
    file: &str,
) -> Option<&'r (&'n str, &'n [&'n str])> {
    rows.iter().filter(|(name, _)| is_below(file, name)).max_by_key(|(name, _)| name.len())
}

/// Whether a file is that of a module, or below it.
pub(super) fn is_below(file: &str, module: &str) -> bool {
    file.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

mod tests {
    use super::super::graph::tests::tree;
    use super::*;

    const ROWS: &[(&str, &[&str])] = &[
        ("low", &[]),
        ("mid", &["low"]),
        ("mid/high", &["low/part", "mid"]),
        ("top", &["mid/high"]),
    ];

    #[track_caller]
    fn check(file: &str, text: &str, wanted: &[&str]) {
        let house = [
            ("low/mod.rs", "pub struct L;"),
            ("low/part.rs", "pub struct P;"),
            ("mid.rs", "pub struct M;"),
            ("mid/high/mod.rs", "pub struct H;"),
        ];
        assert_eq!(faults(&tree(&[&house[..], &[(file, text)]].concat()), ROWS), wanted);
    }

    #[test]
    fn a_row_allows_floors_and_parts_of_floors() {
        check("mid/a.rs", "use crate::low::{L, part::P};", &[]);
        check("mid/high/a.rs", "use crate::low::part::P; use crate::mid::M;", &[]);
        check("top.rs", "use crate::mid::high::H;", &[]);
        check(
            "mid/a.rs",
            "use super::high::H;",
            &["mid/a.rs -> mid/high/mod.rs (names H): mid may not name mid/high"],
        );
        check(
            "mid/high/a.rs",
            "use crate::low::L;",
            &["mid/high/a.rs -> low/mod.rs (names L): mid/high may not name low"],
        );
        check(
            "top.rs",
            "use crate::mid::M;",
            &["top.rs -> mid.rs (names M): top may not name mid"],
        );
        check("lower/a.rs", "", &["lower/a.rs stands in no row of the table"]);
    }

    #[test]
    fn a_door_is_named_by_those_who_may() {
        let through = |file: &str| {
            let house = [("low/door.rs", "pub struct D;"), (file, "use crate::low::door::D;")];
            through_doors(&tree(&house), &[("low/door", &["mid"])])
        };
        assert_eq!(through("mid/high/a.rs"), [""; 0]);
        assert_eq!(through("top.rs"), ["top.rs -> low/door.rs (names D)"]);
    }
}
