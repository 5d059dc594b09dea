//! Journals as they are shown and as they are kept.

mod golden;
mod rows;
