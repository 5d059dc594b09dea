//! Compares bodies: as text, as JSON, as XML, as rows of CSV.

use serde_json::Value as Json;

use crate::base::nearest::did_you_mean;
use crate::base::text::counted;
use crate::replay::compare::finder::{Finder, json_text, same};
use crate::replay::verdict::{clipped, quoted};
use crate::scenario::step::Mark;
use crate::scenario::template::{NoValue, Variables, fill_json, plain};
use crate::web::mask::masker::Masker;
use crate::web::xml::Element;

/// The whole body as exact text; shows the first line that differs.
pub(crate) fn exact(finder: &mut Finder<'_>, wanted: &str, found: &str) {
    if wanted == found {
        return;
    }
    let masker = finder.masker;
    let (mut wanted_lines, mut found_lines) = (wanted.split('\n'), found.split('\n'));
    let mut line = 0;
    loop {
        let (wanted, found) = (wanted_lines.next(), found_lines.next());
        if wanted == found {
            line += 1;
            continue;
        }
        let told = |line: Option<&str>| {
            line.map_or_else(|| "the end".to_owned(), |line| quoted(masker, line))
        };
        let at = finder.at.text_line(line);
        let subject = format!("body, line {}", line + 1);
        return finder.differs_at(at, "body", subject, told(wanted), told(found));
    }
}

/// Members that must be there; those that are not named may be anything. Lists have as many elements
/// as expected.
pub(crate) fn json(
    finder: &mut Finder<'_>,
    wanted: &Json,
    found: &Json,
    pointer: &str,
    marks: &[(String, Mark)],
) {
    let masker = finder.masker;
    let at = || mark(marks, pointer).unwrap_or(finder.at).clone();
    let subject = || if pointer.is_empty() { "body".to_owned() } else { pointer.to_owned() };
    match (wanted, found) {
        (Json::Object(wanted), Json::Object(members)) => {
            for (name, value) in wanted {
                let step = name.replace('~', "~0").replace('/', "~1");
                let (outer, pointer) = (pointer, format!("{pointer}/{step}"));
                if let Some(member) = members.get(name) {
                    json(finder, value, member, &pointer, marks);
                } else {
                    let at = mark(marks, &pointer).unwrap_or(finder.at).clone();
                    let there = lost_in(masker, found, outer, &format!("/{step}"));
                    finder.differs_at(at, "json", pointer, json_text(masker, value), there);
                }
            }
        }
        (Json::Array(wanted), Json::Array(items)) => {
            for (idx, (value, item)) in wanted.iter().zip(items).enumerate() {
                json(finder, value, item, &format!("{pointer}/{idx}"), marks);
            }
            if wanted.len() != items.len() {
                let (expected, found) = (elements(wanted.len()), elements(items.len()));
                finder.differs_at(at(), "json", subject(), expected, found);
            }
        }
        (wanted, found) if same(wanted, found) => {}
        (wanted, found) => {
            finder.differs_at(
                at(),
                "json",
                subject(),
                json_text(masker, wanted),
                json_text(masker, found),
            );
        }
    }
}

fn elements(n: usize) -> String {
    counted(n, "element", "elements")
}

/// The place of a value, or of the nearest one around it.
fn mark<'m>(marks: &'m [(String, Mark)], pointer: &str) -> Option<&'m Mark> {
    let mut pointer = pointer;
    loop {
        if let Some((_, mark)) = marks.iter().find(|(known, _)| known == pointer) {
            return Some(mark);
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
}

/// Names that an answer may list before it says how many more there are.
const NAMES_MAX: usize = 8;

/// Why there is nothing at a pointer: what stands where the way ends.
pub(crate) fn lost(masker: &Masker, value: &Json, pointer: &str) -> String {
    lost_in(masker, value, "", pointer)
}

/// Why there is nothing at a pointer into a value that stands at `outer` of the body.
fn lost_in(masker: &Masker, value: &Json, outer: &str, pointer: &str) -> String {
    let mut here = value;
    let mut way = outer.to_owned();
    let mut sought = String::new();
    for step in pointer.split('/').skip(1) {
        let Some(next) = here.pointer(&format!("/{step}")) else {
            sought = step.replace("~1", "/").replace("~0", "~");
            break;
        };
        way = format!("{way}/{step}");
        here = next;
    }
    let place = if way.is_empty() { "the body".to_owned() } else { way };
    match here {
        Json::Object(members) if members.is_empty() => format!("nothing; {place} is empty"),
        Json::Object(members) => {
            let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
            let near = did_you_mean(&sought, names.iter().copied());
            let more = names.len().saturating_sub(NAMES_MAX);
            names.truncate(NAMES_MAX);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("nothing; {place} has {}{more}{near}", names.join(", "))
        }
        Json::Array(items) => format!("nothing; {place} has {}", elements(items.len())),
        other => format!("nothing; {place} is {}", json_text(masker, other)),
    }
}

/// Elements that must be there, in this order among others; of each its attributes, its text and
/// its own elements as far as they are named.
pub(crate) fn xml(finder: &mut Finder<'_>, wanted: &Element, found: &Element) {
    let path = format!("/{}", wanted.name);
    if found.name == wanted.name {
        element(finder, wanted, found, &path);
    } else {
        finder.differs("xml", path, format!("<{}>", wanted.name), format!("<{}>", found.name));
    }
}

fn element(finder: &mut Finder<'_>, wanted: &Element, found: &Element, path: &str) {
    let masker = finder.masker;
    for (name, value) in &wanted.attributes {
        let there = found.attributes.iter().find(|(known, _)| known == name);
        if there.is_none_or(|(_, there)| there != value) {
            let there = there.map_or_else(|| "none".to_owned(), |(_, there)| quoted(masker, there));
            finder.differs("xml", format!("{path}/@{name}"), quoted(masker, value), there);
        }
    }
    let (wanted_text, text) = (wanted.text.trim(), found.text.trim());
    if !wanted_text.is_empty() && wanted_text != text {
        finder.differs("xml", path, quoted(masker, wanted_text), quoted(masker, text));
    }
    let mut next = 0;
    for (idx, child) in wanted.children.iter().enumerate() {
        let number = number_of(&wanted.children[..=idx]);
        let path = format!("{path}/{}{number}", child.name);
        let ahead = found.children[next..].iter().position(|it| it.name == child.name);
        let Some(ahead) = ahead else {
            let names = found.child_names();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let near = did_you_mean(&child.name, found.child_names());
            let there = format!("no such element; there are {}{near}", clipped(masker, &names));
            finder.differs("xml", path, format!("<{}>", child.name), there);
            continue;
        };
        // Of elements of one name the first that fits is meant, else the first.
        let fits = found.children[next..].iter().position(|it| is_part(masker, child, it));
        let taken = next + fits.unwrap_or(ahead);
        element(finder, child, &found.children[taken], &path);
        next = taken + 1;
    }
}

/// `[2]` for the second of a name, nothing for the first.
fn number_of(siblings: &[Element]) -> String {
    let Some(last) = siblings.last() else { return String::new() };
    let n = siblings.iter().filter(|it| it.name == last.name).count();
    if n > 1 { format!("[{n}]") } else { String::new() }
}

/// Whether an element has all that is wanted.
fn is_part(masker: &Masker, wanted: &Element, found: &Element) -> bool {
    if found.name != wanted.name {
        return false;
    }
    let mut differences = Vec::new();
    let at = Mark::default();
    element(&mut Finder { at: &at, found: &mut differences, masker }, wanted, found, "");
    differences.is_empty()
}

/// A body as rows of cells. Separated by commas, unless the first line has none.
fn rows(body: &str) -> Result<Vec<Vec<String>>, csv::Error> {
    let first = body.lines().next().unwrap_or_default();
    let separator = [b',', b';', b'\t'].into_iter().find(|it| first.contains(char::from(*it)));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.unwrap_or(b','))
        .from_reader(body.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        rows.push(record?.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

/// All rows with all cells, the header among them.
pub(crate) fn cells(
    finder: &mut Finder<'_>,
    wanted: &[(Mark, Vec<Json>)],
    body: &str,
    variables: &dyn Variables,
) -> Result<(), NoValue> {
    let masker = finder.masker;
    let Some(found) = readable(finder, body) else { return Ok(()) };
    for (idx, (at, row)) in wanted.iter().enumerate() {
        let row = row.iter().map(|cell| fill_json(cell, variables).map(|cell| plain(&cell)));
        let row = row.collect::<Result<Vec<String>, NoValue>>()?;
        let Some(there) = found.get(idx) else {
            let subject = format!("row {}", idx + 1);
            finder.differs_at(
                at.clone(),
                "csv",
                subject,
                clipped(masker, &row.join(",")),
                "the end",
            );
            continue;
        };
        if row.len() != there.len() {
            let told = |row: &[String]| {
                let cells = counted(row.len(), "cell", "cells");
                format!("{cells}: {}", clipped(masker, &row.join(",")))
            };
            let subject = format!("row {}", idx + 1);
            finder.differs_at(at.clone(), "csv", subject, told(&row), told(there));
            continue;
        }
        for (column, (cell, there)) in row.iter().zip(there).enumerate() {
            if cell != there {
                let name = found[0].get(column).filter(|_| idx > 0);
                let name = name.map_or_else(
                    || format!("cell {}", column + 1),
                    |name| format!("column {name}"),
                );
                let subject = format!("row {}, {name}", idx + 1);
                finder.differs_at(
                    at.clone(),
                    "csv",
                    subject,
                    quoted(masker, cell),
                    quoted(masker, there),
                );
            }
        }
    }
    further(finder, &found, wanted.len());
    Ok(())
}

/// All rows behind the header; of each only the cells of some columns.
pub(crate) fn columns(
    finder: &mut Finder<'_>,
    wanted: &[(Mark, Vec<(String, Json)>)],
    body: &str,
    variables: &dyn Variables,
) -> Result<(), NoValue> {
    let masker = finder.masker;
    let Some(found) = readable(finder, body) else { return Ok(()) };
    let header = found.first().cloned().unwrap_or_default();
    for (idx, (at, row)) in wanted.iter().enumerate() {
        for (column, cell) in row {
            let cell = plain(&fill_json(cell, variables)?);
            let subject = format!("row {}, column {column}", idx + 2);
            let Some(place) = header.iter().position(|name| name == column) else {
                let names = clipped(masker, &header.join(", "));
                let near = did_you_mean(column, header.iter().map(String::as_str));
                let there = format!("no such column; there are {names}{near}");
                finder.differs_at(at.clone(), "csv", subject, quoted(masker, &cell), there);
                continue;
            };
            let there = found.get(idx + 1).map(|row| row.get(place).map_or("", String::as_str));
            if there != Some(cell.as_str()) {
                let there = there.map_or_else(|| "the end".to_owned(), |it| quoted(masker, it));
                finder.differs_at(at.clone(), "csv", subject, quoted(masker, &cell), there);
            }
        }
    }
    further(finder, &found, wanted.len() + 1);
    Ok(())
}

fn readable(finder: &mut Finder<'_>, body: &str) -> Option<Vec<Vec<String>>> {
    match rows(body) {
        Ok(rows) => Some(rows),
        Err(reason) => {
            finder.differs(
                "csv",
                "body",
                "CSV",
                format!("{} ({reason})", clipped(finder.masker, body)),
            );
            None
        }
    }
}

/// Rows that nobody expects.
fn further(finder: &mut Finder<'_>, found: &[Vec<String>], wanted: usize) {
    if let Some(row) = found.get(wanted) {
        let more = match found.len() - wanted - 1 {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let there = format!("{}{more}", clipped(finder.masker, &row.join(",")));
        finder.differs("csv", format!("row {}", wanted + 1), "the end", there);
    }
}
