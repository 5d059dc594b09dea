//! What the tests share: worlds of one table, gates, and what a folder holds after a start.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;

use crate::store::database::{Database, Saved, Sync};
use crate::store::folder::data_folder::{Beginning, DataFolder, Opened, State};
use crate::store::folder::error::FolderError;
use crate::store::folder::files::{Call, Files, Gate};
use crate::store::folder::home::Home;
use crate::store::pages::image::Image;
use crate::store::schema::{CORE, Component, JOURNAL};

const TOY: Component = Component {
    name: "toy",
    scripts: &["CREATE TABLE toy_row (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
         CREATE INDEX toy_row_text ON toy_row (text);"],
};

/// The tables of a world in a file.
pub(super) fn kept() -> Vec<Component> {
    vec![CORE, JOURNAL, TOY]
}

/// A fresh database with them.
pub(super) fn like() -> Image {
    Database::empty_image(&kept()).unwrap()
}

/// A seed with one row.
pub(super) fn image(text: &str) -> Image {
    let db = Database::in_memory(&Database::empty_image(&[CORE, TOY]).unwrap());
    add(db.connection(), text);
    db.seal().unwrap()
}

pub(super) fn add(db: &Connection, text: &str) {
    db.execute("INSERT INTO toy_row (text) VALUES (?1)", [text]).unwrap();
}

pub(super) fn journal(db: &Connection, entry: &str) {
    db.execute("INSERT INTO ringback_journal (entry) VALUES (?1)", [entry]).unwrap();
}

pub(super) fn take(root: &Path) -> DataFolder {
    DataFolder::take(root, Files::new(Sync::Normal)).unwrap()
}

pub(super) fn make(
    folder: &DataFolder,
    name: &str,
    beginning: &Beginning<'_>,
) -> Result<std::sync::Arc<Home>, FolderError> {
    folder.make(name, beginning, &kept(), |_| Ok(()), |_| Ok(()))
}

/// Makes a world of a seed with one row, and opens it.
pub(super) fn made(folder: &DataFolder, name: &str, text: &str) -> (std::sync::Arc<Home>, Opened) {
    let home = make(folder, name, &Beginning::Image(&image(text))).unwrap();
    let opened = folder.open(&home, &kept()).unwrap();
    (home, opened)
}

/// Opens a world that is there. One that a failing call has made unreadable is an error.
pub(super) fn opened(
    folder: &DataFolder,
    name: &str,
) -> Result<(std::sync::Arc<Home>, Opened), FolderError> {
    let found = folder.found(&kept(), &like())?.into_iter().find(|it| it.name == name).unwrap();
    match found.state {
        State::Whole(home) => {
            let opened = folder.open(&home, &kept())?;
            Ok((home, opened))
        }
        State::Unreadable(reason) => {
            let (path, source) = (PathBuf::from(reason), io::ErrorKind::StorageFull.into());
            Err(FolderError::NotWritable { path, source })
        }
    }
}

/// Every row of every table.
pub(super) fn rows(db: &Connection) -> Vec<String> {
    let mut tables =
        db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut all = Vec::new();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let n_columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = (0..n_columns).map(|idx| row.get_ref(idx).unwrap()).collect();
            all.push(format!("{table}: {values:?}"));
        }
    }
    all
}

/// What one world is, to the last row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) rows: Vec<String>,
    pub(super) seed: Vec<String>,
    pub(super) checkpoints: BTreeMap<String, Vec<String>>,
}

fn rows_of(saved: &Saved) -> Vec<String> {
    let Saved::File(path) = saved else { panic!("a kept world has files") };
    rows(&Connection::open(path).unwrap())
}

/// Starts anew on a folder, and sees that there is nothing but whole worlds.
pub(super) fn start(root: &Path) -> BTreeMap<String, Seen> {
    let folder = take(root);
    let mut all = BTreeMap::new();
    let mut expected = vec!["ringback.lock".to_owned(), "worlds".to_owned()];
    for found in folder.found(&kept(), &like()).unwrap() {
        let State::Whole(home) = found.state else { panic!("unreadable: {found:?}") };
        let Opened { db, origin, checkpoints } = folder.open(&home, &kept()).unwrap();
        let rows = rows(db.connection());
        drop(db);
        let name = &found.name;
        expected.push(format!("worlds/{name}"));
        expected.push(format!("worlds/{name}/checkpoints"));
        expected.push(format!("worlds/{name}/world.db"));
        let saved = checkpoints.values().chain([&origin]);
        expected.extend(saved.map(|saved| {
            let Saved::File(path) = saved else { panic!("a kept world has files") };
            let root = root.canonicalize().unwrap();
            path.strip_prefix(root).unwrap().to_string_lossy().into_owned()
        }));
        let checkpoints = checkpoints.iter().map(|(name, it)| (name.clone(), rows_of(it)));
        let checkpoints = checkpoints.collect();
        all.insert(found.name, Seen { rows, seed: rows_of(&origin), checkpoints });
    }
    expected.sort();
    assert_eq!(names(root), expected, "something is left over or missing");
    all
}

/// All files and folders below, sorted.
pub(super) fn names(root: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            all.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Copies a folder as it is at this moment, open databases and all.
pub(super) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
        }
    }
}

/// Keeps what the disk holds before each call: what a process that dies there leaves.
#[derive(Debug)]
pub(super) struct Deaths {
    root: PathBuf,
    to: PathBuf,
    is_armed: AtomicBool,
    pub(super) calls: Mutex<Vec<(Call, PathBuf)>>,
}

impl Deaths {
    pub(super) fn new(root: &Path, to: &Path) -> Self {
        let (is_armed, calls) = Default::default();
        Deaths { root: root.to_owned(), to: to.to_owned(), is_armed, calls }
    }

    pub(super) fn arm(&self) {
        self.is_armed.store(true, Ordering::Release);
    }

    /// The folder as it was before a call.
    pub(super) fn before(&self, number: usize) -> PathBuf {
        self.to.join(number.to_string())
    }
}

impl Gate for Deaths {
    fn pass(&self, call: Call, path: &Path) -> io::Result<()> {
        if self.is_armed.load(Ordering::Acquire) {
            let mut calls = self.calls.lock().unwrap();
            copy_tree(&self.root, &self.before(calls.len()));
            calls.push((call, path.to_owned()));
        }
        Ok(())
    }
}

/// Has one call fail, or all from there on.
#[derive(Debug)]
pub(super) struct Failing {
    left: AtomicUsize,
    errno: i32,
    for_good: bool,
    /// The call that failed first.
    pub(super) failed: Mutex<Option<Call>>,
}

/// Calls are let pass until the gate is armed.
const UNARMED: usize = usize::MAX;

impl Failing {
    pub(super) fn new(errno: i32, for_good: bool) -> Self {
        let failed = Mutex::default();
        Failing { left: AtomicUsize::new(UNARMED), errno, for_good, failed }
    }

    /// Lets so many calls pass first.
    pub(super) fn arm(&self, n_passed: usize) {
        self.left.store(n_passed, Ordering::Release);
    }
}

impl Gate for Failing {
    fn pass(&self, call: Call, _: &Path) -> io::Result<()> {
        match self.left.load(Ordering::Acquire) {
            UNARMED => return Ok(()),
            0 => {}
            left => {
                self.left.store(left - 1, Ordering::Release);
                return Ok(());
            }
        }
        if !self.for_good {
            self.left.store(UNARMED, Ordering::Release);
        }
        self.failed.lock().unwrap().get_or_insert(call);
        Err(io::Error::from_raw_os_error(self.errno))
    }
}
