//! What the pages show is run. Below a line that begins with `$ ` stands what it prints; a block of the
//! shell without such a line is run as a whole. Pieces of scenario are read by the loader, alone or on
//! top of the demo, and JSON is read as JSON.

use std::env;
use std::fs;

use serde_json::Value;

use super::compared::is_as;
use super::pages::{Block, Page, pages};
use super::session::Session;
use super::{assert_none, is_update, rewrite};
use crate::run::sealed::can_seal;
use crate::support::program::{ringback, run};
use crate::support::tool::tool;

/// Words of the shell before which no program is looked for.
const SHELL: &str = "sh";

/// Other words for it, and none: nobody would run what stands below one.
const ALSO_SHELL: [&str; 5] = ["", "bash", "console", "shell", "zsh"];

/// What a block needs that seals a client off.
const SEALED: &str = "sealed";

#[test]
fn what_the_pages_show_is_what_happens() {
    let only = env::var("MANUAL_PAGE").unwrap_or_default();
    let mut faults = Vec::new();
    let mut n_commands = 0;
    for page in pages().iter().filter(|page| page.path.contains(&only)) {
        let mut shown =
            Shown { page, session: Session::new(page), faults: Vec::new(), n_commands: 0 };
        let mut rewritten = Vec::new();
        for block in page.blocks() {
            let is_missing = block.needs.as_deref().is_some_and(|name| !is_there(name));
            if is_missing {
                continue;
            }
            if let Some(file) = &block.file {
                shown.session.keep(file, &block.text);
            }
            match block.language.as_str() {
                SHELL => {
                    let new = shown.commands(&block);
                    rewritten
                        .extend(new.map(|text| (block.line, block.text.lines().count(), text)));
                }
                "toml" => shown.scenario(&block),
                "json" => shown.json(&block),
                language if ALSO_SHELL.contains(&language) => {
                    shown.fault(&block, "what is run is sh, what is not is text");
                }
                _ => {}
            }
        }
        n_commands += shown.n_commands;
        faults.append(&mut shown.faults);
        if is_update() {
            rewrite(&page.path, &page.text, &with(&page.text, &rewritten));
        }
    }
    assert_none(&faults);
    assert!(n_commands > 50 || !only.is_empty(), "the commands were not found");
}

/// Whether what a block needs is there: a program, or a system that lets clients be sealed off.
fn is_there(name: &str) -> bool {
    if name == SEALED { can_seal() } else { tool(name).is_some() }
}

/// A page with the insides of some blocks in place of those that it has: the line of each fence, how
/// many lines there are, and the new ones.
fn with(text: &str, blocks: &[(usize, usize, String)]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut new = String::new();
    let mut at = 0;
    for (fence, n_lines, inside) in blocks {
        new.push_str(&lines[at..*fence].concat());
        new.push_str(inside);
        at = fence + n_lines;
    }
    new.push_str(&lines[at..].concat());
    new
}

/// A page while it is run.
struct Shown<'p> {
    page: &'p Page,
    session: Session,
    faults: Vec<String>,
    n_commands: usize,
}

impl Shown<'_> {
    fn fault(&mut self, block: &Block, what: &str) {
        self.faults.push(format!("{}:{}: {what}", self.page.path, block.line));
    }

    /// Runs a block of the shell; its new text, where it prints something else and that is wanted.
    fn commands(&mut self, block: &Block) -> Option<String> {
        if !block.text.starts_with("$ ") {
            self.n_commands += 1;
            let (code, printed) = self.session.run(&format!("set -e\n{}", block.text));
            if code != block.exits {
                self.fault(block, &format!("the block ends with {code}:\n{printed}"));
            }
            return None;
        }
        let mut new = String::new();
        let steps = steps(&block.text);
        let last = steps.len() - 1;
        for (idx, (command, expected)) in steps.into_iter().enumerate() {
            self.n_commands += 1;
            let (code, printed) = self.session.run(&command);
            let wanted = if idx == last { block.exits } else { 0 };
            if code != wanted {
                let what = format!("{command:?} ends with {code}, not {wanted}:\n{printed}");
                self.fault(block, &what);
            }
            new.extend(["$ ", &command, "\n"]);
            if is_as(&expected, &printed) {
                new.push_str(&expected);
            } else if is_update() {
                new.push_str(&printed);
            } else {
                self.fault(block, &format!("{command:?} prints\n{printed}\nnot\n{expected}"));
            }
        }
        (is_update() && new != block.text).then_some(new)
    }

    /// Has the loader read a piece of scenario.
    fn scenario(&mut self, block: &Block) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piece.toml");
        let mut said = String::new();
        for before in ["", "extends = [\"demo\"]\n"] {
            fs::write(&path, format!("{before}{}", block.text)).unwrap();
            // Files beside it that the page has, such as CSV.
            for other in self.page.blocks().iter().filter(|it| it.file.is_some()) {
                let name = other.file.clone().unwrap_or_default();
                fs::write(folder.path().join(name), &other.text).unwrap();
            }
            let (code, _, complaints) = run(ringback().arg("check").arg(&path));
            if code == 0 {
                return;
            }
            said = complaints;
        }
        self.fault(block, &said);
    }

    fn json(&mut self, block: &Block) {
        for value in serde_json::Deserializer::from_str(&block.text).into_iter::<Value>() {
            if let Err(error) = value {
                self.fault(block, &error.to_string());
                return;
            }
        }
    }
}

/// Commands, each with what stands below it. One that ends in a backslash, or inside a quotation, goes
/// on on the next line.
fn steps(text: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let is_open =
            |command: &str| command.ends_with('\\') || command.matches('\'').count() % 2 == 1;
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command.to_owned(), String::new())),
            (None, Some((command, expected))) if is_open(command) && expected.is_empty() => {
                command.push('\n');
                command.push_str(line);
            }
            (None, Some((_, expected))) => {
                expected.push_str(line);
                expected.push('\n');
            }
            (None, None) => unreachable!("a block begins with a command"),
        }
    }
    steps
}
