//! The tree of a TOML scenario, with every mistake of its syntax.
//!
//! The parser recovers from mistakes and tells them all. Three things are ours: a line that is a
//! key without a value ends its tree early, so such lines are taken out and the rest is read again;
//! one mistake makes others on its line and an open brace one on each line after it, so those are
//! left out; and a deep tree is taken apart without recursion.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use toml::value::Datetime;

use crate::scenario::limits::NESTING_MAX;
use crate::scenario::mistake::Problem;
use crate::scenario::place::{Text, to_u32};
use crate::scenario::tree::{Entry, Node, Table, Value};

/// What the parser says of a key without a value.
const NO_VALUE: &str = "key with no value";

/// What the parser says of a value that it cannot make sense of, also of one that is not there.
const NOT_QUOTED: &str = "string values must be quoted";

/// What the parser says of a line after an open brace.
const NO_COMMA: &str = "missing comma between key-value pairs";

/// Where JSON is taken. No TOML begins with a brace.
const JSON_INSTEAD: &str =
    "the name of a file of JSON ends in .json, and its Content-Type is application/json";

/// A mistake in the syntax, with its offset; without words where it follows from another.
pub(crate) type Flaw = (u32, Option<Problem>);

/// Builds the tree of what can be read, and tells what cannot.
pub(crate) fn build(text: &Text) -> (Node, Vec<Flaw>) {
    let source = text.as_str();
    if source.trim_start().starts_with('{') {
        let problem = Problem::new("this looks like JSON", "TOML");
        return (Node::empty(), vec![(0, Some(problem.hint(JSON_INSTEAD)))]);
    }
    let (root, mut errors) = DeTable::parse_recoverable(source);
    let blanked = without_stray_keys(source, &errors);
    let (node, mut flaws) = match &blanked {
        Some(rest) => {
            dismantle(DeValue::Table(root.into_inner()));
            errors.retain(|error| error.message().starts_with(NO_VALUE));
            let (root, others) = DeTable::parse_recoverable(rest);
            errors.extend(others);
            node(root)
        }
        None => node(root),
    };
    flaws.extend(errors.iter().map(|error| flaw(source, error)));
    flaws.sort_by_key(|(at, _)| *at);
    (node, without_consequences(text, flaws))
}

/// Takes the words from all but the first flaw of each line, and from the missing comma that an open
/// brace makes of each line after it.
fn without_consequences(text: &Text, flaws: Vec<Flaw>) -> Vec<Flaw> {
    let mut last_line = 0;
    let told = flaws.into_iter().map(|(at, problem)| {
        let (line, _) = text.line_column(at);
        let is_no_comma = problem.as_ref().is_some_and(|problem| problem.found == NO_COMMA);
        let follows = last_line > 0 && line == last_line + 1 && is_no_comma;
        let is_told = line != last_line && !follows;
        last_line = line;
        (at, problem.filter(|_| is_told))
    });
    told.collect()
}

/// The text with blanks in place of each line that holds a key without a value; every other offset
/// stays as it is. `None` where there is no such line.
fn without_stray_keys(source: &str, errors: &[toml::de::Error]) -> Option<String> {
    let mut rest: Option<Vec<u8>> = None;
    for error in errors.iter().filter(|error| error.message().starts_with(NO_VALUE)) {
        let at = error.span().map_or(0, |span| span.start.min(source.len()));
        let start = source.as_bytes()[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let end = source.as_bytes()[at..].iter().position(|b| *b == b'\n');
        let end = end.map_or(source.len(), |n| at + n);
        rest.get_or_insert_with(|| source.as_bytes().to_vec())[start..end].fill(b' ');
    }
    // Whole lines were filled, so no character was cut.
    rest.and_then(|bytes| String::from_utf8(bytes).ok())
}

fn flaw(source: &str, error: &toml::de::Error) -> Flaw {
    let at = error.span().map_or(0, |span| span.start);
    let rest_of_line = source.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let message = error.message().replace('\n', " ");
    let problem = if message.starts_with(NOT_QUOTED) && rest_of_line.trim().is_empty() {
        Problem::new("a value is missing", "a value after =")
    } else {
        match message.split_once(", expected ") {
            Some((found, expected)) => Problem::new(found, expected),
            None => Problem::new(message, ""),
        }
    };
    (to_u32(at), Some(problem))
}

fn node(root: Spanned<DeTable<'_>>) -> (Node, Vec<Flaw>) {
    let mut flaws = Vec::new();
    let value = table(root.into_inner(), 0, &mut flaws);
    (Node { at: 0, value }, flaws)
}

fn table(table: DeTable<'_>, depth: u32, flaws: &mut Vec<Flaw>) -> Value {
    let entries = table.into_iter().map(|(key, value)| {
        let key_at = to_u32(key.span().start);
        let node = child(value, depth + 1, flaws);
        Entry { key: key.into_inner().into_owned(), key_at, node }
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_key(|entry| entry.key_at);
    Value::Table(Table { entries })
}

fn list(items: DeArray<'_>, depth: u32, flaws: &mut Vec<Flaw>) -> Value {
    Value::List(items.into_iter().map(|item| child(item, depth + 1, flaws)).collect())
}

fn child(spanned: Spanned<DeValue<'_>>, depth: u32, flaws: &mut Vec<Flaw>) -> Node {
    let at = to_u32(spanned.span().start);
    let value = match spanned.into_inner() {
        deep @ (DeValue::Array(_) | DeValue::Table(_)) if depth >= NESTING_MAX => {
            dismantle(deep);
            flaws.push((at, Some(Problem::too_deep())));
            Value::Null
        }
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Unfit(number.to_string()),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(decimal) if decimal.is_finite() => Value::Decimal(decimal),
            _ => Value::Unfit(number.to_string()),
        },
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Datetime(moment) => instant(moment),
        DeValue::Array(items) => list(items, depth, flaws),
        DeValue::Table(inner) => table(inner, depth, flaws),
    };
    Node { at, value }
}

fn instant(mut moment: Datetime) -> Value {
    let text = moment.to_string();
    // TOML lets the seconds be left out, RFC 3339 does not.
    if let Some(clock) = &mut moment.time {
        clock.second.get_or_insert(0);
    }
    Value::Moment { text, at: moment.to_string().parse().ok() }
}

/// Drops a tree of any depth. `a.a.a.…` nests without limit, and dropping it as it is would take a
/// stack frame for each level.
fn dismantle(value: DeValue<'_>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            DeValue::Array(items) => open.extend(items.into_iter().map(Spanned::into_inner)),
            DeValue::Table(table) => {
                open.extend(table.into_iter().map(|(_, value)| value.into_inner()));
            }
            _ => {}
        }
    }
}
