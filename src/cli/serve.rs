//! `serve`: its flags. Not here: those that it shares with `run` (`cli::served`), and its log
//! (`cli::log`).

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::app::{self, Address, Config, Listen};
use crate::base::limits;
#[cfg(feature = "planted")]
use crate::base::planted;
use crate::cli::capsule::Keeping;
#[cfg(feature = "planted")]
use crate::cli::failure::bad_input;
use crate::cli::failure::{Failure, runtime};
use crate::cli::greeting;
use crate::cli::log;
use crate::cli::recorded::{end_recording, record_failure};
use crate::cli::served::{Place, ServedArgs};
use crate::cli::token::token;
use crate::net::descriptors;
use crate::recording::live::recorder::Recorder;
use crate::recording::mask::Whose;
use crate::scenario::capsule::named;
use crate::sim::journal::tap::Tap;
use crate::web::via::Reach;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ServeArgs {
    /// Scenario files, folders of them, or names of built-in scenarios: each can be asked for by its
    /// name, and the default world is made of the first (of a folder, of its default.toml, else of its
    /// first by name); the demo where left out
    #[arg(env = "RINGBACK_SCENARIO", value_delimiter = ',')]
    scenario: Vec<PathBuf>,
    /// Address for the vendors' clients, or `vendor=ADDRESS` for one vendor alone; may be given more
    /// than once; port 0 takes any that is free, and `localhost` is both loopback addresses
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "localhost:8080", value_delimiter = ',')]
    listen: Vec<Listen>,
    /// Address of the control plane; loopback only, unless `RINGBACK_ADMIN_TOKEN` is set
    #[arg(long, env = "RINGBACK_ADMIN", default_value = "localhost:8081")]
    admin: Address,
    /// On a terminal, says what is up and nothing of what is refused
    #[arg(long, short, env = "RINGBACK_QUIET")]
    quiet: bool,
    /// Has the default world begin again when its scenario file changes, or a file that it names
    #[arg(long, env = "RINGBACK_WATCH")]
    watch: bool,
    /// Stops when stdin is at its end, as at a signal, so that a program which started this one and holds
    /// the other end of a pipe is never outlived, however it ends; what comes on stdin is passed over
    #[arg(long, env = "RINGBACK_UNTIL_STDIN_CLOSES")]
    until_stdin_closes: bool,
    /// Writes what clients do as a scenario that `ringback replay` takes, when the program stops; each
    /// further world, and each reset, has a file of its own beside it
    #[arg(long, env = "RINGBACK_RECORD", value_name = "FILE")]
    record: Option<PathBuf>,
    /// Keeps in a file all that is needed to do again elsewhere what clients do, when the program stops: a
    /// scenario for each world and each reset
    #[arg(
        long,
        env = "RINGBACK_CAPSULE",
        value_name = "FILE",
        value_parser = named,
        conflicts_with = "record"
    )]
    capsule: Option<PathBuf>,
    /// Keeps in memory what clients do, so that `GET /v1/worlds/NAME/capsule` gives, for as long as a world is
    /// there, what does it again elsewhere
    #[arg(long, env = "RINGBACK_CAPSULES", conflicts_with_all = ["record", "capsule"])]
    capsules: bool,
    #[command(flatten)]
    served: ServedArgs,
}

impl ServeArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        #[cfg(feature = "planted")]
        planted::find().map_err(bad_input)?;
        // Dropped last: it writes what was said until then.
        let log = log::start(&self.served.log)?;
        let person = greeting::person(log.queue(), self.quiet);
        descriptors::raise();
        let config = self.served.config(Place {
            scenarios: self.scenario,
            listen: self.listen,
            admin: self.admin,
            admin_token: token()?,
            watch: self.watch,
            until_stdin_closes: self.until_stdin_closes,
            reach: Reach::Nobody,
        });
        let runtime = runtime()?;
        // What can fail has come before: a recording that began leaves a file.
        let keeping = self.capsule.as_deref().map(Keeping::begin).transpose()?;
        let begun = self.record.map(|file| Recorder::begin(&file, Whose::Clients)).transpose();
        let recorder = begun.map_err(|error| record_failure(&error))?;
        let recorders = recorder.iter().chain(keeping.as_ref().map(|it| &it.recorder));
        let mut tap = recorders.map(|recorder| recorder.ear() as Arc<dyn Tap>).next();
        if self.capsules {
            tap = Some(Recorder::on_demand().map_err(|error| record_failure(&error))?);
        }
        let ended = runtime.block_on(app::run(Config { tap, ..config }, person));
        // A thread that is blocked does not hold the end.
        runtime.shutdown_timeout(limits::THREADS_END_MAX);
        match (recorder, keeping) {
            (Some(recorder), _) => {
                end_recording(recorder, ended.map_err(Failure::from), &log.queue())
            }
            (None, Some(keeping)) => {
                // However it ended, what was taken is kept.
                let written = keeping.end(Value::Null, Value::Null, &log.queue());
                ended.map_err(Failure::from).and(written)
            }
            (None, None) => ended.map_err(Failure::from),
        }
    }
}
