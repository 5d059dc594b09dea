//! One CSV text and the places in it. The first line names the columns; the separator is a comma,
//! quotes are doubled inside quotes, spaces belong to the cell.
//!
//! Not here: the meaning of the cells (`sheet_rows`). The `csv` crate splits them; as it tells only
//! where a record begins, a cell's place is found here again, when there is a mistake to report.

use crate::scenario::place::{Place, Text, to_u32};

/// A CSV text and where it comes from.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// As it is reported.
    pub(crate) name: String,
    /// Where the text stands, if that is in JSON.
    pub(crate) pointer: Option<String>,
    /// Its number among the files of the scenario, from 1, for the order of reports.
    pub(crate) order: u32,
    pub(crate) text: Text,
}

impl Sheet {
    pub(crate) fn place(&self, at: u32) -> Place {
        let (line, column) = self.text.line_column(at);
        let order = (self.order, at);
        Place { file: self.name.clone(), line, column, pointer: self.pointer.clone(), order }
    }

    /// The offset of the record that the reader began to read at `position`: the reader skips blank
    /// lines first.
    pub(crate) fn record_at(&self, position: u64) -> u32 {
        let bytes = self.text.as_str().as_bytes();
        let mut at = usize::try_from(position).unwrap_or(usize::MAX).min(bytes.len());
        while at < bytes.len() && is_line_end(bytes[at]) {
            at += 1;
        }
        to_u32(at)
    }

    /// The offset of a cell of the record at `record_at`, or of the record's end.
    pub(crate) fn cell_at(&self, record_at: u32, column: usize) -> u32 {
        let bytes = self.text.as_str().as_bytes();
        let mut at = record_at as usize;
        for _ in 0..column {
            let cell = Span::of(bytes, at);
            if cell.end >= bytes.len() || bytes[cell.end] != b',' {
                return to_u32(cell.end);
            }
            at = cell.end + 1;
        }
        to_u32(at)
    }

    /// The offset of a cell of the record at `record_at` whose quote is never closed. The reader
    /// takes the rest of the text for that cell and says nothing.
    pub(crate) fn unclosed_quote(&self, record_at: u32) -> Option<u32> {
        let bytes = self.text.as_str().as_bytes();
        let mut at = record_at as usize;
        loop {
            let cell = Span::of(bytes, at);
            if !cell.is_closed {
                return Some(to_u32(at));
            }
            if cell.end >= bytes.len() || bytes[cell.end] != b',' {
                return None;
            }
            at = cell.end + 1;
        }
    }
}

/// How far a cell reaches.
struct Span {
    /// The offset of the comma or line end behind it, or of the end of the text.
    end: usize,
    is_closed: bool,
}

impl Span {
    fn of(bytes: &[u8], start: usize) -> Self {
        let mut is_quoted = bytes.get(start) == Some(&b'"');
        let mut at = if is_quoted { start + 1 } else { start };
        while at < bytes.len() {
            match bytes[at] {
                // A doubled quote inside quotes closes and opens again at once.
                b'"' if is_quoted => is_quoted = false,
                b'"' if bytes[start] == b'"' && bytes[at - 1] == b'"' => is_quoted = true,
                byte if !is_quoted && (byte == b',' || is_line_end(byte)) => break,
                _ => {}
            }
            at += 1;
        }
        Span { end: at, is_closed: !is_quoted }
    }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}
