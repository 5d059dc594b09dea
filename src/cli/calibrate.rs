//! `calibrate`: finds the positions of a vendor's switches by asking a target.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::base::phone;
use crate::base::time::Span;
use crate::calibrate::order::{CalibrateError, Order, calibrate};
use crate::calibrate::pool::given::Given;
use crate::calibrate::question::Risk;
use crate::cli::credentials::{given, masker};
use crate::cli::failure::{Failure, print};
use crate::client::address;
use crate::exit;
use crate::web::mask::masker::Masker;

#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    /// The vendor whose switches are looked for
    #[arg(long, env = "RINGBACK_VENDOR")]
    vendor: String,
    /// The system that is asked: the vendor's own, or another Ringback
    #[arg(long, env = "RINGBACK_AGAINST", value_name = "URL", value_parser = address::base)]
    against: String,
    /// A credential of an account there: `token=…`; may be given more than once
    #[arg(long, env = "RINGBACK_CREDENTIAL", value_name = "NAME=VALUE", value_delimiter = ',')]
    credential: Vec<String>,
    /// What is known of the account, as a scenario; where it is left out, the account is looked around
    /// in
    #[arg(long, env = "RINGBACK_SCENARIO")]
    scenario: Option<PathBuf>,
    /// Also makes rows of its own, changes them and deletes them
    #[arg(long, env = "RINGBACK_WRITES")]
    writes: bool,
    /// A number that may be called, with --writes: of somebody who knows that it rings. Without it,
    /// nothing is dialled
    #[arg(long, env = "RINGBACK_NUMBER", value_name = "NUMBER", requires = "writes", value_parser = number)]
    number: Option<String>,
    /// Most requests that are sent
    #[arg(long, env = "RINGBACK_BUDGET", value_name = "N", default_value = "100")]
    budget: u32,
    /// Most requests a second
    #[arg(long, env = "RINGBACK_RATE", value_name = "N", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
    rate: u32,
    /// How long one reply may take
    #[arg(long, env = "RINGBACK_PATIENCE", value_name = "TIME", default_value = "30s")]
    patience: Span,
    /// File for what was found, as a piece of scenario; it goes to stdout where left out
    #[arg(long, env = "RINGBACK_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

impl CalibrateArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let credentials = given(&self.credential)?;
        // What the target says may hold them.
        let masker = masker(credentials.values());
        let order = Order {
            vendor: self.vendor,
            target: self.against,
            risk: match (self.writes, &self.number) {
                (false, _) => Risk::Reads,
                (true, None) => Risk::Writes,
                (true, Some(_)) => Risk::Dials,
            },
            given: Given { credentials, number: self.number },
            scenario: self.scenario,
            budget: self.budget,
            rate: self.rate,
            patience: Duration::from(self.patience),
        };
        let say = |what: &str| {
            // Where stderr cannot be written, the work goes on.
            let _ = writeln!(io::stderr(), "ringback: {what}");
        };
        let report = calibrate(order, &say).map_err(|error| failure(&error, &masker))?;
        if self.json {
            print(&report.json(&masker).to_string())?;
        } else {
            print(report.text(&masker).trim_end())?;
        }
        match &self.out {
            Some(path) => std::fs::write(path, report.toml()).map_err(|error| {
                let text = format!("--out {}: {error}", path.display());
                Failure { text, code: exit::NO_RESOURCE }
            })?,
            None if self.json => {}
            None => print(&format!("\n{}", report.toml().trim_end()))?,
        }
        match report.stopped(&masker) {
            None => Ok(()),
            Some(stopped) => {
                let text = format!("stopped early, what was learnt is kept: {stopped}");
                Err(Failure { text, code: exit::INCONCLUSIVE })
            }
        }
    }
}

fn number(text: &str) -> Result<String, String> {
    phone::check(text).map(|()| text.to_owned()).map_err(|expected| format!("expected {expected}"))
}

fn failure(error: &CalibrateError, masker: &Masker) -> Failure {
    let code = match error {
        CalibrateError::Stopped(_) | CalibrateError::Threads(_) | CalibrateError::Internal(_) => {
            exit::NO_RESOURCE
        }
        _ => exit::BAD_INPUT,
    };
    Failure { text: masker.sentence(&error.to_string()).into_owned(), code }
}
