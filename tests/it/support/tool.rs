//! Other programs that some tests need: where one is missing, its test says that it is skipped, and
//! fails where nothing may be.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::env;
use std::path::{Path, PathBuf};

/// Set where every tool has to be there.
const STRICT: &str = "RINGBACK_CI";

/// Where a program is; `None`, said on stderr, where it is not.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|it| it.is_file());
    or_skipped(name, found)
}

/// An example of ours, which `cargo test` builds beside the tests where nobody asks for some of them only.
pub(crate) fn example(name: &str) -> Option<PathBuf> {
    let own = env::current_exe().expect("a test has a path");
    let built = own.parent().and_then(Path::parent).expect("it lies in the target's deps");
    or_skipped(name, Some(built.join("examples").join(name)).filter(|it| it.is_file()))
}

fn or_skipped(name: &str, found: Option<PathBuf>) -> Option<PathBuf> {
    if found.is_none() {
        let is_strict = env::var_os(STRICT).is_some_and(|value| value == "1");
        assert!(!is_strict, "{name} is missing, and {STRICT}=1 says that nothing may be");
        eprintln!("skipped: there is no {name}");
    }
    found
}
