//! The picture of the floors in `docs/architecture.md`, drawn from the table of arrows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::arrows::{ARROWS, is_below};

const BEGIN: &str = "<!-- arrows: begin -->\n";
const END: &str = "<!-- arrows: end -->";

/// Set to write the picture in place of comparing it.
const WRITE: &str = "RINGBACK_DRAW";

type Floors = BTreeMap<&'static str, BTreeSet<&'static str>>;

#[test]
fn the_picture_of_the_floors_is_drawn_from_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (shown, after) = rest.split_once(END).unwrap();
    let drawn = draw(&floors());
    if std::env::var_os(WRITE).is_some() {
        fs::write(&page, format!("{before}{BEGIN}{drawn}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, drawn, "draw it again with {WRITE}=1");
}

/// Floors and those that each names; a part of a floor counts as the floor.
fn floors() -> Floors {
    let of = |part: &str| {
        let found = ARROWS.iter().filter(|(floor, _)| is_below(&format!("{part}.rs"), floor));
        found.max_by_key(|(floor, _)| floor.len()).map(|(floor, _)| *floor)
    };
    // What only names the crate's modules is no floor.
    let rows = ARROWS.iter().filter(|(floor, _)| !["lib", "main"].contains(floor));
    rows.map(|(floor, names)| {
        let named = names.iter().filter_map(|part| of(part));
        (*floor, named.filter(|other| other != floor).collect())
    })
    .collect()
}

/// Arrows that others imply are left out, so that the picture can be read.
fn draw(floors: &Floors) -> String {
    let mut lines = vec!["```mermaid".to_owned(), "flowchart TD".to_owned()];
    for (floor, names) in floors {
        let implied: BTreeSet<_> = names.iter().flat_map(|name| reached(floors, name)).collect();
        let direct: Vec<_> = names.iter().filter(|name| !implied.contains(*name)).collect();
        lines.push(format!("    {}[\"{floor}\"]", id(floor)));
        lines.extend(direct.iter().map(|name| format!("    {} --> {}", id(floor), id(name))));
    }
    lines.push("```\n".to_owned());
    lines.join("\n")
}

/// All floors below one.
fn reached(floors: &Floors, from: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut todo: Vec<&str> = vec![from];
    while let Some(floor) = todo.pop() {
        for name in floors.get(floor).into_iter().flatten() {
            if reached.insert(*name) {
                todo.push(name);
            }
        }
    }
    reached
}

fn id(floor: &str) -> String {
    floor.replace('/', "_")
}
