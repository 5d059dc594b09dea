//! Takes over worlds that an older build kept in the flat layout: `a.db`, `a.seed.db`,
//! `a.checkpoint.x.db` and what SQLite keeps beside `a.db`, all in the data folder.
//!
//! Each file is renamed into `.take-a`, and when all are there, `.take-a` into `a`. So no byte is
//! copied, each file is in one place at any moment, and a start after an interruption goes on where
//! the one before was. Seeds are number 0 there, and `user_version` is 0 in every such database.

use std::path::{Path, PathBuf};

use crate::store::adopt::Age;
use crate::store::folder::draft;
use crate::store::folder::error::FolderError;
use crate::store::folder::files::{Files, Kind};
use crate::store::folder::home::{CHECKPOINTS, checkpoint_file, seed_in, world_in};
use crate::store::folder::inspect::is_file;
use crate::store::folder::name::{TAKE, is_name};

/// A world that was left as it is.
#[derive(Debug)]
pub(super) struct Refused {
    /// Its file's or folder's name.
    pub(super) name: String,
    pub(super) reason: String,
}

/// Takes over all worlds that `look` finds whole; answers the others.
///
/// # Errors
/// Where the folders cannot be read.
pub(super) fn take_over(
    files: &Files,
    root: &Path,
    worlds: &Path,
    look: impl Fn(&Path) -> Result<Age, String>,
) -> Result<Vec<Refused>, FolderError> {
    let flat = files.list(root)?;
    let begun = files.list(worlds)?;
    let begun = begun.iter().filter_map(|name| name.strip_prefix(TAKE));
    let whole = flat.iter().filter_map(|name| name.strip_suffix(".db"));
    let mut names: Vec<&str> = begun.chain(whole).filter(|name| is_name(name)).collect();
    names.sort_unstable();
    names.dedup();
    let mut refused = Vec::new();
    for name in names {
        let taking = Taking { files, root, worlds, name };
        if let Err(reason) = taking.run(&flat, &look) {
            refused.push(Refused { name: format!("{name}.db"), reason });
        }
    }
    Ok(refused)
}

/// One world on its way.
struct Taking<'a> {
    files: &'a Files,
    root: &'a Path,
    worlds: &'a Path,
    name: &'a str,
}

impl Taking<'_> {
    fn run(
        &self,
        flat: &[String],
        look: &impl Fn(&Path) -> Result<Age, String>,
    ) -> Result<(), String> {
        let says = |error: FolderError| error.to_string();
        let home = self.worlds.join(self.name);
        if self.kind(&home)?.is_some() {
            return Err(format!("{} is there too; move one of them away", home.display()));
        }
        let folder = self.worlds.join(format!("{TAKE}{}", self.name));
        let database = self.root.join(format!("{}.db", self.name));
        match (is_file(self.files, &database)?, self.kind(&world_in(&folder))?.is_some()) {
            (true, true) => {
                let there = world_in(&folder);
                return Err(format!("{} is there too; move one of them away", there.display()));
            }
            (true, false) => look(&database).map(drop)?,
            (false, true) => {}
            (false, false) => {
                return Err(format!("there is no database for {}", folder.display()));
            }
        }
        let moves = self.moves(flat, &folder)?;
        self.carry(&moves, &folder).map_err(says)?;
        self.arrive(&folder, &home).map_err(says)
    }

    fn kind(&self, path: &Path) -> Result<Option<Kind>, String> {
        self.files.kind(path).map_err(|error| error.to_string())
    }

    /// Which file goes where. The database is the first: without it an older build sees no world.
    fn moves(&self, flat: &[String], folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>, String> {
        let mut moves = Vec::new();
        let world = world_in(folder);
        for ending in ["", "-wal", "-journal"] {
            let from = self.root.join(format!("{}.db{ending}", self.name));
            moves.push((from, crate::store::folder::connect::beside(&world, ending)));
        }
        let seed = self.root.join(format!("{}.seed.db", self.name));
        moves.push((seed, seed_in(folder, 0)));
        for file in flat {
            let checkpoint = file
                .strip_prefix(self.name)
                .and_then(|rest| rest.strip_prefix(".checkpoint.")?.strip_suffix(".db"));
            if let Some(checkpoint) = checkpoint.filter(|it| is_name(it)) {
                let to = folder.join(CHECKPOINTS).join(checkpoint_file(checkpoint));
                moves.push((self.root.join(file), to));
            }
        }
        let mut left = Vec::new();
        for (from, to) in moves {
            if !is_file(self.files, &from)? {
                continue;
            }
            if self.kind(&to)?.is_some() {
                return Err(format!("{} is there too; move one of them away", to.display()));
            }
            left.push((from, to));
        }
        Ok(left)
    }

    fn carry(&self, moves: &[(PathBuf, PathBuf)], folder: &Path) -> Result<(), FolderError> {
        for needed in [folder, &folder.join(CHECKPOINTS)] {
            if self.files.kind(needed)?.is_none() {
                self.files.create_folder(needed)?;
            }
        }
        for (from, to) in moves {
            self.files.rename(from, to)?;
        }
        Ok(())
    }

    fn arrive(&self, folder: &Path, home: &Path) -> Result<(), FolderError> {
        draft::sync(self.files, folder)?;
        self.files.rename(folder, home)?;
        self.files.sync_folder(self.worlds)?;
        self.files.sync_folder(self.root)?;
        Ok(())
    }
}
