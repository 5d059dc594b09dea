//! Pages of a database, shared between everything that was made from them.
//!
//! An image is a flat base that nobody writes, and over it a sparse overlay of single pages. Copying
//! one copies two pointers; writing to a copy copies the page that is written, its chunk, and the
//! list of chunks, each only while somebody else can see it. So a read costs the same however often
//! an image was forked, and nothing is ever merged.
//!
//! Not here: which connection uses the pages ([`super::slot`]), and SQLite (`vfs`).

use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fmt, io};

use crate::store::pages::header;
use crate::store::pages::page::{self, Page, View};

/// Pages of a database that was never written: SQLite's own default, and what most images have.
const PAGE_SIZE: usize = 4096;

/// Pages in one chunk of the overlay. A write into a shared chunk copies its pointers (1 kB), and a
/// database of 100,000 wide rows has under a thousand chunks to list; 64 keeps both small.
const CHUNK_PAGES: usize = 64;

/// Pages over the base up to which they are trimmed. A larger database has few pages that are mostly
/// empty, and looking for them would take longer than closing a connection should.
const TRIM_PAGES_MAX: usize = 256;

/// Spare pages of one connection: as many as a request of a vendor writes, 64 KiB at the most.
const SPARE_PAGES_MAX: usize = 16;

/// Bytes that are no database an image can be made from.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    #[error("expected an SQLite file of at least {expected} bytes, found {found}")]
    TooShort { expected: usize, found: usize },
    #[error("expected an SQLite file, found something else")]
    NotSqlite,
    #[error("expected a page size that is a power of two from 512 to 65536, found {found}")]
    PageSize { found: usize },
    #[error(
        "expected a file with a rollback journal, found one in WAL mode (set journal_mode to DELETE first)"
    )]
    Wal,
    #[error("expected version 1 of the file format, found {found}")]
    FormatVersion { found: u8 },
    #[error("expected whole pages of {page_size} bytes, found {found} bytes")]
    PartialPage { page_size: usize, found: usize },
    #[error("expected {expected} pages as the header says, found {found}")]
    Truncated { expected: usize, found: usize },
}

/// A page was written where no page is, or in a length that no page has.
#[derive(Debug)]
pub(crate) struct Misplaced;

/// What a write has replaced.
#[derive(Debug)]
pub(crate) struct Overwritten {
    idx: usize,
    /// `None` where the base showed through.
    page: Option<Page>,
    shape: (usize, usize, usize, SchemaId),
}

/// Pages that were replaced and that nobody sees any more. The next that are written take their room: it
/// is at hand, where memory that one thread gave back to another is not.
#[derive(Debug, Default)]
pub(crate) struct Spare(Vec<Page>);

impl Spare {
    /// A page with this in it.
    fn filled(&mut self, data: &[u8]) -> Page {
        let Some(mut page) = self.0.pop() else { return Arc::from(data) };
        match Arc::get_mut(&mut page).filter(|it| it.len() == data.len()) {
            Some(room) => room.copy_from_slice(data),
            None => return Arc::from(data),
        }
        page
    }

    /// Keeps the room of what was overwritten for good.
    pub(crate) fn keep(&mut self, overwritten: Overwritten) {
        let page = overwritten.page.filter(|_| self.0.len() < SPARE_PAGES_MAX);
        self.0.extend(page.filter(|it| Arc::strong_count(it) == 1));
    }
}

/// Names a schema: two images with one id have the same tables, whatever their cookies say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SchemaId(u64);

impl SchemaId {
    /// That of a database without tables.
    const NONE: SchemaId = SchemaId(0);

    fn fresh() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        SchemaId(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

#[derive(Clone)]
struct Chunk([Option<Page>; CHUNK_PAGES]);

impl Chunk {
    const EMPTY: Chunk = Chunk([const { None }; CHUNK_PAGES]);

    fn pages(&self) -> impl Iterator<Item = &Page> {
        self.0.iter().flatten()
    }
}

type Chunks = Vec<Option<Arc<Chunk>>>;

/// A sealed, immutable database: cheap to clone, shared by every world made from it.
#[derive(Clone)]
pub struct Image {
    base: Arc<Vec<u8>>,
    /// Leading pages of the base that show through; fewer than it has once the file was shortened,
    /// for what grows back after that reads as zeros.
    base_pages: usize,
    /// `None` until a page is written, so that a fork that nobody writes to owns nothing.
    overlay: Option<Arc<Chunks>>,
    overlay_pages: usize,
    page_count: usize,
    page_size: usize,
    schema: SchemaId,
}

impl Image {
    pub(crate) fn empty() -> Self {
        Image {
            base: Arc::default(),
            base_pages: 0,
            overlay: None,
            overlay_pages: 0,
            page_count: 0,
            page_size: PAGE_SIZE,
            schema: SchemaId::NONE,
        }
    }

    /// An image of an ordinary SQLite file. Only its header and length are looked at; whether the
    /// pages make sense is for `PRAGMA quick_check` to say.
    ///
    /// # Errors
    /// Where the bytes are no SQLite file, are cut short, or are of a file in WAL mode, of which a
    /// part may still be in the log beside it.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Result<Image, ImageError> {
        let found = bytes.len();
        if found < header::LEN {
            return Err(ImageError::TooShort { expected: header::LEN, found });
        }
        if !bytes.starts_with(header::MAGIC) {
            return Err(ImageError::NotSqlite);
        }
        let page_size = header::stated_page_size(&bytes);
        if !header::is_page_size(page_size) {
            return Err(ImageError::PageSize { found: page_size });
        }
        for at in [header::WRITE_VERSION, header::READ_VERSION] {
            match bytes[at] {
                1 => {}
                2 => return Err(ImageError::Wal),
                found => return Err(ImageError::FormatVersion { found }),
            }
        }
        if !found.is_multiple_of(page_size) {
            return Err(ImageError::PartialPage { page_size, found });
        }
        let held = found / page_size;
        let counter = header::number(&bytes, header::CHANGE_COUNTER);
        let stated = header::number(&bytes, header::PAGE_COUNT);
        let page_count = if stated != 0 && header::number(&bytes, header::VALID_FOR) == counter {
            usize::try_from(stated).unwrap_or(usize::MAX)
        } else {
            // SQLite goes by the length here, and a restore will make the two counters equal, which
            // makes the stated count good: so it has to be right.
            let n_pages = u32::try_from(held).unwrap_or(u32::MAX);
            header::set_number(&mut bytes, header::PAGE_COUNT, n_pages);
            header::set_number(&mut bytes, header::VALID_FOR, counter);
            held
        };
        if page_count > held {
            return Err(ImageError::Truncated { expected: page_count, found: held });
        }
        bytes.truncate(page_count * page_size);
        bytes.shrink_to_fit();
        Ok(Image {
            base: Arc::new(bytes),
            base_pages: page_count,
            overlay: None,
            overlay_pages: 0,
            page_count,
            page_size,
            schema: SchemaId::fresh(),
        })
    }

    /// The pages in one flat base of their own, for many worlds to stand on. Takes the time
    /// that copying all of them takes, unless they are flat already.
    #[must_use]
    pub fn flatten(&self) -> Image {
        if self.overlay_pages == 0 && self.base.len() == self.page_count * self.page_size {
            return Image { overlay: None, ..self.clone() };
        }
        let mut base = Vec::with_capacity(self.page_count * self.page_size);
        for idx in 0..self.page_count {
            self.page(idx).append_to(&mut base, self.page_size);
        }
        Image {
            base: Arc::new(base),
            base_pages: self.page_count,
            overlay: None,
            overlay_pages: 0,
            ..*self
        }
    }

    /// Writes an ordinary SQLite file. An image without pages makes an empty one, which SQLite takes
    /// for a database without tables.
    ///
    /// # Errors
    /// Where the output fails.
    pub fn write_to(&self, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
        let mut room = Vec::with_capacity(self.page_size);
        for idx in 0..self.page_count {
            let page = self.page(idx);
            if let View::Whole(page) = page {
                out.write_all(page)?;
            } else {
                room.clear();
                page.append_to(&mut room, self.page_size);
                out.write_all(&room)?;
            }
        }
        Ok(())
    }

    pub fn page_count(&self) -> usize {
        self.page_count
    }

    /// Bytes in a page.
    pub fn page_size(&self) -> usize {
        self.page_size
    }

    /// The length of the file it stands for. What it takes in memory is less where parts are shared.
    pub fn size_bytes(&self) -> u64 {
        self.page_count as u64 * self.page_size as u64
    }

    /// Bytes of the pages that lie over the flat base, whoever else shares them, counted as whole
    /// pages.
    pub fn delta_bytes(&self) -> u64 {
        self.overlay_pages as u64 * self.page_size as u64
    }

    /// Whether both stand on one flat base.
    pub fn shares_base_with(&self, other: &Image) -> bool {
        Arc::ptr_eq(&self.base, &other.base)
    }

    /// Bytes of the pages over the flat base that `other` does not hold as well: what keeping this
    /// image costs while that one is kept anyway.
    pub fn bytes_beyond(&self, other: &Image) -> u64 {
        let theirs = other.chunks();
        let mut n_bytes = 0;
        for (idx, chunk) in self.chunks().iter().enumerate() {
            let Some(chunk) = chunk else { continue };
            match theirs.get(idx).and_then(Option::as_ref) {
                None => n_bytes += chunk.pages().map(|it| it.len()).sum::<usize>(),
                Some(other) if Arc::ptr_eq(chunk, other) => {}
                Some(other) => {
                    let pairs = chunk.0.iter().zip(&other.0);
                    n_bytes += pairs
                        .filter_map(|(mine, theirs)| beyond(mine.as_ref(), theirs.as_ref()))
                        .map(|it| it.len())
                        .sum::<usize>();
                }
            }
        }
        n_bytes as u64
    }

    /// Bytes of the pages that go when this image goes. Looks at every page over the base.
    pub(crate) fn sole_bytes(&self) -> u64 {
        let Some(overlay) = self.overlay.as_ref().filter(|it| Arc::strong_count(it) == 1) else {
            return 0;
        };
        let sole_chunks = overlay.iter().flatten().filter(|it| Arc::strong_count(it) == 1);
        let pages = sole_chunks.flat_map(|it| it.pages()).filter(|it| Arc::strong_count(it) == 1);
        pages.map(|it| it.len() as u64).sum()
    }

    /// Leaves the empty middle out of pages that nobody else holds, so that a space at rest takes
    /// about as much as is in it.
    pub(crate) fn trim(&mut self) {
        if self.overlay_pages > TRIM_PAGES_MAX {
            return;
        }
        let Some(chunks) = self.overlay.as_mut().and_then(Arc::get_mut) else { return };
        let sole = chunks.iter_mut().flatten().filter_map(Arc::get_mut);
        // The first page is left whole: its header is read at every turn.
        for slot in sole.flat_map(|it| &mut it.0).skip(1) {
            let Some(page) = slot.as_mut().and_then(Arc::get_mut) else { continue };
            if page.len() == self.page_size
                && let Some(trimmed) = page::trim(page)
            {
                *slot = Some(trimmed);
            }
        }
    }

    pub(crate) fn has_schema_of(&self, other: &Image) -> bool {
        self.schema == other.schema
    }

    /// A page by its index, from 0.
    pub(crate) fn page(&self, idx: usize) -> View<'_> {
        if let Some(Some(chunk)) = self.chunks().get(idx / CHUNK_PAGES)
            && let Some(page) = &chunk.0[idx % CHUNK_PAGES]
        {
            return page::view(page, self.page_size);
        }
        if idx >= self.base_pages {
            return View::Zeros;
        }
        let page = self.base.get(idx * self.page_size..(idx + 1) * self.page_size);
        page.map_or(View::Zeros, View::Whole)
    }

    /// Fills `out` from a byte offset, with zeros past the end. Says how many bytes were there.
    ///
    /// The room may be uninitialised: SQLite's pages are, and zeroing them first would cost as much
    /// as the read.
    pub(crate) fn read(&self, offset: usize, out: &mut [MaybeUninit<u8>]) -> usize {
        let end = self.page_count * self.page_size;
        let there = out.len().min(end.saturating_sub(offset));
        let (mut left, past) = out.split_at_mut(there);
        past.fill(MaybeUninit::new(0));
        let mut at = offset;
        while !left.is_empty() {
            let within = at % self.page_size;
            let n_bytes = left.len().min(self.page_size - within);
            let (now, later) = left.split_at_mut(n_bytes);
            self.page(at / self.page_size).read(within, now, self.page_size);
            at += n_bytes;
            left = later;
        }
        there
    }

    /// Writes one whole page, into a spare one where there is one. Answers what is needed to take that
    /// back.
    ///
    /// # Errors
    /// Where the offset or length is not that of a page.
    pub(crate) fn write(
        &mut self,
        offset: usize,
        data: &[u8],
        spare: &mut Spare,
    ) -> Result<Overwritten, Misplaced> {
        let shape = self.shape();
        if self.page_count == 0 && header::is_page_size(data.len()) {
            self.page_size = data.len();
        }
        if data.len() != self.page_size || !offset.is_multiple_of(self.page_size) {
            return Err(Misplaced);
        }
        let idx = offset / self.page_size;
        if idx == 0 {
            let cookie = self.number(header::SCHEMA_COOKIE);
            if header::number(data, header::SCHEMA_COOKIE) != cookie {
                self.schema = SchemaId::fresh();
            }
        }
        let page = self.put(idx, spare.filled(data));
        Ok(Overwritten { idx, page, shape })
    }

    /// Takes the last write back that was not taken back yet.
    pub(crate) fn take_back(&mut self, overwritten: Overwritten) {
        let Overwritten { idx, page, shape } = overwritten;
        if let Some(overlay) = &mut self.overlay
            && let Some(Some(chunk)) = Arc::make_mut(overlay).get_mut(idx / CHUNK_PAGES)
        {
            Arc::make_mut(chunk).0[idx % CHUNK_PAGES] = page;
        }
        (self.page_count, self.page_size, self.overlay_pages, self.schema) = shape;
    }

    fn shape(&self) -> (usize, usize, usize, SchemaId) {
        (self.page_count, self.page_size, self.overlay_pages, self.schema)
    }

    /// Makes the file this long, in bytes.
    ///
    /// # Errors
    /// Where that is not a number of whole pages.
    pub(crate) fn truncate(&mut self, len: usize) -> Result<(), Misplaced> {
        if !len.is_multiple_of(self.page_size) {
            return Err(Misplaced);
        }
        let page_count = len / self.page_size;
        if page_count == 0 && self.number(header::SCHEMA_COOKIE) != 0 {
            self.schema = SchemaId::fresh();
        }
        self.base_pages = self.base_pages.min(page_count);
        if page_count < self.page_count {
            self.drop_overlay_from(page_count);
        }
        self.page_count = page_count;
        Ok(())
    }

    /// A four-byte number of the header; 0 in a database without pages.
    pub(crate) fn number(&self, at: usize) -> u32 {
        self.first_page().map_or(0, |page| header::number(page, at))
    }

    /// Changes numbers of the header without a claim about the schema. Does nothing in a database
    /// without pages.
    pub(crate) fn set_numbers(&mut self, numbers: &[(usize, u32)]) {
        let Some(page) = self.first_page() else { return };
        let mut page = page.to_vec();
        for (at, value) in numbers {
            header::set_number(&mut page, *at, *value);
        }
        self.put(0, Arc::from(page));
    }

    /// The page with the header, which is never trimmed.
    fn first_page(&self) -> Option<&[u8]> {
        match self.page(0) {
            View::Whole(page) => Some(page),
            View::Trimmed { .. } | View::Zeros => None,
        }
    }

    fn chunks(&self) -> &[Option<Arc<Chunk>>] {
        self.overlay.as_ref().map_or(&[], |it| it.as_slice())
    }

    /// Puts a page of the right length in its place. Answers the one that was there over the base.
    fn put(&mut self, idx: usize, page: Page) -> Option<Page> {
        let chunks = Arc::make_mut(self.overlay.get_or_insert_default());
        let chunk_idx = idx / CHUNK_PAGES;
        if chunk_idx >= chunks.len() {
            chunks.reserve_exact(chunk_idx + 1 - chunks.len());
            chunks.resize(chunk_idx + 1, None);
        }
        let chunk = chunks[chunk_idx].get_or_insert_with(|| Arc::new(Chunk::EMPTY));
        let slot = &mut Arc::make_mut(chunk).0[idx % CHUNK_PAGES];
        let before = slot.replace(page);
        self.overlay_pages += usize::from(before.is_none());
        self.page_count = self.page_count.max(idx + 1);
        before
    }

    fn drop_overlay_from(&mut self, first: usize) {
        let Some(overlay) = &mut self.overlay else { return };
        let chunks = Arc::make_mut(overlay);
        let (first_chunk, within) = (first / CHUNK_PAGES, first % CHUNK_PAGES);
        chunks.truncate(first_chunk + usize::from(within > 0));
        if let Some(Some(chunk)) = chunks.get_mut(first_chunk) {
            Arc::make_mut(chunk).0[within..].fill(None);
        }
        self.overlay_pages = chunks.iter().flatten().map(|it| it.pages().count()).sum();
        if self.overlay_pages == 0 {
            self.overlay = None;
        }
    }
}

/// The page, unless both hold the same.
fn beyond<'a>(mine: Option<&'a Page>, theirs: Option<&Page>) -> Option<&'a Page> {
    mine.filter(|mine| theirs.is_none_or(|theirs| !Arc::ptr_eq(mine, theirs)))
}

/// The shape of it; a page is no reading matter.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image")
            .field("page_count", &self.page_count)
            .field("page_size", &self.page_size)
            .field("base_pages", &self.base_pages)
            .field("overlay_pages", &self.overlay_pages)
            .finish_non_exhaustive()
    }
}
