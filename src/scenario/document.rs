//! A scenario: opened once, handed to each vendor part by part, and closed with a verdict.
//!
//! Opening never fails. Whatever is wrong, also that there is no such file, is a mistake like any
//! other and told by [`Document::finish`].
//!
//! Not here: handing out its parts and the verdict (`part`).

use std::path::{Path as FilePath, PathBuf};

use serde_json::Value as Json;

use crate::contract::fields::Field;
use crate::contract::secret_fields::SecretFields;
use crate::contract::section::SectionDecl;
use crate::scenario::checker::{Checker, Path};
use crate::scenario::error::ScenarioError;
use crate::scenario::files::{Files, Folder, NoFiles, read_file, reason};
use crate::scenario::given::{self, Owned};
use crate::scenario::inline::take_in;
use crate::scenario::keys::Keys;
use crate::scenario::limits::TOML_BYTES_MAX;
use crate::scenario::mistake::{Ledger, Problem};
use crate::scenario::place::{Main, Place, Text};
use crate::scenario::replacing::Replaced;
use crate::scenario::section::Section;
use crate::scenario::step::Step;
use crate::scenario::top::{self, Choice, HOSTS, TOP, Top, VARIANTS};
use crate::scenario::tree::{Node, Table, Value, quoted};
use crate::scenario::{json_tree, toml_tree};
use crate::sim::loading::settings::{ClockSpec, HostGiven};

/// What a scenario may hold beside title, seed and clock.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'s> {
    /// Further fields at the top, which are no vendor's; read through [`Document::top`].
    pub top: &'static [Field],
    pub sections: &'s [SectionDecl],
}

/// A scenario that is being read.
#[derive(Debug)]
pub struct Document {
    pub(crate) main: Main,
    pub(crate) files: Box<dyn Files>,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) ledger: Ledger,
    pub(crate) n_sheets: u32,
    pub(crate) top: Top,
    pub(crate) variants: Vec<Choice>,
    /// Those of them that were seen at the vendor, with the day.
    pub(crate) observed: Vec<(Choice, String)>,
    /// Hosts that lead to a vendor beside its own.
    pub(crate) hosts: Vec<HostGiven>,
    /// The top, then the vendors.
    pub(crate) sections: Vec<Section>,
    /// Its rows that scenarios on top of it take the place of.
    pub(crate) replaced: Replaced,
}

impl Document {
    /// Opens a scenario file. Its CSV files lie beside it.
    pub fn from_toml_file(path: &FilePath, shape: Shape<'_>) -> Self {
        let name = path.display().to_string();
        let folder = path.parent().unwrap_or(FilePath::new("")).to_path_buf();
        let files = Box::new(Folder(folder.clone()));
        let mut ledger = Ledger::default();
        let (text, bad_at) = match read_file(path, TOML_BYTES_MAX) {
            Ok(bytes) => Text::from_bytes(bytes),
            Err(error) => {
                let place = Place { file: name.clone(), ..Place::default() };
                let problem = Problem::new("the scenario cannot be read", "").hint(reason(&error));
                ledger.add(|| (place, problem));
                (Text::new(String::new()), None)
            }
        };
        let mut document = Self::from_toml(name, text, bad_at, ledger, files, shape);
        document.folder = Some(folder);
        document
    }

    /// Opens a scenario that is text already, such as a built-in one. `name` stands for its file in
    /// reports.
    pub fn from_toml_text(name: &str, text: &str, files: Box<dyn Files>, shape: Shape<'_>) -> Self {
        Self::from_toml_bytes(name, text.as_bytes(), files, shape)
    }

    /// As [`Self::from_toml_text`], from bytes that may be no text.
    pub(crate) fn from_toml_bytes(
        name: &str,
        bytes: &[u8],
        files: Box<dyn Files>,
        shape: Shape<'_>,
    ) -> Self {
        let (text, bad_at) = Text::from_bytes(bytes.to_vec());
        Self::from_toml(name.to_owned(), text, bad_at, Ledger::default(), files, shape)
    }

    fn from_toml(
        name: String,
        text: Text,
        bad_at: Option<u32>,
        mut ledger: Ledger,
        files: Box<dyn Files>,
        shape: Shape<'_>,
    ) -> Self {
        let (root, flaws) = toml_tree::build(&text);
        let main = Main { name, root, text: Some(text) };
        if let Some(bad_at) = bad_at {
            ledger.add(|| (main.place(bad_at), Problem::not_utf8()));
        }
        for (at, problem) in flaws {
            ledger.add_flaw(main.place(at), problem);
        }
        Self::new(main, ledger, files, shape)
    }

    /// Opens a scenario in the shape of JSON. No file is ever opened: CSV is text in it. `name`
    /// stands for it in reports.
    pub fn from_json(name: &str, json: &Json, shape: Shape<'_>) -> Self {
        let (root, too_deep) = json_tree::build(json);
        let main = Main { name: name.to_owned(), root, text: None };
        let mut ledger = Ledger::default();
        for at in too_deep {
            ledger.add(|| (main.place(at), Problem::too_deep()));
        }
        Self::new(main, ledger, Box::new(NoFiles), shape)
    }

    /// As [`Self::from_json`], from text.
    pub fn from_json_text(name: &str, text: &str, shape: Shape<'_>) -> Self {
        let wrong = match json_tree::read(name, text) {
            Ok(json) => return Self::from_json(name, &json, shape),
            Err(wrong) => wrong,
        };
        let mut ledger = Ledger::default();
        ledger.pass_over();
        ledger.add(|| *wrong);
        let main = Main { name: name.to_owned(), root: Node::empty(), text: None };
        Self::new(main, ledger, Box::new(NoFiles), shape)
    }

    /// Opens a scenario file in the shape of JSON.
    pub fn from_json_file(path: &FilePath, shape: Shape<'_>) -> Self {
        let name = path.display().to_string();
        match read_file(path, TOML_BYTES_MAX) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let mut document = Self::from_json_text(&name, &text, shape);
                document.folder = path.parent().map(FilePath::to_path_buf);
                document
            }
            Err(_) => Self::from_toml_file(path, shape),
        }
    }

    fn new(main: Main, ledger: Ledger, files: Box<dyn Files>, shape: Shape<'_>) -> Self {
        let vendors = shape.sections.iter();
        let vendors = vendors.map(|decl| Section::new(decl.vendor, decl.fields, decl.secrets));
        let top = Section::new("", shape.top, SecretFields::NONE);
        let sections = std::iter::once(top).chain(vendors).collect();
        let (top, variants, observed) = (Top::default(), Vec::new(), Vec::new());
        let (folder, n_sheets, replaced, hosts) = (None, 0, Replaced::default(), Vec::new());
        let mut document = Document {
            main,
            files,
            folder,
            ledger,
            n_sheets,
            top,
            variants,
            observed,
            hosts,
            sections,
            replaced,
        };
        document.outline(shape);
        document
    }

    /// Reads the top and the switches, and checks which keys there are. What they hold is checked
    /// when the vendors read it.
    fn outline(&mut self, shape: Shape<'_>) {
        // Nothing that is read here refers to anything.
        let mut no_keys = Keys::default();
        let mut checker = Checker {
            main: &self.main,
            files: self.files.as_ref(),
            ledger: &mut self.ledger,
            keys: &mut no_keys,
            n_sheets: &mut self.n_sheets,
            sheets: Vec::new(),
            live: None,
            replacing: None,
            secrets: SecretFields::NONE,
        };
        let root_path = Path::root("");
        let Value::Table(root) = &self.main.root.value else {
            let found = format!("the scenario is {}", self.main.root.value.describe());
            checker.mistake(self.main.root.at, || Problem::new(found, "a table"));
            return;
        };
        let names = TOP.iter().chain(shape.top).map(|field| field.name);
        let known: Vec<&str> = names.chain(shape.sections.iter().map(|decl| decl.vendor)).collect();
        check_keys(&mut checker, &root_path, self.main.root.at, root, &known, shape.top);
        self.top = Top::read(&mut checker, root);
        for decl in shape.sections {
            let Some(entry) = root.get(decl.vendor) else { continue };
            let Value::Table(section) = &entry.node.value else {
                let found = format!("\"{}\" is {}", entry.key, entry.node.value.describe());
                checker.mistake(entry.node.at, || Problem::new(found, "a table"));
                continue;
            };
            let path = root_path.table(decl.vendor);
            let names = decl.fields.iter().map(|field| field.name);
            let known: Vec<&str> = names.chain([VARIANTS, HOSTS.name]).collect();
            // What is needed is in the scenario that this one extends.
            let needed = if self.top.extends.is_empty() { decl.fields } else { &[] };
            check_keys(&mut checker, &path, entry.node.at, section, &known, needed);
            let (variants, observed) = top::variants(&mut checker, &path, decl, section);
            self.variants.extend(variants);
            self.observed.extend(observed);
            let owned = Owned { sections: shape.sections, given: &self.hosts };
            let hosts = given::hosts(&mut checker, &path, decl, section, owned);
            self.hosts.extend(hosts);
        }
    }

    /// The name that its file goes by.
    pub(crate) fn stem(&self) -> Option<&str> {
        FilePath::new(&self.main.name).file_stem().and_then(|stem| stem.to_str())
    }

    /// Whether it says nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.main.root.as_table().is_some_and(|table| table.entries.is_empty())
    }

    pub fn title(&self) -> Option<&str> {
        self.top.title.as_deref()
    }

    pub fn seed(&self) -> Option<u64> {
        self.top.seed
    }

    pub fn clock(&self) -> Option<ClockSpec> {
        self.top.clock
    }

    /// The folder of the scenario's file; `None` where it is no file.
    pub(crate) fn folder(&self) -> Option<&FilePath> {
        self.folder.as_deref()
    }

    /// Records what a piece that is merged into a world cannot say.
    pub(crate) fn refuse_unmerged(&mut self) {
        let Some(root) = self.main.root.as_table() else { return };
        let vendors = self.sections.iter().filter(|section| !section.name.is_empty());
        let sections = vendors.filter_map(|section| section.find(&self.main));
        let of_section = [(VARIANTS, top::VARIANTS_INSTEAD), (HOSTS.name, top::HOSTS_INSTEAD)];
        let in_sections = sections.flat_map(|(_, table)| {
            of_section.into_iter().filter_map(|(name, instead)| Some((table.get(name)?, instead)))
        });
        let named = |name: &str| root.get(name).into_iter();
        let refused = top::UNMERGED
            .iter()
            .flat_map(|(name, instead)| named(name).map(move |entry| (entry, *instead)));
        let refused = refused.chain(in_sections);
        for (entry, instead) in refused {
            let found = format!("{} in a piece for a world that lives", quoted(&entry.key));
            let main = &self.main;
            self.ledger.add(|| (main.place(entry.key_at), Problem::new(found, "").hint(instead)));
        }
    }

    /// Records that a scenario which this one extends cannot be had.
    pub(crate) fn refuse_base(&mut self, reason: String) {
        let root = self.main.root.as_table();
        let at = root.and_then(|table| table.get("extends")).map_or(0, |entry| entry.node.at);
        let main = &self.main;
        self.ledger.pass_over();
        self.ledger.add(|| (main.place(at), Problem::new(reason, "")));
    }

    /// The scenario as JSON, without its steps and with its CSV files as text.
    pub(crate) fn to_json(&self) -> Result<Json, ScenarioError> {
        let mut json = self.main.root.to_json();
        if let Some(members) = json.as_object_mut() {
            members.shift_remove("step");
            members.shift_remove("extends");
        }
        if !self.main.is_json() {
            take_in(&mut json, self.files.as_ref())?;
        }
        Ok(json)
    }

    /// Its steps as JSON, with their CSV files as text.
    pub(crate) fn steps_to_json(&self) -> Result<Json, ScenarioError> {
        let steps = self.main.root.as_table().and_then(|root| root.get("step"));
        let mut json = steps.map_or_else(|| Json::Array(Vec::new()), |entry| entry.node.to_json());
        if !self.main.is_json() {
            take_in(&mut json, self.files.as_ref())?;
        }
        Ok(json)
    }

    /// The scenarios whose world this one begins with.
    pub fn extends(&self) -> &[String] {
        &self.top.extends
    }

    /// What a replay does; steps with mistakes are left out.
    pub fn steps(&self) -> &[Step] {
        &self.top.steps
    }

    /// The switches that the scenario sets: vendor, switch, value.
    pub fn variants(&self) -> &[(&'static str, &'static str, &'static str)] {
        &self.variants
    }

    /// The hosts that the scenario gives: vendor and host.
    pub(crate) fn hosts(&self) -> &[HostGiven] {
        &self.hosts
    }

    /// Whether nothing was found wrong so far.
    pub fn is_sound(&self) -> bool {
        self.ledger.n_seen() == 0
    }
}

/// Checks that all keys are known and that all required fields are there.
fn check_keys(
    checker: &mut Checker<'_>,
    path: &Path<'_>,
    at: u32,
    table: &Table,
    known: &[&str],
    fields: &'static [Field],
) {
    for entry in &table.entries {
        if !known.contains(&entry.key.as_str()) {
            checker.unknown_key(path, entry, known);
        }
    }
    for field in fields {
        if field.is_required() && table.get(field.name).is_none() {
            checker.missing(path, field, at);
        }
    }
}
