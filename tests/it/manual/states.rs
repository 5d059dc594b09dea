//! The tables of states: each of their rows happens, in a world of the demo made for it. Those of
//! MaxContact's agents, calls and recordings are the contract's, which a test of the vendor's holds beside the
//! code.

use ringback::contract::paper::section;
use ringback::contract::surface::Surface;
use ringback::inside::app;
use serde_json::{Map, Value, json};

use super::assert_none;
use super::made::{cell, table};
use super::moves::{At, INFOCU5, JTEL, MAESTRO, MAXCONTACT, MOR, Move, Seen};
use super::pages::inline;
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, serve};

const VENDORS: [(&str, &[Move]); 5] = [
    ("infocu5", INFOCU5),
    ("jtel", JTEL),
    ("maestro", MAESTRO),
    ("maxcontact", MAXCONTACT),
    ("mor", MOR),
];

/// What every request of a vendor's carries here.
fn credentials(vendor: &str) -> &'static [(&'static str, &'static str)] {
    match vendor {
        "jtel" => &[("Authorization", "Bearer SIMTOKEN-7A"), ("Content-Type", "application/json")],
        "maxcontact" => &[("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47")],
        _ => &[],
    }
}

fn moves(vendor: &str) -> &'static [Move] {
    VENDORS.iter().find(|(name, _)| *name == vendor).map_or(&[], |(_, moves)| moves)
}

/// The table of a vendor's states.
pub(super) fn states(surface: &Surface) -> String {
    let mut rows = of_contract(surface.vendor);
    rows.extend(
        moves(surface.vendor).iter().map(|it| [it.what, it.from, it.by, it.to].map(cell).to_vec()),
    );
    table(&["what", "from", "by", "to"], rows.into_iter())
}

/// The moves that the contract of MaxContact has as tables: a row for each command, a column for each state.
fn of_contract(vendor: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    if vendor != "maxcontact" {
        return rows;
    }
    let found = app::vendors().find(vendor).unwrap();
    let text = section((found.contract)(), "4.6").expect("the tables have a section");
    let mut states: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if ["Agent", "Call", "Recording"].contains(&cells[0]) {
            states = cells;
            continue;
        }
        if cells[0].starts_with("---") {
            continue;
        }
        let what = states[0].to_lowercase();
        let command = cells[0].strip_prefix("event ").unwrap_or(cells[0]);
        for (state, becomes) in states.iter().zip(&cells).skip(1) {
            let to = becomes.trim_start_matches("→ ");
            let is_move = to != *state && !["stays", "refused", "E_NOT_LOGGED_IN"].contains(&to);
            if is_move {
                let by = match command {
                    "ended" => "the end of the call".to_owned(),
                    _ if command.contains(' ') => format!("the call is {command}"),
                    _ => format!("`{command}`"),
                };
                rows.push(vec![what.clone(), (*state).to_owned(), by, to.to_owned()]);
            }
        }
    }
    assert!(rows.len() > 40, "the contract's tables were not found");
    rows
}

#[test]
fn every_move_of_the_tables_happens() {
    let running = serve(&[]);
    let mut faults = Vec::new();
    for (vendor, moves) in VENDORS {
        for (idx, it) in moves.iter().enumerate() {
            let world = format!("{vendor}-{idx}");
            let wanted = json!({
                "name": world, "scenario": "demo",
                "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
            });
            let (status, made) = running.admin("POST", "/v1/worlds", &wanted.to_string());
            assert_eq!(status, 201, "{made}");
            let place = format!("{vendor}: {} {} -> {} by {}", it.what, it.from, it.to, it.by);
            for line in it.before {
                faults
                    .extend(act(&running, vendor, &world, line).map(|it| format!("{place}: {it}")));
            }
            let expected = [("before", it.seen.from), ("after", it.seen.to)];
            for (when, expected) in expected {
                if when == "after" {
                    let told = act(&running, vendor, &world, it.act);
                    faults.extend(told.map(|it| format!("{place}: {it}")));
                }
                let found = look(&running, vendor, &world, &it.seen);
                if !is_at(expected, found.as_ref()) {
                    faults.push(format!("{place}: {when}, expected {expected:?}, found {found:?}"));
                }
            }
        }
    }
    assert_none(&faults);
}

/// Does what a line says; what went wrong.
fn act(running: &Running, vendor: &str, world: &str, line: &str) -> Option<String> {
    let (word, rest) = line.split_once(' ').unwrap();
    let (status, said) = match word {
        "event" => {
            let mut words = rest.split(' ');
            let name = words.next().unwrap();
            let field = |it: &str| {
                let (name, value) = it.split_once('=').unwrap();
                let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
                (name.to_owned(), value)
            };
            let fields: Map<String, Value> = words.map(field).collect();
            let path = format!("/v1/worlds/{world}/events/{vendor}/{name}");
            running.admin("POST", &path, &Value::Object(fields).to_string())
        }
        "advance" => {
            let path = format!("/v1/worlds/{world}/clock/advance");
            running.admin("POST", &path, &json!({ "by": rest }).to_string())
        }
        method => {
            let (path, body) = rest
                .split_once(" {")
                .map_or((rest, String::new()), |(path, body)| (path, format!("{{{body}")));
            let path = format!("/w/{world}{path}");
            let request = http(method, &path, credentials(vendor), &body);
            let reply = running.raw("listen", request.as_bytes());
            (status_of(&reply), Value::from(body_of(&reply)))
        }
    };
    (!(200..300).contains(&status)).then(|| format!("{line}: {status} {said}"))
}

/// The column where the state is seen; `None` where there is no such row.
fn look(running: &Running, vendor: &str, world: &str, seen: &Seen) -> Option<Value> {
    let path = format!("/v1/worlds/{world}/state/{vendor}/{}?limit=1000", seen.table);
    let (status, page) = running.admin("GET", &path, "");
    assert_eq!(status, 200, "{page}");
    let rows = page["rows"].as_array().unwrap_or_else(|| panic!("no rows in {page}"));
    let (key, value) = seen.row;
    let row = rows.iter().find(|row| in_words(&row[key]) == value)?;
    let found = row.get(seen.column);
    Some(found.unwrap_or_else(|| panic!("no {} in {row}", seen.column)).clone())
}

fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_at(expected: At, found: Option<&Value>) -> bool {
    match (expected, found) {
        (At::NoRow, None) => true,
        (At::Null, Some(value)) => value.is_null(),
        (At::Set, Some(value)) => !value.is_null() && in_words(value) != "0",
        (At::Is(word), Some(value)) => in_words(value) == word,
        _ => false,
    }
}

#[test]
fn what_leads_from_state_to_state_is_an_operation_or_an_event() {
    let mut faults = Vec::new();
    for (vendor, moves) in VENDORS {
        let surface = app::vendors().find(vendor).unwrap().surface;
        for it in moves {
            for name in inline(it.by).filter(|name| !name.contains('=')) {
                let field = |it: &str| {
                    let fields = surface.events.iter().flat_map(|event| event.fields);
                    fields.map(|field| field.name).any(|name| name == it)
                };
                let is_known = surface.operation(name).is_some()
                    || surface.event(name).is_some()
                    || field(name);
                if !is_known {
                    faults.push(format!("{vendor}: there is no {name}"));
                }
            }
        }
        let made = states(surface);
        assert!(made.lines().count() > 6, "{made}");
    }
    assert_none(&faults);
}
