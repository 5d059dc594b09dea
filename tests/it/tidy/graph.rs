//! Which file of the source names something that another one defines: read with `syn`, so that
//! `self`, `super`, renames, nested modules, re-exports and the insides of macros are seen.
//!
//! Tests are left out, and so is whatever stands under `#[cfg(test)]`. A re-export is no user of what
//! it hands on; who uses it depends on the file that defines the thing.
//!
//! Not here: what the graph has to be like (`circles`, `arrows`).

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A file's path below `src`, such as `sim/world/locks.rs`.
type File = String;

/// Names from the root of the crate: `["sim", "world"]`.
type Path = Vec<String>;

/// Files, and for each those that it depends on, with a name that it takes from there.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) edges: BTreeMap<File, BTreeMap<File, String>>,
}

/// What one file says of modules and names.
#[derive(Debug, Default)]
struct Facts {
    /// Its modules: the one that it is, and those that are written out in it.
    modules: BTreeSet<Path>,
    /// Names that it hands on: the module, the name, and what it stands for.
    exports: BTreeMap<(Path, String), Path>,
    /// Globs that it hands on: the module, and what it takes the names from.
    globs: Vec<(Path, Path)>,
    /// Every path that it names, from the root.
    named: BTreeSet<Path>,
}

impl Graph {
    /// Reads sources given as (path below `src`, text).
    pub(crate) fn read(sources: &[(String, String)]) -> Self {
        let facts: BTreeMap<File, Facts> = sources
            .iter()
            .map(|(file, text)| {
                let parsed = syn::parse_file(text).unwrap_or_else(|it| panic!("{file}: {it}"));
                (file.clone(), facts(&module_of(file), &parsed))
            })
            .collect();
        let home = Home::new(&facts);
        let mut graph = Graph::default();
        for (file, facts) in &facts {
            let edges = graph.edges.entry(file.clone()).or_default();
            for path in &facts.named {
                if let Some((to, name)) = home.of(path, 0)
                    && to != *file
                    && to != "lib.rs"
                {
                    edges.entry(to).or_insert(name);
                }
            }
        }
        graph
    }

    /// The shortest circle through each knot of files, as the files on it in order.
    pub(crate) fn circles(&self) -> Vec<Vec<File>> {
        let knots = self.knots();
        knots.iter().filter_map(|knot| self.shortest_circle(knot)).collect()
    }

    /// A circle in words: `a.rs -> b.rs (Name) -> a.rs (Other)`.
    pub(crate) fn words(&self, circle: &[File]) -> String {
        let mut words = circle[0].clone();
        for (idx, file) in circle.iter().enumerate() {
            let next = &circle[(idx + 1) % circle.len()];
            let name = &self.edges[file][next];
            words = format!("{words} -> {next} ({name})");
        }
        words
    }

    /// Files that reach one another, in groups of two and more.
    fn knots(&self) -> Vec<BTreeSet<File>> {
        let reach: BTreeMap<&File, BTreeSet<&File>> =
            self.edges.keys().map(|file| (file, self.reached(file))).collect();
        let mut knots: Vec<BTreeSet<File>> = Vec::new();
        for (file, reached) in &reach {
            if !reached.contains(file) || knots.iter().any(|knot| knot.contains(*file)) {
                continue;
            }
            let back = reached.iter().filter(|other| reach[*other].contains(file));
            knots.push(back.map(|other| (*other).clone()).collect());
        }
        knots
    }

    fn reached(&self, from: &File) -> BTreeSet<&File> {
        let mut reached = BTreeSet::new();
        let mut todo: Vec<&File> = self.edges[from].keys().collect();
        while let Some(file) = todo.pop() {
            if let Some((file, next)) = self.edges.get_key_value(file)
                && reached.insert(file)
            {
                todo.extend(next.keys());
            }
        }
        reached
    }

    fn shortest_circle(&self, knot: &BTreeSet<File>) -> Option<Vec<File>> {
        let circles = knot.iter().filter_map(|start| self.way_back(start, knot));
        circles.min_by_key(Vec::len)
    }

    /// The shortest way from a file back to it.
    fn way_back(&self, start: &File, knot: &BTreeSet<File>) -> Option<Vec<File>> {
        let mut ways = std::collections::VecDeque::from([vec![start.clone()]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            for next in self.edges[way.last()?].keys().filter(|next| knot.contains(*next)) {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next) {
                    ways.push_back(way.iter().chain([next]).cloned().collect());
                }
            }
        }
        None
    }
}

/// Where things are defined.
struct Home<'f> {
    modules: BTreeMap<&'f Path, &'f File>,
    exports: BTreeMap<&'f (Path, String), &'f Path>,
    globs: Vec<&'f (Path, Path)>,
    /// Items of each module, for names that a glob hands on.
    facts: &'f BTreeMap<File, Facts>,
}

impl<'f> Home<'f> {
    fn new(facts: &'f BTreeMap<File, Facts>) -> Self {
        let mut home =
            Home { modules: BTreeMap::new(), exports: BTreeMap::new(), globs: Vec::new(), facts };
        for (file, facts) in facts {
            home.modules.extend(facts.modules.iter().map(|module| (module, file)));
            home.exports.extend(&facts.exports);
            home.globs.extend(&facts.globs);
        }
        home
    }

    /// The file that defines what a path names, and the name; `None` for a module itself, and for
    /// what is not of this crate.
    fn of(&self, path: &Path, depth: usize) -> Option<(File, String)> {
        // Re-exports of re-exports are followed, but a circle of them would have no end.
        if depth > 8 {
            return None;
        }
        let n_module =
            (0..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n].to_vec()))?;
        let (module, rest) = path.split_at(n_module);
        let (name, behind) = rest.split_first()?;
        let module = module.to_vec();
        if let Some(target) = self.exports.get(&(module.clone(), name.clone())) {
            let followed = target.iter().chain(behind).cloned().collect();
            return self.of(&followed, depth + 1);
        }
        for (from, to) in &self.globs {
            let handed_on: Path = to.iter().chain(rest).cloned().collect();
            if *from == module && self.exports_or_defines(to, name) {
                return self.of(&handed_on, depth + 1);
            }
        }
        Some((self.modules[&module].clone(), name.clone()))
    }

    /// Whether a module that a glob reads has the name as a re-export or a module of its own.
    fn exports_or_defines(&self, module: &Path, name: &str) -> bool {
        let inner: Path = module.iter().cloned().chain([name.to_owned()]).collect();
        self.exports.contains_key(&(module.clone(), name.to_owned()))
            || self.modules.contains_key(&inner)
            || self.modules.get(module).is_some_and(|file| {
                let own = [module.clone(), vec![format!("={name}")]].concat();
                self.facts[*file].named.contains(&own)
            })
    }
}

/// `["sim", "world"]` for `sim/world.rs` and for `sim/world/mod.rs`.
fn module_of(file: &str) -> Path {
    let parts = file.trim_end_matches(".rs").split('/');
    let mut path: Path = parts.map(str::to_owned).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        path.pop();
    }
    path
}

fn facts(module: &Path, file: &syn::File) -> Facts {
    let mut reader =
        Reader { scopes: vec![Scope::of(module, &file.items)], facts: Facts::default() };
    reader.facts.modules.insert(module.clone());
    reader.visit_file(file);
    reader.facts
}

/// The names that a module has brought in.
struct Scope {
    module: Path,
    /// What each name stands for.
    names: BTreeMap<String, Path>,
}

impl Scope {
    fn of(module: &Path, items: &[syn::Item]) -> Self {
        let mut scope = Scope { module: module.clone(), names: BTreeMap::new() };
        for item in items {
            match item {
                syn::Item::Mod(inner) if !is_test(&inner.attrs) => {
                    let name = inner.ident.to_string();
                    let path = module.iter().cloned().chain([name.clone()]).collect();
                    scope.names.insert(name, path);
                }
                syn::Item::Use(used) if !is_test(&used.attrs) => {
                    for (name, path) in leaves(&used.tree) {
                        if let Some(path) = absolute(&path, module, &BTreeMap::new()) {
                            scope.names.insert(name, path);
                        }
                    }
                }
                _ => {}
            }
        }
        // A `use` may begin with a module that is declared beside it.
        let declared = scope.names.clone();
        for item in items {
            if let syn::Item::Use(used) = item
                && !is_test(&used.attrs)
            {
                for (name, path) in leaves(&used.tree) {
                    if path.len() > 1
                        && let Some(path) = absolute(&path, module, &declared)
                    {
                        scope.names.insert(name, path);
                    }
                }
            }
        }
        scope
    }
}

/// Walks a file and notes every path that leads out of it.
struct Reader {
    scopes: Vec<Scope>,
    facts: Facts,
}

impl Reader {
    fn note(&mut self, segments: &[String]) {
        let Some(scope) = self.scopes.last() else { return };
        if let Some(path) = absolute(segments, &scope.module, &scope.names) {
            self.facts.named.insert(path);
        }
    }

    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut segments: Vec<String> = Vec::new();
        let mut n_colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if n_colons != 2 {
                        self.end_of_path(&mut segments);
                    }
                    segments.push(ident.to_string());
                    n_colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !segments.is_empty() => {
                    n_colons += 1;
                }
                TokenTree::Group(group) => {
                    self.end_of_path(&mut segments);
                    n_colons = 0;
                    self.note_tokens(group.stream());
                }
                _ => {
                    self.end_of_path(&mut segments);
                    n_colons = 0;
                }
            }
        }
        self.end_of_path(&mut segments);
    }

    fn end_of_path(&mut self, segments: &mut Vec<String>) {
        if segments.len() > 1 {
            self.note(segments);
        }
        segments.clear();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !attributes(item).is_some_and(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let Some(outer) = self.scopes.last() else { return };
        let module: Path = outer.module.iter().cloned().chain([item.ident.to_string()]).collect();
        self.facts.modules.insert(module.clone());
        self.scopes.push(Scope::of(&module, items));
        visit::visit_item_mod(self, item);
        self.scopes.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let Some(scope) = self.scopes.last() else { return };
        let is_export = !matches!(item.vis, syn::Visibility::Inherited);
        for (name, path) in leaves(&item.tree) {
            let Some(path) = absolute(&path, &scope.module, &scope.names) else { continue };
            match (is_export, name.as_str()) {
                (true, "*") => self.facts.globs.push((scope.module.clone(), path)),
                (true, _) => {
                    self.facts.exports.insert((scope.module.clone(), name), path);
                }
                (false, "*") => {}
                (false, _) => {
                    self.facts.named.insert(path);
                }
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
        if segments.len() > 1 {
            self.note(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.note_tokens(called.tokens.clone());
    }
}

/// A path from the root of the crate; `None` where it leads to another crate or a name of its own.
fn absolute(segments: &[String], module: &Path, names: &BTreeMap<String, Path>) -> Option<Path> {
    let mut rest = segments;
    let mut base = match rest.first()?.as_str() {
        "crate" | "$crate" => Vec::new(),
        "self" | "super" => module.clone(),
        first => {
            let path = names.get(first)?.iter().chain(&rest[1..]).cloned().collect();
            return Some(path);
        }
    };
    if matches!(rest[0].as_str(), "crate" | "$crate" | "self") {
        rest = &rest[1..];
    }
    while rest.first().is_some_and(|it| it == "super") {
        base.pop()?;
        rest = &rest[1..];
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The names that a `use` brings in, each with its path. A glob's name is `*`, its path the module.
fn leaves(tree: &syn::UseTree) -> Vec<(String, Vec<String>)> {
    fn walk(tree: &syn::UseTree, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            syn::UseTree::Path(path) => {
                walk(&path.tree, &with(path.ident.to_string()), found);
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                found.push((before.last().cloned().unwrap_or_default(), before.to_vec()));
            }
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                found.push((name.clone(), with(name)));
            }
            syn::UseTree::Rename(renamed) if renamed.ident == "self" => {
                found.push((renamed.rename.to_string(), before.to_vec()));
            }
            syn::UseTree::Rename(renamed) => {
                found.push((renamed.rename.to_string(), with(renamed.ident.to_string())));
            }
            syn::UseTree::Glob(_) => found.push(("*".to_owned(), before.to_vec())),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    walk(tree, before, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// Whether something is there for tests alone.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

fn attributes(item: &syn::Item) -> Option<&[syn::Attribute]> {
    Some(match item {
        syn::Item::Const(it) => &it.attrs,
        syn::Item::Enum(it) => &it.attrs,
        syn::Item::Fn(it) => &it.attrs,
        syn::Item::Impl(it) => &it.attrs,
        syn::Item::Macro(it) => &it.attrs,
        syn::Item::Mod(it) => &it.attrs,
        syn::Item::Static(it) => &it.attrs,
        syn::Item::Struct(it) => &it.attrs,
        syn::Item::Trait(it) => &it.attrs,
        syn::Item::Type(it) => &it.attrs,
        syn::Item::Use(it) => &it.attrs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges of a small tree, as `a.rs -> b.rs Name`.
    #[track_caller]
    fn check(sources: &[(&str, &str)], wanted: &[&str]) {
        let sources: Vec<(String, String)> =
            sources.iter().map(|(file, text)| ((*file).into(), (*text).into())).collect();
        let graph = Graph::read(&sources);
        let edges = graph.edges.iter().flat_map(|(from, to)| {
            to.iter().map(move |(to, name)| format!("{from} -> {to} {name}"))
        });
        assert_eq!(edges.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn paths_lead_to_the_file_that_defines() {
        let c = ("a/c.rs", "pub struct C; pub fn make() {}");
        check(&[("a/b.rs", "use super::c::C;"), c], &["a/b.rs -> a/c.rs C"]);
        check(
            &[("a/b.rs", "use crate::a::c::{self}; fn f() { c::make(); }"), c],
            &["a/b.rs -> a/c.rs make"],
        );
        check(
            &[("a/b.rs", "use crate::a::c as d; fn f() -> d::C { todo() }"), c],
            &["a/b.rs -> a/c.rs C"],
        );
        check(&[("a/mod.rs", "mod c; use self::c::C;"), c], &["a/mod.rs -> a/c.rs C"]);
        check(&[("a/mod.rs", "mod c; use c::C;"), c], &["a/mod.rs -> a/c.rs C"]);
        check(&[("a/b.rs", "mod inner { use super::super::c::C; }"), c], &["a/b.rs -> a/c.rs C"]);
        check(
            &[("a/b.rs", "fn f() { let _ = vec![crate::a::c::C]; }"), c],
            &["a/b.rs -> a/c.rs C"],
        );
    }

    #[test]
    fn re_exports_are_followed_and_are_no_users() {
        let c = ("a/c.rs", "pub struct C;");
        let door = ("a/mod.rs", "mod c; pub use c::C;");
        check(&[("b.rs", "use crate::a::C;"), c, door], &["b.rs -> a/c.rs C"]);
        let glob = ("a/mod.rs", "mod c; mod d; pub use d::*;");
        let d = ("a/d.rs", "pub use super::c::C;");
        check(&[("b.rs", "use crate::a::C;"), c, d, glob], &["b.rs -> a/c.rs C"]);
    }

    #[test]
    fn tests_and_other_crates_are_left_out() {
        let c = ("a/c.rs", "pub struct C;");
        check(&[("a/b.rs", "#[cfg(test)] mod tests { use super::super::c::C; }"), c], &[]);
        check(&[("a/b.rs", "#[cfg(test)] use super::c::C;"), c], &[]);
        check(&[("a/b.rs", "use std::fmt; use serde_json::Value;"), c], &[]);
    }

    #[test]
    fn the_shortest_circle_is_told() {
        let sources: Vec<(String, String)> = [
            ("a.rs", "use crate::b::B; use crate::c::C; pub struct A;"),
            ("b.rs", "use crate::c::C; pub struct B;"),
            ("c.rs", "use crate::a::A; pub struct C;"),
            ("d.rs", "use crate::a::A;"),
        ]
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
        let graph = Graph::read(&sources);
        let circles = graph.circles();
        let words: Vec<String> = circles.iter().map(|circle| graph.words(circle)).collect();
        assert_eq!(words, ["a.rs -> c.rs (C) -> a.rs (A)"]);
    }
}
