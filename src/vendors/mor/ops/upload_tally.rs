//! What became of the lines of an uploaded file: how many of each, the first of them, and what to do.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::base::text::{counted, excerpt_bytes};
use crate::web::diagnosis::digits::plain_digit;
use crate::web::diagnosis::file;

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
    seen: Seen,
}

/// What the lines have, so that a file is gone through again only where something is to be said of it.
#[derive(Debug, Default)]
struct Seen {
    columns: bool,
    /// A first column that may be the first group of a number in groups of three.
    group: bool,
    /// A first column that may have more digits than a number has.
    long: bool,
}

impl Tally {
    /// Notes what the line has that is being looked at.
    pub(super) fn look(&mut self, line: &[u8], first_column: &[u8]) {
        let is_alone = first_column.len() == line.len();
        self.seen.columns |= !is_alone;
        self.seen.group |= !is_alone && first_column.trim_ascii().len() <= GROUP_DIGITS;
        self.seen.long |= first_column.len() > PHONE_DIGITS_MAX
            && first_column.first().is_some_and(u8::is_ascii_digit);
    }

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
        let imported = counted(self.imported, "number", "numbers");
        let imported = format!("campaign {campaign_id}: {imported} imported");
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
    if tally.seen.columns
        && let Some(line) = line_of_numbers(content, separator)
    {
        return Some(format!(
            "line {line} holds several numbers and its first column alone is read; write each on a \
             line of its own"
        ));
    }
    if tally.seen.group
        && let Some((line, read)) = grouped_number(content, separator)
    {
        return Some(format!(
            "line {line} is a number in groups of three, and its first column alone is read, {read}; \
             write the digits alone"
        ));
    }
    if tally.seen.long
        && let Some((line, digits)) = long_number(content, separator)
    {
        return Some(format!(
            "line {line} has {digits} digits, and no telephone number has more than \
             {PHONE_DIGITS_MAX}; were line ends lost?"
        ));
    }
    // Carriage returns alone end no line, so that all is one.
    let is_one_line = tally.lines == 1 && content.contains(&b'\r') && !content.contains(&b'\n');
    (is_one_line || tally.has(Skipped::NoNumber)).then(|| of_text(content, separator))
}

/// Most digits of a telephone number (E.164), with an international prefix of four before them.
const PHONE_DIGITS_MAX: usize = 19;

fn first_column(line: &[u8], separator: u8) -> &[u8] {
    line.split(|it| *it == separator).next().unwrap_or_default().trim_ascii()
}

/// The first line with more digits than a number has.
fn long_number(content: &[u8], separator: &[u8]) -> Option<(usize, usize)> {
    let &[separator] = separator else { return None };
    let columns = content.split(|it| *it == b'\n').map(|line| first_column(line, separator));
    let is_long =
        |cell: &&[u8]| cell.len() > PHONE_DIGITS_MAX && cell.iter().all(u8::is_ascii_digit);
    let (at, cell) = columns.enumerate().find(|(_, cell)| is_long(cell))?;
    Some((at + 1, cell.len()))
}

/// The first line whose columns are a number in groups of three, with what is read of it.
fn grouped_number(content: &[u8], separator: &[u8]) -> Option<(usize, String)> {
    let &[separator] = separator else { return None };
    let is_grouped = |line: &[u8]| {
        let cells: Vec<&[u8]> = line.trim_ascii().split(|it| *it == separator).collect();
        let are_digits = cells.iter().all(|it| it.iter().all(u8::is_ascii_digit));
        cells.split_first().is_some_and(|(first, rest)| {
            are_digits
                && (1..=GROUP_DIGITS).contains(&first.len())
                && rest.len() + 1 >= GROUPS_MIN
                && rest.iter().all(|it| it.len() == GROUP_DIGITS)
        })
    };
    let at = content.split(|it| *it == b'\n').position(is_grouped)?;
    let line = content.split(|it| *it == b'\n').nth(at)?;
    Some((at + 1, String::from_utf8_lossy(first_column(line, separator)).into_owned()))
}

/// Digits of a group of thousands.
const GROUP_DIGITS: usize = 3;

/// Fewest groups of three that are a telephone number rather than a number with an age or an amount.
const GROUPS_MIN: usize = 3;

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
    if file::is_zip(content) || content.starts_with(&[0x1f, 0x8b]) {
        return "the file is a spreadsheet or is compressed; save it as plain CSV".into();
    }
    if let Some(words) = of_other_kind(content, separator) {
        return words.into();
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
    let mut lines = content.split(|it| *it == b'\n').map(<[u8]>::trim_ascii);
    let is_numbered = |line: &[u8]| line.first().is_some_and(u8::is_ascii_digit);
    if !is_numbered(first) && lines.clone().skip(1).any(is_numbered) {
        return "the first line is a heading, which is counted and not imported; leave it out"
            .into();
    }
    if !lines.any(|line| line.iter().any(u8::is_ascii_digit)) {
        return "no line has a digit in it; write one number per line, digits alone".into();
    }
    format!("put the number into the first column; columns are separated by {shown:?}")
}

/// What to do about a file that is no list of numbers at all, or one in other digits.
fn of_other_kind(content: &[u8], separator: &[u8]) -> Option<&'static str> {
    let text = str::from_utf8(content).ok()?.trim();
    let separator = str::from_utf8(separator).ok().filter(|it| !it.is_empty());
    let mut numbers = text.lines().map(|line| match separator {
        Some(separator) => line.split(separator).next().unwrap_or_default(),
        None => line,
    });
    if numbers.any(|number| number.chars().any(|it| plain_digit(it).is_some())) {
        return Some("write the digits of ASCII, 0 to 9");
    }
    if text.starts_with("=\"") || text.contains("\n=\"") {
        return Some(
            "write digits alone, without = and quotation marks, which are a spreadsheet's",
        );
    }
    if file::is_json(content) {
        return Some("the file is JSON; write one number per line, digits alone");
    }
    if file::is_markup(content) {
        return Some("the file is HTML or XML; write one number per line, digits alone");
    }
    let packed: String = text.split_ascii_whitespace().collect();
    let is_base64 =
        packed.len() >= NUMBER_DIGITS_MIN && packed.bytes().any(|it| it.is_ascii_alphabetic());
    let unpacked = BASE64_STANDARD.decode(&packed).ok().filter(|_| is_base64)?;
    let has_numbers = unpacked.split(|it| *it == b'\n').any(|line| {
        let digits = line.iter().take_while(|it| it.is_ascii_digit()).count();
        digits >= NUMBER_DIGITS_MIN
    });
    has_numbers.then_some("the file is in Base64; send it as it is")
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
        is(b"number", "no line has a digit");
        is(b"number\n37060001021\n", "the first line is a heading");
        is("\u{663}\u{667}\u{660}".as_bytes(), "digits of ASCII");
        is("\u{ff13}\u{ff17}\u{ff10}6".as_bytes(), "digits of ASCII");
        is(b"[\"37060001021\"]", "JSON");
        is(b"=\"37060001021\"", "a spreadsheet's");
        is(b"<html>37060001021</html>", "HTML or XML");
        is(b"MzcwNjAwMDEwMjEKMzcwNjAwMDEwMjIK", "in Base64");
        is(b"3706ABCD", "other characters among them");
        // A heading in brackets, and what only looks like a digit.
        is(b"[number]\n37060001021\n", "the first line is a heading");
        is(b"<number>\n37060001021\n", "the first line is a heading");
        is("3706\u{bd}".as_bytes(), "other characters among them");
        is("3706A,\u{663}Street".as_bytes(), "other characters among them");
    }

    #[test]
    fn several_numbers_on_a_line_are_told() {
        let note = |content: &[u8]| {
            let mut tally = Tally::default();
            for line in content.split(|it| *it == b'\n') {
                tally.lines += 1;
                tally.look(line, first_column(line, b','));
            }
            note(&tally, content, b",")
        };
        let told = note(b"37060001021\n37060001022,37060001023\n").unwrap();
        assert!(told.starts_with("line 2 holds several numbers"), "{told}");
        assert_eq!(note(b"37060001021,42,Ada\n"), None);
        let told = note(b"37,060,000,005\n").unwrap();
        assert!(
            told.contains("line 1 is a number in groups of three") && told.contains("read, 37;")
        );
        let told = note(&[b'1'; 60]).unwrap();
        assert!(told.starts_with("line 1 has 60 digits"), "{told}");
        assert_eq!(note(b"370,42\n"), None);
        assert_eq!(note(b"0037060001021\n"), None);
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
