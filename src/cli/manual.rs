//! `manual`: the chapters of the manual, in a terminal and without a network; searched, or read.
//!
//! Not here: their texts (`docs/`), which of them there are (`sim::documents::chapters`), the pager (`pager`).

use clap::Args;

use crate::base::nearest::did_you_mean;
use crate::cli::failure::{Failure, bad_input, print};
use crate::cli::pager::paged;
use crate::cli::table;
use crate::sim::documents::chapters::{self, CHAPTERS, Chapter};

#[derive(Debug, Args)]
pub(crate) struct ManualArgs {
    /// The chapter, such as `faults` or `mor`; the chapters are listed where left out
    #[arg(env = "RINGBACK_CHAPTER")]
    chapter: Option<String>,
    /// Lists the lines with this text in them, of one chapter or of all; upper and lower case are the same
    #[arg(long, value_name = "TEXT", env = "RINGBACK_SEARCH")]
    search: Option<String>,
}

impl ManualArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let chapter = self.chapter.as_deref().map(named).transpose()?;
        if let Some(text) = self.search.as_deref().filter(|text| !text.trim().is_empty()) {
            return search(text.trim(), chapter);
        }
        if let Some(chapter) = chapter {
            return paged(&chapter.readable());
        }
        let row = |it: &Chapter| vec![it.word().to_owned(), it.title().to_owned()];
        let rows: Vec<_> = CHAPTERS.iter().map(row).collect();
        let lines = table::lines(&["chapter", "what it tells"], &rows);
        lines.iter().try_for_each(|line| print(line))
    }
}

/// The chapter of a name: `mor`, `vendors/mor`, `docs/vendors/mor.md`.
pub(super) fn named(asked: &str) -> Result<&'static Chapter, Failure> {
    chapters::chapter(asked).ok_or_else(|| {
        let near = did_you_mean(asked.trim(), CHAPTERS.iter().map(Chapter::word));
        bad_input(format!(
            "the manual has no chapter {asked:?}{near}; `ringback manual` lists them, `ringback \
             manual --search TEXT` looks in all"
        ))
    })
}

fn search(text: &str, only: Option<&'static Chapter>) -> Result<(), Failure> {
    let wanted = text.to_lowercase();
    let mut n_found = 0_usize;
    for chapter in CHAPTERS.iter().filter(|it| only.is_none_or(|only| std::ptr::eq(only, *it))) {
        let mut heading = "";
        let mut told = "";
        for line in chapter.readable().lines() {
            let title = line.trim_start_matches('#');
            // The line of a heading is looked at too. A comment of a shell may be taken for one; it
            // then stands over the lines below it, which does no harm.
            if title.len() < line.len() && title.starts_with(' ') {
                heading = (chapter.text)().lines().find(|it| *it == line).unwrap_or_default();
            }
            if !line.to_lowercase().contains(&wanted) {
                continue;
            }
            n_found += 1;
            if told.is_empty() || told != heading {
                let title = heading.trim_start_matches('#').trim();
                print(&format!("{}: {title}", chapter.word()))?;
                told = heading;
            }
            if line != heading {
                print(&format!("    {}", line.trim()))?;
            }
        }
    }
    if n_found == 0 {
        return Err(bad_input(format!(
            "the manual says nothing of {text:?}; look for a shorter word"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_that_is_none_is_led_to_the_nearest() {
        let said = named("fault").unwrap_err().text;
        assert!(said.contains("did you mean \"faults\"?"), "{said}");
    }
}
