//! Whether a text is the one expected: `…` stands for anything on its line, and for any lines where it
//! is alone on one.

use regex::Regex;

/// What stands for anything.
const ANYTHING: &str = "…";

pub(super) fn is_as(expected: &str, found: &str) -> bool {
    let mut pattern = String::from("^");
    for line in expected.lines() {
        if line.trim() == ANYTHING {
            pattern.push_str("(?:[^\n]*\n)*");
            continue;
        }
        let parts: Vec<String> = line.split(ANYTHING).map(regex::escape).collect();
        pattern.push_str(&parts.join("[^\n]*"));
        pattern.push('\n');
    }
    pattern.push('$');
    Regex::new(&pattern).unwrap().is_match(found)
}

#[test]
fn anything_may_stand_in_a_line_or_for_lines() {
    assert!(is_as("a\nb\n", "a\nb\n"));
    assert!(!is_as("a\n", "a\nb\n"));
    assert!(!is_as("a.\n", "ab\n"));
    assert!(is_as("pid …, up\n", "pid 47, up\n"));
    assert!(!is_as("pid …\n", "pid 4\n7\n"));
    assert!(is_as("a\n…\nd\n", "a\nb\nc\nd\n") && is_as("a\n…\nd\n", "a\nd\n"));
    assert!(!is_as("a\n…\nd\n", "a\nb\n"));
}
