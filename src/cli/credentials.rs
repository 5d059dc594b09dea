//! `--credential NAME=VALUE`: an account's at a vendor's own system, which no report shows.

use std::collections::BTreeMap;

use crate::app;
use crate::cli::failure::{Failure, bad_input};
use crate::sim::journal::secrets::names;
use crate::web::mask::known::Known;
use crate::web::mask::masker::Masker;

/// Reads them.
///
/// # Errors
/// Where one has no name.
pub(super) fn given(pairs: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let read = |pair: &String| {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| bad_input("--credential: expected NAME=VALUE, such as token=…"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    pairs.iter().map(read).collect()
}

/// Masks them wherever they stand, and what is secret by its name or form.
pub(super) fn masker<'s>(secrets: impl IntoIterator<Item = &'s String>) -> Masker {
    let mut known = Known::builder();
    for secret in secrets {
        known.secret(secret);
    }
    // They are few, and no automaton is too small for them.
    Masker::new(&names(app::vendors()), &known.build().unwrap_or_default(), false)
}
