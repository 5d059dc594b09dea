//! One section of a document, as its vendor reads it.

use crate::contract::fields::{Cell, Field, Kind, OwnedRow, Row};
use crate::contract::section::{self, SeedError};
use crate::scenario::checker::{Checker, Each, Path};
use crate::scenario::document::Document;
use crate::scenario::mistake::{Mistakes, Problem};
use crate::scenario::replacing::Replacing;
use crate::scenario::section::Section;
use crate::scenario::top::Top;
use crate::scenario::tree::{Node, Value};
use crate::sim::loading::live::Live;
use crate::sim::loading::scenario::Collection;
use crate::sim::loading::settings::ClockSpec;

/// A section that is being read; its mistakes go to the document.
#[derive(Debug)]
pub struct Part<'d> {
    document: &'d mut Document,
    section: usize,
    /// The rows that these join.
    live: Option<&'d Live<'d>>,
    /// Whether those are of a scenario that this one extends.
    is_laid: bool,
}

impl<'d> Part<'d> {
    pub(crate) fn new(document: &'d mut Document, section: usize) -> Self {
        Part { document, section, live: None, is_laid: false }
    }

    /// Has the rows join those of a world, where there is one.
    pub(crate) fn over(self, live: Option<&'d Live<'_>>) -> Self {
        Part { live, ..self }
    }

    /// Has the rows lie over those of a scenario that this one extends.
    pub(crate) fn laid_over(self, live: &'d Live<'_>) -> Self {
        Part { live: Some(live), is_laid: true, ..self }
    }

    /// Whether the scenario has this field.
    pub(crate) fn has(&self, name: &str) -> bool {
        let section = &self.document.sections[self.section];
        section.find(&self.document.main).is_some_and(|(_, table)| table.get(name).is_some())
    }

    /// Checks what the vendor has not asked for.
    pub(crate) fn read_rest(&mut self) -> Result<(), SeedError> {
        let section = &self.document.sections[self.section];
        let unread = section.fields.iter().zip(&section.is_read).filter(|(_, is_read)| !**is_read);
        let unread: Vec<&'static Field> = unread.map(|(field, _)| field).collect();
        for field in unread {
            match field.kind {
                Kind::Rows(_) => self.collection(field, &mut |_| Ok(()))?,
                _ => drop(self.single(field)),
            }
        }
        Ok(())
    }

    /// Marks a field as read and answers its declaration.
    #[track_caller]
    fn take(&mut self, name: &str) -> &'static Field {
        let section = &mut self.document.sections[self.section];
        let fields = section.fields;
        let idx = fields.iter().position(|field| field.name == name);
        let idx = idx.unwrap_or_else(|| panic!("section {} declares no {name}", section.name));
        assert!(!section.is_read[idx], "{name} is read a second time");
        section.is_read[idx] = true;
        if matches!(fields[idx].kind, Kind::Rows(_)) {
            // References lead to what was read before, so nothing may be passed over.
            let mut earlier = fields.iter().zip(&section.is_read).take(idx);
            let passed_over =
                earlier.find(|(field, is_read)| !**is_read && matches!(field.kind, Kind::Rows(_)));
            if let Some((earlier, _)) = passed_over {
                panic!("{name} is read before {}, which stands further up", earlier.name);
            }
        }
        &fields[idx]
    }

    fn collection(&mut self, field: &'static Field, each: &mut Each<'_>) -> Result<(), SeedError> {
        let Kind::Rows(rows) = field.kind else { panic!("{} is no collection", field.name) };
        let n_rows = self.walk(field, |checker, path, node| {
            let collection_idx =
                checker.keys.position(field.name).expect("the section's keys hold each collection");
            checker.rows(path, field, rows, node, collection_idx, each)
        });
        let section = &mut self.document.sections[self.section];
        let idx = section.fields.iter().position(|known| std::ptr::eq(known, field));
        section.n_rows[idx.expect("the field is the section's")] = n_rows.transpose()?.unwrap_or(0);
        Ok(())
    }

    /// A value that is no collection; `None` where it was left out or is mistaken.
    fn single(&mut self, field: &'static Field) -> Option<Cell<'static>> {
        let n_seen = self.document.ledger.n_seen();
        let cell =
            self.walk(field, |checker, path, node| checker.cell(path, field, node).into_owned());
        cell.filter(|_| self.document.ledger.n_seen() == n_seen)
    }

    /// Calls `read` with the node of a field, if the scenario has it.
    fn walk<T>(
        &mut self,
        field: &Field,
        read: impl for<'c> FnOnce(&mut Checker<'c>, &Path<'_>, &'c Node) -> T,
    ) -> Option<T> {
        let live = self.live;
        let Document { main, files, ledger, n_sheets, sections, replaced, top, .. } =
            &mut *self.document;
        let section: &mut Section = &mut sections[self.section];
        let (_, table) = section.find(main)?;
        let node = &table.get(field.name)?.node;
        let (files, sheets) = (files.as_ref(), Vec::new());
        let live = live.map(|live| (section.name, live));
        let may_replace = !top.extends.is_empty();
        let replacing = Some(Replacing { section: section.name, replaced, may_replace });
        let (secrets, keys) = (section.secrets, &mut section.keys);
        let mut checker =
            Checker { main, files, ledger, keys, n_sheets, sheets, live, replacing, secrets };
        let root = Path::root("");
        let path = if section.name.is_empty() { root } else { root.table(section.name) };
        Some(read(&mut checker, &path, node))
    }
}

impl section::Section for Part<'_> {
    fn is_merge(&self) -> bool {
        self.live.is_some()
    }

    fn is_laid(&self) -> bool {
        self.is_laid
    }

    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        let field = self.take(name);
        self.collection(field, each)
    }

    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError> {
        let field = self.take(name);
        assert!(matches!(field.kind, Kind::Table(_)), "{name} is no table");
        Ok(self.single(field).and_then(|cell| match cell {
            Cell::Table(row) => Some(*row),
            _ => None,
        }))
    }

    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError> {
        let field = self.take(name);
        assert!(!matches!(field.kind, Kind::Table(_) | Kind::Rows(_)), "{name} is no single value");
        Ok(self.single(field))
    }

    fn refuse(&mut self, name: &str, field: Option<&str>, message: String) {
        let Document { main, ledger, sections, .. } = &mut *self.document;
        let section = &sections[self.section];
        let (section_at, table) = section.find(main).map_or((0, None), |(at, t)| (at, Some(t)));
        let node = table.and_then(|table| table.get(name)).map(|entry| &entry.node);
        let inner = match (node.map(|node| &node.value), field) {
            (Some(Value::Table(table)), Some(field)) => table.get(field).map(|entry| &entry.node),
            _ => None,
        };
        let at = inner.or(node).map_or(section_at, |node| node.at);
        // The vendor reads no further then.
        ledger.pass_over();
        ledger.add(|| {
            let mut problem = Problem::of_sentence(&message);
            if let (Some(inner), true) = (inner, field.is_some_and(|it| section.secrets.has(it))) {
                problem.veil(&inner.value.plain());
            }
            (main.place(at), problem)
        });
    }
}

impl Document {
    /// One vendor's section, also where the scenario does not have it. The vendor is one of those
    /// declared.
    pub fn part(&mut self, vendor: &str) -> Part<'_> {
        let mut sections = self.sections.iter();
        let section = sections.position(|section| !vendor.is_empty() && section.name == vendor);
        Part::new(self, section.unwrap_or_else(|| panic!("no section is declared for {vendor}")))
    }

    /// The further fields at the top, see `Shape::top`.
    pub fn top(&mut self) -> Part<'_> {
        Part::new(self, 0)
    }

    /// Checks what nobody has read, and tells everything that is wrong.
    ///
    /// # Errors
    /// Where anything is. Whatever was made of the scenario's rows is then to be thrown away.
    pub fn finish(mut self) -> Result<Summary, Mistakes> {
        for section in 0..self.sections.len() {
            let outcome = Part::new(&mut self, section).read_rest();
            debug_assert!(!matches!(outcome, Err(SeedError::Internal(_))), "nobody was asked");
        }
        if let Some(mistakes) = self.ledger.into_mistakes() {
            return Err(mistakes);
        }
        let mut collections = Vec::new();
        for section in &self.sections {
            for (field, n_rows) in section.fields.iter().zip(&section.n_rows) {
                if matches!(field.kind, Kind::Rows(_)) && *n_rows > 0 {
                    let (section, n_rows) = (section.name, *n_rows);
                    collections.push(Collection { section, name: field.name, n_rows });
                }
            }
        }
        let Top { title, seed, clock, .. } = self.top;
        Ok(Summary { title, seed, clock, collections })
    }
}

/// What a sound scenario holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub title: Option<String>,
    pub seed: Option<u64>,
    pub clock: Option<ClockSpec>,
    /// The collections that have rows, in the order of the declarations.
    pub collections: Vec<Collection>,
}
