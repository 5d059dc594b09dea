//! `generate`: made-up rows for scenarios.

use std::io::{self, IsTerminal, Write};

use clap::Args;

use crate::base::nearest::did_you_mean;
use crate::base::seed::Seed;
use crate::cli::failure::{Failure, bad_input};
use crate::cli::progress::{Lines, Progress, Unit};
use crate::sim::outside::people::crowd;
use crate::{app, exit};

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// What to make up: the vendor and the collection, such as `jtel-contacts`
    #[arg(env = "RINGBACK_WHAT")]
    what: String,
    /// How many rows
    #[arg(long, env = "RINGBACK_COUNT", default_value_t = 1000)]
    count: u64,
    /// Where the rows come from: equal seeds make up equal rows
    #[arg(long, env = "RINGBACK_SEED", default_value_t = 0)]
    seed: u64,
}

impl GenerateArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let vendors = app::vendors().0.iter().flat_map(|vendor| vendor.generators);
        let mut generators = std::iter::once(&crowd::GENERATOR).chain(vendors);
        let names: Vec<_> = generators.clone().map(|generator| generator.name).collect();
        let found = generators.find(|generator| generator.name == self.what);
        let generator = found.ok_or_else(|| {
            let near = did_you_mean(&self.what, names.iter().copied());
            let (what, names) = (&self.what, names.join(", "));
            bad_input(format!("there is no {what:?} to make up; expected one of {names}{near}"))
        })?;
        let progress = Progress::new("made up", Some(self.count), Unit::Things);
        // Rows that go to the terminal themselves show how far it is.
        let out: Box<dyn Write> = if io::stdout().is_terminal() {
            Box::new(io::stdout().lock())
        } else {
            Box::new(Lines { out: io::stdout().lock(), progress: progress.clone() })
        };
        let mut stdout = io::BufWriter::new(out);
        let written = (generator.write)(&mut stdout, self.count, Seed(self.seed));
        let written = written.and_then(|()| stdout.flush());
        progress.end();
        match written {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                Err(bad_input(error.to_string()))
            }
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
            }
            _ => Ok(()),
        }
    }
}
