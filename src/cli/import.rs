//! `import`: makes a scenario of a recording.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::app::HostOf;
use crate::cli::declared::named;
use crate::cli::failure::{Failure, bad_input, print};
use crate::cli::new_file::{is_taken, write_new, written};
use crate::exit;
use crate::recording::import::{Imported, archives};
use crate::recording::live::resume::{Resumed, resume};
use crate::scenario::to_toml;

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// From HTTP archives (HAR 1.1 or 1.2) of browsers, proxies and other clients
    Har(HarArgs),
    /// From what a recording of Ringback's own had written when it was cut off
    Recording(RecordingArgs),
}

#[derive(Debug, Args)]
struct RecordingArgs {
    /// The file, whose name ends in `.part`
    #[arg(env = "RINGBACK_RECORDING")]
    recording: PathBuf,
    /// Folder for the scenario; it is made where it is not there
    #[arg(long, env = "RINGBACK_OUT", value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct HarArgs {
    /// The archives
    #[arg(required = true, env = "RINGBACK_HAR", value_delimiter = ',')]
    har: Vec<PathBuf>,
    /// Folder for the scenario; it is made where it is not there
    #[arg(long, env = "RINGBACK_OUT", value_name = "DIR")]
    out: PathBuf,
    /// A host name for a vendor, beside its own: `jtel=portal.example.test` or `mor=*.example.test`; may
    /// be given more than once
    #[arg(long, env = "RINGBACK_HOSTS", value_delimiter = ',')]
    host: Vec<HostOf>,
}

/// The file that an import writes.
const FILE: &str = "recording.toml";

impl ImportArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.kind {
            Kind::Har(args) => args.run(),
            Kind::Recording(args) => args.run(),
        }
    }
}

impl RecordingArgs {
    fn run(self) -> Result<(), Failure> {
        let resumed = resume(&self.recording, &self.out.join(FILE)).map_err(bad_input)?;
        let Resumed { scenarios, left_out, mut failed, is_growing } = resumed;
        let n_scenarios = scenarios.len();
        if n_scenarios > 0 {
            make_folder(&self.out)?;
        }
        for (path, imported) in scenarios {
            for line in lines(&imported) {
                print(&line)?;
            }
            if imported.scenario.is_null() {
                failed.push(format!("{}: nothing in it makes a scenario", path.display()));
                continue;
            }
            match write_scenario(&path, &imported) {
                Ok(()) => {
                    print(&written(&path))?;
                }
                Err(failure) => failed.push(failure.text),
            }
        }
        for line in left_out {
            print(&format!("left out: {line}"))?;
        }
        if n_scenarios == 0 && failed.is_empty() {
            failed.push("nothing in it makes a scenario".to_owned());
        }
        if !failed.is_empty() {
            return Err(bad_input(failed.join("\n")));
        }
        let recording = self.recording.display();
        if is_growing {
            return print(&format!("a process records into {recording} still"));
        }
        print(&format!("all that {recording} holds is written; remove it then"))
    }
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure {
        text: format!("cannot make {}: {error}", path.display()),
        code: exit::NO_RESOURCE,
    })
}

/// Writes a scenario that was made of a recording.
///
/// # Errors
/// Where the file is there, or cannot be written.
pub(crate) fn write_scenario(path: &Path, imported: &Imported) -> Result<(), Failure> {
    let text = to_toml(&imported.scenario).map_err(bad_input)?;
    write_new(path, &text)
}

impl HarArgs {
    fn run(self) -> Result<(), Failure> {
        let file = self.out.join(FILE);
        // Asked before the work: somebody may have gone on from what an import wrote.
        if file.exists() {
            return Err(is_taken(&file));
        }
        let mut given = Vec::new();
        for HostOf { vendor, host } in self.host {
            given.push((host, named(&vendor)?));
        }
        let imported = archives(&self.har, given).map_err(bad_input)?;
        for line in lines(&imported) {
            print(&line)?;
        }
        let mut failed: Vec<String> = imported.broken.iter().map(ToString::to_string).collect();
        if imported.scenario.is_null() {
            let text = if imported.n_entries > imported.n_others {
                "nothing in it makes a scenario: all that is for a vendor is left out"
            } else {
                "nothing in it is for a vendor; --host VENDOR=HOST says whose a host is"
            };
            failed.insert(0, text.to_owned());
            return Err(bad_input(failed.join("\n")));
        }
        make_folder(&self.out)?;
        write_scenario(&file, &imported)?;
        print(&written(&file))?;
        if failed.is_empty() { Ok(()) } else { Err(bad_input(failed.join("\n"))) }
    }
}

/// What an import came to, line by line.
pub(crate) fn lines(imported: &Imported) -> Vec<String> {
    let Imported { n_entries, n_others, n_explained, .. } = imported;
    let mut lines = vec![format!("entries: {n_entries}, of which {n_others} are for no vendor")];
    let mut part = |head: &str, told: Vec<String>| {
        if !told.is_empty() {
            lines.push(format!("{head}:"));
            lines.extend(told.into_iter().map(|line| format!("  {line}")));
        }
    };
    let counted = |it: &(String, usize)| format!("{}: {}", it.0, it.1);
    part("understood", imported.understood.iter().map(counted).collect());
    part("left out", imported.skipped.clone());
    part("replaced by pseudonyms", imported.replaced.clone());
    let turned = |it: &(String, usize)| format!("{}: explains {} more", it.0, it.1);
    part("switches", imported.turned.iter().map(turned).collect());
    part("not explained, and so fixed replies", imported.unexplained.clone());
    lines.push(format!(
        "explained by rows and switches: {n_explained} of {}",
        imported.understood.iter().map(|(_, count)| count).sum::<usize>()
    ));
    lines
}
