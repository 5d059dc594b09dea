//! Checks nodes of the tree against tables of fields and makes rows of them.
//!
//! Every mistake goes into the ledger and the walk goes on; whether a row is sound shows in whether
//! the ledger grew. CSV rows are in `sheet_rows`.

use std::borrow::Cow;
use std::rc::Rc;

use crate::base::limits::REPLY_FILE_BYTES_MAX;
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::secret_fields::SecretFields;
use crate::contract::section::SeedError;
use crate::scenario::files::{Files, NoFiles, reason, stays_inside};
use crate::scenario::keys::{Key, Keys, Origin, Target};
use crate::scenario::limits::NEAR_IDS_MAX;
use crate::scenario::mistake::{Ledger, Problem};
use crate::scenario::place::{Main, Place};
use crate::scenario::replacing::{REPLACE, Replacing};
use crate::scenario::scalar;
use crate::scenario::sheet::Sheet;
use crate::scenario::spot::Spot;
use crate::scenario::tree::{Entry, Node, Table, Value, quoted};
use crate::sim::loading::live::Live;
use crate::web::mask::masker::tagged;

/// Takes the sound rows of a collection.
pub(crate) type Each<'e> = dyn FnMut(&Row<'_>) -> Result<(), SeedError> + 'e;

/// One walk over a part of a scenario, and what it needs of the document.
pub(crate) struct Checker<'d> {
    pub(crate) main: &'d Main,
    pub(crate) files: &'d dyn Files,
    pub(crate) ledger: &'d mut Ledger,
    pub(crate) keys: &'d mut Keys,
    /// Number of CSV texts that the document has opened.
    pub(crate) n_sheets: &'d mut u32,
    /// The CSV texts of this walk, for the places of rows that were met before.
    pub(crate) sheets: Vec<Rc<Sheet>>,
    /// The section, and the rows of a world that it joins.
    pub(crate) live: Option<(&'static str, &'d Live<'d>)>,
    /// What is known of rows that take another's place; `None` where rows join none.
    pub(crate) replacing: Option<Replacing<'d>>,
    /// Whose values are told masked.
    pub(crate) secrets: SecretFields,
}

/// What a walk over something that stands by itself needs: with no files beside it, no references out of
/// it, and no world that it joins.
#[derive(Default)]
pub(crate) struct Alone {
    pub(crate) ledger: Ledger,
    keys: Keys,
    n_sheets: u32,
}

impl Alone {
    pub(crate) fn checker<'d>(&'d mut self, main: &'d Main, secrets: SecretFields) -> Checker<'d> {
        let Alone { ledger, keys, n_sheets } = self;
        let (files, sheets) = (&NoFiles, Vec::new());
        Checker {
            main,
            files,
            ledger,
            keys,
            n_sheets,
            sheets,
            live: None,
            replacing: None,
            secrets,
        }
    }
}

/// The way to a table, for messages. The root has no parent, and an empty name in a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    name: &'p str,
    is_many: bool,
}

impl<'p> Path<'p> {
    pub(crate) fn root(name: &'p str) -> Self {
        Path { parent: None, name, is_many: false }
    }

    pub(crate) fn table(&'p self, name: &'p str) -> Self {
        Path { parent: Some(self), name, is_many: false }
    }

    pub(crate) fn rows(&'p self, name: &'p str) -> Self {
        Path { parent: Some(self), name, is_many: true }
    }

    /// `in [jtel.settings]`, `in [[jtel.contacts]]`, `at the top level`.
    fn within(&self) -> String {
        match (self.parent, self.is_many) {
            (None, _) if self.name.is_empty() => "at the top level".into(),
            (None, _) => format!("in {}", self.name),
            (Some(_), true) => format!("in [[{}]]", self.dotted()),
            (Some(_), false) => format!("in [{}]", self.dotted()),
        }
    }

    fn dotted(&self) -> String {
        match self.parent {
            Some(parent) if parent.parent.is_some() => format!("{}.{}", parent.dotted(), self.name),
            _ => self.name.to_owned(),
        }
    }
}

impl<'d> Checker<'d> {
    /// Records a mistake at a node or key of the tree.
    pub(crate) fn mistake(&mut self, at: u32, problem: impl FnOnce() -> Problem) {
        let main = self.main;
        self.ledger.add(|| (main.place(at), problem()));
    }

    pub(crate) fn unknown_key(&mut self, path: &Path<'_>, entry: &Entry, known: &[&str]) {
        let problem = || Problem::unknown("key", &entry.key, &path.within(), known);
        self.mistake(entry.key_at, problem);
    }

    /// Records a key that a table below has.
    fn misplaced_key(&mut self, path: &Path<'_>, entry: &Entry, known: &[&str], table: &str) {
        let problem = || {
            let problem = Problem::unknown("key", &entry.key, &path.within(), known);
            problem.hint(format!("it belongs in {table} = {{ … }}"))
        };
        self.mistake(entry.key_at, problem);
    }

    pub(crate) fn missing(&mut self, path: &Path<'_>, field: &Field, at: u32) {
        let main = self.main;
        self.ledger.add_absence(|| {
            let found = format!("{} is missing {}", quoted(field.name), path.within());
            (main.place(at), Problem::new(found, field.kind.expected()))
        });
    }

    /// Checks a table. What is wrong or absent is [`Cell::Absent`] in the row.
    pub(crate) fn table(
        &mut self,
        path: &Path<'_>,
        fields: &'static [Field],
        at: u32,
        table: &'d Table,
    ) -> Row<'d> {
        self.table_but(path, fields, at, table, "")
    }

    /// As [`Self::table`], with a key that is none of its fields'.
    pub(crate) fn table_but(
        &mut self,
        path: &Path<'_>,
        fields: &'static [Field],
        at: u32,
        table: &'d Table,
        besides: &str,
    ) -> Row<'d> {
        let mut cells = Vec::with_capacity(fields.len());
        cells.resize_with(fields.len(), || Cell::Absent);
        let mut is_given = vec![false; fields.len()];
        let mut next_idx = 0;
        for entry in table.entries.iter().filter(|entry| entry.key != besides) {
            // Keys mostly stand in the order of the fields, so the search begins where the last
            // one ended.
            let ahead = fields[next_idx..].iter().position(|field| field.name == entry.key);
            let idx = match ahead {
                Some(ahead) => Some(next_idx + ahead),
                None => fields[..next_idx].iter().position(|field| field.name == entry.key),
            };
            let Some(idx) = idx else {
                let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
                match below(fields, &entry.key) {
                    Some(table) => self.misplaced_key(path, entry, &known, table),
                    None => self.unknown_key(path, entry, &known),
                }
                continue;
            };
            next_idx = idx + 1;
            if !matches!(entry.node.value, Value::Null) {
                is_given[idx] = true;
                cells[idx] = self.cell(path, &fields[idx], &entry.node);
            }
        }
        for (field, is_given) in fields.iter().zip(is_given) {
            if field.is_required() && !is_given {
                self.missing(path, field, at);
            }
        }
        Row::new(fields, cells)
    }

    /// Checks one value of any kind.
    pub(crate) fn cell(
        &mut self,
        path: &Path<'_>,
        field: &'static Field,
        node: &'d Node,
    ) -> Cell<'d> {
        match (&field.kind, &node.value) {
            (Kind::Table(fields) | Kind::TextOr(fields), Value::Table(table)) => {
                let inner = path.table(field.name);
                Cell::Table(Box::new(self.table(&inner, fields, node.at, table)))
            }
            (Kind::Rows(rows), _) => self.inner_rows(path, field, rows, node),
            (Kind::Any, _) => Cell::Json(Box::new(node.to_json())),
            (Kind::File, Value::Text(path)) => self.file(field, node, path),
            (Kind::TextOr(_), Value::Text(text)) => Cell::Text(Cow::Borrowed(text)),
            (Kind::Map(element), Value::Table(table)) => {
                let inner = path.table(field.name);
                for entry in &table.entries {
                    self.element(&inner, element, entry);
                }
                Cell::Json(Box::new(node.to_json()))
            }
            (Kind::List(element) | Kind::OneOrMore(element), Value::List(items)) => {
                let name = quoted(field.name);
                let subject = |idx: usize| format!("element {} of {name}", idx + 1);
                let cells = items
                    .iter()
                    .enumerate()
                    .map(|(idx, item)| self.scalar(field, element, item, || subject(idx)));
                Cell::List(cells.collect())
            }
            (kind @ (Kind::Table(_) | Kind::List(_) | Kind::TextOr(_) | Kind::Map(_)), value) => {
                let secrets = self.secrets;
                self.mistake(node.at, || {
                    let problem = scalar::wrong_type(kind, value);
                    told(secrets, field.name, problem, value).of(&quoted(field.name))
                });
                Cell::Absent
            }
            (Kind::OneOrMore(element), _) => {
                Cell::List([self.scalar(field, element, node, || quoted(field.name))].into())
            }
            (kind, _) => self.scalar(field, kind, node, || quoted(field.name)),
        }
    }

    /// Reads a file beside the scenario.
    fn file(&mut self, field: &Field, node: &Node, path: &str) -> Cell<'d> {
        let read = if stays_inside(path) {
            self.files.read(path, REPLY_FILE_BYTES_MAX).map_err(|error| reason(&error))
        } else {
            Err("it is outside the scenario's folder".to_owned())
        };
        match read {
            Ok(bytes) => Cell::Bytes(bytes.into()),
            Err(reason) => {
                let found = format!("{} is {}: {reason}", quoted(field.name), quoted(path));
                let expected =
                    "the name of a file beside the scenario, relative and without \"..\"";
                self.mistake(node.at, || Problem::new(found, expected));
                Cell::Absent
            }
        }
    }

    /// Checks one value of a table with free names.
    fn element(&mut self, path: &Path<'_>, kind: &'static Kind, entry: &'d Entry) {
        let name = || quoted(&entry.key);
        match (kind, &entry.node.value) {
            (Kind::Any, _) | (Kind::TextOr(_), Value::Text(_)) => {}
            (Kind::TextOr(fields) | Kind::Table(fields), Value::Table(table)) => {
                let inner = path.table(&entry.key);
                self.table(&inner, fields, entry.node.at, table);
            }
            (kind, value) => {
                if let Err(problem) = scalar::from_node(kind, value) {
                    let secrets = self.secrets;
                    self.mistake(entry.node.at, || {
                        told(secrets, &entry.key, *problem, value).of(&name())
                    });
                }
            }
        }
    }

    fn scalar(
        &mut self,
        field: &Field,
        kind: &Kind,
        node: &'d Node,
        subject: impl Fn() -> String,
    ) -> Cell<'d> {
        match scalar::from_node(kind, &node.value) {
            Ok(cell) => {
                let main = self.main;
                self.follow(field, &cell, subject, || main.place(node.at));
                cell
            }
            Err(problem) => {
                let secrets = self.secrets;
                self.mistake(node.at, || {
                    told(secrets, field.name, *problem, &node.value).of(&subject())
                });
                Cell::Absent
            }
        }
    }

    /// Checks that a reference leads somewhere; each of them, where the cell is a list.
    pub(crate) fn follow(
        &mut self,
        field: &Field,
        cell: &Cell<'_>,
        subject: impl Fn() -> String,
        place: impl Fn() -> Place,
    ) {
        let Some(refers) = field.refers else { return };
        let cells = if let Cell::List(cells) = cell { cells } else { std::slice::from_ref(cell) };
        for key in cells.iter().filter_map(Key::of) {
            let Target::Missing { collection, column } = self.keys.look_up(refers, &key) else {
                continue;
            };
            let live = self.live;
            if live.is_some_and(|(section, live)| {
                live.has((section, collection, column.name), &key.text())
            }) {
                continue;
            }
            let secrets = self.secrets;
            self.ledger.add_absence(|| {
                let word = key.text();
                let expected = format!("the {} of one of {collection}", column.name);
                if secrets.has(field.name) {
                    let found = format!("{} is {}", subject(), tagged(&word));
                    return (place(), Problem::new(found, expected));
                }
                let found = format!("{} is {}", subject(), quoted(&word));
                let mut problem = Problem::new(found, expected);
                let known = live.map(|(section, live)| {
                    live.values((section, collection, column.name), NEAR_IDS_MAX)
                });
                let known = known.unwrap_or_default();
                if column.is_empty() && known.is_empty() {
                    problem = problem.hint(format!("there are no {collection}"));
                } else if let Some(near) = column.nearest(&key) {
                    problem = problem.hint(format!("did you mean {}?", quoted(&near)));
                } else {
                    problem = problem.meant(&word, known.iter().map(String::as_str));
                }
                (place(), problem)
            });
        }
    }

    /// A collection inside a row: its unique fields hold within the row.
    fn inner_rows(
        &mut self,
        path: &Path<'_>,
        field: &'static Field,
        rows: &'static Rows,
        node: &'d Node,
    ) -> Cell<'d> {
        let collection_idx = self.keys.open(field.name, rows);
        let mut kept = Vec::new();
        let outcome = self.rows(path, field, rows, node, collection_idx, &mut |row| {
            kept.push(row.clone().into_owned());
            Ok(())
        });
        self.keys.close();
        outcome.expect("the closure refuses nothing");
        Cell::Rows(kept.into_boxed_slice())
    }

    /// Walks a collection and hands over its sound rows. Answers their number.
    pub(crate) fn rows(
        &mut self,
        path: &Path<'_>,
        field: &'static Field,
        rows: &'static Rows,
        node: &'d Node,
        collection_idx: usize,
        each: &mut Each<'_>,
    ) -> Result<u64, SeedError> {
        let path = path.rows(field.name);
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Table(table) if table.as_csv().is_some() => std::slice::from_ref(node),
            value => {
                self.unreadable(collection_idx);
                let secrets = self.secrets;
                self.mistake(node.at, || {
                    let problem = scalar::wrong_type(&field.kind, value);
                    told(secrets, field.name, problem, value).of(&quoted(field.name))
                });
                return Ok(0);
            }
        };
        let mut n_rows = 0;
        for (idx, item) in items.iter().enumerate() {
            let Value::Table(table) = &item.value else {
                let subject = || format!("element {} of {}", idx + 1, quoted(field.name));
                let secrets = self.secrets;
                self.mistake(item.at, || {
                    let found = format!("is {}", item.value.describe());
                    let problem = Problem::new(found, r#"a table, or { csv = "file.csv" }"#);
                    told(secrets, field.name, problem, &item.value).of(&subject())
                });
                continue;
            };
            n_rows += match table.as_csv() {
                Some(csv) => self.sheet(rows, collection_idx, csv, each)?,
                None => {
                    u64::from(self.inline_row(&path, rows, item, table, collection_idx, each)?)
                }
            };
        }
        Ok(n_rows)
    }

    fn inline_row(
        &mut self,
        path: &Path<'_>,
        rows: &'static Rows,
        node: &'d Node,
        table: &'d Table,
        collection_idx: usize,
        each: &mut Each<'_>,
    ) -> Result<bool, SeedError> {
        let n_seen = self.ledger.n_seen();
        // A row inside another has no place that could be taken.
        let is_own = self.keys.own_name(collection_idx).is_some();
        let may_replace = self.replacing.as_ref().filter(|_| is_own).map(|it| it.may_replace);
        let (row, replaces) = match may_replace {
            Some(may_replace) => (
                self.table_but(path, rows.fields, node.at, table, REPLACE),
                self.says_replace(table, rows, may_replace),
            ),
            None => (self.table(path, rows.fields, node.at, table), false),
        };
        let spot = Spot::Inline { main: self.main, node };
        self.claim(collection_idx, &row, &spot, replaces);
        if self.ledger.n_seen() == n_seen {
            // It was handed over with those whose place it takes.
            return if replaces {
                Ok(true)
            } else {
                self.hand_own(collection_idx, &row, &spot, each)
            };
        }
        self.ledger.pass_over();
        Ok(false)
    }

    /// Notes that a collection could not be read as a whole.
    pub(crate) fn unreadable(&mut self, collection_idx: usize) {
        self.keys.mark_unreadable(collection_idx);
        self.ledger.pass_over();
    }

    /// Takes the values of the row's unique fields. A row with another mistake takes them too, so
    /// that those who refer to it are not mistaken as well.
    pub(crate) fn claim(
        &mut self,
        collection_idx: usize,
        row: &Row<'_>,
        spot: &Spot<'_>,
        replaces: bool,
    ) {
        // A row that takes another's place is there by now.
        let live = self.live.filter(|_| !replaces).zip(self.keys.own_name(collection_idx));
        let may_replace = self.replacing.as_ref().is_some_and(|it| it.may_replace);
        for column in self.keys.columns(collection_idx) {
            let cell = row.cell(column.field_idx);
            let Some(key) = Key::of(cell) else { continue };
            let mut is_there = false;
            let found = match (column.claim(key, spot.origin()), live) {
                (Err(first), _) => {
                    format!("already used at {}", earlier(self.main, &self.sheets, first))
                }
                (Ok(()), Some(((section, live), collection)))
                    if Key::of(cell).is_some_and(|key| {
                        live.has((section, collection, column.name), &key.text())
                    }) =>
                {
                    is_there = true;
                    let whose = if may_replace { "what this one extends" } else { "this world" };
                    format!("already there among the {collection} of {whose}")
                }
                (Ok(()), _) => continue,
            };
            let is_secret = || self.secrets.has(column.name);
            self.ledger.add(|| {
                let shown = |key: &Key<'_>| {
                    let text = key.text();
                    if is_secret() { tagged(&text) } else { quoted(&text) }
                };
                let value = Key::of(cell).as_ref().map(shown).unwrap_or_default();
                let found = format!("{} is {value}, {found}", quoted(column.name));
                let mut problem = Problem::new(found, "a value that no other row has");
                if is_there && may_replace {
                    problem = problem.hint("replace = true at the row takes the place of that one");
                }
                (spot.place_of(row, column.field_idx), problem)
            });
        }
    }

    /// Hands a sound row over. Answers whether it was taken.
    pub(crate) fn hand(
        &mut self,
        row: &Row<'_>,
        spot: &Spot<'_>,
        each: &mut Each<'_>,
    ) -> Result<bool, SeedError> {
        match each(row) {
            Ok(()) => Ok(true),
            Err(SeedError::Refused { field, message }) => {
                let mut fields = row.fields().iter();
                let idx = field.and_then(|name| fields.position(|field| field.name == name));
                let secrets = self.secrets;
                self.ledger.add(|| {
                    let place = idx.map_or_else(|| spot.place(), |idx| spot.place_of(row, idx));
                    (place, Problem::of_sentence(&secrets.veiled(row, message)))
                });
                Ok(false)
            }
            Err(internal) => Err(internal),
        }
    }
}

/// What is wrong with the value of a field, as it may be told.
fn told(secrets: SecretFields, field: &str, mut problem: Problem, value: &Value) -> Problem {
    if secrets.has(field) {
        problem.found = format!("is {}", value.describe_secret());
        problem.veil(&value.plain());
    }
    problem
}

/// The place of a row that was met before, without its column.
fn earlier(main: &Main, sheets: &[Rc<Sheet>], origin: Origin) -> String {
    let sheet = origin.sheet.checked_sub(1).and_then(|idx| sheets.get(idx as usize));
    match sheet {
        Some(sheet) => sheet.place(origin.at).line_only(),
        None => main.place(origin.at).line_only(),
    }
}

/// The table in which a key stands that these fields do not have.
fn below(fields: &'static [Field], key: &str) -> Option<&'static str> {
    let has = |field: &&Field| match field.kind {
        Kind::Table(inner) => inner.iter().any(|field| field.name == key),
        _ => false,
    };
    fields.iter().find(has).map(|field| field.name)
}
