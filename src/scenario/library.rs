//! The scenarios that can be asked for by name: those that are built in, and the file that the
//! program was started with.

use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Document, Embedded, Mistakes, Part, Shape};
use crate::base::hex::hex;
use crate::base::nearest::nearest;
use crate::base::seed::Seed;
use crate::sim::load::{Mistaken, Scenario, TOP};
use crate::sim::seed::{ClockSpec, SectionDecl, Source};
use crate::sim::settings::Settings;
use crate::sim::variant::Chosen;
use crate::sim::vendor::Vendor;

/// A scenario that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    pub name: &'static str,
    pub text: &'static str,
    /// Its CSV files: name and content.
    pub files: &'static [(&'static str, &'static str)],
}

/// The demo, which `serve` starts with when given nothing else.
pub const DEMO: BuiltIn =
    BuiltIn { name: "demo", text: include_str!("../../scenarios/demo.toml"), files: &[] };

/// Seed of a scenario that names none.
const SEED_DEFAULT: u64 = 0;

/// The scenarios of a process.
#[derive(Debug)]
pub struct Library {
    vendors: &'static [&'static dyn Vendor],
    built_in: &'static [BuiltIn],
    /// The file given at start, and the name that it goes by.
    given: Option<(String, PathBuf)>,
    /// The clock of a scenario that names none.
    clock: ClockSpec,
}

impl std::fmt::Debug for dyn Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.surface().vendor)
    }
}

impl Library {
    pub fn new(
        vendors: &'static [&'static dyn Vendor],
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

    /// The scenario that the program starts with.
    ///
    /// # Errors
    /// Where nothing is built in and no file was given.
    pub fn open_first(&self) -> Result<Opened, String> {
        self.open(self.names().first().copied().unwrap_or_default())
    }

    /// Opens a scenario by its name.
    ///
    /// # Errors
    /// Where there is none of that name; the words say which there are.
    pub fn open(&self, name: &str) -> Result<Opened, String> {
        let sections = self.sections();
        let shape = Shape { top: TOP, sections: &sections };
        let given = self.given.as_ref().filter(|(known, _)| known == name);
        let built_in = self.built_in.iter().find(|known| known.name == name);
        let document = match (given, built_in) {
            (Some((_, path)), _) => Document::from_toml_file(path, shape),
            (None, Some(known)) => {
                let file = format!("{name}.toml");
                Document::from_toml_text(&file, known.text, Box::new(Embedded(known.files)), shape)
            }
            (None, None) => {
                let known = self.names();
                let mut reason = format!(
                    "there is no scenario called {name:?}; expected one of {}",
                    known.join(", ")
                );
                if let Some(near) = nearest(name, known) {
                    reason = format!("{reason}; did you mean {near:?}?");
                }
                return Err(reason);
            }
        };
        Ok(self.opened(document, format!("named {name}")))
    }

    /// Opens a scenario in the shape of JSON.
    pub fn read_json(&self, json: &Value) -> Opened {
        let sections = self.sections();
        let document =
            Document::from_json("scenario", json, Shape { top: TOP, sections: &sections });
        self.opened(document, format!("json {}", hex(&Sha256::digest(json.to_string().as_bytes()))))
    }

    fn opened(&self, document: Document, key: String) -> Opened {
        Opened { document: Some(document), key, seed: None, clock: self.clock }
    }

    fn sections(&self) -> Vec<SectionDecl> {
        let sections = self.vendors.iter().map(|vendor| {
            let surface = vendor.surface();
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

    fn document(&mut self) -> &mut Document {
        self.document.as_mut().expect("the verdict comes after all parts")
    }
}

impl Scenario for Opened {
    /// A named scenario is what it was when it was first asked for.
    fn key(&self) -> Option<String> {
        Some(format!("{} seed {:?} clock {:?}", self.key, self.seed, self.clock))
    }

    fn settings(&mut self, vendors: &[&'static dyn Vendor]) -> Settings {
        let (seed, clock) = (self.seed, self.clock);
        let document = self.document();
        let mut variants: Vec<Chosen> =
            vendors.iter().map(|vendor| Chosen::defaults(vendor.surface().variants)).collect();
        for (vendor, variant, value) in document.variants() {
            for (known, chosen) in vendors.iter().zip(&mut variants) {
                let switches = known.surface().variants;
                let idx = switches.iter().position(|it| it.name == *variant);
                if let (true, Some(idx)) = (known.surface().vendor == *vendor, idx) {
                    chosen.set(idx, switches[idx].position(value).unwrap_or(0));
                }
            }
        }
        Settings {
            title: document.title().unwrap_or_default().to_owned(),
            seed: Seed(seed.or(document.seed()).unwrap_or(SEED_DEFAULT)),
            clock: document.clock().unwrap_or(clock),
            variants,
        }
    }

    fn top(&mut self) -> Box<dyn Source + '_> {
        let part: Part<'_> = self.document().top();
        Box::new(part)
    }

    fn part(&mut self, vendor: &'static str) -> Box<dyn Source + '_> {
        let part: Part<'_> = self.document().part(vendor);
        Box::new(part)
    }

    fn finish(&mut self) -> Result<(), Box<dyn Mistaken>> {
        let document = self.document.take().expect("the verdict is given once");
        match document.finish() {
            Ok(_) => Ok(()),
            Err(mistakes) => Err(Box::new(mistakes)),
        }
    }
}

impl Mistaken for Mistakes {
    fn to_json(&self) -> Value {
        Mistakes::to_json(self)
    }
}
