//! Rows from CSV: the hot way of a large scenario.
//!
//! A cell that is text borrows from the record; nothing is looked up by name per cell. Places are
//! worked out only for mistakes.

use std::rc::Rc;

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::base::text::counted;
use crate::contract::fields::{Cell, Field, Row, Rows};
use crate::contract::section::SeedError;
use crate::scenario::checker::{Checker, Each};
use crate::scenario::files::{reason, stays_inside};
use crate::scenario::limits::{CSV_BYTES_MAX, CSV_COLUMNS_MAX};
use crate::scenario::mistake::Problem;
use crate::scenario::place::{Text, to_u32};
use crate::scenario::scalar;
use crate::scenario::sheet::Sheet;
use crate::scenario::spot::Spot;
use crate::scenario::tree::{Entry, Value, quoted};
use crate::web::mask::masker::tagged;

/// Bytes that the reader takes at a time; larger than its own choice, as the text is in memory.
const BUFFER_BYTES: usize = 64 * 1024;

/// The columns of a sheet.
struct Header {
    /// For each column its field; `None` for one that is not known.
    columns: Vec<Option<usize>>,
    /// Whether there is a column for each required field.
    is_complete: bool,
}

impl<'d> Checker<'d> {
    /// Walks the rows of one CSV text and hands over the sound ones. Answers their number.
    pub(crate) fn sheet(
        &mut self,
        rows: &'static Rows,
        collection_idx: usize,
        csv: &'d Entry,
        each: &mut Each<'_>,
    ) -> Result<u64, SeedError> {
        let Some(sheet) = self.open(csv) else {
            self.unreadable(collection_idx);
            return Ok(0);
        };
        let number = to_u32(self.sheets.len());
        // Records of any length are taken, so that a short one is a mistake of ours to word.
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).buffer_capacity(BUFFER_BYTES);
        let mut reader = builder.from_reader(sheet.text.as_str().as_bytes());
        let mut record = StringRecord::new();
        let Some(header) = self.header(rows, &sheet, &mut reader, &mut record) else {
            self.unreadable(collection_idx);
            return Ok(0);
        };
        if !header.is_complete {
            self.unreadable(collection_idx);
        }
        let mut n_rows = 0;
        while let Some(at) = self.next(&sheet, &mut reader, &mut record) {
            if record.len() != header.columns.len() {
                self.ledger.add(|| {
                    let found = format!("a row of {}", n_cells(record.len()));
                    let expected = format!("{} as in the header", n_cells(header.columns.len()));
                    (sheet.place(at), Problem::new(found, expected))
                });
                continue;
            }
            let n_seen = self.ledger.n_seen();
            let columns = header.columns.as_slice();
            let spot = Spot::Record { sheet: &sheet, number, at, columns };
            let row = self.record(rows.fields, columns, &record, &sheet, at);
            self.claim(collection_idx, &row, &spot, false);
            if header.is_complete && self.ledger.n_seen() == n_seen {
                n_rows += u64::from(self.hand_own(collection_idx, &row, &spot, each)?);
            } else {
                self.ledger.pass_over();
            }
        }
        Ok(n_rows)
    }

    /// Fetches the CSV text that `{ csv = … }` stands for: a file beside the scenario, or in JSON
    /// the text itself.
    pub(crate) fn open(&mut self, csv: &'d Entry) -> Option<Rc<Sheet>> {
        let Value::Text(value) = &csv.node.value else {
            let expected =
                if self.main.is_json() { "CSV as text" } else { "the name of a CSV file" };
            let found = || format!("\"csv\" is {}", csv.node.value.describe());
            self.mistake(csv.node.at, || Problem::new(found(), expected));
            return None;
        };
        if self.main.is_json() && is_file_name(value) {
            let found = || format!("\"csv\" is {}, which looks like a file's name", quoted(value));
            let expected = "CSV as text: a line of names, then a line for each row; in JSON no file is \
                            read";
            self.mistake(csv.node.at, || Problem::new(found(), expected));
            return None;
        }
        let place = self.main.place(csv.node.at);
        let (name, pointer, text, bad_at) = if self.main.is_json() {
            (self.main.name.clone(), place.pointer, Text::new(value.clone()), None)
        } else {
            let name = std::path::Path::new(&self.main.name).with_file_name(value);
            let bytes = self.fetch(value, csv.node.at)?;
            let (text, bad_at) = Text::from_bytes(bytes);
            (name.display().to_string(), None, text, bad_at)
        };
        *self.n_sheets += 1;
        let sheet = Rc::new(Sheet { name, pointer, order: *self.n_sheets, text });
        self.sheets.push(Rc::clone(&sheet));
        if let Some(bad_at) = bad_at {
            self.ledger.add(|| (sheet.place(bad_at), Problem::not_utf8()));
        }
        Some(sheet)
    }

    fn fetch(&mut self, path: &str, at: u32) -> Option<Vec<u8>> {
        let problem = if stays_inside(path) {
            match self.files.read(path, CSV_BYTES_MAX) {
                Ok(bytes) => return Some(bytes),
                Err(error) => {
                    let found = format!("the CSV file {} cannot be read", quoted(path));
                    Problem::new(found, "a file beside the scenario").hint(reason(&error))
                }
            }
        } else {
            let expected = "a path inside the scenario's folder: relative, without \"..\"";
            Problem::new(format!("\"csv\" is {}", quoted(path)), expected)
        };
        self.mistake(at, || problem);
        None
    }

    /// Reads the next record. Answers its offset, or `None` where there is none.
    pub(crate) fn next(
        &mut self,
        sheet: &Sheet,
        reader: &mut Reader<&[u8]>,
        record: &mut StringRecord,
    ) -> Option<u32> {
        let at = sheet.record_at(reader.position().byte());
        match reader.read_record(record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.ledger.add(|| (sheet.place(at), Problem::new(error.to_string(), "")));
                return None;
            }
        }
        if record.len() > CSV_COLUMNS_MAX {
            let found = format!("a row of {}", n_cells(record.len()));
            let problem = Problem::new(found, format!("at most {CSV_COLUMNS_MAX} columns"));
            self.ledger.add(|| (sheet.place(at), problem));
            return None;
        }
        let is_last = reader.position().byte() >= sheet.text.as_str().len() as u64;
        // Only the last record can end in an open quote.
        let open_at = if is_last { sheet.unclosed_quote(at) } else { None };
        if let Some(open_at) = open_at {
            let problem = Problem::new("a quote is never closed", "\" at the end of the cell");
            self.ledger.add(|| (sheet.place(open_at), problem));
            return None;
        }
        Some(at)
    }

    /// Reads the first record, which names the columns. `None` where there is none.
    fn header(
        &mut self,
        rows: &'static Rows,
        sheet: &Sheet,
        reader: &mut Reader<&[u8]>,
        record: &mut StringRecord,
    ) -> Option<Header> {
        let n_seen = self.ledger.n_seen();
        let Some(at) = self.next(sheet, reader, record) else {
            if self.ledger.n_seen() == n_seen {
                let problem =
                    Problem::new("the CSV is empty", "a first line with the names of the columns");
                self.ledger.add(|| (sheet.place(0), problem));
            }
            return None;
        };
        let mut columns = Vec::with_capacity(record.len());
        let is_field = |name: &str| rows.fields.iter().any(|field| field.name == name);
        if let Some(sign) = other_separator(record, rows) {
            let found = format!("the names of the columns stand between {sign}");
            let problem = Problem::new(found, "commas: the separator is a comma");
            self.ledger.add(|| (sheet.place(at), problem));
            return None;
        }
        // A first line without the name of any column is a row most likely, and may hold secrets.
        let is_row = !record.iter().any(is_field)
            && rows.fields.iter().any(|field| self.secrets.has(field.name));
        for (column, name) in record.iter().enumerate() {
            let found = rows.fields.iter().position(|field| field.name == name);
            let problem = match found.map(|idx| &rows.fields[idx]) {
                None => {
                    let known: Vec<&str> = in_csv(rows).map(|field| field.name).collect();
                    let mut problem = Problem::unknown("column", name, "", &known);
                    if is_row {
                        problem.veil(name);
                        problem.hint = Some("the first line names the columns".into());
                    }
                    Some(problem)
                }
                Some(_) if columns.contains(&found) => {
                    let found = format!("column {} stands here twice", quoted(name));
                    Some(Problem::new(found, "each column once"))
                }
                Some(field) if field.kind.is_nested() => {
                    let found = format!("column {} holds tables", quoted(name));
                    Some(Problem::new(found, "the rows in the scenario itself, not in CSV"))
                }
                Some(_) => None,
            };
            columns.push(if problem.is_none() { found } else { None });
            if let Some(problem) = problem {
                self.ledger.add(|| (sheet.place(sheet.cell_at(at, column)), problem));
            }
        }
        let mut is_complete = true;
        for (idx, field) in rows.fields.iter().enumerate() {
            if field.is_required() && !columns.contains(&Some(idx)) {
                is_complete = false;
                self.ledger.add(|| {
                    let found = format!("column {} is missing", quoted(field.name));
                    (sheet.place(at), Problem::new(found, field.kind.expected()))
                });
            }
        }
        Some(Header { columns, is_complete })
    }

    /// Checks the cells of a record.
    fn record<'r>(
        &mut self,
        fields: &'static [Field],
        columns: &[Option<usize>],
        record: &'r StringRecord,
        sheet: &Sheet,
        at: u32,
    ) -> Row<'r> {
        let mut cells = Vec::with_capacity(fields.len());
        cells.resize_with(fields.len(), || Cell::Absent);
        for ((column, text), field_idx) in record.iter().enumerate().zip(columns) {
            let Some(field_idx) = *field_idx else { continue };
            let field = &fields[field_idx];
            match scalar::from_text(field, text) {
                Ok(cell) => {
                    if field.refers.is_some() {
                        let place = || sheet.place(sheet.cell_at(at, column));
                        self.follow(field, &cell, || quoted(field.name), place);
                    }
                    cells[field_idx] = cell;
                }
                Err(mut problem) => {
                    let secrets = self.secrets;
                    self.ledger.add(|| {
                        if secrets.has(field.name) {
                            problem.found = format!("is {}", tagged(text));
                            problem.veil(text);
                        }
                        let place = sheet.place(sheet.cell_at(at, column));
                        (place, problem.of(&quoted(field.name)))
                    });
                }
            }
        }
        Row::new(fields, cells)
    }
}

/// Whether a text that should be CSV is most likely the name of a file with it.
fn is_file_name(text: &str) -> bool {
    let has_ending = |ending: &str| text.to_ascii_lowercase().ends_with(ending);
    !text.contains(['\n', ',', ';']) && [".csv", ".tsv", ".txt"].into_iter().any(has_ending)
}

fn in_csv(rows: &'static Rows) -> impl Iterator<Item = &'static Field> {
    rows.fields.iter().filter(|field| !field.kind.is_nested())
}

fn n_cells(n: usize) -> String {
    counted(n, "cell", "cells")
}

/// What parts the names of a first line that is one cell, where that is no comma.
fn other_separator(record: &StringRecord, rows: &Rows) -> Option<&'static str> {
    let line = record.get(0).filter(|_| record.len() == 1)?;
    let signs = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    let is_field = |name: &str| rows.fields.iter().any(|field| field.name == name.trim());
    signs.into_iter().find_map(|(sign, words)| {
        (line.contains(sign) && line.split(sign).any(is_field)).then_some(words)
    })
}
