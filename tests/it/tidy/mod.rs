//! Rules about the source, each a test over all its files.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `arrows` | which floor may name which |
//! | `circles` | no file is on a circle of imports |
//! | `places` | what only some files may name: sockets, clocks, threads |
//! | `vendors` | a vendor's folder and tables |
//! | `statements` | every SQL statement |
//! | `picture` | the picture of the floors in `docs/architecture.md` |
//! | `graph` | the reader of imports below the first two |

mod arrows;
mod circles;
mod graph;
mod picture;
mod places;
mod statements;
mod vendors;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use graph::Graph;

/// Every file below `src`, with its text.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let mut found = Vec::new();
    let mut folders = vec![src()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let below = path.strip_prefix(src()).unwrap().to_string_lossy().into_owned();
                found.push((below, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
});

static GRAPH: LazyLock<Graph> = LazyLock::new(|| Graph::read(env!("CARGO_PKG_NAME"), &FILES));

/// A source file that is no test: its path below `src`, and its text without tests and comments.
struct Source {
    path: &'static str,
    code: String,
}

impl Source {
    /// `sim` for `sim/world/mod.rs`, `app` for `app.rs`.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let kept = FILES.iter().filter(|(path, _)| GRAPH.edges.contains_key(path));
    let found: Vec<_> = kept.map(|(path, text)| Source { path, code: code_of(text) }).collect();
    assert!(found.len() > 30, "the sources were not found");
    found
}

/// The text up to a module of tests, without comment lines.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
