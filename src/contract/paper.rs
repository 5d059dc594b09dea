//! A vendor's contract as a text: its sections by their numbers.
//!
//! Not here: which fact stands where (`contract::evidence`).

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::vendor::Vendor;

/// One heading of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading<'t> {
    /// `1.3`
    pub number: &'t str,
    pub title: &'t str,
    /// How deep it stands: 2 for `## 1.`, 3 for `### 1.3`.
    level: usize,
    /// Where its line begins.
    at: usize,
}

/// How deep a point stands, a paragraph that begins with `**4.4 …**`: below every heading.
const POINT: usize = 7;

/// The numbered headings and points, in order. A line of a code block is none.
pub fn headings(text: &str) -> Vec<Heading<'_>> {
    let mut found = Vec::new();
    let (mut at, mut in_code) = (0, false);
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let heading = if in_code { None } else { heading(line.trim_end(), at) };
        found.extend(heading);
        at += line.len();
    }
    found
}

fn heading(line: &str, at: usize) -> Option<Heading<'_>> {
    let (level, rest) = if let Some(point) = line.strip_prefix("**") {
        (POINT, point.split("**").next()?)
    } else {
        let rest = line.trim_start_matches('#');
        (line.len() - rest.len(), rest.strip_prefix(' ')?)
    };
    let (number, title) = rest.split_once(' ')?;
    let number = number.trim_end_matches('.');
    let is_number = number.split('.').all(|part| part.parse::<u16>().is_ok());
    let title = title.trim().trim_end_matches('.');
    (level > 0 && is_number).then_some(Heading { number, title, level, at })
}

/// The section of a number with all below it; `None` where there is none.
pub fn section<'t>(text: &'t str, number: &str) -> Option<&'t str> {
    let headings = headings(text);
    let idx = headings.iter().position(|heading| heading.number == number)?;
    let own = headings.get(idx)?;
    let next = headings.iter().skip(idx + 1).find(|heading| heading.level <= own.level);
    let end = next.map_or(text.len(), |heading| heading.at);
    text.get(own.at..end).map(str::trim_end)
}

/// The letters by which a contract grades its statements, each with what it means, as the contract
/// says before its first section: a row of a table, or an item of a list.
fn letters(text: &str) -> Vec<(&str, &str)> {
    let before = text.lines().take_while(|line| !line.starts_with("## 1."));
    before.filter_map(of_letter).collect()
}

fn of_letter(line: &str) -> Option<(&str, &str)> {
    let (letter, meaning) = match line.strip_prefix("| **") {
        Some(row) => row.split_once("** | ")?,
        None => line.strip_prefix("- **[")?.split_once("]** ")?,
    };
    let meaning = meaning.split(" |").next().unwrap_or(meaning);
    let is_letter = letter.len() == 1 && letter.bytes().all(|it| it.is_ascii_uppercase());
    is_letter.then_some((letter, meaning))
}

/// A section of a vendor's contract as people name it: `1.3`, `§1.3`, `1.3.` Below it stands what the
/// letters in it mean, which the contract says elsewhere.
///
/// # Errors
/// Where there is none of that number; the words say which there are.
pub(crate) fn wanted(vendor: &Vendor, number: &str) -> Result<String, String> {
    let number = number.trim_start_matches('§').trim_end_matches('.');
    let text = (vendor.contract)();
    section(text, number).map(|it| with_letters(it, &letters(text))).ok_or_else(|| {
        let name = vendor.surface.vendor;
        let numbers: Vec<&str> = headings(text).iter().map(|it| it.number).collect();
        let expected = if numbers.is_empty() {
            "it has no numbered section".to_owned()
        } else {
            format!("expected one of {}", numbers.join(", "))
        };
        let number = excerpt(number, EXCERPT_CHARS_MAX);
        format!("the contract of {name} has no section {number}; {expected}")
    })
}

fn with_letters(section: &str, letters: &[(&str, &str)]) -> String {
    let is_told = section.lines().any(|line| of_letter(line).is_some());
    if is_told || letters.is_empty() {
        return section.to_owned();
    }
    let told: Vec<String> =
        letters.iter().map(|(letter, meaning)| format!("- **{letter}** {meaning}")).collect();
    let told = told.join("\n");
    format!("{section}\n\nThe letters beside a statement say how it is known:\n\n{told}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Paper\n\nintro\n\n## 1. One\n\na\n\n### 1.1 Deep\n\n```\n## 9. code\n```\n\n\
                        ### 1.2 Other\n\nb\n## 2. Two\nc\n\n**2.1 A point.** d\n\n**2.2 Next** e\n";

    #[test]
    fn a_section_ends_where_the_next_of_its_depth_begins() {
        let numbers: Vec<_> = headings(TEXT).iter().map(|it| it.number).collect();
        assert_eq!(numbers, ["1", "1.1", "1.2", "2", "2.1", "2.2"]);
        assert_eq!(section(TEXT, "1.1"), Some("### 1.1 Deep\n\n```\n## 9. code\n```"));
        assert!(section(TEXT, "1").unwrap().ends_with("### 1.2 Other\n\nb"));
        assert_eq!(section(TEXT, "2.1"), Some("**2.1 A point.** d"));
        assert!(section(TEXT, "2").unwrap().ends_with("**2.2 Next** e"));
        assert_eq!(section(TEXT, "9"), None);
        assert_eq!(headings(TEXT)[0].title, "One");
    }
    #[test]
    fn below_a_section_stands_what_its_letters_mean() {
        let table = "# Paper\n\n| tag | meaning | trust |\n| **D** | stated | high |\n| **no** | a |\n\n\
                     ## 1. One\n\n| **E** | no letter any more |\n\n## 2. Two\n\nb (D)\n";
        assert_eq!(letters(table), [("D", "stated")]);
        let list = "- **[S]** a choice\n- **What**: no letter\n## 1. One\n";
        assert_eq!(letters(list), [("S", "a choice")]);
        let told = with_letters(section(table, "2").unwrap(), &letters(table));
        assert!(told.starts_with("## 2. Two\n\nb (D)\n\n"), "{told}");
        assert!(told.ends_with(":\n\n- **D** stated"), "{told}");
        // Where they stand in it already, and where there are none, it is as it was.
        assert_eq!(with_letters("- **[S]** a choice", &letters(list)), "- **[S]** a choice");
        assert_eq!(with_letters("## 1. One", &[]), "## 1. One");
    }
}
