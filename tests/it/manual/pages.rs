//! The pages of the manual, and the blocks of code in one.
//!
//! A block's fence may say more behind the language: `needs=php` (a program without which the block is
//! left out), `exits=1` (how its last command ends). A comment on a line of its own before a block,
//! `<!-- file: day.toml -->`, has the block written to that file, beside the page's commands.
//!
//! What has to be there before a page's first line can be pasted stands in its third line, behind
//! `Before the first line:`. Where that names a `ringback serve`, it is what the page's commands are run beside.

use std::fs;
use std::path::Path;

use super::{assert_none, root};

/// Most lines of the front page: what a newcomer reads in a minute.
const FRONT_LINES_MAX: usize = 150;

/// One file in Markdown.
pub(super) struct Page {
    /// Below the repository.
    pub(super) path: String,
    pub(super) text: String,
}

/// One block of code.
#[derive(Debug)]
pub(super) struct Block {
    /// Line of its fence, from 1.
    pub(super) line: usize,
    pub(super) language: String,
    /// The file that it is, as the comment before it says.
    pub(super) file: Option<String>,
    pub(super) needs: Option<String>,
    pub(super) exits: i32,
    /// What stands between the fences, each line with its end.
    pub(super) text: String,
}

/// How the line begins that tells what has to be there before a page's first command.
const PREMISE: &str = "Before the first line: ";

/// All pages, in the order of their paths.
pub(super) fn pages() -> Vec<Page> {
    let mut paths: Vec<String> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    for folder in ["docs", "docs/vendors"] {
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|end| end == "md") {
                paths.push(format!("{folder}/{name}"));
            }
        }
    }
    paths.sort();
    let read = |path: String| Page { text: fs::read_to_string(root().join(&path)).unwrap(), path };
    let found: Vec<Page> = paths.into_iter().map(read).collect();
    assert!(found.len() > 10, "the pages were not found");
    found
}

impl Page {
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut found = Vec::new();
        let mut open: Option<Block> = None;
        let mut file = None;
        for (idx, line) in self.text.lines().enumerate() {
            let fence = line.strip_prefix("```");
            match (&mut open, fence) {
                (Some(_), Some("")) => found.extend(open.take()),
                (Some(block), _) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, Some(info)) => open = Some(self.block(idx + 1, info, file.take())),
                (None, None) => {
                    let named = line.strip_prefix("<!-- file: ");
                    if let Some(name) = named.and_then(|it| it.strip_suffix(" -->")) {
                        file = Some(name.to_owned());
                    } else if !line.trim().is_empty() {
                        file = None;
                    }
                }
            }
        }
        assert!(open.is_none(), "{}: a block does not end", self.path);
        found
    }

    fn block(&self, line: usize, info: &str, file: Option<String>) -> Block {
        let mut words = info.split(' ');
        let language = words.next().unwrap_or_default().to_owned();
        let (mut needs, mut exits) = (None, 0);
        for word in words {
            match word.split_once('=') {
                Some(("needs", program)) => needs = Some(program.to_owned()),
                Some(("exits", code)) => exits = code.parse().unwrap(),
                _ => panic!("{}:{line}: what is {word:?}?", self.path),
            }
        }
        Block { line, language, file, needs, exits, text: String::new() }
    }

    /// What has to be there before its first command.
    pub(super) fn premise(&self) -> Option<&str> {
        let mut lines = self.text.lines();
        lines.nth(2).and_then(|line| line.strip_prefix(PREMISE))
    }

    /// What `ringback serve` is given that has to run before the first command; `None` where none has to.
    pub(super) fn served(&self) -> Option<Vec<&str>> {
        let premise = self.premise()?;
        let line = inline(premise).find_map(|code| code.strip_prefix("ringback serve"))?;
        Some(line.split_whitespace().collect())
    }

    /// Its text with the insides of blocks left blank, so that lines keep their numbers.
    pub(super) fn prose(&self) -> String {
        let mut in_code = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            let is_fence = line.starts_with("```");
            in_code ^= is_fence;
            if !in_code && !is_fence {
                prose.push_str(line);
            }
            prose.push('\n');
        }
        prose
    }
}

/// The pieces of code inside a line.
pub(super) fn inline(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn the_front_page_is_read_in_a_minute() {
    let pages = pages();
    let front = pages.iter().find(|page| page.path == "README.md").unwrap();
    let n_lines = front.text.lines().count();
    assert!(n_lines <= FRONT_LINES_MAX, "README.md has {n_lines} lines of {FRONT_LINES_MAX}");
}

#[test]
fn a_page_with_commands_tells_what_they_need() {
    let mut faults = Vec::new();
    for page in pages().iter().filter(|page| page.path.starts_with("docs/")) {
        let blocks = page.blocks();
        let has_commands = blocks.iter().any(|block| block.language == "sh");
        if has_commands && page.premise().is_none() {
            faults.push(format!("{}: its third line does not begin with {PREMISE:?}", page.path));
        }
        // A reader sees no comment: what a file is called has to stand in the text as well.
        for block in blocks.iter().filter(|block| block.file.is_some()) {
            let path = block.file.as_deref().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default();
            if !page.prose().lines().any(|line| inline(line).any(|code| code == name)) {
                faults.push(format!("{}:{}: no sentence names {name}", page.path, block.line));
            }
        }
    }
    assert_none(&faults);
}
