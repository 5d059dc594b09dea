//! The chapters of the manual, as they are built in: one line here for each file of `docs/`.
//!
//! Not here: how they are shown (`cli::manual`, `admin::manual`).

use crate::base::packed::packed;

/// One chapter.
#[derive(Debug)]
pub struct Chapter {
    /// Its file below `docs/`, without the ending.
    pub name: &'static str,
    /// Its text, in Markdown.
    pub text: fn() -> &'static str,
}

macro_rules! chapters {
    ($($name:literal),+ $(,)?) => {
        &[$(Chapter { name: $name, text: packed!(concat!("docs/", $name, ".md")) }),+]
    };
}

/// All of them, in the order of `docs/README.md`, which a test holds.
pub static CHAPTERS: &[Chapter] = chapters![
    "first-test",
    "python",
    "node",
    "php",
    "java",
    "rust",
    "dotnet",
    "go",
    "ruby",
    "scenarios",
    "worlds",
    "time",
    "faults",
    "page",
    "verify",
    "replay",
    "traffic",
    "unchanged-client",
    "https",
    "recordings",
    "calibrate",
    "readings",
    "ci",
    "flaky-tests",
    "assistants",
    "container",
    "command-line",
    "control-plane",
    "evidence",
    "variants",
    "rules",
    "limits",
    "upgrading",
    "security",
    "performance",
    "testing",
    "glossary",
    "vendors/infocu5",
    "vendors/jtel",
    "vendors/maestro",
    "vendors/maxcontact",
    "vendors/mor",
    "architecture",
    "a-sixth-vendor",
];

impl Chapter {
    /// What it is asked for by: the last part of its file's name.
    pub fn word(&self) -> &'static str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }

    /// Its first heading.
    pub fn title(&self) -> &'static str {
        let heading = (self.text)().lines().find_map(|line| line.strip_prefix("# "));
        heading.unwrap_or(self.name).trim()
    }

    /// Its text without what is for programs alone: comments on lines of their own.
    pub fn readable(&self) -> String {
        readable((self.text)())
    }
}

/// The chapter of a name: `mor`, `vendors/mor`, `docs/vendors/mor.md`.
pub(crate) fn chapter(asked: &str) -> Option<&'static Chapter> {
    let name = asked.trim().trim_start_matches("docs/").trim_end_matches(".md").to_lowercase();
    CHAPTERS.iter().find(|it| it.name == name || it.word() == name)
}

fn readable(text: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("<!--") && line.trim_end().ends_with("-->");
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !is_comment(line)) {
        // Where a comment was, two blank lines meet.
        if !(line.is_empty() && lines.last().is_some_and(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_asked_for_by_its_word_or_its_file() {
        for asked in ["mor", "vendors/mor", "docs/vendors/mor.md", "MOR"] {
            assert_eq!(chapter(asked).unwrap().name, "vendors/mor", "{asked}");
        }
        assert!(chapter("fault").is_none());
    }

    #[test]
    fn comments_are_for_programs() {
        assert_eq!(readable("# A\n\n<!-- made -->\n\nb <!-- c -->\n"), "# A\n\nb <!-- c -->");
    }
}
