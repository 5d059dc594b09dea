//! What the pages name exists: commands and their flags, variables of the environment, paths of the
//! repository, routes of the control plane, rules and switches of the vendors, members of JSON.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::Command;
use regex::Regex;
use ringback::inside::{app, cli};
use serde_json::Value;

use super::pages::{Page, inline, pages};
use super::{assert_none, root};
use crate::support::http::{body_of, http};
use crate::support::program::serve;

/// Tops of the repository that pages name paths of.
const TOPS: [&str; 6] = ["src/", "docs/", "tests/", "scenarios/", "fixtures/", ".ci/"];

/// One thing that a page says in code: the line, and the text.
struct Said {
    place: String,
    text: String,
    /// Not a line of a block.
    is_inline: bool,
}

/// All code of the pages, a line each.
fn said() -> Vec<Said> {
    let mut found = Vec::new();
    for page in pages() {
        let prose = page.prose();
        for (idx, (line, plain)) in page.text.lines().zip(prose.lines()).enumerate() {
            let place = format!("{}:{}", page.path, idx + 1);
            let is_code = plain.is_empty() && !line.starts_with("```");
            let pieces: Vec<&str> = if is_code { vec![line] } else { inline(plain).collect() };
            found.extend(pieces.iter().map(|it| Said {
                place: place.clone(),
                text: (*it).to_owned(),
                is_inline: !is_code,
            }));
        }
    }
    assert!(found.len() > 500, "the pages say nothing");
    found
}

/// A program that pages run, up to where another begins.
fn calls(text: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for part in text.split(['|', ';', '&', '(', '`']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let start = words.iter().position(|word| *word == "ringback");
        let is_begun =
            |it: &usize| words[..*it].iter().all(|word| ["$", "-", "run:"].contains(word));
        if let Some(start) = start.filter(is_begun) {
            let own = words[start + 1..].iter().take_while(|word| **word != "--");
            found.push(own.copied().collect());
        }
    }
    found
}

/// What a call names that is not there.
fn unknown(all: &Command, call: &[&str]) -> Option<String> {
    let mut command = all;
    let mut words = call.iter();
    for word in words.by_ref() {
        // In a shell's own words: `eval "$(ringback env)"`.
        let word = word.trim_end_matches([')', '"', ';']);
        match command.find_subcommand(word) {
            Some(found) => command = found,
            // The first word of a command is one of its own, or the page's placeholder for one.
            None if std::ptr::eq(command, all)
                && word.starts_with(|it: char| it.is_lowercase()) =>
            {
                return Some(format!("ringback has no command {word}"));
            }
            None => {
                if let Some(fault) = no_flag(command, word) {
                    return Some(fault);
                }
                break;
            }
        }
    }
    words.find_map(|word| no_flag(command, word))
}

fn no_flag(command: &Command, word: &str) -> Option<String> {
    let flag = word.strip_prefix("--")?;
    let name: String =
        flag.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    let is_known = ["help", "version"].contains(&name.as_str())
        || command.get_arguments().any(|arg| arg.get_long() == Some(&name));
    (!is_known).then(|| format!("{} has no flag --{name}", command.get_name()))
}

/// A command and all below it.
fn each<'c>(command: &'c Command, found: &mut Vec<&'c Command>) {
    found.push(command);
    command.get_subcommands().for_each(|inner| each(inner, found));
}

#[test]
fn every_command_and_flag_exists() {
    let all = cli::command();
    let mut commands = Vec::new();
    each(&all, &mut commands);
    let packages = of_packages();
    let mut faults = Vec::new();
    let mut n_calls = 0;
    for Said { place, text, is_inline } in said() {
        for call in calls(&text) {
            n_calls += 1;
            faults.extend(unknown(&all, &call).map(|it| format!("{place}: {it}")));
        }
        let is_flag = is_inline && text.starts_with("--") && text.len() > 2;
        let is_known = || {
            let flag = first(&text);
            let name = flag.split_once('=').map_or(flag, |(name, _)| name);
            commands.iter().any(|it| no_flag(it, flag).is_none())
                || packages.contains(&format!("\"{name}\""))
        };
        if is_flag && !is_known() {
            faults.push(format!("{place}: no command has {text}"));
        }
    }
    assert_none(&faults);
    assert!(n_calls > 100, "the commands were not found");
}

fn first(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// What the sources of a package are written in; scripts have no ending.
const PACKAGE_ENDS: &[&str] = &["cfg", "mts", "py", "sh", "ts", "yaml", "yml", ""];

/// Every source file below a folder, of those that end so.
fn sources(folder: PathBuf, ends: &[&str], found: &mut String) {
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let end = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                sources(path, ends, found);
            }
        } else if ends.contains(&end.as_ref()) {
            found.push_str(&fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// What the packages read: options of test runners, variables of scripts.
fn of_packages() -> String {
    let mut found = String::new();
    sources(root().join("packages"), PACKAGE_ENDS, &mut found);
    found
}

#[test]
fn every_variable_exists() {
    let all = cli::command();
    let mut commands = Vec::new();
    each(&all, &mut commands);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for command in commands {
        let names = command.get_arguments().filter_map(|arg| arg.get_env()?.to_str());
        known.extend(names.map(str::to_owned));
    }
    let vendors = app::vendors().0.iter().map(|vendor| vendor.surface.vendor.to_uppercase());
    known.extend(vendors.map(|vendor| format!("RINGBACK_{vendor}_URL")));
    let mut code = String::new();
    sources(root().join("src"), &["rs"], &mut code);
    sources(root().join("tests/it/support"), &["rs"], &mut code);
    sources(root().join("tests/interleavings"), &["rs"], &mut code);
    let packages = of_packages();
    let variable = Regex::new(r"RINGBACK_[A-Z0-9][A-Z0-9_]*").unwrap();
    let mut faults = Vec::new();
    for page in pages() {
        for (idx, line) in page.text.lines().enumerate() {
            for name in variable.find_iter(line).map(|it| it.as_str()) {
                let is_read = known.contains(name)
                    || code.contains(&format!("\"{name}\""))
                    || packages.contains(name);
                if !is_read {
                    faults.push(format!("{}:{}: nothing reads {name}", page.path, idx + 1));
                }
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn what_is_said_of_the_demo_stands_in_it() {
    let demo = fs::read_to_string(root().join("scenarios/demo.toml")).unwrap();
    let word = Regex::new(r"\w+").unwrap();
    let known: BTreeSet<&str> = word.find_iter(&demo).map(|it| it.as_str()).collect();
    let mut faults = Vec::new();
    let mut n_rows = 0;
    for page in pages().iter().filter(|it| it.path.starts_with("docs/vendors/")) {
        for row in page.text.lines().filter(|it| it.starts_with("| rows of the demo |")) {
            n_rows += 1;
            let missing = inline(row).filter(|it| !known.contains(it));
            faults.extend(missing.map(|it| format!("{}: the demo has no {it}", page.path)));
        }
    }
    assert_none(&faults);
    assert_eq!(n_rows, app::vendors().0.len(), "a vendor's page says nothing of the demo");
}

/// The words of some text that a page may take for a name: members of JSON with their colon, and whatever
/// is written `like_this`; files are none, nor is a world such as `a__b`.
fn members(text: &str) -> Vec<&str> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""(\w+)":"#).unwrap());
    static JOINED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9_./-]+").unwrap());
    let is_joined = |it: &&str| {
        it.contains('_')
            && !it.contains("__")
            && it.starts_with(|it: char| it.is_ascii_lowercase())
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
    };
    let quoted = QUOTED.captures_iter(text).map(|it| it.get(1).unwrap().as_str());
    quoted.chain(JOINED.find_iter(text).map(|it| it.as_str()).filter(is_joined)).collect()
}

#[test]
fn every_member_and_word_of_a_condition_exists() {
    let mut code = of_packages();
    sources(root().join("src"), &["rs"], &mut code);
    let word = Regex::new(r"\w+").unwrap();
    let known: BTreeSet<&str> = word.find_iter(&code).map(|it| it.as_str()).collect();
    let mut faults = Vec::new();
    let mut n_members = 0;
    for Said { place, text, .. } in said().into_iter().filter(|it| it.is_inline) {
        for member in members(&text) {
            n_members += 1;
            if !known.contains(member) {
                faults.push(format!("{place}: no code has {member}"));
            }
        }
    }
    assert_none(&faults);
    assert!(n_members > 300, "the members were not found");
}

#[test]
fn the_version_of_rust_is_the_one_that_is_asked_for() {
    let version = Regex::new(r"\bRust (1\.\d+)").unwrap();
    let mut faults = Vec::new();
    let mut n_named = 0;
    for page in pages() {
        for (idx, line) in page.text.lines().enumerate() {
            for found in version.captures_iter(line) {
                n_named += 1;
                if &found[1] != env!("CARGO_PKG_RUST_VERSION") {
                    faults.push(format!("{}:{}: {}", page.path, idx + 1, &found[0]));
                }
            }
        }
    }
    assert_none(&faults);
    assert!(n_named > 1, "no page names the version");
}

#[test]
fn every_path_exists() {
    let mut faults = Vec::new();
    for Said { place, text, .. } in said() {
        let path = first(&text).trim_end_matches(['/', ',', '.']);
        let is_path =
            TOPS.iter().any(|top| path.starts_with(top)) && path == text.trim_end_matches('/');
        let is_pattern = path.contains(['*', '<', '{', '…']);
        if is_path && !is_pattern && !root().join(path).exists() {
            faults.push(format!("{place}: there is no {path}"));
        }
    }
    assert_none(&faults);
}

/// Whether a page's path is one of the document's; a part in braces is any.
fn is_route(named: &str, known: &str) -> bool {
    let named: Vec<&str> = named.split('?').next().unwrap_or_default().split('/').collect();
    let known: Vec<&str> = known.split('/').collect();
    let is_any = |part: &str| part.starts_with('{');
    named.len() == known.len()
        && named.iter().zip(&known).all(|(one, other)| one == other || is_any(other) || is_any(one))
}

#[test]
fn every_route_exists() {
    let running = serve(&[]);
    let reply = running.raw("admin", http("GET", "/openapi.json", &[], "").as_bytes());
    let document: Value = serde_json::from_str(&body_of(&reply)).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let route = Regex::new(
        r"\b(GET|POST|PUT|DELETE) (/(?:v1|livez|readyz|version|metrics|ca\.pem|openapi)[^\s`,;]*)",
    )
    .unwrap();
    let mut faults = Vec::new();
    let mut n_routes = 0;
    for Said { place, text, .. } in said() {
        for found in route.captures_iter(&text) {
            n_routes += 1;
            let method = found[1].to_lowercase();
            let is_known = |(path, methods): (&String, &Value)| {
                is_route(&found[2], path) && methods.get(&method).is_some()
            };
            if !paths.iter().any(is_known) {
                faults.push(format!("{place}: there is no {}", &found[0]));
            }
        }
    }
    assert_none(&faults);
    assert!(n_routes > 20, "the routes were not found");
}

#[test]
fn every_rule_and_switch_exists() {
    let mut faults = Vec::new();
    let name = Regex::new(r"^(\w+)\.(\w+)(?:=(\w+))?$").unwrap();
    for Said { place, text, .. } in said() {
        let Some(found) = name.captures(&text) else { continue };
        let Some(vendor) = app::vendors().find(&found[1]) else { continue };
        let surface = vendor.surface;
        let word = &found[2];
        let is_known = surface.refusals.iter().any(|it| it.rule == text)
            || surface.variants.iter().any(|it| it.name == word)
            || surface.scenario.iter().any(|it| it.name == word)
            || ["variants", "toml"].contains(&word);
        if !is_known {
            faults.push(format!("{place}: {} has no {word}", surface.vendor));
        }
    }
    assert_none(&faults);
}

#[test]
fn what_is_not_there_is_found() {
    let all = cli::command();
    let fault = |text: &str| calls(text).iter().find_map(|call| unknown(&all, call));
    assert_eq!(fault("ringback serve --strict day.toml"), None);
    assert_eq!(fault("$ ringback world make a --clock real | cat --none"), None);
    assert_eq!(fault("ringback run --strict -- pytest --none"), None);
    assert!(fault("ringback serve day.toml --stict").unwrap().contains("--stict"));
    assert!(fault("ringback sevre").unwrap().contains("sevre"));
    assert!(is_route("/v1/worlds/a/clock", "/v1/worlds/{world}/clock"));
    assert!(!is_route("/v1/worlds/a/clok", "/v1/worlds/{world}/clock"));
    assert_eq!(members(r#"{"last_seq": 1, "at":2}"#), ["last_seq", "at", "last_seq"]);
    assert_eq!(members("at_least, not door_bell.rs"), ["at_least"]);
    let page = Page { path: String::new(), text: "a `b` c `d`".into() };
    assert_eq!(inline(&page.text).collect::<Vec<_>>(), ["b", "d"]);
}
