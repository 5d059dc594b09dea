//! Where things are defined: what a path leads to, by way of imports, re-exports and globs.
//!
//! Not here: reading the files (`facts`).

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, Names, Said, with};

/// Imports of imports are followed so far; a circle of them would have no end.
const IMPORTS_MAX: usize = 12;

/// What a path leads to.
#[derive(Debug)]
enum Place {
    Module(Names),
    /// A name in a module of a file. Of a path into an item, such as to a variant, the item.
    Item {
        module: Names,
        name: String,
    },
    RootMacro(String),
}

/// All that the files say, put together.
#[derive(Debug, Default)]
pub(super) struct Home<'f> {
    modules: BTreeMap<&'f Names, &'f str>,
    items: BTreeSet<&'f (Names, String)>,
    imports: BTreeMap<&'f (Names, String), &'f Said>,
    globs: BTreeMap<&'f Names, Vec<&'f Said>>,
    root_macros: BTreeMap<&'f str, &'f str>,
}

impl<'f> Home<'f> {
    pub(super) fn new(files: &'f BTreeMap<String, Facts>) -> Self {
        let mut home = Home::default();
        for (file, facts) in files {
            home.modules.extend(facts.modules.iter().map(|module| (module, file.as_str())));
            home.items.extend(&facts.items);
            home.imports.extend(&facts.imports);
            for (module, said) in &facts.globs {
                home.globs.entry(module).or_default().push(said);
            }
            let macros = facts.root_macros.iter().map(|name| (name.as_str(), file.as_str()));
            home.root_macros.extend(macros);
        }
        home
    }

    /// The file that defines what a path names, and the name there. `None` for a module itself, and
    /// for what is not of this crate.
    pub(super) fn of(&self, said: &Said) -> Option<(&'f str, String)> {
        match self.find(said, &[], 0)? {
            Place::Module(_) => None,
            Place::RootMacro(name) => Some((*self.root_macros.get(name.as_str())?, name)),
            Place::Item { module, name } => Some((*self.modules.get(&module)?, name)),
        }
    }

    fn find(&self, said: &Said, behind: &[String], depth: usize) -> Option<Place> {
        let names: Names = said.names.iter().chain(behind).cloned().collect();
        self.look(&said.from, &names, said.is_relative, depth)
    }

    /// `is_open` says that the first name need not be the module's: it may stand for another crate.
    /// Where it must be the module's and is not found, a macro has made it there.
    fn look(&self, module: &Names, names: &[String], is_open: bool, depth: usize) -> Option<Place> {
        let Some((name, rest)) = names.split_first() else {
            return Some(Place::Module(module.clone()));
        };
        if depth > IMPORTS_MAX {
            return None;
        }
        let inner = with(module, name);
        // A module may have an import of its name beside it: `mod line; pub use line::line;`.
        if !rest.is_empty() && self.is_module(&inner) {
            return self.look(&inner, rest, false, depth);
        }
        let own = (module.clone(), name.clone());
        if let Some(said) = self.imports.get(&own) {
            return self.find(said, rest, depth + 1);
        }
        if self.items.contains(&own) {
            return Some(Place::Item { module: module.clone(), name: name.clone() });
        }
        if self.is_module(&inner) {
            return Some(Place::Module(inner));
        }
        if module.is_empty() && self.root_macros.contains_key(name.as_str()) {
            return Some(Place::RootMacro(name.clone()));
        }
        if let Some(place) = self.look_through_globs(module, names, depth) {
            return Some(place);
        }
        if module.last().is_some_and(|it| it.starts_with('{')) {
            let around = module[..module.len() - 1].to_vec();
            return self.look(&around, names, is_open, depth);
        }
        (!is_open).then(|| Place::Item { module: module.clone(), name: name.clone() })
    }

    /// A folder with files is a module, whether or not its own file was read.
    fn is_module(&self, names: &Names) -> bool {
        self.modules
            .range::<&Names, _>(names..)
            .next()
            .is_some_and(|(module, _)| module.starts_with(names))
    }

    fn look_through_globs(&self, module: &Names, names: &[String], depth: usize) -> Option<Place> {
        let globs = self.globs.get(module)?;
        globs.iter().find_map(|said| match self.find(said, &[], depth + 1)? {
            Place::Module(other) if other != *module => self.look(&other, names, true, depth + 1),
            Place::Item { module, name } => {
                let variant = (with(&module, &name), names[0].clone());
                self.items.contains(&variant).then_some(Place::Item { module, name })
            }
            _ => None,
        })
    }
}
