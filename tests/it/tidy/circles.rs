//! No file names another that names it, directly or by way of others: any file can be read with only
//! those below it in mind.

use super::graph::Graph;
use super::{assert_none, sources};

/// Circles that are still there, each by a file that lies on it. The list only gets shorter.
const LEFT: &[&str] = &[];

#[test]
fn no_files_import_one_another_in_a_circle() {
    let graph = Graph::read(&sources_as_text());
    let n_edges: usize = graph.edges.values().map(std::collections::BTreeMap::len).sum();
    assert!(n_edges > 500, "the imports were not found");
    let circles = graph.circles();
    let is_left = |circle: &Vec<String>, file: &str| circle.iter().any(|it| it == file);
    let mut faults: Vec<String> = circles
        .iter()
        .filter(|circle| !LEFT.iter().any(|file| is_left(circle, file)))
        .map(|circle| graph.words(circle))
        .collect();
    let gone = LEFT.iter().filter(|file| !circles.iter().any(|circle| is_left(circle, file)));
    faults
        .extend(gone.map(|file| format!("{file} is on no circle any more: take it off the list")));
    assert_none(&faults);
}

/// The sources with all that stands in them, for a reader that knows Rust.
fn sources_as_text() -> Vec<(String, String)> {
    let read = |path: &str| std::fs::read_to_string(super::src().join(path)).unwrap();
    sources().into_iter().map(|source| (source.path.clone(), read(&source.path))).collect()
}
