//! Where something stands: from a byte offset to line and column, from a node to a JSON pointer.
//!
//! Rows carry only offsets. Lines and pointers are worked out when there is a mistake to report.

use std::cell::OnceCell;

use crate::scenario::tree::{Node, Value};

/// The byte order mark in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text that can tell line and column of an offset.
#[derive(Debug)]
pub(crate) struct Text {
    text: String,
    /// Offsets at which lines begin; made at the first question.
    line_starts: OnceCell<Vec<u32>>,
}

impl Text {
    /// `text` is shorter than 4 GiB; the callers' limits see to that.
    pub(crate) fn new(text: String) -> Self {
        Text { text, line_starts: OnceCell::new() }
    }

    /// Takes a file's bytes, without the mark that some editors put at the start. Bytes that are
    /// not UTF-8 are replaced; the offset of the first such byte is answered.
    pub(crate) fn from_bytes(mut bytes: Vec<u8>) -> (Self, Option<u32>) {
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        match String::from_utf8(bytes) {
            Ok(text) => (Text::new(text), None),
            Err(error) => {
                let bad_at = to_u32(error.utf8_error().valid_up_to());
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (Text::new(text), Some(bad_at))
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The offset of a line and a column that count from 1, the column in bytes.
    pub(crate) fn at(&self, line: usize, column: usize) -> u32 {
        let starts = self.line_starts.get_or_init(|| line_starts(&self.text));
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        start.saturating_add(to_u32(column.saturating_sub(1)))
    }

    /// Line and column, both from 1, the column in characters. An offset past the end is the end.
    pub(crate) fn line_column(&self, at: u32) -> (u32, u32) {
        let starts = self.line_starts.get_or_init(|| line_starts(&self.text));
        // The first line starts at 0, so at least one start is not after `at`.
        let line = starts.partition_point(|start| *start <= at);
        let start = starts[line - 1] as usize;
        let end = (at as usize).clamp(start, self.text.len());
        let before = &self.text.as_bytes()[start..end];
        // Every byte but a continuation byte begins a character; `at` may be inside one.
        let n_chars = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        (to_u32(line), to_u32(n_chars + 1))
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(idx, _)| to_u32(idx + 1))).collect()
}

/// An offset or a count as `u32`. The limits keep all of them below; saturates all the same.
pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A place as it is reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// From 1; 0 where there are no lines to count.
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) pointer: Option<String>,
    /// Reports are sorted by this: number of the file (0 is the scenario itself) and offset.
    pub(crate) order: (u32, u32),
}

impl Place {
    /// `demo.toml:7` or `body#/jtel/clients/0`, for a place that is mentioned in passing.
    pub(crate) fn line_only(&self) -> String {
        let pointer = self.pointer.as_ref().map(|pointer| format!("#{pointer}"));
        let pointer = pointer.unwrap_or_default();
        let line = if self.line > 0 { format!(":{}", self.line) } else { String::new() };
        format!("{}{pointer}{line}", self.file)
    }
}

/// The scenario itself, or the body of an event.
#[derive(Debug)]
pub(crate) struct Main {
    /// The file's name as it is reported.
    pub(crate) name: String,
    pub(crate) root: Node,
    /// `None` for JSON, whose places are pointers.
    pub(crate) text: Option<Text>,
}

impl Main {
    pub(crate) fn is_json(&self) -> bool {
        self.text.is_none()
    }

    /// The place of a node or key.
    pub(crate) fn place(&self, at: u32) -> Place {
        let file = self.name.clone();
        let order = (0, at);
        if let Some(text) = &self.text {
            let (line, column) = text.line_column(at);
            Place { file, line, column, pointer: None, order }
        } else {
            let pointer = Some(pointer(&self.root, at));
            Place { file, line: 0, column: 0, pointer, order }
        }
    }
}

/// The JSON pointer (RFC 6901) of the node with the number `at`. Nodes are numbered in the order of
/// the text, parents first, so the way leads through the last child that is not after `at`.
fn pointer(root: &Node, at: u32) -> String {
    let mut pointer = String::new();
    let mut node = root;
    while node.at < at {
        let (step, next) = match &node.value {
            Value::Table(table) => {
                let idx = table.entries.partition_point(|entry| entry.node.at <= at);
                let Some(entry) = idx.checked_sub(1).map(|idx| &table.entries[idx]) else { break };
                (entry.key.replace('~', "~0").replace('/', "~1"), &entry.node)
            }
            Value::List(items) => {
                let idx = items.partition_point(|item| item.at <= at);
                let Some(idx) = idx.checked_sub(1) else { break };
                (idx.to_string(), &items[idx])
            }
            _ => break,
        };
        pointer.push('/');
        pointer.push_str(&step);
        node = next;
    }
    pointer
}
