//! No file names another that names it, directly or by way of others: any file can be read with only
//! those below it in mind.

use std::collections::BTreeSet;

use super::graph::Graph;
use super::{GRAPH, assert_none};

/// Circles that are still there, each with all the files on it. The list only gets shorter: a circle
/// that is gone or smaller has to be taken off or cut here too, and no new one is let in.
const LEFT: &[&[&str]] = &[];

#[test]
fn no_files_import_one_another_in_a_circle() {
    assert!(GRAPH.arrows().count() > 500, "the imports were not found");
    assert_none(&faults(&GRAPH, LEFT));
}

/// Circles that are not on the list, and lines of the list that say more than there is.
fn faults(graph: &Graph, left: &[&[&str]]) -> Vec<String> {
    let found = graph.knots();
    let left: Vec<BTreeSet<String>> =
        left.iter().map(|files| files.iter().map(|it| (*it).to_owned()).collect()).collect();
    let mut faults = Vec::new();
    for knot in &found {
        if !left.iter().any(|listed| knot.is_subset(listed)) {
            let words = graph.shortest_circle(knot);
            faults.push(format!("{} files are on a circle: {words}", knot.len()));
        }
    }
    for listed in &left {
        let rest: Vec<_> = found.iter().filter(|knot| knot.is_subset(listed)).collect();
        if rest != [listed] {
            faults.push(format!("of the circle {listed:?} there is left {rest:?}: cut the list"));
        }
    }
    faults
}

mod tests {
    use super::super::graph::tests::tree;
    use super::*;

    const RING: &[(&str, &str)] = &[
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
    ];

    #[track_caller]
    fn check(left: &[&[&str]], wanted: &[&str]) {
        assert_eq!(faults(&tree(RING), left), wanted);
    }

    #[test]
    fn the_list_may_only_shrink() {
        check(&[&["a.rs", "b.rs", "c.rs"]], &[]);
        let circle =
            "3 files are on a circle: a.rs -> b.rs (names B) -> c.rs (names C) -> a.rs (names A)";
        check(&[], &[circle]);
        check(
            &[&["a.rs", "b.rs"]],
            &[circle, r#"of the circle {"a.rs", "b.rs"} there is left []: cut the list"#],
        );
        check(
            &[&["a.rs", "b.rs", "c.rs", "d.rs"]],
            &[
                r#"of the circle {"a.rs", "b.rs", "c.rs", "d.rs"} there is left [{"a.rs", "b.rs", "c.rs"}]: cut the list"#,
            ],
        );
    }
}
