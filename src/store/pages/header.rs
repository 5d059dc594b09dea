//! The fields of a SQLite file's header that the page store reads or patches.
//!
//! Not here: anything past the first hundred bytes. Offsets are those of SQLite's own description of
//! its file format; numbers in it are big-endian.

/// Bytes of the header at the start of page 1.
pub(crate) const LEN: usize = 100;

/// The first bytes of every SQLite file.
pub(crate) const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Two bytes: the page size, with 1 for 65,536.
pub(crate) const PAGE_SIZE: usize = 16;

/// One byte each: 1 for a rollback journal, 2 for WAL.
pub(crate) const WRITE_VERSION: usize = 18;
pub(crate) const READ_VERSION: usize = 19;

/// Counts commits. SQLite drops its page cache when this moves.
pub(crate) const CHANGE_COUNTER: usize = 24;

/// Pages in the file; only good where `VALID_FOR` equals the change counter.
pub(crate) const PAGE_COUNT: usize = 28;

/// Counts changes of the schema. SQLite parses the schema again when this moves.
pub(crate) const SCHEMA_COOKIE: usize = 40;

/// The change counter that the page count was written with.
pub(crate) const VALID_FOR: usize = 92;

/// SQLite's own bounds on a page size, which must be a power of two.
const PAGE_SIZE_MIN: usize = 512;
const PAGE_SIZE_MAX: usize = 65_536;

/// A four-byte number of the header; 0 where the page is too short to hold it, as in an empty file.
pub(crate) fn number(page: &[u8], at: usize) -> u32 {
    page.get(at..).and_then(|it| it.first_chunk()).map_or(0, |it| u32::from_be_bytes(*it))
}

/// Sets a four-byte number of the header, where the page is long enough to hold it.
pub(crate) fn set_number(page: &mut [u8], at: usize, value: u32) {
    if let Some(field) = page.get_mut(at..).and_then(|it| it.first_chunk_mut()) {
        *field = value.to_be_bytes();
    }
}

/// The page size as the header states it, allowed or not.
pub(crate) fn stated_page_size(page: &[u8]) -> usize {
    match page.get(PAGE_SIZE..).and_then(|it| it.first_chunk()) {
        Some([0, 1]) => PAGE_SIZE_MAX,
        Some(field) => usize::from(u16::from_be_bytes(*field)),
        None => 0,
    }
}

pub(crate) fn is_page_size(size: usize) -> bool {
    size.is_power_of_two() && (PAGE_SIZE_MIN..=PAGE_SIZE_MAX).contains(&size)
}

/// The later of two counters that may wrap: the one less than half the range ahead of the other.
pub(crate) fn later(a: u32, b: u32) -> u32 {
    if b.wrapping_sub(a) < u32::MAX / 2 { b } else { a }
}
