//! The scenarios that can be asked for by name: those that are built in, and the file that the
//! program was started with.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::base::hex::hex;
use crate::base::seed::Seed;
use crate::contract::fields::{Cell, OwnedRow, Row};
use crate::contract::section::{SectionDecl, SeedError, Source};
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendor;
use crate::scenario::error::ScenarioError;
use crate::scenario::files::stays_inside;
use crate::scenario::step::Step;
use crate::scenario::{Document, Embedded, Mistakes, NoFiles, Part, Shape};
use crate::sim::loading::live::Live;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::{ClockSpec, Settings};
use crate::sim::loading::top::TOP;

/// A scenario that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    pub name: &'static str,
    pub text: &'static str,
    /// Its CSV files: name and content.
    pub files: &'static [(&'static str, &'static str)],
}

/// The demo, which `serve` starts with when given nothing else.
pub(crate) const DEMO: BuiltIn =
    BuiltIn { name: "demo", text: include_str!("../../scenarios/demo.toml"), files: &[] };

/// A day of traffic with all five vendors.
pub const WORKING_DAY: BuiltIn = BuiltIn {
    name: "working-day",
    text: include_str!("../../scenarios/working-day.toml"),
    files: &[
        (
            "working-day-infocu5-agents.csv",
            include_str!("../../scenarios/working-day-infocu5-agents.csv"),
        ),
        (
            "working-day-maxcontact-users.csv",
            include_str!("../../scenarios/working-day-maxcontact-users.csv"),
        ),
    ],
};

/// The scenarios that are part of the program; the first is what it starts with.
pub(crate) const BUILT_IN: &[BuiltIn] = &[DEMO, WORKING_DAY];

/// Seed of a scenario that names none.
const SEED_DEFAULT: u64 = 0;

/// The scenarios of a process.
#[derive(Debug)]
pub struct Library {
    vendors: &'static [&'static Vendor],
    built_in: &'static [BuiltIn],
    /// The file given at start, and the name that it goes by.
    given: Option<(String, PathBuf)>,
    /// The clock of a scenario that names none.
    clock: ClockSpec,
}

impl Library {
    pub fn new(
        vendors: &'static [&'static Vendor],
        built_in: &'static [BuiltIn],
        given: Option<PathBuf>,
        clock: ClockSpec,
    ) -> Self {
        let given = given.map(|path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            (stem.into_owned(), path)
        });
        Library { vendors, built_in, given, clock }
    }

    /// The names that can be asked for; the first is what the program starts with.
    pub fn names(&self) -> Vec<&str> {
        let given = self.given.iter().map(|(name, _)| name.as_str());
        given.chain(self.built_in.iter().map(|known| known.name)).collect()
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
        let given = self.given.as_ref().filter(|(known, _)| known == name);
        let built_in = self.built_in.iter().find(|known| known.name == name);
        match (given, built_in) {
            (Some((_, path)), _) => Some(Document::from_toml_file(path, shape)),
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
        let is_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let document = if is_json {
            Document::from_json_file(path, shape)
        } else {
            Document::from_toml_file(path, shape)
        };
        self.opened(document, format!("file {}", path.display()))
    }

    /// Opens a scenario that is TOML in a text. `name` stands for its file in reports.
    pub fn read_toml(&self, name: &str, text: &str) -> Opened {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        let document = Document::from_toml_text(name, text, Box::new(NoFiles), shape);
        self.opened(document, format!("toml {}", hex(&Sha256::digest(text.as_bytes()))))
    }

    /// Opens a scenario in the shape of JSON.
    pub fn read_json(&self, json: &Value) -> Opened {
        let sections = self.sections();
        let document =
            Document::from_json("scenario", json, Shape { top: TOP, sections: &sections });
        self.opened(document, format!("json {}", hex(&Sha256::digest(json.to_string().as_bytes()))))
    }

    /// Opens a piece of scenario in the shape of JSON, for a world that lives already.
    pub fn read_piece(&self, json: &Value) -> Opened {
        let sections = self.sections();
        let mut document =
            Document::from_json("piece", json, Shape { top: TOP, sections: &sections });
        document.refuse_unmerged();
        // It is read once, and nothing is found by its key.
        Opened {
            document: Some(document),
            base: None,
            key: String::new(),
            seed: None,
            clock: self.clock,
        }
    }

    fn opened(&self, mut document: Document, key: String) -> Opened {
        let base = document.extends().map(str::to_owned).map(|name| self.base(&document, &name));
        let base = match base.transpose() {
            Ok(base) => base,
            Err(error) => {
                document.refuse_base(error.to_string());
                None
            }
        };
        Opened { document: Some(document), base, key, seed: None, clock: self.clock }
    }

    /// The scenario that another extends: one by name, or a file beside it.
    fn base(&self, document: &Document, name: &str) -> Result<Document, ScenarioError> {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        let base = match (self.document(name, shape), document.folder()) {
            (Some(base), _) => base,
            (None, Some(folder)) if name.contains('.') && stays_inside(name) => {
                Document::from_toml_file(&folder.join(name), shape)
            }
            _ => return Err(self.unknown(name, true)),
        };
        if base.extends().is_some() {
            return Err(ScenarioError::ExtendsTwice { name: name.to_owned() });
        }
        Ok(base)
    }

    fn sections(&self) -> Vec<SectionDecl> {
        let sections = self.vendors.iter().map(|vendor| {
            let surface = vendor.surface;
            let (fields, variants) = (surface.scenario, surface.variants);
            SectionDecl { vendor: surface.vendor, fields, variants }
        });
        sections.collect()
    }
}

/// A scenario on its way into a world.
#[derive(Debug)]
pub struct Opened {
    /// `None` once the verdict was given.
    document: Option<Document>,
    /// The scenario that this one extends.
    base: Option<Document>,
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
        self.document.as_ref().map(Document::steps).unwrap_or_default()
    }

    pub fn title(&self) -> Option<&str> {
        self.document.as_ref().and_then(Document::title)
    }

    /// The whole scenario as JSON, but for its steps: what another Ringback makes the same world
    /// of. CSV files become text in it.
    ///
    /// # Errors
    /// Where a CSV file cannot be read.
    pub fn to_json(&self) -> Result<Value, ScenarioError> {
        let mut json = json!({});
        let mut clock = self.clock.to_json();
        for document in self.base.iter().chain(&self.document) {
            let mut own = document.to_json()?;
            // A clock is stated as a whole.
            if let Some(stated) = own.as_object_mut().and_then(|own| own.shift_remove("clock")) {
                clock = stated;
            }
            merge(&mut json, own);
        }
        if let Some(members) = json.as_object_mut() {
            members.insert("clock".into(), clock);
            if let Some(seed) = self.seed {
                members.insert("seed".into(), seed.into());
            }
        }
        Ok(json)
    }
}

impl Scenario for Opened {
    /// A named scenario is what it was when it was first asked for.
    fn key(&self) -> Option<String> {
        Some(format!("{} seed {:?} clock {:?}", self.key, self.seed, self.clock))
    }

    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        let document = self.document.as_ref().expect("the verdict comes after all parts");
        let base = self.base.as_ref();
        let mut variants: Vec<Chosen> =
            vendors.iter().map(|vendor| Chosen::defaults(vendor.surface.variants)).collect();
        let from_base = base.map(Document::variants).unwrap_or_default();
        for (vendor, variant, value) in from_base.iter().chain(document.variants()) {
            for (known, chosen) in vendors.iter().zip(&mut variants) {
                let switches = known.surface.variants;
                let idx = switches.iter().position(|it| it.name == *variant);
                if let (true, Some(idx)) = (known.surface.vendor == *vendor, idx) {
                    chosen.set(idx, switches[idx].position(value).unwrap_or(0));
                }
            }
        }
        Settings {
            title: document
                .title()
                .or(base.and_then(Document::title))
                .unwrap_or_default()
                .to_owned(),
            seed: Seed(
                self.seed
                    .or(document.seed())
                    .or(base.and_then(Document::seed))
                    .unwrap_or(SEED_DEFAULT),
            ),
            clock: document.clock().or(base.and_then(Document::clock)).unwrap_or(self.clock),
            variants,
        }
    }

    fn top<'s>(&'s mut self, live: Option<&'s Live<'_>>) -> Box<dyn Source + 's> {
        let own = self.document.as_mut().expect("the verdict comes after all parts").top();
        match &mut self.base {
            Some(base) => Box::new(Layered { own, base: base.top() }),
            None => Box::new(own.over(live)),
        }
    }

    fn part<'s>(
        &'s mut self,
        vendor: &'static str,
        live: Option<&'s Live<'_>>,
    ) -> Box<dyn Source + 's> {
        let read = self.base.as_mut().or(self.document.as_mut());
        let part: Part<'s> = read.expect("the verdict comes after all parts").part(vendor);
        Box::new(part.over(live))
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        let document = self.document.take().expect("the verdict is given once");
        let of_base = self.base.take().map(Document::finish).transpose();
        match (document.finish(), of_base) {
            (Ok(summary), Ok(of_base)) => {
                let of_base = of_base.map(|summary| summary.collections).unwrap_or_default();
                Ok([summary.collections, of_base].concat())
            }
            (Err(mistakes), Ok(_)) | (Ok(_), Err(mistakes)) => Err(Box::new(mistakes)),
            (Err(mut mistakes), Err(of_base)) => {
                mistakes.kept.extend(of_base.kept);
                mistakes.n_more += of_base.n_more;
                Err(Box::new(mistakes))
            }
        }
    }
}

/// The top of a scenario over that of the one it extends: its own rows first, so that its own rules
/// decide.
struct Layered<'d> {
    own: Part<'d>,
    base: Part<'d>,
}

impl Source for Layered<'_> {
    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        self.own.rows(name, each)?;
        self.base.rows(name, each)
    }

    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError> {
        let base = self.base.table(name)?;
        Ok(self.own.table(name)?.or(base))
    }

    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError> {
        let base = self.base.value(name)?;
        Ok(self.own.value(name)?.or(base))
    }

    fn refuse(&mut self, name: &str, field: Option<&str>, message: String) {
        if self.own.has(name) {
            self.own.refuse(name, field, message);
        } else {
            self.base.refuse(name, field, message);
        }
    }
}

/// Puts the members of one value over those of another. Lists are put before those that are there:
/// that is the order in which [`Layered`] hands over rows.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(under), Value::Array(mut over)) => {
            over.append(under);
            *under = over;
        }
        (under, over) => *under = over,
    }
}

impl Mistaken for Mistakes {
    fn to_json(&self) -> Value {
        Mistakes::to_json(self)
    }
}
