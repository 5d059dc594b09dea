//! `replay`: runs the steps of scenarios and reports.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::base::lock::lock;
use crate::cli::capsule;
use crate::cli::coverage::CoverageArgs;
use crate::cli::drift;
use crate::cli::explore;
use crate::cli::explore_args::ExploreArgs;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::progress::{Progress, Unit};
use crate::cli::reports::ReportArgs;
use crate::cli::shrink;
use crate::cli::token::token;
use crate::client::address;
use crate::drift::order::{Order, Reference};
use crate::exit;
use crate::replay::report::Kind;
use crate::replay::site::Covered;
use crate::replay::verdict::Verdict;
use crate::replay::{all, text};
use crate::scenario::capsule::named;
use crate::sim::judge::covered::joined;

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Scenario files, or folders of them
    #[arg(required = true, env = "RINGBACK_REPLAY", value_delimiter = ',')]
    paths: Vec<PathBuf>,
    /// A server to replay against, instead of this process: another Ringback, or a vendor's sandbox
    #[arg(long, env = "RINGBACK_AGAINST", value_name = "URL", value_parser = address::base)]
    against: Option<String>,
    /// That server's control plane, with --against: makes a world for each scenario
    #[arg(long, env = "RINGBACK_ADMIN_URL", value_name = "URL", value_parser = address::base)]
    admin: Option<String>,
    /// With --against: compares the replies there with those of another server, which is sent the same
    /// requests with the same credentials, of this process (`self`), or with what the steps expect
    /// (`recording`), and says where they differ
    #[arg(
        long,
        env = "RINGBACK_COMPARE_WITH",
        value_name = "URL|recording|self",
        requires = "against"
    )]
    compare_with: Option<String>,
    /// Seed in place of the scenarios' own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Turns switches in each world
    #[arg(
        long,
        env = "RINGBACK_VARIANTS",
        value_name = "VENDOR.SWITCH=VALUE",
        value_delimiter = ','
    )]
    variants: Vec<String>,
    /// Only scenarios whose file or title has this text in it
    #[arg(long, env = "RINGBACK_FILTER", value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    explore: ExploreArgs,
    /// Begins no further scenario once one differs
    #[arg(long, env = "RINGBACK_FAIL_FAST")]
    fail_fast: bool,
    /// Keeps in a file all that it needs to be done again elsewhere, with what it has shown
    #[arg(long, env = "RINGBACK_CAPSULE", value_name = "FILE", value_parser = named)]
    capsule: Option<PathBuf>,
    /// Writes the shortest run of inputs that still shows the same failure: the first step that differs,
    /// else the last request that is refused
    #[arg(long, env = "RINGBACK_SHRINK", value_name = "FILE", conflicts_with_all = ["against", "capsule", "explore_variants"])]
    shrink: Option<PathBuf>,
    /// Shows the request and the reply of each step
    #[arg(long, short, env = "RINGBACK_VERBOSE")]
    verbose: bool,
    /// Scenarios at a time; as many as there are processors where left out
    #[arg(long, env = "RINGBACK_JOBS", value_name = "N")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    coverage: CoverageArgs,
}

impl ReplayArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let reports = self.report.read()?;
        let jobs = self.jobs.or_else(|| std::thread::available_parallelism().ok());
        let config = all::Config {
            paths: self.paths,
            against: self.against,
            admin: self.admin,
            admin_token: token()?,
            seed: self.seed,
            variants: self.variants,
            filter: self.filter,
            fail_fast: self.fail_fast,
            verbose: self.verbose || reports.iter().any(|(kind, _)| kind.wants_exchanges()),
            jobs: jobs.map_or(1, NonZeroUsize::get),
            covered: self.coverage.is_wanted().then(Covered::default),
            journals: self.capsule.is_some().then(Covered::default),
            ..all::Config::default()
        };
        let explores = self.explore.is_wanted()?;
        if let Some(text) = &self.compare_with {
            let of_one = [
                ("--coverage", self.coverage.is_wanted()),
                ("--capsule", self.capsule.is_some()),
                ("--shrink", self.shrink.is_some()),
                ("--explore-variants", explores),
            ];
            if let Some((flag, _)) = of_one.iter().find(|(_, is_given)| *is_given) {
                return Err(bad_input(format!(
                    "{flag} is of a replay; expected it without --compare-with, which compares replies"
                )));
            }
            let reference = drift::reference(text)?;
            // Worlds that are made at one of them are not at the other.
            if matches!(reference, Reference::At(_)) && config.admin.is_some() {
                return Err(bad_input(
                    "--admin makes worlds at the server after --against alone; expected none with \
                     --compare-with URL, so that both answer from what they hold",
                ));
            }
            return drift::compare(&Order { config, reference, to_vendor: None }, &reports);
        }
        if let Some(file) = &self.shrink {
            let of_one = [
                ("--coverage", self.coverage.is_wanted()),
                ("--report", self.report.is_given()),
                ("--verbose", self.verbose),
            ];
            if let Some((flag, _)) = of_one.iter().find(|(_, is_given)| *is_given) {
                return Err(bad_input(format!(
                    "{flag} is of one replay; expected it without --shrink, which makes many, and then \
                     with the file that it writes"
                )));
            }
            return shrink::shrunk(&config, file);
        }
        if explores {
            if self.capsule.is_some() {
                let text = "--capsule keeps one replay; expected it without --explore-variants";
                return Err(bad_input(text));
            }
            if self.coverage.is_wanted() {
                let text = "--coverage is of one replay; expected it without --explore-variants";
                return Err(bad_input(text));
            }
            return explored(&config, self.explore, &reports);
        }
        let progress = Progress::new("replayed", None, Unit::Things);
        let mut show = |it: all::Progress<'_>| {
            let all::Progress { n_done, n_all, scenario } = it;
            progress.say(format!("of {n_all}: {} {}", scenario.file, scenario.verdict().name()));
            progress.add(u64::from(n_done > 0));
        };
        let outcome = runtime()?.block_on(all::all(&config, &mut show)).map_err(Failure::from);
        progress.end();
        let outcome = outcome?;
        let bare = outcome.without_exchanges();
        for (kind, file) in &reports {
            let shown = if self.verbose || kind.wants_exchanges() { &outcome } else { &bare };
            let text = kind.render(shown).map_err(|error| bad_input(error.to_string()))?;
            match file {
                None => print(text.trim_end())?,
                Some(file) => std::fs::write(file, text).map_err(|error| {
                    let text = format!("--report {}: {error}", file.display());
                    Failure { text, code: exit::NO_RESOURCE }
                })?,
            }
        }
        let covered = config.covered.as_ref().map(|it| {
            // In the order of the scenarios, whichever ended first.
            joined(&lock(it).values().cloned().collect::<Vec<_>>())
        });
        self.coverage.tell(covered.as_ref())?;
        if let Some(file) = &self.capsule {
            capsule::of_replay(&config, &bare, file)?;
        }
        match outcome.verdict() {
            Verdict::Differed => {
                // Whoever reads the report on the terminal has been told.
                let is_told = reports.contains(&(Kind::Text, None));
                let text = if is_told { String::new() } else { text::summary(&outcome) };
                Err(Failure { text, code: exit::DIFFERED })
            }
            Verdict::Passed | Verdict::NotRun => Ok(()),
        }
    }
}

/// Replays under every other reading, and tells what breaks.
fn explored(
    config: &all::Config,
    explore: ExploreArgs,
    reports: &[(Kind, Option<PathBuf>)],
) -> Result<(), Failure> {
    let known = [Kind::Text, Kind::Json];
    if reports.iter().any(|(kind, _)| !known.contains(kind)) {
        return Err(bad_input("--explore-variants reports as text or json".to_owned()));
    }
    let (kind, file) = reports.first().cloned().unwrap_or((Kind::Text, None));
    let (text, code) = explore::replay(config, explore, kind == Kind::Json)?;
    match file {
        None => print(&text)?,
        Some(file) => std::fs::write(&file, text + "\n").map_err(|error| {
            let text = format!("--report {}: {error}", file.display());
            Failure { text, code: exit::NO_RESOURCE }
        })?,
    }
    if code == exit::FINE { Ok(()) } else { Err(Failure { text: String::new(), code }) }
}
