//! `generate`: made-up rows for scenarios.

use std::io::{self, Write};

use clap::Args;

use crate::base::seed::Seed;
use crate::cli::failure::{Failure, bad_input};
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
            let names = names.join(", ");
            bad_input(format!("there is no {:?} to make up; expected one of {names}", self.what))
        })?;
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let written = (generator.write)(&mut stdout, self.count, Seed(self.seed));
        match written.and_then(|()| stdout.flush()) {
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
