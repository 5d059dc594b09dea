//! The scenarios that are shipped: green as they are, red with any one line broken.

use std::fs;
use std::path::{Path, PathBuf};

use http::{HeaderValue, Method, Uri};
use ringback::inside::app;
use ringback::inside::scenario::step::{Action, Body, Mark, Send, Step, Wanted};
use ringback::inside::scenario::template::{Variables, fill};
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::web::message::Request;
use serde_json::Value;

use super::{replay_in, root, stderr, stdout};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn steps(path: &Path) -> Vec<Step> {
    let library =
        app::library(None, ClockSpec::Frozen { at: ringback::inside::base::time::Instant::MIN });
    library.open_file(path).steps().to_vec()
}

#[test]
fn all_scenarios_are_green() {
    let output = replay_in(root(), &["scenarios"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains(" passed"), "{}", stdout(&output));
    assert_eq!(stderr(&output), "", "it is quiet where nobody looks");
}

struct Anything(Value);

impl Variables for Anything {
    fn value(&self, _name: &str) -> Option<&Value> {
        Some(&self.0)
    }
}

/// The operation that a request is for.
fn operation(vendor: &str, send: &Send) -> Option<&'static str> {
    let filled = |text: &str| fill(text, &Anything(1.into())).unwrap();
    let method: Method = send.method.parse().unwrap();
    let target: Uri = filled(&send.path).parse().unwrap();
    let mut request = Request::new(method, target);
    for (name, value) in &send.headers {
        let value = HeaderValue::from_str(&filled(value)).unwrap();
        request.headers.append(name.parse::<http::HeaderName>().unwrap(), value);
    }
    request.body = match &send.body {
        Body::Text(text) => filled(text).into(),
        Body::Json(value) => value.to_string().into(),
        Body::Form(_) => String::new().into(),
    };
    let vendor = app::vendors().find(vendor).unwrap();
    (vendor.route)(&request).operation.map(|operation| operation.name)
}

#[test]
fn every_operation_has_a_replay_that_calls_it() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        for operation_wanted in surface.operations {
            let name =
                format!("scenarios/replay/{}/{}.toml", surface.vendor, operation_wanted.name);
            let calls = steps(&root().join(&name)).iter().any(|step| match &step.action {
                Action::Send(send) => {
                    operation(surface.vendor, send) == Some(operation_wanted.name)
                }
                _ => false,
            });
            if !calls {
                faults.push(format!("{name} is missing, or calls something else"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn ten_stories_and_more_cross_vendors() {
    let vendors = app::vendors();
    let mut n_stories = 0;
    for path in files(&root().join("scenarios/stories")) {
        let mut met = std::collections::BTreeSet::new();
        for step in steps(&path) {
            match &step.action {
                Action::Send(send) => {
                    let takes = |vendor: &&&'static ringback::contract::vendor::Vendor| {
                        let prefixes = vendor.surface.prefixes;
                        prefixes.iter().any(|prefix| send.path.starts_with(prefix))
                    };
                    met.extend(vendors.0.iter().find(takes).map(|it| it.surface.vendor));
                }
                Action::Event { vendor, .. } => {
                    met.extend(vendors.find(vendor).map(|it| it.surface.vendor));
                }
                _ => {}
            }
        }
        n_stories += usize::from(met.len() > 1);
    }
    assert!(n_stories >= 10, "{n_stories} stories cross vendors");
}

/// What a scenario expects last, by its place.
fn last_expectation(path: &Path) -> Option<(Mark, Wanted)> {
    let steps = steps(path);
    let mut all = steps.iter().flat_map(|step| &step.expect).filter_map(|it| match &it.wanted {
        // A value inside says more of the place than the whole.
        Wanted::Json { marks, value } => {
            let leaf = |(pointer, _): &&(String, Mark)| {
                value.pointer(pointer).is_some_and(|it| !it.is_object() && !it.is_array())
            };
            marks.iter().find(leaf).map(|(_, mark)| (mark.clone(), it.wanted.clone()))
        }
        Wanted::Columns(rows) => rows.last().map(|(mark, _)| (mark.clone(), it.wanted.clone())),
        Wanted::Header { .. } => None,
        _ => Some((it.at.clone(), it.wanted.clone())),
    });
    all.next_back()
}

/// The text with what is expected at a place changed; answers the line that was.
fn broken(text: &str, mark: &Mark, wanted: &Wanted) -> (String, usize) {
    let line_idx = mark.line as usize - 1;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = &lines[line_idx];
    let at = line.char_indices().nth(mark.column as usize - 1).unwrap().0;
    let (before, value) = line.split_at(at);
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let changed = match (wanted, value) {
        (Wanted::Status(_), _) => format!("299{}", &value[digits..]),
        (Wanted::Arrival(word), _) => {
            let other = if word == "cut" { "none" } else { "cut" };
            value.replacen(word, other, 1)
        }
        _ if digits > 0 => format!("987654321{}", &value[digits..]),
        (_, value) if value.starts_with('-') => format!("9{}", &value[1..]),
        (_, value) if value.starts_with("true") => value.replacen("true", "false", 1),
        (_, value) if value.starts_with("false") => value.replacen("false", "true", 1),
        (Wanted::Xml(_), value) => value.replacen("</", "BROKEN</", 1),
        // The first text of a row or of a list.
        (_, value) => {
            let quote = value.find(['"', '\'']).unwrap() + 1;
            format!("{}BROKEN{}", &value[..quote], &value[quote..])
        }
    };
    lines[line_idx] = format!("{before}{changed}");
    (lines.join("\n") + "\n", line_idx + 1)
}

#[test]
fn each_scenario_with_one_line_broken_names_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    let shipped = root().join("scenarios");
    for path in files(&shipped) {
        let below = path.strip_prefix(&shipped).unwrap();
        let Some((mark, wanted)) = last_expectation(&path) else { continue };
        let (text, line) = broken(&fs::read_to_string(&path).unwrap(), &mark, &wanted);
        let copy = folder.path().join(below);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(copy, text).unwrap();
        expected.push((below.display().to_string(), line));
    }
    for file in fs::read_dir(shipped.join("stories")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "csv") {
            fs::copy(&path, folder.path().join("stories").join(path.file_name().unwrap())).unwrap();
        }
    }
    assert!(expected.len() > 60, "the scenarios were not found");
    let output = replay_in(folder.path(), &[".", "--report", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let scenarios = report["scenarios"].as_array().unwrap();
    assert_eq!(scenarios.len(), expected.len());
    let mut faults = Vec::new();
    for (file, line) in expected {
        let scenario = scenarios.iter().find(|it| it["file"] == *file).unwrap();
        let steps = scenario["steps"].as_array().unwrap();
        let mut differences =
            steps.iter().flat_map(|step| step["differences"].as_array().into_iter().flatten());
        let names_it = differences.any(|it| it["at"]["line"] == line && it["at"]["file"] == *file);
        if scenario["verdict"] != "differed" || !names_it {
            faults.push(format!("{file}:{line} was broken, and told was {scenario:#}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
