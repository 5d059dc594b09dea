//! The scenarios that can be asked for by name: those that are built in, and the files that the
//! program was started with.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::base::hex::hex;
use crate::base::seed::Seed;
use crate::contract::fields::{Cell, OwnedRow, Row};
use crate::contract::secret_fields::SecretFields;
use crate::contract::section::{Section, SectionDecl, SeedError};
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendor;
use crate::scenario::built_in::BuiltIn;
use crate::scenario::error::ScenarioError;
use crate::scenario::files::stays_inside;
use crate::scenario::joined::put_over;
use crate::scenario::laying;
use crate::scenario::limits::EXTENDS_DEPTH_MAX;
use crate::scenario::named::{self, Gathered, NamedError};
use crate::scenario::step::Step;
use crate::scenario::{Document, Embedded, Mistakes, NoFiles, Part, Shape};
use crate::sim::loading::live::Live;
use crate::sim::loading::observed::Observed;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::{ClockSpec, HostGiven, Settings};
use crate::sim::loading::top::TOP;

/// Seed of a scenario that names none.
const SEED_DEFAULT: u64 = 0;

/// The scenarios of a process.
#[derive(Debug)]
pub struct Library {
    vendors: &'static [&'static Vendor],
    built_in: &'static [BuiltIn],
    /// The files given at start, by the names that they go by.
    given: Vec<(String, PathBuf)>,
    /// The name that the program starts with, where it is not the first of the files.
    first: Option<String>,
    /// The clock of a scenario that names none.
    clock: ClockSpec,
}

impl Library {
    pub fn new(
        vendors: &'static [&'static Vendor],
        built_in: &'static [BuiltIn],
        given: impl IntoIterator<Item = PathBuf>,
        clock: ClockSpec,
    ) -> Self {
        let named = |path: PathBuf| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            (stem.into_owned(), path)
        };
        let given = given.into_iter().map(named).collect();
        Library { vendors, built_in, given, first: None, clock }
    }

    /// The scenarios that a command line names: files, folders of files, names of built-in ones.
    ///
    /// # Errors
    /// Where one of them is not there, or two go by one name.
    pub(crate) fn of_named(
        vendors: &'static [&'static Vendor],
        built_in: &'static [BuiltIn],
        named: &[PathBuf],
        clock: ClockSpec,
    ) -> Result<Self, NamedError> {
        let Gathered { files, first } = named::gather(named, built_in)?;
        Ok(Library { first, ..Library::new(vendors, built_in, files, clock) })
    }

    /// The names that can be asked for; the first is what the program starts with.
    pub fn names(&self) -> Vec<&str> {
        let given = self.given.iter().map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = self.first.as_deref().into_iter().collect();
        for name in given.chain(self.built_in.iter().map(|known| known.name)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The file that the program starts with; `None` where it is built in.
    pub(crate) fn first_file(&self) -> Option<&Path> {
        let first = *self.names().first()?;
        self.given.iter().find(|(name, _)| name == first).map(|(_, path)| path.as_path())
    }

    /// The other files, which can be asked for by name.
    pub(crate) fn other_files(&self) -> impl Iterator<Item = &Path> {
        let first = self.first_file();
        self.given.iter().map(|(_, path)| path.as_path()).filter(move |path| Some(*path) != first)
    }

    /// What a scenario may hold, as JSON Schema 2020-12.
    pub fn schema(&self) -> Value {
        let sections = self.sections();
        crate::scenario::schema::of_scenario(Shape { top: TOP, sections: &sections })
    }

    /// The scenario that the program starts with.
    ///
    /// # Errors
    /// Where nothing is built in and no file was given.
    pub fn open_first(&self) -> Result<Opened, ScenarioError> {
        self.open(self.names().first().copied().unwrap_or_default())
    }

    /// Opens a scenario by its name.
    ///
    /// # Errors
    /// Where there is none of that name; the words say which there are.
    pub fn open(&self, name: &str) -> Result<Opened, ScenarioError> {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        let document = self.document(name, shape).ok_or_else(|| self.unknown(name, false))?;
        Ok(self.opened(document, format!("named {name}")))
    }

    /// A scenario by its name, if there is one.
    fn document(&self, name: &str, shape: Shape<'_>) -> Option<Document> {
        let given = self.given.iter().find(|(known, _)| known == name);
        let built_in = self.built_in.iter().find(|known| known.name == name);
        match (given, built_in) {
            (Some((_, path)), _) => Some(from_file(path, shape)),
            (None, Some(known)) => {
                let (file, files) = (format!("{name}.toml"), Box::new(Embedded(known.files)));
                Some(Document::from_toml_text(&file, known.text, files, shape))
            }
            (None, None) => None,
        }
    }

    fn unknown(&self, name: &str, is_beside: bool) -> ScenarioError {
        let known = self.names().into_iter().map(str::to_owned).collect();
        ScenarioError::Unknown { name: name.to_owned(), known, is_beside }
    }

    /// Opens a scenario file: TOML, or JSON where its name ends so.
    pub fn open_file(&self, path: &Path) -> Opened {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        self.opened(from_file(path, shape), format!("file {}", path.display()))
    }

    /// Opens what a command line names: the name of a scenario, or a file.
    ///
    /// # Errors
    /// Where it is no name, and could not be a file.
    pub(crate) fn open_named(&self, named: &Path) -> Result<Opened, ScenarioError> {
        let name = named.to_str().unwrap_or_default();
        let is_name = self.names().contains(&name);
        if is_name || (!named::is_file_name(named) && !named.exists()) {
            return self.open(name);
        }
        Ok(self.open_file(named))
    }

    /// Opens a scenario that is TOML in a text. `name` stands for its file in reports.
    pub fn read_toml(&self, name: &str, text: impl AsRef<[u8]>) -> Opened {
        let (sections, text) = (self.sections(), text.as_ref());
        let shape = Shape { top: TOP, sections: &sections };
        let document = Document::from_toml_bytes(name, text, Box::new(NoFiles), shape);
        self.opened(document, format!("toml {}", hex(&Sha256::digest(text))))
    }

    /// Opens a scenario in the shape of JSON.
    pub fn read_json(&self, json: &Value) -> Opened {
        let sections = self.sections();
        let document =
            Document::from_json("scenario", json, Shape { top: TOP, sections: &sections });
        self.opened(document, format!("json {}", hex(&Sha256::digest(json.to_string().as_bytes()))))
    }

    /// Opens a scenario of which only the text is known: JSON where it begins as an object, else TOML.
    pub(crate) fn read_text(&self, name: &str, text: &str) -> Opened {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        let document = if text.trim_start().starts_with('{') {
            Document::from_json_text(name, text, shape)
        } else {
            Document::from_toml_text(name, text, Box::new(NoFiles), shape)
        };
        self.opened(document, format!("text {}", hex(&Sha256::digest(text.as_bytes()))))
    }

    /// Opens a piece of scenario in the shape of JSON, for a world that lives already.
    pub fn read_piece(&self, json: &Value) -> Opened {
        let sections = self.sections();
        self.piece(Document::from_json("piece", json, Shape { top: TOP, sections: &sections }))
    }

    /// Opens a piece of scenario that is TOML, for a world that lives already.
    pub(crate) fn read_toml_piece(&self, text: &[u8]) -> Opened {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        self.piece(Document::from_toml_bytes("piece", text, Box::new(NoFiles), shape))
    }

    fn piece(&self, mut document: Document) -> Opened {
        document.refuse_unmerged();
        // It is read once, and nothing is found by its key.
        let (vendors, clock) = (self.vendors, self.clock);
        Opened { layers: vec![document], vendors, key: String::new(), seed: None, clock }
    }

    fn opened(&self, document: Document, key: String) -> Opened {
        let mut layers = Vec::new();
        self.layer(document, 0, &mut layers);
        laying::lay(&mut layers);
        Opened { layers, vendors: self.vendors, key, seed: None, clock: self.clock }
    }

    /// Lays a scenario on top of those that it extends, which come before it.
    fn layer(&self, mut document: Document, depth: usize, layers: &mut Vec<Document>) {
        for name in document.extends().to_vec() {
            let base = if depth < EXTENDS_DEPTH_MAX {
                self.base(&document, &name)
            } else {
                Err(ScenarioError::ExtendsItself { name })
            };
            match base {
                Ok(base) => self.layer(base, depth + 1, layers),
                Err(error) => document.refuse_base(error.to_string()),
            }
        }
        layers.push(document);
    }

    /// A scenario that another extends: one by name, or a file beside it.
    fn base(&self, document: &Document, name: &str) -> Result<Document, ScenarioError> {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        match (self.document(name, shape), document.folder()) {
            (Some(base), _) => Ok(base),
            (None, Some(folder)) if name.contains('.') && stays_inside(name) => {
                let path = folder.join(name);
                if !path.exists() {
                    // Told where it is named: that is where it can be mended.
                    let (file, reason) = (name.to_owned(), "there is no such file".to_owned());
                    return Err(ScenarioError::File { file, reason });
                }
                Ok(from_file(&path, shape))
            }
            _ => {
                let mut error = self.unknown(name, true);
                if let ScenarioError::Unknown { known, .. } = &mut error {
                    // None is built on itself.
                    let own = document.stem();
                    known.retain(|known| Some(known.as_str()) != own);
                }
                Err(error)
            }
        }
    }

    fn sections(&self) -> Vec<SectionDecl> {
        let sections = self.vendors.iter().map(|vendor| {
            let surface = vendor.surface;
            let (fields, variants) = (surface.scenario, surface.variants);
            let secrets = SecretFields::of(surface);
            let hosts = surface.hosts;
            SectionDecl { vendor: surface.vendor, fields, variants, secrets, hosts }
        });
        sections.collect()
    }
}

/// A scenario on its way into a world.
#[derive(Debug)]
pub struct Opened {
    /// The scenarios that this one extends, each on top of the one before, and itself as the last; none
    /// once the verdict was given.
    layers: Vec<Document>,
    vendors: &'static [&'static Vendor],
    /// What tells this scenario from others, but for the seed.
    key: String,
    seed: Option<u64>,
    clock: ClockSpec,
}

impl Opened {
    /// Takes another seed than the scenario's own, where there is one.
    pub fn replace_seed(&mut self, seed: Option<u64>) {
        self.seed = seed;
    }

    /// What a replay does; steps with mistakes are left out.
    pub fn steps(&self) -> &[Step] {
        self.layers.last().map(Document::steps).unwrap_or_default()
    }

    pub fn title(&self) -> Option<&str> {
        self.layers.last().and_then(Document::title)
    }

    /// Whether it says nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.layers.last().is_some_and(Document::is_empty)
    }

    /// The whole scenario as JSON, but for its steps: what another Ringback makes the same world
    /// of. CSV files become text in it.
    ///
    /// # Errors
    /// Where a CSV file cannot be read.
    pub fn to_json(&self) -> Result<Value, ScenarioError> {
        let mut json = json!({});
        let mut clock = self.clock.to_json();
        for document in &self.layers {
            let mut own = document.to_json()?;
            // A clock is stated as a whole.
            if let Some(stated) = own.as_object_mut().and_then(|own| own.shift_remove("clock")) {
                clock = stated;
            }
            put_over(&mut json, own, self.vendors);
        }
        if let Some(members) = json.as_object_mut() {
            members.insert("clock".into(), clock);
            if let Some(seed) = self.seed {
                members.insert("seed".into(), seed.into());
            }
        }
        Ok(json)
    }

    /// The whole scenario as JSON, with its steps: what stands by itself, wherever it is replayed.
    ///
    /// # Errors
    /// Where a CSV file cannot be read.
    pub(crate) fn to_json_with_steps(&self) -> Result<Value, ScenarioError> {
        let mut json = self.to_json()?;
        let steps = self.layers.last().map(Document::steps_to_json).transpose()?;
        json["step"] = steps.unwrap_or_default();
        Ok(json)
    }

    /// The hosts that it gives to vendors, and those of the scenarios that it extends, each once.
    pub(crate) fn hosts(&self) -> Vec<HostGiven> {
        let mut hosts: Vec<HostGiven> = Vec::new();
        for given in self.layers.iter().flat_map(Document::hosts) {
            if !hosts.contains(given) {
                hosts.push(given.clone());
            }
        }
        hosts
    }

    /// What the topmost of the layers says that says it.
    fn stated<'d, T>(&'d self, read: impl Fn(&'d Document) -> Option<T>) -> Option<T> {
        self.layers.iter().rev().find_map(read)
    }
}

/// A scenario file: TOML, or JSON where its name ends so.
fn from_file(path: &Path, shape: Shape<'_>) -> Document {
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json")) {
        Document::from_json_file(path, shape)
    } else {
        Document::from_toml_file(path, shape)
    }
}

/// Words of the bug that would ask a scenario for more after its verdict.
const AFTER_VERDICT: &str = "the verdict comes after all parts";

impl Scenario for Opened {
    /// A named scenario is what it was when it was first asked for.
    fn recipe(&self, _vendors: &[&'static Vendor]) -> Option<Recipe> {
        // Where it states no clock, its world has that of the program.
        let scenario = format!(
            "{}, on a clock that is {} unless it says otherwise",
            self.key,
            self.clock.to_json()
        );
        Some(Recipe::default().with("scenario", scenario).with_some("seed", self.seed))
    }

    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        let mut variants: Vec<Chosen> =
            vendors.iter().map(|vendor| Chosen::defaults(vendor.surface.variants)).collect();
        for (vendor, variant, value) in self.layers.iter().flat_map(Document::variants) {
            for (known, chosen) in vendors.iter().zip(&mut variants) {
                let switches = known.surface.variants;
                let idx = switches.iter().position(|it| it.name == *variant);
                if let (true, Some(idx)) = (known.surface.vendor == *vendor, idx) {
                    chosen.set(idx, switches[idx].position(value).unwrap_or(0));
                }
            }
        }
        let mut observed = Observed::default();
        // A later layer that turns a switch without saying that it was seen takes the mark away.
        for layer in &self.layers {
            for (vendor, variant, _) in layer.variants() {
                observed.forget(vendor, variant);
            }
            for ((vendor, variant, value), on) in &layer.observed {
                observed.note(vendor, variant, value, on);
            }
        }
        let seed = self.seed.or_else(|| self.stated(Document::seed));
        Settings {
            title: self.stated(Document::title).unwrap_or_default().to_owned(),
            seed: Seed(seed.unwrap_or(SEED_DEFAULT)),
            clock: self.stated(Document::clock).unwrap_or(self.clock),
            variants,
            observed,
            hosts: self.hosts(),
        }
    }

    fn top<'s>(&'s mut self, live: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        if self.layers.len() == 1 {
            return Box::new(self.layers.first_mut().expect(AFTER_VERDICT).top().over(live));
        }
        Box::new(Layered(self.layers.iter_mut().rev().map(Document::top).collect()))
    }

    fn part<'s>(
        &'s mut self,
        vendor: &'static str,
        live: Option<&'s Live<'_>>,
    ) -> Box<dyn Section + 's> {
        let part: Part<'s> = self.layers.first_mut().expect(AFTER_VERDICT).part(vendor);
        Box::new(part.over(live))
    }

    fn over<'s>(
        &'s mut self,
        layer: usize,
        vendor: &'static str,
        live: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>> {
        let document = self.layers.get_mut(layer)?;
        Some(Box::new(document.part(vendor).laid_over(live)))
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        assert!(!self.layers.is_empty(), "the verdict is given once");
        let mut collections = Vec::new();
        let mut told: Option<Mistakes> = None;
        laying::tell(&mut self.layers);
        // A scenario's own come first.
        for document in std::mem::take(&mut self.layers).into_iter().rev() {
            match (document.finish(), &mut told) {
                (Ok(summary), _) => collections.extend(summary.collections),
                (Err(mistakes), None) => told = Some(mistakes),
                (Err(mistakes), Some(told)) => {
                    told.kept.extend(mistakes.kept);
                    told.n_more += mistakes.n_more;
                    told.is_partial |= mistakes.is_partial;
                }
            }
        }
        match told {
            Some(mistakes) => Err(Box::new(mistakes)),
            None => Ok(collections),
        }
    }
}

/// The tops of a scenario and those that it extends, its own first: its own rows come first, so that
/// its own rules decide, and of two values its own counts.
struct Layered<'d>(Vec<Part<'d>>);

impl Section for Layered<'_> {
    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        self.0.iter_mut().try_for_each(|part| part.rows(name, each))
    }

    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError> {
        let mut first = None;
        for part in &mut self.0 {
            let found = part.table(name)?;
            first = first.or(found);
        }
        Ok(first)
    }

    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError> {
        let mut first = None;
        for part in &mut self.0 {
            let found = part.value(name)?;
            first = first.or(found);
        }
        Ok(first)
    }

    fn refuse(&mut self, name: &str, field: Option<&str>, message: String) {
        let own = self.0.iter().position(|part| part.has(name)).unwrap_or(self.0.len() - 1);
        self.0[own].refuse(name, field, message);
    }
}

impl Mistaken for Mistakes {
    fn to_json(&self) -> Value {
        Mistakes::to_json(self)
    }
}
