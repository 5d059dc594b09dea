//! One call in turn fails, the process lives on: the step is told as failed, and nothing is left of
//! it.

use std::sync::Arc;

use crate::store::database::Sync;
use crate::store::folder::data_folder::DataFolder;
use crate::store::folder::files::{Call, Files};
use crate::store::folder::tests::crash::{
    Step, check_anew, check_over, delete_a, export_a, fork_a, make_b, reseed_a, with_a,
};
use crate::store::folder::tests::harness::{Failing, names, start};

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EROFS: i32 = 30;

/// Steps, and whether one that fails may be found done all the same: what was deleted or replaced is
/// away even where the disk does not promise it.
const STEPS: [(&str, Step, bool); 7] = [
    ("make", make_b, false),
    ("fork", fork_a, false),
    ("checkpoint", check_anew, false),
    ("checkpoint again", check_over, true),
    ("reseed", reseed_a, false),
    ("delete", delete_a, true),
    ("export", export_a, false),
];

#[test]
fn a_step_that_fails_leaves_nothing() {
    for (errno, for_good) in [(ENOSPC, false), (EIO, true), (EROFS, false)] {
        for (name, step, may_be_done) in STEPS {
            let mut n_passed = 0;
            while fails_at(n_passed, errno, for_good, step, may_be_done, name) {
                n_passed += 1;
            }
            assert!(n_passed > 5, "{name} makes {n_passed} calls");
        }
    }
}

/// Whether there was a call to fail.
fn fails_at(
    n_passed: usize,
    errno: i32,
    for_good: bool,
    step: Step,
    may_be_done: bool,
    name: &str,
) -> bool {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("data");
    with_a(&root);
    let before = start(&root);
    let gate = Arc::new(Failing::new(errno, for_good));
    let folder = DataFolder::take(&root, Files::gated(Sync::Full, gate.clone())).unwrap();
    gate.arm(n_passed);
    let done = step(&folder);
    let Some(failed) = *gate.failed.lock().unwrap() else {
        done.unwrap();
        return false;
    };
    let at = format!("{name}, call {n_passed} ({failed:?}), errno {errno}, {done:?}");
    let can_clean = !for_good && !matches!(failed, Call::Remove | Call::Look | Call::List);
    if can_clean {
        let left = names(&root).into_iter().find(|it| it.contains(".new-") || it.contains(".gone"));
        assert_eq!(left, None, "{at}");
    }
    drop(folder);
    let after = start(&root);
    // A disk that fails for good does not let go of the name either.
    let may_be_done = may_be_done || (for_good && failed == Call::Sync);
    if done.is_err() {
        assert!(may_be_done || after == before, "{at}");
    } else {
        assert!(after != before || name == "export", "{at}");
    }
    if let Err(error) = done {
        assert!(error.trouble().is_some(), "{at}");
    }
    true
}
