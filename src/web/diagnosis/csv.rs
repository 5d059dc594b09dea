//! Tables with another delimiter, other line ends, or a quote that is never closed.

use csv::{ReaderBuilder, Writer};

use crate::base::text::excerpt;
use crate::web::diagnosis::report::{Asked, Diagnosis, Kind};

/// What programs write between cells where it is no comma.
const DELIMITERS: &[(u8, &str)] = &[(b';', "a semicolon"), (b'\t', "a tab"), (b'|', "a bar")];

/// Lines that are looked at to see whether all have as many delimiters.
const LINES: usize = 20;

/// Looks at a table that is meant as CSV with commas.
pub(super) fn look(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let all = [delimiter(bytes, asked), carriage_returns(bytes), open_quote(bytes)];
    all.into_iter().flatten().min_by_key(|it| it.at.offset)
}

/// Another sign than a comma between the cells: no comma in the head, and either its cells are columns
/// that are known or all lines have as many of that sign.
fn delimiter(bytes: &[u8], asked: &Asked<'_>) -> Option<Diagnosis> {
    let mut lines =
        bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
    let head = lines.next()?;
    if head.contains(&b',') {
        return None;
    }
    let is_known = |cell: &[u8]| {
        let cell = String::from_utf8_lossy(cell);
        asked.known.contains(&cell.trim().trim_matches('"'))
    };
    let rest: Vec<_> = lines.take(LINES).collect();
    let (sign, name) = DELIMITERS.iter().find(|(sign, _)| {
        let count = |line: &[u8]| memchr::memchr_iter(*sign, line).count();
        let columns = count(head);
        let are_known = head.split(|byte| byte == sign).any(is_known);
        let are_even = !rest.is_empty()
            && rest.iter().all(|line| count(line) == columns && !line.contains(&b','));
        columns > 0 && (are_known || (asked.known.is_empty() && are_even))
    })?;
    let at = bytes.iter().position(|byte| byte == sign)?;
    let cure =
        format!("write commas between the cells, not {name}; a cell with a comma goes into quotes");
    let found = Diagnosis::new(Kind::CsvDelimiter, bytes, at, "a comma between cells", cure);
    let shown = excerpt(&String::from(char::from(*sign)), 1);
    Some(found.naming(format_args!("{shown} between cells")).with_body(with_commas(bytes, *sign)))
}

fn with_commas(bytes: &[u8], sign: u8) -> Option<Vec<u8>> {
    let mut reader =
        ReaderBuilder::new().delimiter(sign).has_headers(false).flexible(true).from_reader(bytes);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in reader.byte_records() {
        writer.write_byte_record(&record.ok()?).ok()?;
    }
    Writer::into_inner(writer).ok()
}

/// Lines that end in CR alone.
fn carriage_returns(bytes: &[u8]) -> Option<Diagnosis> {
    let at = bytes.iter().position(|byte| *byte == b'\r')?;
    if bytes.contains(&b'\n') || at + 1 == bytes.len() {
        return None;
    }
    let cure = "end lines in LF or CR LF; old Mac programs and some exports write CR alone";
    let found = Diagnosis::new(Kind::CarriageReturns, bytes, at, "LF or CR LF", cure);
    let text: Vec<u8> =
        bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
    Some(found.with_body(text))
}

/// A quote that opens a cell and is not closed before the end.
fn open_quote(bytes: &[u8]) -> Option<Diagnosis> {
    let mut opened = None;
    let mut is_start = true;
    let mut is_doubled = false;
    for (at, byte) in bytes.iter().enumerate() {
        match (opened, byte) {
            (Some(_), b'"') if is_doubled => is_doubled = false,
            // A quote in a cell stands twice.
            (Some(_), b'"') if bytes.get(at + 1) == Some(&b'"') => is_doubled = true,
            (Some(_), b'"') => opened = None,
            (None, b'"') if is_start => opened = Some(at),
            _ => {}
        }
        is_start = opened.is_none() && matches!(byte, b',' | b'\n' | b'\r' | b';' | b'\t' | b'|');
    }
    let at = opened?;
    let cure = "close the quote; a quote inside a cell in quotes is written twice";
    Some(Diagnosis::new(Kind::QuoteOpen, bytes, at, "the quote that closes the cell", cure))
}
