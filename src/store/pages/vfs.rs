//! The SQLite VFS over the page store: C's calls, turned into calls of [`OpenFile`].
//!
//! Not here: any decision. What a lock, a read or a pragma means is in [`super::slot`].
//!
//! The only file with unsafe code. Each function checks or copies what C hands it, and runs inside
//! [`fenced`], so that no panic crosses into SQLite. The contracts are those of SQLite's own
//! documentation of `sqlite3_vfs` and `sqlite3_io_methods`.
#![expect(unsafe_code, reason = "SQLite reaches a VFS through C function pointers")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::{self, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::{ptr, slice};

use rusqlite::ffi;

use crate::store::pages::slot::{OpenFile, Pragma};

/// The name the VFS is registered under.
pub(crate) const NAME: &CStr = c"ringback-pages";

/// Names are short: a prefix and a number.
const NAME_BYTES_MAX: c_int = 64;

/// 1970-01-01 as a Julian day. Time comes from the world's clock, never from SQLite.
const JULIAN_DAY: f64 = 2_440_587.5;

/// - A write never harms its neighbours, so SQLite need not journal them.
/// - Part of a page can be read, so long values come without a copy through the cache.
const CHARACTERISTICS: c_int =
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE | ffi::SQLITE_IOCAP_SUBPAGE_READ;

/// The smallest page: a sector larger than a page would be journaled whole.
const SECTOR_BYTES: c_int = 512;

/// A file as SQLite sees it: its own part first, ours after.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    open: *mut OpenFile,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Version 1: no shared memory, hence no WAL, and no mapping of pages.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Registers the VFS, once per process, and not as the default.
///
/// # Errors
/// SQLite's code, the same each time.
pub(crate) fn register() -> Result<(), c_int> {
    static CODE: OnceLock<c_int> = OnceLock::new();
    let code = *CODE.get_or_init(|| {
        // SQLite links it into a list and keeps it, so it is never freed.
        let vfs = Box::into_raw(Box::new(description()));
        // SAFETY: nothing of SQLite's has been used yet, or else it refuses, which does no harm; the
        // description is complete and lives as long as the process.
        unsafe {
            // Nobody asks how much memory SQLite has. To count it takes a lock that all worlds share,
            // at each allocation.
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, c_int::from(false));
            ffi::sqlite3_vfs_register(vfs, 0)
        }
    });
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

fn description() -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        // Version 1: time as a number of days, and no system calls to replace.
        iVersion: 1,
        szOsFile: c_int::try_from(mem::size_of::<File>()).expect("two pointers"),
        mxPathname: NAME_BYTES_MAX,
        pNext: ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: Some(dl_open),
        xDlError: Some(dl_error),
        xDlSym: Some(dl_sym),
        xDlClose: Some(dl_close),
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(get_last_error),
        xCurrentTimeInt64: None,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

/// Runs a callback's body; a panic in it becomes SQLite's error code.
pub(crate) fn fenced(code: c_int, body: impl FnOnce() -> c_int) -> c_int {
    // What a panic leaves behind is a state without a half-made change: see `super::slot`.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(code)
}

fn code(is_done: bool, otherwise: c_int) -> c_int {
    if is_done { ffi::SQLITE_OK } else { otherwise }
}

/// Ours of a file.
///
/// # Safety
/// `file` is one that [`open`] opened and [`close`] has not closed, and nobody else uses it until
/// the reference goes. SQLite promises both for each call of a file's methods: a connection, and so
/// its file, is used by one thread at a time, and none of our methods calls back into SQLite's.
unsafe fn open_file<'a>(file: *mut ffi::sqlite3_file) -> &'a mut OpenFile {
    // SAFETY: SQLite gave `open` the room of a whole `File`, and `open` set the pointer.
    unsafe { &mut *(*file.cast::<File>()).open }
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: `file` is room for a `File`. Without methods SQLite will not close it after a failure.
    unsafe { (*file).pMethods = ptr::null() };
    fenced(ffi::SQLITE_CANTOPEN, || {
        if flags & ffi::SQLITE_OPEN_MAIN_DB == 0 || name.is_null() {
            return ffi::SQLITE_CANTOPEN;
        }
        // SAFETY: not null, so it is a string of SQLite's that outlives this call.
        let name = unsafe { CStr::from_ptr(name) };
        let Some(open) = name.to_str().ok().and_then(OpenFile::open) else {
            return ffi::SQLITE_CANTOPEN;
        };
        let open = Box::into_raw(Box::new(open));
        // SAFETY: as above; `close` takes the box back. The flags are an int of SQLite's, or null.
        // "Memory" has SQLite begin with a journal in memory, and keeps VACUUM from changing the
        // page size.
        unsafe {
            file.cast::<File>()
                .write(File { base: ffi::sqlite3_file { pMethods: &raw const METHODS }, open });
            if !out_flags.is_null() {
                *out_flags = flags | ffi::SQLITE_OPEN_MEMORY;
            }
        }
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    fenced(ffi::SQLITE_IOERR_CLOSE, || {
        // SAFETY: SQLite closes an open file once; the pointer is the box that `open` made, and is
        // taken out so that nothing finds it again.
        let open = unsafe {
            (*file).pMethods = ptr::null();
            Box::from_raw(mem::replace(&mut (*file.cast::<File>()).open, ptr::null_mut()))
        };
        drop(open);
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    n_bytes: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    fenced(ffi::SQLITE_IOERR_READ, || {
        let (Ok(n_bytes), Ok(offset)) = (usize::try_from(n_bytes), usize::try_from(offset)) else {
            return ffi::SQLITE_IOERR_READ;
        };
        // SAFETY: the file is open, and `out` is SQLite's room for so many bytes, which nobody else
        // looks at meanwhile. It may not be initialised, and its type says so.
        let (open, out) = unsafe {
            (open_file(file), slice::from_raw_parts_mut(out.cast::<MaybeUninit<u8>>(), n_bytes))
        };
        code(open.read(offset, out), ffi::SQLITE_IOERR_SHORT_READ)
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    n_bytes: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    fenced(ffi::SQLITE_IOERR_WRITE, || {
        let (Ok(n_bytes), Ok(offset)) = (usize::try_from(n_bytes), usize::try_from(offset)) else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        // SAFETY: the file is open, and `data` is so many bytes that SQLite leaves alone meanwhile.
        let (open, data) =
            unsafe { (open_file(file), slice::from_raw_parts(data.cast::<u8>(), n_bytes)) };
        code(open.write(offset, data), ffi::SQLITE_IOERR_WRITE)
    })
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: ffi::sqlite3_int64) -> c_int {
    fenced(ffi::SQLITE_IOERR_TRUNCATE, || {
        // SAFETY: the file is open.
        let open = unsafe { open_file(file) };
        let is_done = usize::try_from(len).is_ok_and(|it| open.truncate(it));
        code(is_done, ffi::SQLITE_IOERR_TRUNCATE)
    })
}

unsafe extern "C" fn sync(_file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    fenced(ffi::SQLITE_IOERR_FSTAT, || {
        // SAFETY: the file is open.
        let size = unsafe { open_file(file) }.size_bytes();
        let Ok(size) = ffi::sqlite3_int64::try_from(size) else {
            return ffi::SQLITE_IOERR_FSTAT;
        };
        // SAFETY: SQLite's room for the answer.
        unsafe { *out = size };
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    fenced(ffi::SQLITE_IOERR_LOCK, || {
        // SAFETY: the file is open.
        let open = unsafe { open_file(file) };
        code(open.lock(level), ffi::SQLITE_IOERR_LOCK)
    })
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    fenced(ffi::SQLITE_IOERR_UNLOCK, || {
        // SAFETY: the file is open.
        unsafe { open_file(file) }.unlock(level);
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    fenced(ffi::SQLITE_IOERR_CHECKRESERVEDLOCK, || {
        // SAFETY: the file is open, and `out` is SQLite's room for the answer.
        unsafe { *out = c_int::from(open_file(file).has_reserved()) };
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    if operation == ffi::SQLITE_FCNTL_COMMIT_PHASETWO {
        return fenced(ffi::SQLITE_IOERR, || {
            // SAFETY: the file is open.
            unsafe { open_file(file) }.commit();
            ffi::SQLITE_OK
        });
    }
    if operation != ffi::SQLITE_FCNTL_PRAGMA {
        return ffi::SQLITE_NOTFOUND;
    }
    fenced(ffi::SQLITE_ERROR, || {
        // SAFETY: for a pragma the argument is an array: room for an answer, the name, the value or
        // null; both are strings that outlive this call. The file is open.
        let (open, answer, name, value) = unsafe {
            let argument = argument.cast::<*mut c_char>();
            let value = *argument.add(2);
            let value = (!value.is_null()).then(|| CStr::from_ptr(value));
            (open_file(file), argument, CStr::from_ptr(*argument.add(1)), value)
        };
        let value = value.map(CStr::to_string_lossy);
        match open.pragma(&name.to_string_lossy(), value.as_deref()) {
            Pragma::Pass => ffi::SQLITE_NOTFOUND,
            Pragma::Stays(text) => {
                let Ok(text) = CString::new(text) else { return ffi::SQLITE_ERROR };
                // SAFETY: both are strings, and the format names one. SQLite frees the copy, and
                // takes null for no answer.
                unsafe { *answer = ffi::sqlite3_mprintf(c"%s".as_ptr(), text.as_ptr()) };
                ffi::SQLITE_OK
            }
        }
    })
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    CHARACTERISTICS
}

/// There are no files to delete.
unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    _name: *const c_char,
    _sync_dir: c_int,
) -> c_int {
    ffi::SQLITE_IOERR_DELETE_NOENT
}

/// There is never a journal or log beside a database. Asked at the start of every transaction.
unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    _name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's room for the answer.
    unsafe { *out = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    n_bytes: c_int,
    out: *mut c_char,
) -> c_int {
    fenced(ffi::SQLITE_CANTOPEN, || {
        // SAFETY: a string of SQLite's that outlives this call.
        let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
        if usize::try_from(n_bytes).is_ok_and(|room| name.len() <= room) {
            // SAFETY: the room was checked just now, and SQLite's two buffers do not overlap.
            unsafe { ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
            ffi::SQLITE_OK
        } else {
            ffi::SQLITE_CANTOPEN
        }
    })
}

/// Extensions are never loaded.
unsafe extern "C" fn dl_open(_vfs: *mut ffi::sqlite3_vfs, _name: *const c_char) -> *mut c_void {
    ptr::null_mut()
}

/// SQLite has put a text of its own into the buffer already.
unsafe extern "C" fn dl_error(_vfs: *mut ffi::sqlite3_vfs, _n_bytes: c_int, _out: *mut c_char) {}

unsafe extern "C" fn dl_sym(
    _vfs: *mut ffi::sqlite3_vfs,
    _library: *mut c_void,
    _symbol: *const c_char,
) -> Option<unsafe extern "C" fn(*mut ffi::sqlite3_vfs, *mut c_void, *const c_char)> {
    None
}

unsafe extern "C" fn dl_close(_vfs: *mut ffi::sqlite3_vfs, _library: *mut c_void) {}

/// Gives SQLite equal bytes each time: random values come from a world's seed.
unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    n_bytes: c_int,
    out: *mut c_char,
) -> c_int {
    let Ok(room) = usize::try_from(n_bytes) else { return 0 };
    // SAFETY: SQLite's room for so many bytes.
    unsafe { out.write_bytes(0, room) };
    n_bytes
}

/// Nothing waits: with one connection there is no lock to wait for.
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, _microseconds: c_int) -> c_int {
    0
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite's room for the answer.
    unsafe { *out = JULIAN_DAY };
    ffi::SQLITE_OK
}

unsafe extern "C" fn get_last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _n_bytes: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}
