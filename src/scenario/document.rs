//! A scenario: opened once, handed to each vendor part by part, and closed with a verdict.
//!
//! Opening never fails. Whatever is wrong, also that there is no such file, is a mistake like any
//! other and told by [`Document::finish`].

use crate::scenario::section::Section;
use std::path::PathBuf;

use crate::scenario::files::Files;
use crate::scenario::mistake::Ledger;
use crate::scenario::place::Main;
use crate::scenario::top::{Choice, Top};

/// A scenario that is being read.
#[derive(Debug)]
pub struct Document {
    pub(crate) main: Main,
    pub(crate) files: Box<dyn Files>,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) ledger: Ledger,
    pub(crate) n_sheets: u32,
    pub(crate) top: Top,
    pub(crate) variants: Vec<Choice>,
    /// The top, then the vendors.
    pub(crate) sections: Vec<Section>,
}
