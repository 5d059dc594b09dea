//! `man`: the manual pages, one per command, made from the same table as `--help`.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};

use crate::cli::failure::{Failure, print};
use crate::exit;

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder to write the pages to, one per command; it is made where it is not there
    #[arg(env = "RINGBACK_MAN_DIR", value_name = "DIR")]
    man_dir: PathBuf,
}

impl ManArgs {
    pub(super) fn run(self, command: Command) -> Result<(), Failure> {
        let folder = &self.man_dir;
        let written =
            fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
        written.map_err(|error| {
            let text = format!("cannot write manual pages to {}: {error}", folder.display());
            Failure { text, code: exit::NO_RESOURCE }
        })?;
        print(&format!("{}, and a page for each command", folder.join("ringback.1").display()))
    }
}
