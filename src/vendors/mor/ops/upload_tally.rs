//! What became of the lines of an uploaded file: how many of each, the first of them, and what to do.

use std::collections::BTreeMap;

use crate::base::text::excerpt_bytes;

/// Numbers that a campaign holds without the paid add-on (mor 4.7).
pub(super) const UNPAID_NUMBERS_MAX: i64 = 10;

/// Lines of each reason that are told, and characters of each: enough to find them in the file.
const SAMPLES_MAX: usize = 3;
const SAMPLE_CHARS_MAX: usize = 30;

/// Why a line was not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skipped {
    NoNumber,
    Known,
    Over,
    NoId,
}

impl Skipped {
    fn words(self) -> String {
        match self {
            Skipped::NoNumber => "not digits only".into(),
            Skipped::Known => "repeated or there already".into(),
            Skipped::Over => {
                format!("over the {UNPAID_NUMBERS_MAX} of a campaign without the paid add-on")
            }
            Skipped::NoId => "the campaign has no id left for a number".into(),
        }
    }
}

/// The lines that were skipped for one reason.
#[derive(Debug, Default)]
struct Lines {
    count: usize,
    /// `line 3 "abc"`, the first of them.
    samples: Vec<String>,
}

/// What became of a file's lines.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) lines: i64,
    pub(super) imported: i64,
    skipped: BTreeMap<Skipped, Lines>,
}

impl Tally {
    /// Counts the line that is being looked at as skipped.
    pub(super) fn skip(&mut self, reason: Skipped, line: &[u8]) {
        let number = self.lines;
        let lines = self.skipped.entry(reason).or_default();
        lines.count += 1;
        if lines.samples.len() < SAMPLES_MAX {
            let sample = excerpt_bytes(line, SAMPLE_CHARS_MAX);
            lines.samples.push(format!("line {number} {sample}"));
        }
    }

    /// All of it as an effect.
    pub(super) fn effect(&self, campaign_id: i64) -> String {
        let imported = format!("campaign {campaign_id}: {} numbers imported", self.imported);
        match self.skipped.len() {
            0 => imported,
            _ => format!("{imported}, {}", self.skipped()),
        }
    }

    /// What was skipped, per reason with the first lines.
    pub(super) fn skipped(&self) -> String {
        let told = self.skipped.iter().map(|(reason, lines)| {
            let more = if lines.count > lines.samples.len() { " …" } else { "" };
            let samples = lines.samples.join(", ");
            format!("{} skipped ({}: {samples}{more})", lines.count, reason.words())
        });
        told.collect::<Vec<_>>().join(", ")
    }

    fn has(&self, reason: Skipped) -> bool {
        self.skipped.contains_key(&reason)
    }
}

/// What is to be said of a file beside its counts: that it is written otherwise than it is read.
pub(super) fn note(tally: &Tally, content: &[u8], separator: &[u8]) -> Option<String> {
    let is_one_line = content.contains(&b'\r') && !content.contains(&b'\n');
    if let Some(line) = line_of_numbers(content, separator) {
        return Some(format!(
            "line {line} holds several numbers and its first column alone is read; write each on a \
             line of its own"
        ));
    }
    (is_one_line || tally.has(Skipped::NoNumber)).then(|| of_text(content, separator))
}

/// Fewest digits of a number: a further column may hold an age or an amount.
const NUMBER_DIGITS_MIN: usize = 7;

/// The first line with a number in more than one column.
fn line_of_numbers(content: &[u8], separator: &[u8]) -> Option<usize> {
    let &[separator] = separator else { return None };
    let is_number = |cell: &&[u8]| {
        let cell = cell.trim_ascii();
        cell.len() >= NUMBER_DIGITS_MIN && cell.iter().all(u8::is_ascii_digit)
    };
    let mut lines = content.split(|it| *it == b'\n');
    let at = lines.position(|line| line.split(|it| *it == separator).filter(is_number).count() > 1);
    at.map(|at| at + 1)
}

/// What to change in a file of which nothing was taken.
pub(super) fn cure(tally: &Tally, content: &[u8], separator: &[u8]) -> String {
    if tally.has(Skipped::NoNumber) {
        return of_text(content, separator);
    }
    if tally.has(Skipped::Known) {
        return "the campaign has them already and its allow_duplicates is off; the event \
                reactivate_number makes one new again"
            .into();
    }
    if tally.has(Skipped::Over) {
        return "set paid_addon = true in [mor.settings], or with the event set_setting".into();
    }
    "take another campaign; the ids of this one are used up".into()
}

/// What the lines of a file look like that are no numbers.
fn of_text(content: &[u8], separator: &[u8]) -> String {
    let has = |byte: u8| content.contains(&byte);
    let shown = String::from_utf8_lossy(separator);
    if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) {
        return "the file is UTF-16; save it as UTF-8 or ASCII".into();
    }
    if content.starts_with(&[0xef, 0xbb, 0xbf]) {
        return "the file begins with a byte order mark; save it as UTF-8 without one".into();
    }
    if content.starts_with(b"PK") || content.starts_with(&[0x1f, 0x8b]) {
        return "the file is a spreadsheet or is compressed; save it as plain CSV".into();
    }
    if has(b'\r') && !has(b'\n') {
        return "the file's lines end in CR alone; end them in LF or CR LF".into();
    }
    let other = [b';', b',', b'\t', b'|'].into_iter().find(|it| has(*it) && [*it] != *separator);
    if let Some(other) = other {
        let other = char::from(other);
        return format!(
            "{other:?} stands between the columns and {shown:?} is the separator here; the first \
             column alone is read"
        );
    }
    if has(b'"') {
        return "take the quotation marks away; nothing is unquoted here".into();
    }
    let columns = [b' ', b'+', b'-', b'(', b'/'];
    if columns.into_iter().any(has) {
        return "write digits alone, without + blanks, dashes and brackets".into();
    }
    let first = content.split(|it| *it == b'\n').next().unwrap_or_default();
    let first = first.split(|it| separator.contains(it)).next().unwrap_or_default();
    if first.iter().any(u8::is_ascii_digit) {
        return "write digits alone; the first column has other characters among them".into();
    }
    format!("put the number into the first column; columns are separated by {shown:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_the_file_looks_like() {
        let is = |content: &[u8], words: &str| {
            let cure = of_text(content, b",");
            assert!(cure.contains(words), "{cure}");
        };
        is(b"1;2\n3;4", "';' stands between");
        is(b"370600\r370601", "CR alone");
        is(b"\xff\xfe1\0", "UTF-16");
        is(b"\xef\xbb\xbf370600", "byte order mark");
        is(b"\"370600\"", "quotation marks");
        is(b"+370 600", "digits alone");
        is(b"name,370600", "put the number into the first column");
        is(b"3706ABCD", "other characters among them");
    }

    #[test]
    fn several_numbers_on_a_line_are_told() {
        let note = |content: &[u8]| note(&Tally::default(), content, b",");
        let told = note(b"37060001021\n37060001022,37060001023\n").unwrap();
        assert!(told.starts_with("line 2 holds several numbers"), "{told}");
        assert_eq!(note(b"37060001021,42,Ada\n"), None);
    }

    #[test]
    fn tells_the_first_lines_of_each_reason() {
        let mut tally = Tally::default();
        for line in ["a", "b", "c", "d"] {
            tally.lines += 1;
            tally.skip(Skipped::NoNumber, line.as_bytes());
        }
        assert_eq!(
            tally.effect(17),
            "campaign 17: 0 numbers imported, 4 skipped (not digits only: line 1 \"a\", line 2 \
             \"b\", line 3 \"c\" …)"
        );
    }
}
