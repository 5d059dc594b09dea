//! `new`: writes a scenario to begin with, or the state of a running world as one.
//!
//! Not here: what a scenario may hold (`schema`).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::app;
use crate::base::shell;
use crate::cli::asking::Running;
use crate::cli::declared;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::new_file::{write_new, write_secret};
use crate::client::address;
use crate::client::control::escaped;

/// What is written where nothing is asked for in particular.
const FIRST: &str = include_str!("../../scenarios/first.toml");

/// The part of an address behind which a world is named.
const WORLDS: &str = "/v1/worlds/";

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// File to write, which must not be there; `-` for stdout
    #[arg(env = "RINGBACK_FILE")]
    file: PathBuf,
    /// Writes a scenario of this vendor alone
    #[arg(long, env = "RINGBACK_VENDOR", conflicts_with = "from_world")]
    vendor: Option<String>,
    /// Writes the state of this running world, credentials included: its name, or its address as in
    /// `http://127.0.0.1:8081/v1/worlds/a`
    #[arg(long, env = "RINGBACK_FROM_WORLD", value_name = "WORLD")]
    from_world: Option<String>,
    #[command(flatten)]
    running: Running,
}

impl NewArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let is_of_world = self.from_world.is_some();
        let text = match (&self.vendor, self.from_world) {
            (_, Some(world)) => state(self.running, &world)?,
            (Some(vendor), None) => of_vendor(vendor)?,
            (None, None) => FIRST.to_owned(),
        };
        if self.file == Path::new("-") {
            return print(text.trim_end());
        }
        let write = if is_of_world { write_secret } else { write_new };
        write(&self.file, &text)?;
        let word = shell::word(&self.file.to_string_lossy());
        print(&format!("wrote {}; try: ringback check {word}", self.file.display()))
    }
}

fn of_vendor(name: &str) -> Result<String, Failure> {
    let vendor = declared::named(name)?.surface.vendor;
    let text = app::built_in_text(vendor).map(str::to_owned);
    text.ok_or_else(|| bad_input(format!("there is no scenario of {vendor} alone")))
}

/// The state of a running world, as the text of a scenario file.
fn state(running: Running, world: &str) -> Result<String, Failure> {
    let (base, name) = match world.split_once(WORLDS) {
        Some((base, name)) => {
            (Some(address::base(base).map_err(bad_input)?), name.trim_end_matches('/'))
        }
        None if world.contains("://") => {
            return Err(bad_input(format!(
                "--from-world {world:?}: expected a world's name, or its address as in \
                 http://127.0.0.1:8081/v1/worlds/a"
            )));
        }
        None => (None, world),
    };
    let mut target = running.target()?;
    target.base = base.unwrap_or(target.base);
    let mut text = Vec::new();
    let path = format!("{WORLDS}{}/scenario.toml", escaped(name));
    runtime()?.block_on(target.download_to(&path, &mut text, Arc::new(|_| ())))?;
    String::from_utf8(text).map_err(|_| bad_input("the scenario that came is no text"))
}
