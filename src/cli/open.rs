//! `open`: the page of a running program, in a browser.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use clap::Args;

use crate::cli::asking::Running;
use crate::cli::failure::{Failure, print};
use crate::client::control::escaped;
use crate::sim::worlds::name::DEFAULT;

/// What opens an address with the browser that a person has chosen: the program, and what stands
/// before the address.
const OPENER: (&str, &[&str]) = if cfg!(target_os = "macos") {
    ("open", &[])
} else if cfg!(target_os = "windows") {
    // The empty text is the title of a window; without it the address would be taken for one.
    ("cmd", &["/C", "start", ""])
} else {
    ("xdg-open", &[])
};

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    #[command(flatten)]
    running: Running,
    /// World to show
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
}

impl OpenArgs {
    /// The address is printed whether or not there is a browser: it can be pasted into one.
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = self.running.target()?;
        let address = format!("{}/?world={}", target.base, escaped(&self.world));
        print(&address)?;
        let (program, before) = OPENER;
        let mut opener = Command::new(program);
        opener.args(before).arg(&address);
        let opener = opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !opener.status().is_ok_and(|status| status.success()) {
            // Where stderr cannot be written, the address alone has to do.
            let _ = writeln!(io::stderr(), "no browser was found to open it with");
        }
        Ok(())
    }
}
