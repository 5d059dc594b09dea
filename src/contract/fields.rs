//! Tables of fields as data, and the rows that were checked against them.
//!
//! A vendor declares its section of a scenario and the bodies of its events as tables of fields.
//! One walk over such a table reads a scenario, checks an event, prints documentation and makes a
//! JSON Schema.
//!
//! Not here: reading files and checking (`scenario`), and what a vendor does with a row.

use std::borrow::Cow;

use serde_json::Value;

use crate::base::time::{Instant, Span};

/// One field of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub presence: Presence,
    /// What it means, in a line.
    pub text: &'static str,
    /// The collection of the same section whose unique field this value must equal: `campaigns`, or
    /// `campaigns.name` where it is not the first unique field. It stands earlier in the section's
    /// table, or is this one, and then an earlier row is meant.
    pub refers: Option<&'static str>,
    /// No two rows of the collection have the same value here.
    pub unique: bool,
}

/// Whether a field may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Required,
    Optional,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Text,
    /// Text or an integer, kept as text: ids as the vendor writes them. Never empty.
    Id,
    /// Both bounds belong to it.
    Integer {
        min: i64,
        max: i64,
    },
    Decimal,
    Bool,
    /// RFC 3339 with its offset; read as milliseconds since 1970 in UTC.
    Time,
    /// A length of time such as `1h30m`; read as milliseconds.
    Duration,
    OneOf(&'static [&'static str]),
    /// Text of a format. `Err` says what was expected: "a phone number such as …".
    Checked(fn(&str) -> Result<(), String>),
    /// Of scalars. In a CSV cell the elements are separated by `|`.
    List(&'static Kind),
    /// One of it, or a list.
    OneOrMore(&'static Kind),
    Table(&'static [Field]),
    Rows(&'static Rows),
    /// Any value, checked by whoever reads it.
    Any,
    /// Text, or a table instead of it.
    TextOr(&'static [Field]),
    /// A table of names that are free to choose, each with a value of this kind.
    Map(&'static Kind),
    /// The name of a file beside the scenario, which is read as it is.
    File,
}

/// A collection: a list of tables, `{ csv = "file.csv" }`, or a list in which some elements are such
/// files.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    pub fields: &'static [Field],
}

impl Field {
    pub const fn required(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Field { name, kind, presence: Presence::Required, text, refers: None, unique: false }
    }

    pub const fn optional(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Field { name, kind, presence: Presence::Optional, text, refers: None, unique: false }
    }

    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    #[must_use]
    pub const fn refers(mut self, target: &'static str) -> Self {
        self.refers = Some(target);
        self
    }

    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }
}

impl Kind {
    /// Any integer that fits.
    pub const INTEGER: Kind = Kind::Integer { min: i64::MIN, max: i64::MAX };

    /// What is expected of a value, as the end of a sentence: "an integer from 1 to 5".
    pub fn expected(&self) -> String {
        match self {
            Kind::Text | Kind::Checked(_) => "text".into(),
            Kind::Id => "an id (text or an integer)".into(),
            Kind::Integer { min: i64::MIN, max: i64::MAX } => "an integer".into(),
            Kind::Integer { min, max: i64::MAX } => format!("an integer of at least {min}"),
            Kind::Integer { min: i64::MIN, max } => format!("an integer of at most {max}"),
            Kind::Integer { min, max } => format!("an integer from {min} to {max}"),
            Kind::Decimal => "a number".into(),
            Kind::Bool => "true or false".into(),
            Kind::Time => r#"a time with its offset, such as "2026-03-02T09:00:00Z""#.into(),
            Kind::Duration => r#"a length of time such as "30s", "90m" or "1h30m""#.into(),
            Kind::OneOf(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                format!("one of {}", words.join(", "))
            }
            Kind::List(element) => format!("a list, each element {}", element.expected()),
            Kind::OneOrMore(element) => format!("{}, or a list of it", element.expected()),
            Kind::Table(_) => "a table".into(),
            Kind::Rows(_) => r#"a list of tables, or { csv = "file.csv" }"#.into(),
            Kind::Any => "a value".into(),
            Kind::TextOr(_) => "text, or a table".into(),
            Kind::Map(element) => format!("a table of names, each {}", element.expected()),
            Kind::File => "the name of a file beside the scenario".into(),
        }
    }

    pub fn is_scalar(&self) -> bool {
        !self.is_nested() && !matches!(self, Kind::List(_) | Kind::OneOrMore(_))
    }

    /// Whether it may hold tables, which do not fit in a CSV cell.
    pub fn is_nested(&self) -> bool {
        matches!(
            self,
            Kind::Table(_)
                | Kind::Rows(_)
                | Kind::Any
                | Kind::TextOr(_)
                | Kind::Map(_)
                | Kind::File
        )
    }
}

/// The place of a field in its table, for [`Row::cell`] in hot loops. Made for constants, where a
/// name that the table does not have stops the build:
/// `const NAME: usize = column(CONTACTS.fields, "name");`
pub const fn column(fields: &[Field], name: &str) -> usize {
    let mut idx = 0;
    while idx < fields.len() {
        if same_text(fields[idx].name, name) {
            return idx;
        }
        idx += 1;
    }
    panic!("the table has no field of this name")
}

const fn same_text(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut idx = 0;
    while idx < left.len() && idx < right.len() && left[idx] == right[idx] {
        idx += 1;
    }
    idx == left.len() && idx == right.len()
}

/// What is wrong with the declaration of a section or of a body, one line each; for a test over all
/// vendors. Names are unique and none is reserved, references point to a unique field of a
/// collection that stands earlier, lists hold scalars.
pub fn audit(section: &[Field]) -> Vec<String> {
    let mut faults = Vec::new();
    for (idx, field) in section.iter().enumerate() {
        let earlier = &section[..=idx];
        audit_field(field, earlier, field.name, &mut faults);
    }
    audit_names(section, "the section", &mut faults);
    faults
}

fn audit_field(field: &Field, earlier: &[Field], path: &str, faults: &mut Vec<String>) {
    if let Some(target) = field.refers
        && !has_target(earlier, target)
    {
        faults.push(format!("{path} refers to {target}, which is not a unique field further up"));
    }
    if field.unique
        && !matches!(field.kind, Kind::Text | Kind::Id | Kind::Integer { .. })
        && !matches!(field.kind, Kind::OneOf(_) | Kind::Checked(_))
    {
        faults.push(format!("{path} is unique, but neither text nor an integer"));
    }
    let inner = match field.kind {
        Kind::List(element) | Kind::OneOrMore(element) if !element.is_scalar() => {
            faults.push(format!("{path} is a list of something that is not a scalar"));
            return;
        }
        Kind::Table(fields) | Kind::TextOr(fields) => fields,
        Kind::Rows(rows) => {
            // `{ csv = … }` in the place of a row stands for a file.
            if rows.fields.iter().any(|field| field.name == "csv") {
                faults.push(format!("{path} declares csv, a name that scenarios reserve"));
            }
            rows.fields
        }
        _ => return,
    };
    audit_names(inner, path, faults);
    for field in inner {
        audit_field(field, earlier, &format!("{path}.{}", field.name), faults);
    }
}

fn audit_names(fields: &[Field], path: &str, faults: &mut Vec<String>) {
    for (idx, field) in fields.iter().enumerate() {
        if fields[..idx].iter().any(|other| other.name == field.name) {
            faults.push(format!("{path} declares {} twice", field.name));
        }
        if ["variants", "hosts"].contains(&field.name) {
            let name = field.name;
            faults.push(format!("{path} declares {name}, a name that scenarios reserve"));
        }
    }
}

fn has_target(earlier: &[Field], target: &str) -> bool {
    let (collection, column) = match target.split_once('.') {
        Some((collection, column)) => (collection, Some(column)),
        None => (target, None),
    };
    earlier.iter().any(|field| match field.kind {
        Kind::Rows(rows) if field.name == collection => {
            rows.fields.iter().any(|f| f.unique && column.is_none_or(|column| column == f.name))
        }
        _ => false,
    })
}

/// One checked value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// An optional field that was left out.
    Absent,
    /// `Text`, `Id`, `OneOf` and `Checked`.
    Text(Cow<'a, str>),
    Integer(i64),
    Decimal(f64),
    Bool(bool),
    Time(Instant),
    Duration(Span),
    List(Box<[Cell<'a>]>),
    Table(Box<Row<'a>>),
    Rows(Box<[Row<'a>]>),
    /// `Any` and `Map`.
    Json(Box<Value>),
    /// `File`.
    Bytes(Box<[u8]>),
}

impl Cell<'_> {
    pub fn as_text(&self) -> Option<&str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_int(&self) -> Option<i64> {
        if let Cell::Integer(number) = self { Some(*number) } else { None }
    }

    /// An instant or a length of time, in milliseconds.
    pub fn as_millis(&self) -> Option<i64> {
        match self {
            Cell::Time(at) => Some(at.as_millis()),
            Cell::Duration(length) => Some(length.as_millis()),
            _ => None,
        }
    }

    /// The value without a borrow.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Absent => Cell::Absent,
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Integer(number) => Cell::Integer(number),
            Cell::Decimal(number) => Cell::Decimal(number),
            Cell::Bool(flag) => Cell::Bool(flag),
            Cell::Time(at) => Cell::Time(at),
            Cell::Duration(length) => Cell::Duration(length),
            Cell::List(cells) => Cell::List(cells.into_iter().map(Cell::into_owned).collect()),
            Cell::Table(row) => Cell::Table(Box::new(row.into_owned())),
            Cell::Rows(rows) => Cell::Rows(rows.into_iter().map(Row::into_owned).collect()),
            Cell::Json(value) => Cell::Json(value),
            Cell::Bytes(bytes) => Cell::Bytes(bytes),
        }
    }
}

/// One checked row: a cell for each field of its table, in the table's order.
///
/// Accessors go by the field's name. They panic where the table has no such field or where it is of
/// another kind; those without `opt_` also where the field is optional and was left out. All three
/// are mistakes of the caller's, never of the scenario's.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    fields: &'static [Field],
    cells: Vec<Cell<'a>>,
}

/// A row that borrows nothing.
pub type OwnedRow = Row<'static>;

impl PartialEq for Row<'_> {
    /// Rows of the same table are equal when their cells are.
    fn eq(&self, other: &Self) -> bool {
        self.cells == other.cells
    }
}

impl<'a> Row<'a> {
    /// A row of checked cells, one for each field.
    pub fn new(fields: &'static [Field], cells: Vec<Cell<'a>>) -> Self {
        assert_eq!(fields.len(), cells.len(), "a row has one cell for each field");
        Row { fields, cells }
    }

    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The cell at a place in the table, see [`column()`].
    pub fn cell(&self, idx: usize) -> &Cell<'a> {
        &self.cells[idx]
    }

    /// All cells, in the order of the table.
    pub fn cells(&self) -> &[Cell<'a>] {
        &self.cells
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> &Cell<'a> {
        let idx = self.fields.iter().position(|field| field.name == name);
        &self.cells[idx.unwrap_or_else(|| panic!("the table has no field {name}"))]
    }

    #[track_caller]
    pub fn opt_text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Cell::Text(text) => Some(text),
            other => absent(other, name, "text"),
        }
    }

    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        self.opt_text(name).unwrap_or_else(|| panic!("{name} was left out: it is optional"))
    }

    #[track_caller]
    pub fn opt_int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Cell::Integer(number) => Some(*number),
            other => absent(other, name, "an integer"),
        }
    }

    #[track_caller]
    pub fn int(&self, name: &str) -> i64 {
        self.opt_int(name).unwrap_or_else(|| panic!("{name} was left out: it is optional"))
    }

    #[track_caller]
    pub fn opt_decimal(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Cell::Decimal(number) => Some(*number),
            other => absent(other, name, "a number"),
        }
    }

    #[track_caller]
    pub fn decimal(&self, name: &str) -> f64 {
        self.opt_decimal(name).unwrap_or_else(|| panic!("{name} was left out: it is optional"))
    }

    #[track_caller]
    pub fn opt_bool(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Cell::Bool(flag) => Some(*flag),
            other => absent(other, name, "true or false"),
        }
    }

    #[track_caller]
    pub fn bool_or(&self, name: &str, default: bool) -> bool {
        self.opt_bool(name).unwrap_or(default)
    }

    #[track_caller]
    pub fn opt_time(&self, name: &str) -> Option<Instant> {
        match self.get(name) {
            Cell::Time(at) => Some(*at),
            other => absent(other, name, "a time"),
        }
    }

    #[track_caller]
    pub fn time(&self, name: &str) -> Instant {
        self.opt_time(name).unwrap_or_else(|| panic!("{name} was left out: it is optional"))
    }

    #[track_caller]
    pub fn opt_duration(&self, name: &str) -> Option<Span> {
        match self.get(name) {
            Cell::Duration(length) => Some(*length),
            other => absent(other, name, "a length of time"),
        }
    }

    #[track_caller]
    pub fn duration(&self, name: &str) -> Span {
        self.opt_duration(name).unwrap_or_else(|| panic!("{name} was left out: it is optional"))
    }

    /// The elements of a list; none where it was left out.
    #[track_caller]
    pub fn list(&self, name: &str) -> &[Cell<'a>] {
        match self.get(name) {
            Cell::List(cells) => cells,
            other => absent(other, name, "a list").unwrap_or_default(),
        }
    }

    /// The elements of a list of texts; none where it was left out.
    #[track_caller]
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.list(name).iter().filter_map(Cell::as_text)
    }

    #[track_caller]
    pub fn opt_table(&self, name: &str) -> Option<&Row<'a>> {
        match self.get(name) {
            Cell::Table(row) => Some(row),
            other => absent(other, name, "a table"),
        }
    }

    /// The rows of a collection inside this row; none where it was left out.
    #[track_caller]
    pub fn rows(&self, name: &str) -> &[Row<'a>] {
        match self.get(name) {
            Cell::Rows(rows) => rows,
            other => absent(other, name, "a collection").unwrap_or_default(),
        }
    }

    /// The row without a borrow.
    pub fn into_owned(self) -> OwnedRow {
        let cells = self.cells.into_iter().map(Cell::into_owned).collect();
        Row { fields: self.fields, cells }
    }
}

#[track_caller]
fn absent<T>(cell: &Cell<'_>, name: &str, wanted: &str) -> Option<T> {
    assert!(matches!(cell, Cell::Absent), "{name} is not declared as {wanted}");
    None
}
