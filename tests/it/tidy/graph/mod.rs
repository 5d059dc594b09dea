//! Which file of the source names something that another one defines: read with `syn`, so that
//! `self`, `super`, renames, nested modules, re-exports, globs and the insides of macros are seen.
//!
//! Tests are left out: files that are there for tests alone, and whatever stands under `#[cfg(test)]`.
//! A re-export is no user of what it hands on; who uses it depends on the file that defines the thing.
//! Calls of methods need no import and are not seen.
//!
//! Not here: what the graph has to be like (`circles`, `arrows`).

mod facts;
mod home;
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use facts::Facts;
use home::Home;

/// A file's path below `src`, such as `sim/world/locks.rs`.
pub(crate) type File = String;

/// Files, and for each those that it depends on, with a name that it takes from there.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) edges: BTreeMap<File, BTreeMap<File, String>>,
}

impl Graph {
    /// Reads the sources of a crate, given as (path below `src`, text).
    pub(crate) fn read(krate: &str, sources: &[(File, String)]) -> Self {
        let files = without_tests(
            sources
                .iter()
                .map(|(file, text)| {
                    let parsed = syn::parse_file(text).unwrap_or_else(|it| panic!("{file}: {it}"));
                    (file.clone(), facts::facts(krate, &module_of(file), &parsed))
                })
                .collect(),
        );
        let home = Home::new(&files);
        let mut graph = Graph::default();
        for (file, facts) in &files {
            let edges = graph.edges.entry(file.clone()).or_default();
            let found = facts.named.iter().filter_map(|said| home.of(said));
            for (to, name) in found.filter(|(to, _)| to != file) {
                edges.entry(to.to_owned()).or_insert(name);
            }
        }
        graph
    }

    /// Every edge: the file, the one that it depends on, and a name that it takes from there.
    pub(crate) fn arrows(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.edges.iter().flat_map(|(from, to)| {
            to.iter().map(move |(to, name)| (from.as_str(), to.as_str(), name.as_str()))
        })
    }

    /// Files that reach one another, in groups of two and more.
    pub(crate) fn knots(&self) -> Vec<BTreeSet<File>> {
        let reach: BTreeMap<&File, BTreeSet<&File>> =
            self.edges.keys().map(|file| (file, self.reached(file))).collect();
        let mut knots: Vec<BTreeSet<File>> = Vec::new();
        for (file, reached) in &reach {
            if reached.contains(file) && !knots.iter().any(|knot| knot.contains(*file)) {
                let back = reached.iter().filter(|other| reach[*other].contains(file));
                knots.push(back.map(|other| (*other).clone()).collect());
            }
        }
        knots
    }

    /// The shortest circle in a knot, in words: `a.rs -> b.rs (names B) -> a.rs (names A)`.
    pub(crate) fn shortest_circle(&self, knot: &BTreeSet<File>) -> String {
        let circles = knot.iter().filter_map(|start| self.way_back(start, knot));
        let circle = circles.min_by_key(Vec::len).unwrap_or_default();
        let mut words = circle.first().cloned().unwrap_or_default();
        for (file, next) in circle.iter().zip(circle.iter().cycle().skip(1)) {
            words = format!("{words} -> {next} (names {})", self.edges[file][next]);
        }
        words
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

    /// The shortest way from a file back to it.
    fn way_back(&self, start: &File, knot: &BTreeSet<File>) -> Option<Vec<File>> {
        let mut ways = VecDeque::from([vec![start.clone()]]);
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

/// `["sim", "world"]` for `sim/world.rs` and for `sim/world/mod.rs`. A program beside the library is a
/// module of its own, `["main"]`.
fn module_of(file: &str) -> facts::Names {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

/// The files, without those that a `#[cfg(test)] mod` declares, or that lie below one.
fn without_tests(mut files: BTreeMap<File, Facts>) -> BTreeMap<File, Facts> {
    let tests: BTreeSet<facts::Names> =
        files.values().flat_map(|facts| facts.test_modules.iter().cloned()).collect();
    files.retain(|file, _| {
        let module = module_of(file);
        !(1..=module.len()).any(|n| tests.contains(&module[..n]))
    });
    files
}
