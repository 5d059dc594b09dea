//! A recording that grows: begun, told what clients are answered, and ended, which makes scenarios of it.
//!
//! Not here: taking note (`keeper`), and what waits for it (`ear`).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::base::limits::RECORDED_WAITING_BYTES_MAX;
use crate::base::shell;
use crate::recording::import::Imported;
use crate::recording::live::ear::{Ear, ear};
use crate::recording::live::ended::Recording;
use crate::recording::live::files::growing;
use crate::recording::live::journal::{Journal, NoJournal};
use crate::recording::live::keeper::Keeper;
use crate::recording::live::masking::Masking;
use crate::recording::mask::Whose;

/// Why a recording cannot begin or end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error("{} is there already; expected a name that is not taken", .0.display())]
    Taken(PathBuf),
    #[error("{} is there already: a recording that was cut off; {}", .0.display(), advice(.0))]
    CutOff(PathBuf),
    #[error("another process records there: it holds {}; expected another name", .0.display())]
    Busy(PathBuf),
    #[error("cannot write {}: {error}", .path.display())]
    Write { path: PathBuf, error: io::Error },
    #[error("a panic ended the recording; what it had written is in {}; {}", .0.display(), advice(.0))]
    Lost(PathBuf),
    #[error("{0}")]
    Unfit(String),
}

/// What can be done with a file that grew.
pub(crate) fn advice(path: &Path) -> String {
    let file = shell::word(&path.to_string_lossy());
    format!("ringback import recording {file} --out DIR makes a scenario of it; then remove it")
}

/// A recording that grows.
#[derive(Debug)]
pub(crate) struct Recorder {
    file: PathBuf,
    growing: PathBuf,
    ear: Arc<Ear>,
    keeper: JoinHandle<Keeper>,
}

impl Recorder {
    /// Begins a recording that becomes a file of this name.
    ///
    /// # Errors
    /// Where such a file is there, or none can be written beside it.
    pub(crate) fn begin(file: &Path, whose: Whose) -> Result<Self, RecordError> {
        if file.exists() {
            return Err(RecordError::Taken(file.to_owned()));
        }
        let masking = Masking::new(whose).map_err(RecordError::Unfit)?;
        let growing = growing(file);
        let journal = Journal::begin(&growing).map_err(|error| match error {
            NoJournal::Busy => RecordError::Busy(growing.clone()),
            NoJournal::Held => RecordError::CutOff(growing.clone()),
            NoJournal::Failed(error) => RecordError::Write { path: growing.clone(), error },
        })?;
        let (ear, hearing) = ear(RECORDED_WAITING_BYTES_MAX);
        let mut keeper = Keeper::new(journal, masking);
        let keep = move || {
            hearing.each(|it| keeper.take(it));
            keeper
        };
        let started = thread::Builder::new().name("recording".into()).spawn(keep);
        let keeper = started.map_err(|error| {
            // Nothing stands in it but its head.
            let _ = std::fs::remove_file(&growing);
            RecordError::Write { path: file.to_owned(), error }
        })?;
        Ok(Recorder { file: file.to_owned(), growing, ear: Arc::new(ear), keeper })
    }

    /// Begins one that is held in memory alone: of each world for as long as it is there, for whoever asks.
    ///
    /// # Errors
    /// Where there is no thread for it.
    pub(crate) fn on_demand() -> Result<Arc<Ear>, RecordError> {
        let masking = Masking::new(Whose::Clients).map_err(RecordError::Unfit)?;
        let (ear, hearing) = ear(RECORDED_WAITING_BYTES_MAX);
        let mut keeper = Keeper::on_demand(masking);
        let keep = move || hearing.each(|it| keeper.take(it));
        let started = thread::Builder::new().name("recording".into()).spawn(keep);
        started.map_err(|error| RecordError::Unfit(format!("no thread to record in: {error}")))?;
        Ok(Arc::new(ear))
    }

    /// Who is told.
    pub(crate) fn ear(&self) -> Arc<Ear> {
        Arc::clone(&self.ear)
    }

    /// Where it stands while it grows.
    pub(crate) fn growing(&self) -> &Path {
        &self.growing
    }

    /// Hears nothing more, and takes note of what waits.
    ///
    /// # Errors
    /// Where what was told is lost.
    pub(crate) fn drained(self) -> Result<Drained, RecordError> {
        self.ear.end();
        let keeper = self.keeper.join().map_err(|_| RecordError::Lost(self.growing))?;
        Ok(Drained { file: self.file, keeper })
    }
}

/// A recording that all was taken down of.
#[derive(Debug)]
pub(crate) struct Drained {
    file: PathBuf,
    keeper: Keeper,
}

impl Drained {
    /// Whether all of it stands in the file that grew.
    pub(crate) fn is_whole(&self) -> bool {
        self.keeper.is_whole()
    }

    /// Ends it: makes scenarios of what was told, and hands over each with its file.
    pub(crate) fn end(self, write: &mut dyn FnMut(PathBuf, Imported)) -> Recording {
        self.keeper.end(&self.file, write)
    }
}
