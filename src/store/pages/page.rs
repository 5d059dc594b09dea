//! One page: whole, or without its empty middle.
//!
//! SQLite fills a page from both ends, so a table of a few rows leaves most of its page zero. At
//! rest such a page is kept as its two ends. A trimmed page is told from a whole one by its length;
//! its first two bytes say how much of it is the front end.
//!
//! Not here: when pages are trimmed ([`super::image`]).

use std::mem::MaybeUninit;
use std::sync::Arc;

pub(crate) type Page = Arc<[u8]>;

/// Zeros are looked for in steps of a cache line; finer steps would save little.
const STEP: usize = 64;

/// A gap of less than this part of a page is not worth a new allocation.
const GAP_PART_MIN: usize = 4;

/// Bytes that hold the length of the front end; less than 65,536, since there is a gap.
const PREFIX: usize = 2;

/// A page as it is kept.
#[derive(Debug)]
pub(crate) enum View<'a> {
    Whole(&'a [u8]),
    /// The two ends; zeros between them.
    Trimmed {
        front: &'a [u8],
        back: &'a [u8],
    },
    Zeros,
}

impl<'a> View<'a> {
    /// A part of the page: bytes, so many zeros, and bytes. It must not reach past the end.
    pub(crate) fn part(
        &self,
        from: usize,
        to: usize,
        page_size: usize,
    ) -> (&'a [u8], usize, &'a [u8]) {
        match *self {
            View::Whole(page) => (&page[from..to], 0, &[]),
            View::Zeros => (&[], to - from, &[]),
            View::Trimmed { front, back } => {
                let back_from = page_size - back.len();
                let front = &front[from.min(front.len())..to.min(front.len())];
                let back = &back[from.saturating_sub(back_from)..to.saturating_sub(back_from)];
                (front, to - from - front.len() - back.len(), back)
            }
        }
    }

    /// Fills `out` from a place within the page.
    pub(crate) fn read(&self, within: usize, out: &mut [MaybeUninit<u8>], page_size: usize) {
        let (front, n_zeros, back) = self.part(within, within + out.len(), page_size);
        let (front_out, rest) = out.split_at_mut(front.len());
        let (zeros_out, back_out) = rest.split_at_mut(n_zeros);
        front_out.write_copy_of_slice(front);
        zeros_out.fill(MaybeUninit::new(0));
        back_out.write_copy_of_slice(back);
    }

    /// Appends the whole page.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>, page_size: usize) {
        let (front, n_zeros, back) = self.part(0, page_size, page_size);
        out.extend_from_slice(front);
        out.resize(out.len() + n_zeros, 0);
        out.extend_from_slice(back);
    }
}

pub(crate) fn view(page: &Page, page_size: usize) -> View<'_> {
    if page.len() == page_size {
        return View::Whole(page);
    }
    let Some((prefix, ends)) = page.split_first_chunk::<PREFIX>() else { return View::Zeros };
    match ends.split_at_checked(usize::from(u16::from_le_bytes(*prefix))) {
        Some((front, back)) => View::Trimmed { front, back },
        None => View::Zeros,
    }
}

/// A whole page without its longest run of zeros, where that is long.
pub(crate) fn trim(page: &[u8]) -> Option<Page> {
    let (mut gap_from, mut gap_to) = (0, 0);
    let mut run_from = 0;
    for (idx, step) in page.chunks(STEP).enumerate() {
        let to = idx * STEP + step.len();
        if step.iter().any(|it| *it != 0) {
            run_from = to;
        } else if to - run_from > gap_to - gap_from {
            (gap_from, gap_to) = (run_from, to);
        }
    }
    if gap_to - gap_from < (page.len() / GAP_PART_MIN).max(PREFIX + 1) {
        return None;
    }
    let prefix = u16::try_from(gap_from).ok()?.to_le_bytes();
    let mut trimmed = Vec::with_capacity(PREFIX + page.len() - (gap_to - gap_from));
    trimmed.extend_from_slice(&prefix);
    trimmed.extend_from_slice(&page[..gap_from]);
    trimmed.extend_from_slice(&page[gap_to..]);
    Some(Arc::from(trimmed))
}
