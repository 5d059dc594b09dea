//! The reader of the graph on small made-up sources.

use super::Graph;

/// The graph of a small tree.
pub(crate) fn tree(sources: &[(&str, &str)]) -> Graph {
    let sources: Vec<(String, String)> =
        sources.iter().map(|(file, text)| ((*file).into(), (*text).into())).collect();
    Graph::read("house", &sources)
}

/// Checks the edges of a small tree, each as `a.rs -> b.rs Name`.
#[track_caller]
fn check(sources: &[(&str, &str)], wanted: &[&str]) {
    let graph = tree(sources);
    let edges = graph.arrows().map(|(from, to, name)| format!("{from} -> {to} {name}"));
    assert_eq!(edges.collect::<Vec<_>>(), wanted);
}

/// Checks what `a/b.rs` takes from `a/c.rs`, which defines `C` and `make`.
#[track_caller]
fn check_b(text: &str, wanted: &[&str]) {
    let wanted: Vec<String> =
        wanted.iter().map(|name| format!("a/b.rs -> a/c.rs {name}")).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    check(&[("a/b.rs", text), C], &wanted);
}

const C: (&str, &str) = ("a/c.rs", "pub enum C { Red } pub fn make() {}");

#[test]
fn paths_lead_to_the_file_that_defines() {
    check_b("use super::c::C;", &["C"]);
    check_b("use super::c::{C as D};", &["C"]);
    check_b("use crate::a::c::{self}; fn f() { c::make(); }", &["make"]);
    check_b("use crate::a::c as d; fn f() -> d::C { loop {} }", &["C"]);
    check_b("fn f(it: Option<super::c::C>) {}", &["C"]);
    check_b("pub(in crate::a) fn f() -> crate::a::c::C { loop {} }", &["C"]);
    check_b("impl crate::a::c::C { fn f(self) {} }", &["C"]);
    check_b("use crate::a::c;", &[]);
    check(&[("a/mod.rs", "mod c; use self::c::C;"), C], &["a/mod.rs -> a/c.rs C"]);
    check(&[("a/mod.rs", "mod c; use c::C;"), C], &["a/mod.rs -> a/c.rs C"]);
    check(&[("main.rs", "fn main() { house::a::c::make() }"), C], &["main.rs -> a/c.rs make"]);
}

#[test]
fn modules_written_out_in_a_file_are_seen() {
    check_b("mod inner { use super::super::c::C; }", &["C"]);
    let outer = ("a.rs", "pub mod inner { pub struct Deep; }");
    check(&[outer, ("b.rs", "use crate::a::inner::Deep;")], &["b.rs -> a.rs Deep"]);
    check(&[("a.rs", "mod inner { pub struct Deep; } use inner::Deep;")], &[]);
}

#[test]
fn blocks_may_import() {
    check_b("fn f() { use super::c; c::make(); }", &["make"]);
    check_b("fn f() { use super::c; { use std::fmt; c::make(); } }", &["make"]);
    check_b("fn f() { use super::c; } fn g() { c::make(); }", &[]);
}

#[test]
fn globs_hand_on_what_is_there() {
    check_b("use super::c::*; fn f() { make(); }", &["make"]);
    check_b("use super::c::*; fn f() { other(); }", &[]);
    check_b("use super::c::C::*; fn f() { Red; }", &["C"]);
    let glob = ("a/mod.rs", "mod c; pub use c::*;");
    check(&[("b.rs", "use crate::a::make;"), C, glob], &["b.rs -> a/c.rs make"]);
    let deep = [("a/mod.rs", "mod d; pub use d::*;"), ("a/d.rs", "pub use super::c::C;"), C];
    check(
        &[&deep[..], &[("b.rs", "use crate::a::*; fn f(it: C) {}")]].concat(),
        &["b.rs -> a/c.rs C"],
    );
    check(&[("a/mod.rs", "pub use c::*;"), ("a/c.rs", "pub use super::*; fn f() { g(); }")], &[]);
}

#[test]
fn re_exports_are_followed_and_are_no_users() {
    let door = ("a/mod.rs", "mod c; pub(crate) use c::C as Door;");
    check(&[("b.rs", "use crate::a::Door;"), C, door], &["b.rs -> a/c.rs C"]);
    let user = ("a/mod.rs", "mod c; pub use c::C; fn f(it: C) {}");
    check(&[C, user], &["a/mod.rs -> a/c.rs C"]);
    let module = ("a/mod.rs", "mod c; pub use c as d;");
    check(
        &[("b.rs", "use crate::a::d; fn f() { d::make() }"), C, module],
        &["b.rs -> a/c.rs make"],
    );
}

#[test]
fn a_child_sees_the_imports_of_its_parent() {
    let parent = ("a/mod.rs", "mod b; use crate::x::X; use std::fmt;");
    let child = ("a/b.rs", "use super::{X, fmt};");
    check(&[parent, child, ("x.rs", "pub struct X;")], &["a/b.rs -> x.rs X", "a/mod.rs -> x.rs X"]);
}

#[test]
fn macros_and_attributes_are_looked_into() {
    check_b("fn f() { let _ = vec![crate::a::c::C::Red]; }", &["C"]);
    check_b("fn f() { let _ = vec![it.c, super::c::make(..super::c::C)]; }", &["C"]);
    check_b("macro_rules! m { () => { $crate::a::c::make() } }", &["make"]);
    check_b("struct S { #[serde(with = \"crate::a::c::C\")] it: u8 }", &["C"]);
    check_b("#[error(\"{}\", crate::a::c::make())] struct S;", &["make"]);
    check_b("/// See `crate::a::c::C` and [`super::c::C`].\nstruct S;", &[]);
    let m = ("a/c.rs", "#[macro_export] macro_rules! rows { () => {} }");
    check(&[("b.rs", "crate::rows! {}"), m], &["b.rs -> a/c.rs rows"]);
    check(&[("b.rs", "use crate::a::c::MADE;"), m], &["b.rs -> a/c.rs MADE"]);
}

#[test]
fn tests_and_other_crates_are_left_out() {
    check_b("#[cfg(test)] mod tests { use super::super::c::C; }", &[]);
    check_b("#[cfg(test)] use super::c::C;", &[]);
    check_b("#[cfg(all(test, unix))] use super::c::C;", &[]);
    check_b("#[cfg(not(test))] use super::c::C;", &["C"]);
    check_b("#[test] fn f() { super::c::make() }", &[]);
    check_b("struct S { #[cfg(test)] it: super::c::C }", &[]);
    check_b("use std::fmt; use serde_json::Value; fn f(it: c::C) {}", &[]);
    let door = ("a/mod.rs", "#[cfg(test)] pub(crate) mod stage; mod c;");
    let deep = [("a/stage.rs", "use crate::a::c::C;"), ("a/stage/deep.rs", "use crate::a::c::C;")];
    check(&[&deep[..], &[door, C]].concat(), &[]);
}

#[test]
fn of_each_knot_the_shortest_circle_is_told() {
    let graph = tree(&[
        ("a.rs", "use crate::b::B; use crate::c::C; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
        ("d.rs", "use crate::a::A;"),
        ("x.rs", "use crate::y::Y; pub struct X;"),
        ("y.rs", "use crate::x::X; pub struct Y;"),
    ]);
    let words: Vec<_> = graph.knots().iter().map(|knot| graph.shortest_circle(knot)).collect();
    assert_eq!(
        words,
        ["a.rs -> c.rs (names C) -> a.rs (names A)", "x.rs -> y.rs (names Y) -> x.rs (names X)"]
    );
    assert_eq!(graph.knots()[0].len(), 3);
}
