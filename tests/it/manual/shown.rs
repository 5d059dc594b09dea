//! `ringback manual`: the same chapters in the same order as in `docs/README.md`, read and searched.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use regex::Regex;
use ringback::inside::cli;
use ringback::inside::sim::documents::chapters::CHAPTERS;

use super::pages::pages;
use super::root;
use crate::support::program::{ringback, run};
use crate::support::tool::tool;

#[test]
fn the_program_has_the_chapters_that_the_contents_list() {
    let contents = fs::read_to_string(root().join("docs/README.md")).unwrap();
    let link = Regex::new(r"\]\(([a-z0-9/-]+)\.md\)").unwrap();
    let mut listed: Vec<String> = Vec::new();
    for found in link.captures_iter(&contents) {
        if !listed.contains(&found[1].to_owned()) {
            listed.push(found[1].to_owned());
        }
    }
    let built_in: Vec<&str> = CHAPTERS.iter().map(|chapter| chapter.name).collect();
    assert_eq!(built_in, listed, "src/cli/chapters.rs and docs/README.md differ");
    let pages = pages();
    let files: BTreeSet<&str> = pages
        .iter()
        .filter_map(|page| page.path.strip_prefix("docs/")?.strip_suffix(".md"))
        .filter(|name| *name != "README")
        .collect();
    assert_eq!(files, built_in.iter().copied().collect(), "a chapter is in no contents");
    let words: BTreeSet<&str> =
        CHAPTERS.iter().map(ringback::inside::sim::documents::chapters::Chapter::word).collect();
    assert_eq!(words.len(), CHAPTERS.len(), "two chapters are asked for by one word");
}

#[test]
fn a_chapter_is_printed_whole_where_there_is_no_terminal() {
    for chapter in CHAPTERS {
        let (code, told, said) = run(ringback().args(["manual", chapter.word()]));
        assert_eq!((code, said.as_str()), (0, ""), "{}", chapter.name);
        assert!(told.starts_with(&format!("# {}\n", chapter.title())), "{told}");
        assert!(!told.contains("\n<!-- "), "{}: a comment is shown", chapter.name);
        let last = (chapter.text)().trim_end().lines().last().unwrap();
        assert!(last.starts_with("<!--") || told.trim_end().ends_with(last), "{}", chapter.name);
    }
    let (_, listed, _) = run(ringback().arg("manual"));
    assert_eq!(listed.lines().count(), CHAPTERS.len() + 1, "{listed}");
}

#[test]
fn the_help_of_every_command_names_a_chapter_that_is_there() {
    let named = Regex::new(r"\nIn the manual: ringback manual (\S+)\n$").unwrap();
    let mut chapters = BTreeSet::new();
    for command in cli::command().get_subcommands() {
        let (code, help, _) = run(ringback().args([command.get_name(), "--help"]));
        assert_eq!(code, 0, "{help}");
        let found = named.captures(&help).unwrap_or_else(|| panic!("no chapter in {help}"));
        let chapter = &found[1];
        assert!(CHAPTERS.iter().any(|it| it.word() == chapter), "there is no chapter {chapter}");
        chapters.insert(chapter.to_owned());
    }
    assert!(chapters.len() > 10, "{chapters:?}");
    let (_, help, _) = run(ringback().args(["fault", "add", "--help"]));
    assert!(help.ends_with("ringback manual faults\n"), "{help}");
}

#[test]
fn on_a_terminal_a_mistake_is_told_with_the_chapter_of_its_command() {
    let wrong = ["replay", "missing.toml"];
    let (code, _, said) = run(ringback().args(wrong));
    assert!(code == 2 && !said.contains("In the manual"), "{said}");
    let Some(script) = tool("script") else { return };
    let program = ringback().get_program().to_str().unwrap().to_owned();
    let line = format!("'{program}' {}", wrong.join(" "));
    let (code, shown, _) = run(Command::new(script).args(["-qec", &line, "/dev/null"]));
    let lines: Vec<&str> = shown.lines().collect();
    assert!(code == 2 && lines[0].starts_with("ringback: "), "{shown}");
    assert_eq!(lines.last(), Some(&"In the manual: ringback manual replay"), "{shown}");
}

#[test]
fn the_manual_is_searched() {
    let (code, found, _) = run(ringback().args(["manual", "--search", "LOSE_reply"]));
    assert_eq!(code, 0);
    assert!(found.contains("faults: "), "{found}");
    assert!(found.lines().any(|line| line.starts_with("    ") && line.contains("lose_reply")));
    let (_, one, _) = run(ringback().args(["manual", "mor", "--search", "hash"]));
    assert!(one.lines().all(|line| line.starts_with("    ") || line.starts_with("mor: ")), "{one}");
    let (code, _, said) = run(ringback().args(["manual", "--search", "xyzzy plugh"]));
    assert!(code == 2 && said.contains("says nothing of"), "{said}");
    let (code, _, said) = run(ringback().args(["manual", "falts"]));
    assert!(code == 2 && said.contains("did you mean \"faults\"?"), "{said}");
}
