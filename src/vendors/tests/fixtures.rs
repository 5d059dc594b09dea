//! Golden exchanges: `fixtures/<vendor>/<operation>/<case>.http` with its `.reply`.
//!
//! A request file begins with comment lines: the source of the exchange, then the world's scenario
//! (a file in `fixtures/<vendor>/`) and what happens before the request:
//!
//! ```text
//! # contract infocu5 6
//! # scenario: contract.toml
//! # event: set_agent_active {"id": "50022", "active": false}
//! # advance: 90m
//! # unread: page
//! POST /dialer/ HTTP/1.1
//! ```
//!
//! `unread` names the parameters that the vendor takes without reading them; an answered request has
//! no others.
//!
//! `<case>.1.http`, `<case>.2.http` … go to one world, that of the first. A reply holds the status,
//! the headers that have to be there, and the body: JSON equal as parsed with its keys in order,
//! anything else byte for byte. `UPDATE_FIXTURES=1` writes the bodies anew; review the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::testing::{Stage, split_head};
use crate::vendors;
use crate::web::message::Response;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[test]
fn every_exchange_comes_back_as_printed() {
    let mut failures = Vec::new();
    for (vendor, operation, cases) in all_cases() {
        for (name, requests) in cases {
            if let Err(failure) = play(&vendor, &requests) {
                failures.push(format!("{vendor}/{operation}/{name}: {failure}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn every_operation_has_an_exchange_and_no_file_is_left_over() {
    let mut covered = BTreeSet::new();
    for (vendor, operation, cases) in all_cases() {
        assert!(!cases.is_empty(), "fixtures/{vendor}/{operation} holds no request");
        covered.insert((vendor, operation));
    }
    for vendor in vendors::ALL {
        let surface = vendor.surface;
        for operation in surface.operations {
            let wanted = (surface.vendor.to_owned(), operation.name.to_owned());
            assert!(covered.remove(&wanted), "no exchange for {wanted:?}");
        }
    }
    // What no operation takes has a folder of its own.
    covered.retain(|(_, operation)| operation != "no_operation");
    assert!(covered.is_empty(), "exchanges for operations that are not there: {covered:?}");
}

/// The requests of each case in order, by case, for each folder of an operation.
type Cases = BTreeMap<String, Vec<PathBuf>>;

fn all_cases() -> Vec<(String, String, Cases)> {
    let mut all = Vec::new();
    for vendor in folders(&folder()) {
        for operation in folders(&vendor) {
            let mut cases = Cases::new();
            let mut files: Vec<PathBuf> =
                fs::read_dir(&operation).unwrap().map(|file| file.unwrap().path()).collect();
            files.sort();
            for file in files {
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                if let Some(case) = name.strip_suffix(".http") {
                    let reply = file.with_extension("reply");
                    assert!(reply.exists(), "{} is missing", reply.display());
                    let case = case.trim_end_matches(|it: char| it.is_ascii_digit());
                    let case = case.strip_suffix('.').unwrap_or_else(|| {
                        name.strip_suffix(".http").expect("it was there a line ago")
                    });
                    cases.entry(case.to_owned()).or_default().push(file);
                } else {
                    let request = file.with_extension("http");
                    let is_reply = file.extension().is_some_and(|end| end == "reply");
                    assert!(is_reply, "{} is neither", file.display());
                    assert!(request.exists(), "{} is missing", request.display());
                }
            }
            for requests in cases.values_mut() {
                requests.sort_by_key(|path| step_of(path));
            }
            all.push((name_of(&vendor), name_of(&operation), cases));
        }
    }
    all
}

/// The number in `case.12.http`; 0 where there is none.
fn step_of(path: &Path) -> u32 {
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    stem.rsplit('.').next().and_then(|step| step.parse().ok()).unwrap_or(0)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(path)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn play(vendor: &str, requests: &[PathBuf]) -> Result<(), String> {
    let mut stage = None;
    for path in requests {
        let text = fs::read_to_string(path).unwrap();
        let mut rest = text.as_str();
        let mut directives = Vec::new();
        while let Some(line) = rest.strip_prefix("# ") {
            let (directive, after) =
                line.split_once('\n').ok_or("no request behind the comments")?;
            directives.push(directive);
            rest = after;
        }
        let mut unread = "";
        for directive in directives.iter().skip(1) {
            let (word, value) =
                directive.split_once(": ").ok_or_else(|| format!("{directive:?}"))?;
            match word {
                "scenario" if stage.is_none() => {
                    stage = Some(Stage::file(&folder().join(vendor).join(value)));
                }
                "unread" => unread = value,
                what => {
                    let stage = stage.as_ref().ok_or("something happens before the scenario")?;
                    stage.happen(vendor, what, value)?;
                }
            }
        }
        let stage = stage.get_or_insert_with(Stage::demo);
        let response = stage.request(rest);
        compare(&path.with_extension("reply"), &response)
            .map_err(|difference| format!("{}\n  why: {}", difference, stage.why()))?;
        // What the vendor reads is in its tables.
        let last = stage.journal().pop().unwrap_or_default();
        let names = last["unread"].as_array().into_iter().flatten();
        let names: Vec<&str> = names.filter_map(|it| it["name"].as_str()).collect();
        if last["outcome"] == "ok" && names.join(" ") != unread {
            return Err(format!("expected {unread:?} to be unread, found {names:?}"));
        }
    }
    Ok(())
}

fn compare(path: &Path, response: &Response) -> Result<(), String> {
    let wanted = fs::read_to_string(path).unwrap();
    let (head, body) = split_head(&wanted);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let found = response.status.as_u16().to_string();
    let status = status.strip_prefix("HTTP/1.1 ").unwrap_or(status);
    if status.split(' ').next() != Some(found.as_str()) {
        return Err(format!("expected status {status}, found {found}"));
    }
    let headers: Vec<(String, String)> = response
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("header {line:?}"))?;
        let wanted = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        if !headers.contains(&wanted) {
            return Err(format!("expected header {wanted:?}, found {headers:?}"));
        }
    }
    let found = String::from_utf8_lossy(&response.body);
    if same_body(body, &found) {
        return Ok(());
    }
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, format!("{head}\n\n{found}\n")).unwrap();
        return Ok(());
    }
    Err(format!("expected body\n{body}\n  found\n{found}"))
}

/// JSON is equal as parsed, its keys in order; anything else is equal byte for byte.
fn same_body(wanted: &str, found: &str) -> bool {
    if wanted == found {
        return true;
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).map(|value| value.to_string()).ok();
    matches!((json(wanted), json(found)), (Some(wanted), Some(found)) if wanted == found)
}
