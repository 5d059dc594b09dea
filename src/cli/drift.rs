//! `drift`, and `replay --compare-with`: says where a target answers in another way.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::cli::credentials::{given, masker};
use crate::cli::declared::named;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::reports::ReportArgs;
use crate::client::address;
use crate::drift::order::{Order, Reference, ToVendor, drift};
use crate::drift::report::{Drift, differences};
use crate::exit;
use crate::replay::all;
use crate::replay::report::Kind;

#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    /// Recordings: scenarios that `import`, `record` or `serve --record` wrote, or folders of them
    #[arg(required = true, env = "RINGBACK_RECORDING", value_delimiter = ',')]
    recording: Vec<PathBuf>,
    /// The vendor's own system, which is asked again what was recorded; with the path that stands before
    /// the vendor's own paths there
    #[arg(long, env = "RINGBACK_AGAINST", value_name = "URL", value_parser = address::base)]
    against: String,
    /// Whose requests are sent, where a recording has several vendors'
    #[arg(long, env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// A credential of an account there, in place of the recording's: `token=…`; may be given more than
    /// once
    #[arg(long, env = "RINGBACK_CREDENTIAL", value_name = "NAME=VALUE", value_delimiter = ',')]
    credential: Vec<String>,
    /// Also sends requests that may dial, change or delete
    #[arg(long, env = "RINGBACK_WRITES")]
    writes: bool,
    /// What its replies are held against: `recording`, `self` for Ringback with the recording's rows, or the
    /// address of another system, which is sent the same requests with the same credentials
    #[arg(
        long,
        env = "RINGBACK_COMPARE_WITH",
        value_name = "URL|recording|self",
        default_value = "recording"
    )]
    compare_with: String,
    #[command(flatten)]
    report: ReportArgs,
}

impl DriftArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let reports = self.report.read()?;
        let credentials = given(&self.credential)?;
        let only = self.vendor.as_deref().map(named).transpose()?;
        let config = all::Config {
            paths: self.recording,
            against: Some(self.against),
            jobs: 1,
            ..all::Config::default()
        };
        let order = Order {
            config,
            reference: reference(&self.compare_with)?,
            to_vendor: Some(ToVendor { only, credentials, writes: self.writes }),
        };
        compare(&order, &reports)
    }
}

/// What a target is held against, as people name it.
///
/// # Errors
/// Where it is none of the words and no address.
pub(super) fn reference(text: &str) -> Result<Reference, Failure> {
    match text {
        "recording" => Ok(Reference::Recording),
        "self" => Ok(Reference::Own),
        text => address::base(text).map(Reference::At).map_err(|told| {
            bad_input(format!("--compare-with: {told}, or one of recording, self"))
        }),
    }
}

/// Compares, and reports.
///
/// # Errors
/// Where something differs, or nothing could be compared.
pub(super) fn compare(order: &Order, reports: &[(Kind, Option<PathBuf>)]) -> Result<(), Failure> {
    let say = |what: &str| {
        // Where stderr cannot be written, the work goes on.
        let _ = writeln!(io::stderr(), "ringback: {what}");
    };
    let found = runtime()?.block_on(drift(order, &say));
    let found = found.map_err(Failure::from)?;
    let masker = masker(&found.secrets);
    let found = found.masked(&masker);
    let stopped = found.stopped_early();
    if found.n_replies() == 0 && found.count() == 0 && stopped.is_none() {
        for line in &found.not_sent {
            say(&format!("not sent: {line}"));
        }
        let text = "nothing was compared: no request could be sent of which anything is expected";
        return Err(bad_input(text));
    }
    for (kind, file) in reports {
        let text = render(&found, *kind)?;
        match file {
            None => print(text.trim_end())?,
            Some(file) => std::fs::write(file, text).map_err(|error| {
                let text = format!("--report {}: {error}", file.display());
                Failure { text, code: exit::NO_RESOURCE }
            })?,
        }
    }
    let is_told = reports.contains(&(Kind::Text, None));
    match (found.count(), stopped) {
        (0, None) => Ok(()),
        (0, Some(stopped)) => Err(Failure { text: stopped, code: exit::INCONCLUSIVE }),
        (_, _) if is_told => Err(Failure { text: String::new(), code: exit::DIFFERED }),
        (n, stopped) => {
            let text = std::iter::once(differences(n)).chain(stopped);
            let text = text.collect::<Vec<_>>().join("; ");
            Err(Failure { text, code: exit::DIFFERED })
        }
    }
}

fn render(found: &Drift, kind: Kind) -> Result<String, Failure> {
    match kind {
        Kind::Text => Ok(found.text()),
        Kind::Json => Ok(found.json().to_string() + "\n"),
        kind => kind.render(&found.outcome()).map_err(|error| bad_input(error.to_string())),
    }
}
