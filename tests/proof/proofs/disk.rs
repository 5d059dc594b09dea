//! A disk as it may be behind a power cut: what was synced, and of the rest whatever it happened to have written.
//!
//! It is told what a program asked its system for, as `strace` writes it down, and keeps of each file and folder what is
//! safe and what is not. Contents and names are safe apart from each other: a file that was synced in a folder that was
//! not may be gone, and one whose name was synced may be empty.
//!
//! Not here: the program, and what has to be there (`power`, `bench`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::dice::Dice;
use super::task::{Fault, failed};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What a program asked its system for, and got.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// When, in microseconds of the system's clock.
    pub(super) at: u64,
    pub(super) name: String,
    arguments: String,
    result: u64,
}

/// What survives of what was not synced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Survives {
    Nothing,
    All,
    /// Of names those up to some moment, of contents some sectors.
    Some,
}

type Id = usize;

/// A change of names, which comes about whole or not at all.
type Renaming = Vec<(Id, OsString, Option<Id>)>;

#[derive(Debug)]
enum Write {
    At(usize, Vec<u8>),
    Length(usize),
}

#[derive(Debug, Default)]
struct Node {
    /// Of a folder.
    names: BTreeMap<OsString, Id>,
    safe_names: BTreeMap<OsString, Id>,
    /// Of a file.
    content: Vec<u8>,
    safe_content: Vec<u8>,
    writes: Vec<Write>,
    is_folder: bool,
}

#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    /// Changes of names that are not safe, in their order.
    renamings: Vec<Renaming>,
    /// How far files that are open were read or written, by their numbers.
    offsets: BTreeMap<String, usize>,
}

impl Call {
    /// Reads a line of a trace; `None` where it is no call, or one that failed.
    pub(super) fn parse(line: &str) -> Option<Call> {
        let (at, rest) = line.split_once(' ')?;
        let (secs, micros) = at.split_once('.')?;
        let at = secs.parse::<u64>().ok()? * 1_000_000 + micros.parse::<u64>().ok()?;
        let (name, rest) = rest.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(") = ")?;
        let digits = result.split(|it: char| !it.is_ascii_digit()).next()?;
        let result = digits.parse().ok()?;
        Some(Call { at, name: name.to_owned(), arguments: arguments.to_owned(), result })
    }

    pub(super) fn is_sync(&self) -> bool {
        ["fsync", "fdatasync"].contains(&&*self.name)
    }

    fn argument(&self, idx: usize) -> &str {
        self.arguments.split(", ").nth(idx).unwrap_or_default()
    }

    /// The number of an open file.
    fn number(&self, idx: usize) -> &str {
        self.argument(idx).split('<').next().unwrap_or_default()
    }

    /// Where an open file is; `None` where it has no name any more.
    fn place(&self, idx: usize) -> Option<PathBuf> {
        let shown = self.argument(idx).split_once('<')?.1.strip_suffix('>')?;
        Some(PathBuf::from(OsString::from_vec(bytes(shown))))
    }

    /// A path, which may begin at a folder that is named before it.
    fn path(&self, idx: usize) -> PathBuf {
        let named = self.argument(idx).trim_matches('"');
        let named = PathBuf::from(OsString::from_vec(bytes(named)));
        let from = idx.checked_sub(1).and_then(|idx| self.place(idx));
        from.map_or(named.clone(), |from| from.join(named))
    }

    /// What is written.
    fn written(&self) -> Vec<u8> {
        let texts = self.arguments.split('"').skip(1).step_by(2);
        texts.flat_map(bytes).take(usize::try_from(self.result).unwrap_or(usize::MAX)).collect()
    }

    fn whole(&self, idx: usize) -> Option<usize> {
        self.argument(idx).trim_matches(['[', ']']).parse().ok()
    }
}

/// What stands as `\x61\x62`.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.split("\\x").filter(|it| !it.is_empty());
    digits.filter_map(|it| u8::from_str_radix(it.get(..2)?, 16).ok()).collect()
}

impl Disk {
    /// A folder as it is, with all that is in it safe.
    pub(super) fn of(root: &Path) -> Result<Self, Fault> {
        let mut disk = Disk {
            root: root.to_owned(),
            nodes: vec![Node { is_folder: true, ..Node::default() }],
            renamings: Vec::new(),
            offsets: BTreeMap::new(),
        };
        if root.exists() {
            disk.take_in(root, 0).map_err(|error| failed("folder", error))?;
        }
        Ok(disk)
    }

    fn take_in(&mut self, from: &Path, into: Id) -> io::Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let id = self.nodes.len();
            let is_folder = entry.file_type()?.is_dir();
            let content = if is_folder { Vec::new() } else { fs::read(entry.path())? };
            self.nodes.push(Node {
                is_folder,
                safe_content: content.clone(),
                content,
                ..Node::default()
            });
            self.nodes[into].names.insert(entry.file_name(), id);
            self.nodes[into].safe_names.insert(entry.file_name(), id);
            if is_folder {
                self.take_in(&entry.path(), id)?;
            }
        }
        Ok(())
    }

    /// The folder that a path stands in, and its name there; `None` for what is elsewhere.
    fn spot(&self, path: &Path) -> Option<(Id, OsString)> {
        let folder = self.find(path.parent()?)?;
        Some((folder, path.file_name()?.to_owned()))
    }

    fn find(&self, path: &Path) -> Option<Id> {
        let mut steps = path.strip_prefix(&self.root).ok()?.iter();
        steps.try_fold(0, |folder, name| self.nodes[folder].names.get(name).copied())
    }

    /// Does what a program asked for.
    pub(super) fn take(&mut self, call: &Call) {
        let done = match &*call.name {
            "open" => self.open(call, 0),
            "openat" => self.open(call, 1),
            "close" => self.offsets.remove(call.number(0)).map(drop),
            "lseek" => self.seek(call),
            "mkdir" => self.make(&call.path(0), true),
            "mkdirat" => self.make(&call.path(1), true),
            "unlink" | "rmdir" => self.remove(&call.path(0)),
            "unlinkat" => self.remove(&call.path(1)),
            "rename" => self.rename(&call.path(0), &call.path(1)),
            "renameat" | "renameat2" => self.rename(&call.path(1), &call.path(3)),
            "ftruncate" => self.truncate(call),
            "write" | "writev" | "pwrite64" | "pwritev" => self.write(call),
            "copy_file_range" => self.copy(call, 0, 2),
            "sendfile" => self.copy(call, 1, 0),
            "fsync" | "fdatasync" => self.sync(call),
            _ => None,
        };
        // What is not in the folder is none of its business.
        let _: Option<()> = done;
    }

    fn open(&mut self, call: &Call, idx: usize) -> Option<()> {
        let (path, flags) = (call.path(idx), call.argument(idx + 1));
        self.offsets.insert(call.result.to_string(), 0);
        match self.find(&path) {
            None if flags.contains("O_CREAT") => self.make(&path, false),
            Some(id) if flags.contains("O_TRUNC") => {
                self.put(id, Write::Length(0));
                Some(())
            }
            _ => None,
        }
    }

    fn seek(&mut self, call: &Call) -> Option<()> {
        let at = usize::try_from(call.result).ok()?;
        self.offsets.insert(call.number(0).to_owned(), at);
        Some(())
    }

    fn make(&mut self, path: &Path, is_folder: bool) -> Option<()> {
        // The folder itself.
        if path == self.root {
            return None;
        }
        let (folder, name) = self.spot(path)?;
        let id = self.nodes.len();
        self.nodes.push(Node { is_folder, ..Node::default() });
        self.change(vec![(folder, name, Some(id))]);
        Some(())
    }

    fn remove(&mut self, path: &Path) -> Option<()> {
        let (folder, name) = self.spot(path)?;
        self.change(vec![(folder, name, None)]);
        Some(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> Option<()> {
        let id = self.find(from)?;
        let ((old, name), (new, new_name)) = (self.spot(from)?, self.spot(to)?);
        self.change(vec![(old, name, None), (new, new_name, Some(id))]);
        Some(())
    }

    fn change(&mut self, renaming: Renaming) {
        for (folder, name, id) in &renaming {
            put_name(&mut self.nodes[*folder].names, name, *id);
        }
        self.renamings.push(renaming);
    }

    fn truncate(&mut self, call: &Call) -> Option<()> {
        let id = self.find(&call.place(0)?)?;
        let length = call.whole(1)?;
        self.put(id, Write::Length(length));
        Some(())
    }

    fn write(&mut self, call: &Call) -> Option<()> {
        let id = self.find(&call.place(0)?)?;
        let written = call.written();
        let at = if call.name.starts_with('p') {
            call.arguments.rsplit(", ").next()?.parse().ok()?
        } else {
            let offset = self.offsets.entry(call.number(0).to_owned()).or_default();
            let at = *offset;
            *offset += written.len();
            at
        };
        self.put(id, Write::At(at, written));
        Some(())
    }

    fn copy(&mut self, call: &Call, from: usize, to: usize) -> Option<()> {
        let n_bytes = usize::try_from(call.result).ok()?;
        let mut step = |idx: usize| {
            let stated = call.whole(idx + 1).filter(|_| call.name == "copy_file_range");
            stated.unwrap_or_else(|| {
                let offset = self.offsets.entry(call.number(idx).to_owned()).or_default();
                *offset += n_bytes;
                *offset - n_bytes
            })
        };
        let (source, target) = (step(from), step(to));
        let into = self.find(&call.place(to)?)?;
        let content = match self.find(&call.place(from)?) {
            Some(id) => self.nodes[id].content.get(source..source + n_bytes)?.to_vec(),
            None => fs::read(call.place(from)?).ok()?.get(source..source + n_bytes)?.to_vec(),
        };
        self.put(into, Write::At(target, content));
        Some(())
    }

    fn put(&mut self, id: Id, write: Write) {
        let node = &mut self.nodes[id];
        apply(&mut node.content, &write);
        node.writes.push(write);
    }

    fn sync(&mut self, call: &Call) -> Option<()> {
        let id = self.find(&call.place(0)?)?;
        let node = &mut self.nodes[id];
        if !node.is_folder {
            node.safe_content.clone_from(&node.content);
            node.writes.clear();
            return Some(());
        }
        // With each change those before it that touch the same names.
        let mut touched: Vec<(Id, OsString)> = Vec::new();
        let mut is_safe = vec![false; self.renamings.len()];
        for (idx, renaming) in self.renamings.iter().enumerate().rev() {
            let names = renaming.iter().map(|(folder, name, _)| (*folder, name.clone()));
            let mut names = names.collect::<Vec<_>>();
            is_safe[idx] = names.iter().any(|name| name.0 == id || touched.contains(name));
            if is_safe[idx] {
                touched.append(&mut names);
            }
        }
        let mut left = Vec::new();
        for (renaming, is_safe) in std::mem::take(&mut self.renamings).into_iter().zip(is_safe) {
            if is_safe {
                self.keep(&renaming);
            } else {
                left.push(renaming);
            }
        }
        self.renamings = left;
        Some(())
    }

    fn keep(&mut self, renaming: &Renaming) {
        for (folder, name, id) in renaming {
            put_name(&mut self.nodes[*folder].safe_names, name, *id);
        }
    }

    /// Cuts the power, and writes what is left to the folder.
    pub(super) fn cut(mut self, survives: Survives, dice: &mut Dice) -> io::Result<()> {
        let renamings = std::mem::take(&mut self.renamings);
        let n_kept = match survives {
            Survives::Nothing => 0,
            Survives::All => renamings.len(),
            Survives::Some => dice.below(renamings.len() + 1),
        };
        for renaming in &renamings[..n_kept] {
            self.keep(renaming);
        }
        for node in &mut self.nodes {
            let writes = std::mem::take(&mut node.writes);
            for write in writes {
                let sectors = match survives {
                    Survives::Nothing => Vec::new(),
                    Survives::All => vec![write],
                    Survives::Some => some_of(write, dice),
                };
                for sector in &sectors {
                    apply(&mut node.safe_content, sector);
                }
            }
        }
        if self.root.exists() {
            fs::remove_dir_all(&self.root)?;
        }
        self.put_down(0, &self.root)
    }

    fn put_down(&self, id: Id, at: &Path) -> io::Result<()> {
        let node = &self.nodes[id];
        if !node.is_folder {
            return fs::write(at, &node.safe_content);
        }
        fs::create_dir(at)?;
        node.safe_names.iter().try_for_each(|(name, id)| self.put_down(*id, &at.join(name)))
    }
}

fn put_name(names: &mut BTreeMap<OsString, Id>, name: &OsString, id: Option<Id>) {
    match id {
        Some(id) => names.insert(name.clone(), id),
        None => names.remove(name),
    };
}

fn apply(content: &mut Vec<u8>, write: &Write) {
    match write {
        Write::Length(length) => content.resize(*length, 0),
        Write::At(at, bytes) => {
            let end = at + bytes.len();
            content.resize(content.len().max(end), 0);
            content[*at..end].copy_from_slice(bytes);
        }
    }
}

/// What of a write reached the disk: each of its sectors by itself.
fn some_of(write: Write, dice: &mut Dice) -> Vec<Write> {
    let Write::At(at, bytes) = write else {
        return if dice.below(2) == 0 { vec![write] } else { Vec::new() };
    };
    let mut kept = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let until = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
        if dice.below(2) == 0 {
            kept.push(Write::At(at + from, bytes[from..until].to_vec()));
        }
        from = until;
    }
    kept
}
