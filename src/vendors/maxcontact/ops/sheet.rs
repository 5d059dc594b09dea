//! The CSV of an import: its rows as leads, the rows that are passed over, and what the file looks
//! like.
//!
//! Not here: the form that carries it (`import`).

use std::collections::BTreeMap;

use memchr::memchr_iter;

use crate::base::text::excerpt;
use crate::vendors::maxcontact::model::{NewLead, NewPhone, check_phone};
use crate::web::diagnosis::file;

/// Rows of each reason that are told, and characters of each number: enough to find them in the file.
const SAMPLES_MAX: usize = 3;
const SAMPLE_CHARS_MAX: usize = 30;

/// Characters of a file's first line that a note shows.
const HEAD_CHARS_MAX: usize = 80;

/// Why a row became no lead, or not the lead that was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    NoNumber,
    NotANumber,
    NotUtf8,
}

impl Reason {
    fn words(self) -> &'static str {
        match self {
            Reason::NoNumber => "passed over, without a PhoneNum",
            Reason::NotANumber => "passed over, PhoneNum is no number",
            Reason::NotUtf8 => "with bytes that are no UTF-8, which became \u{fffd}",
        }
    }
}

#[derive(Debug, Default)]
struct Rows {
    count: usize,
    samples: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) leads: Vec<NewLead>,
    pub(super) n_rows: usize,
    told: BTreeMap<Reason, Rows>,
    /// What the file looks like, where it is not what the map reads.
    notes: Vec<String>,
    /// The first number that is none.
    odd_number: Option<String>,
}

impl Sheet {
    /// Reads a file by the columns of a map.
    pub(super) fn read(
        content: &[u8],
        columns: &[String],
        has_header: bool,
        list_id: i64,
    ) -> Result<Self, csv::Error> {
        let mut sheet = Sheet::default();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(has_header).flexible(true).from_reader(content);
        let header = if has_header { Some(reader.byte_headers()?.clone()) } else { None };
        sheet.look_at(content, header.as_ref(), columns);
        for record in reader.byte_records() {
            let record = record?;
            sheet.n_rows += 1;
            let line = record.position().map_or(0, csv::Position::line);
            sheet.take(&record, columns, list_id, line);
        }
        if header.is_some() && sheet.n_rows == 0 && sheet.notes.is_empty() {
            sheet.notes.push("below the line with the names of the columns stands nothing".into());
        }
        Ok(sheet)
    }

    fn take(&mut self, record: &csv::ByteRecord, columns: &[String], list_id: i64, line: u64) {
        let mut lead = NewLead { list_id, ..NewLead::default() };
        let mut phone = NewPhone::default();
        let mut is_lossy = false;
        for (column, cell) in columns.iter().zip(record.iter()) {
            let text = String::from_utf8_lossy(cell).trim().to_owned();
            is_lossy |= std::str::from_utf8(cell).is_err();
            match column.as_str() {
                "Name" => lead.name = text,
                "Name2" => lead.name2 = text,
                "ReferenceID" => lead.reference_id = text,
                "PhoneNum" => phone.number = text,
                "PhoneTypeID" => phone.type_id = text.parse().unwrap_or_default(),
                _ => {}
            }
        }
        let reason = match check_phone(&phone.number) {
            Ok(()) => is_lossy.then_some(Reason::NotUtf8),
            Err(_) if phone.number.is_empty() => Some(Reason::NoNumber),
            Err(_) => Some(Reason::NotANumber),
        };
        if reason == Some(Reason::NotANumber) && self.odd_number.is_none() {
            self.odd_number = Some(phone.number.clone());
        }
        if let Some(reason) = reason {
            self.tell(reason, line, &phone.number);
        }
        if matches!(reason, None | Some(Reason::NotUtf8)) {
            lead.phones.push(phone);
            self.leads.push(lead);
        }
    }

    fn tell(&mut self, reason: Reason, line: u64, number: &str) {
        let rows = self.told.entry(reason).or_default();
        rows.count += 1;
        if rows.samples.len() < SAMPLES_MAX {
            let number = match number {
                "" => String::new(),
                number => format!(" {}", excerpt(number, SAMPLE_CHARS_MAX)),
            };
            rows.samples.push(format!("line {line}{number}"));
        }
    }

    /// Rows that are told, per reason with the first of them; empty where there are none.
    pub(super) fn told(&self) -> Vec<String> {
        let told = self.told.iter().map(|(reason, rows)| {
            let more = if rows.count > rows.samples.len() { " …" } else { "" };
            format!("{} {}: {}{more}", rows.count, reason.words(), rows.samples.join(", "))
        });
        told.collect()
    }

    pub(super) fn first_odd_number(&self) -> Option<&str> {
        self.odd_number.as_deref()
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Notes how the file is written, where the map reads it otherwise.
    fn look_at(&mut self, content: &[u8], header: Option<&csv::ByteRecord>, columns: &[String]) {
        if let Some(encoding) = encoding(content) {
            self.notes.push(encoding.into());
            return;
        }
        if let Some(other) = other_format(content) {
            self.notes.push(other.into());
            return;
        }
        if content.trim_ascii().is_empty() {
            self.notes.push("the file is empty".into());
            return;
        }
        if !memchr_iter(b'"', content).count().is_multiple_of(2) {
            let words = "a cell that begins with a quotation mark is never closed by another, and takes \
                         in what follows";
            self.notes.push(words.into());
        }
        let first = content.split(|it| matches!(it, b'\n' | b'\r')).next().unwrap_or_default();
        let head = String::from_utf8_lossy(first);
        let other = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
        if let Some((_, words)) =
            other.iter().find(|(it, _)| head.contains(*it) && !head.contains(','))
        {
            self.notes.push(format!("{words} stand between the cells; write commas"));
            return;
        }
        if head.starts_with('"') && head.matches('"').count() == 2 && head.contains(',') {
            self.notes
                .push("each line stands in quotation marks as one cell; quote cells alone".into());
            return;
        }
        let Some(header) = header else { return };
        let names: Vec<_> =
            header.iter().map(|it| String::from_utf8_lossy(it).trim().to_owned()).collect();
        let number = columns.iter().position(|it| it == "PhoneNum").and_then(|at| names.get(at));
        if number.is_some_and(|it| check_phone(it).is_ok()) {
            self.notes.push(
                "the first line is taken for the names of the columns, and holds a number".into(),
            );
        } else if columns.iter().enumerate().any(|(at, column)| {
            let is_it = |name: &String| name.eq_ignore_ascii_case(column);
            names.iter().position(is_it).is_some_and(|there| there != at)
        }) {
            let head = excerpt(&head, HEAD_CHARS_MAX);
            self.notes.push(format!(
                "the map reads columns by their place, as {}; the first line is {head}",
                columns.join(",")
            ));
        }
    }
}

/// What a file is that holds another format's text.
fn other_format(content: &[u8]) -> Option<&'static str> {
    if file::is_json(content) {
        Some("the file is JSON; send one lead to a line, with commas between its cells")
    } else if file::is_markup(content) {
        Some("the file is HTML or XML; send one lead to a line, with commas between its cells")
    } else {
        None
    }
}

/// What a file is that is no text in UTF-8 or has marks before it.
fn encoding(content: &[u8]) -> Option<&'static str> {
    if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) {
        Some("the file is UTF-16; save it as UTF-8")
    } else if file::is_zip(content) || content.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Some("the file is a spreadsheet; save it as CSV")
    } else if content.starts_with(&[0x1f, 0x8b]) {
        Some("the file is compressed with gzip; send it as it is")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(content: &[u8]) -> Sheet {
        let columns = ["Name", "PhoneNum"].map(str::to_owned);
        Sheet::read(content, &columns, true, 12).unwrap()
    }

    #[test]
    fn rows_without_a_number_are_told() {
        let sheet =
            sheet(b"Name,PhoneNum\nAsha,07700900142\nBo,\nCy,0770 0900\nD\xe9,07700900143\n");
        assert_eq!((sheet.leads.len(), sheet.n_rows), (2, 4));
        assert_eq!(
            sheet.told(),
            [
                "1 passed over, without a PhoneNum: line 3",
                "1 passed over, PhoneNum is no number: line 4 \"0770 0900\"",
                "1 with bytes that are no UTF-8, which became \u{fffd}: line 5 \"07700900143\"",
            ]
        );
    }

    #[test]
    fn tells_what_the_file_looks_like() {
        let is = |content: &[u8], words: &str| {
            let sheet = sheet(content);
            assert!(sheet.notes().iter().any(|it| it.contains(words)), "{:?}", sheet.notes());
        };
        is(b"Name;PhoneNum\nAsha;07700900142", "semicolons");
        is(b"Name\tPhoneNum\n", "tabs");
        is(b" \n", "the file is empty");
        is(b"Name,PhoneNum\n", "stands nothing");
        is(b"Name,PhoneNum\n\"Asha,07700900142\n", "never closed");
        is(b"\xff\xfeN\0", "UTF-16");
        is(b"PK\x03\x04", "spreadsheet");
        is(b"[{\"PhoneNum\":\"1\"}]", "the file is JSON");
        is(b"<!doctype html><p>x", "the file is HTML");
        is(b"Asha,07700900142\n", "names of the columns");
        is(b"PhoneNum,Name\n07700900142,Asha", "by their place");
        is(b"\"Asha,07700900142\"\n", "as one cell");
        for good in [
            &b"Name,PhoneNum\r07700900142"[..],
            b"[Name],[PhoneNum]\nAsha,07700900142",
            b"{Name},{PhoneNum}\nAsha,07700900142",
            b"<Name>,<PhoneNum>\nAsha,07700900142",
            b"PKID,PhoneNum\n1,07700900142",
        ] {
            assert!(sheet(good).notes().is_empty(), "{:?}", sheet(good).notes());
        }
    }
}
