//! `world export`, `world import`: a world as one file, out and in again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::base::text::grouped;
use crate::cli::asking::{Asking, AskingWorld};
use crate::cli::failure::{Failure, runtime};
use crate::cli::progress::{Progress, Unit};
use crate::cli::world_facts::facts;
use crate::client::control::escaped;
use crate::client::transfer::TransferError;
use crate::exit;

/// Media type of an exported world.
const DATABASE: &str = "application/vnd.sqlite3";

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// File to write, replaced where it is there; `-` for stdout
    #[arg(env = "RINGBACK_FILE")]
    file: PathBuf,
    #[command(flatten)]
    asking: AskingWorld,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Name of the new world
    #[arg(env = "RINGBACK_NAME")]
    name: String,
    /// File that `world export` wrote
    #[arg(env = "RINGBACK_FILE")]
    file: PathBuf,
    #[command(flatten)]
    asking: Asking,
}

impl ExportArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = self.asking.asking.target()?;
        let path = self.asking.path("/export");
        let runtime = runtime()?;
        let progress = Progress::new("exported", None, Unit::Bytes);
        if self.file == Path::new("-") {
            let mut stdout = io::stdout();
            runtime.block_on(target.download_to(&path, &mut stdout, progress.told()))?;
            return Ok(());
        }
        let n_bytes = runtime.block_on(target.download(&path, &self.file, progress.told()))?;
        progress.end();
        let file = self.file.display().to_string();
        let told = json!({ "world": self.asking.world, "file": file, "bytes": n_bytes });
        self.asking
            .asking
            .show(&told, |_| vec![format!("wrote {file}, {} bytes", grouped(n_bytes))])
    }
}

impl ImportArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = self.asking.target()?;
        let path = format!("/v1/worlds/{}/import", escaped(&self.name));
        let n_bytes = fs::metadata(&self.file).map(|about| about.len()).ok();
        let progress = Progress::new("imported", n_bytes, Unit::Bytes);
        let sent = target.upload(&path, DATABASE, &self.file, progress.told());
        let made = runtime()?.block_on(sent)?;
        progress.end();
        self.asking.show(&made, |made| vec![format!("made {}", facts(made))])
    }
}

impl From<TransferError> for Failure {
    fn from(error: TransferError) -> Self {
        let code = match error {
            TransferError::Control(error) => return error.into(),
            TransferError::Read { .. } => exit::BAD_INPUT,
            TransferError::Write { .. } => exit::NO_RESOURCE,
        };
        Failure { text: error.to_string(), code }
    }
}
