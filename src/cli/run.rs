//! `run`: a client as it is, led to a Ringback of its own, and the verdict over its run.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::app::harvest::Journals;
use crate::app::{self, Address, Config, Listen, Program, Telling, Told};
use crate::cli::capsule::Keeping;
use crate::cli::coverage::CoverageArgs;
use crate::cli::explore_args::ExploreArgs;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::levers::{self, curlrc, hosts, wgetrc};
use crate::cli::log::{self, Log, Queue};
use crate::cli::run_report::{Over, Report, json, no_resource, write};
use crate::cli::served::{Place, ServedArgs};
use crate::exit;
use crate::net::descriptors;
use crate::run::command::{self, Ended, Sealing, Signals};
use crate::run::environment::Change;
use crate::run::folder::{Folder, Proxy, Wanted, free};
use crate::run::form::{Form, written};
use crate::run::lever::PROXY;
use crate::run::sealed::plan::{Allowed, Plan};
use crate::run::summary;
use crate::run::verdict::{self, FailOn, Outcome, Verdict};
use crate::scenario::capsule::named;
use crate::sim::journal::tap::Tap;
use crate::web::via::Reach;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RunArgs {
    /// Scenario file to serve, or the name of a built-in one; the demo where none is given
    #[arg(long, env = "RINGBACK_SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    served: ServedArgs,
    /// Seals the client off (Linux): a network of its own in which nobody is but the vendors here
    #[arg(long, env = "RINGBACK_SEALED")]
    sealed: bool,
    /// A host's port that is let through to a client that is sealed off, such as 127.0.0.1:5432; may be
    /// given more than once
    #[arg(
        long,
        env = "RINGBACK_ALLOW",
        value_delimiter = ',',
        requires = "sealed",
        value_name = "HOST:PORT"
    )]
    allow: Vec<Allowed>,
    /// A lever to leave out: proxy, trust, wget, curl, node, python, php or java; may be given more than once
    #[arg(long, env = "RINGBACK_NO_LEVER", value_delimiter = ',')]
    no_lever: Vec<String>,
    /// Tells on stderr what is set in the client's environment, and for whom
    #[arg(long, env = "RINGBACK_EXPLAIN")]
    explain: bool,
    /// Prints what would be set in the client's environment, for a shell, and starts nothing
    #[arg(long, env = "RINGBACK_PRINT_ENV")]
    print_env: bool,
    /// What has the run fail, beside a strict world's refusals and unmet expectations
    #[arg(long, env = "RINGBACK_FAIL_ON", value_delimiter = ',')]
    fail_on: Vec<Fails>,
    /// What a run that shows nothing either way is: exit code 4, or that of a pass
    #[arg(long, env = "RINGBACK_INCONCLUSIVE", default_value = "fail")]
    inconclusive: Inconclusive,
    /// The report: `text`, `json`, `junit`, `tap` or `github`, on stderr, or in a file with `json=FILE`
    /// beside the text on stderr; `html=FILE` is a page with every exchange; may be given more than once
    #[arg(
        long = "report",
        id = "run_report",
        env = "RINGBACK_RUN_REPORT",
        default_value = "text",
        value_delimiter = ',',
        value_name = "KIND[=FILE]"
    )]
    run_report: Vec<Report>,
    #[command(flatten)]
    coverage: CoverageArgs,
    /// File for the journals of all worlds, as JSON
    #[arg(long, env = "RINGBACK_JOURNAL_FILE")]
    journal: Option<PathBuf>,
    /// File for the exchanges of the default world, as an HTTP archive
    #[arg(long, env = "RINGBACK_HAR")]
    har: Option<PathBuf>,
    /// File for all that the run needs to be done again elsewhere: scenarios with each request and event as
    /// steps, the report, the journals
    #[arg(long, env = "RINGBACK_CAPSULE", value_name = "FILE", value_parser = named, conflicts_with = "print_env")]
    capsule: Option<PathBuf>,
    /// Where the exit code is not 0, keeps report, journals and archive in a folder of their own
    #[arg(long, env = "RINGBACK_KEEP_ON_FAILURE")]
    keep_on_failure: bool,
    #[command(flatten)]
    pub(super) explore: ExploreArgs,
    /// The client, with its arguments
    #[arg(required_unless_present = "print_env", last = true, env = "RINGBACK_COMMAND")]
    command: Vec<OsString>,
}

/// What else has a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fails {
    /// A request that a vendor refused
    Refused,
    /// Something that clients do wrong although they are answered
    Findings,
    /// A request, a host or an address that is no vendor's
    Unmatched,
    /// A parameter that nothing reads, such as one that is misspelt
    Unread,
}

/// What a run is that shows nothing either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Inconclusive {
    /// Exit code 4
    Fail,
    /// Exit code 0
    Pass,
}

impl RunArgs {
    /// Runs the client; the exit code of the run.
    pub(crate) fn run(self) -> Result<u8, Failure> {
        // Dropped last: it writes what was said until then.
        let log = self.begin()?;
        let runtime = runtime()?;
        let mut config = self.config();
        let keeping = self.capsule.as_deref().map(Keeping::begin).transpose()?;
        config.tap = keeping.as_ref().map(|it| it.recorder.ear() as Arc<dyn Tap>);
        let started = runtime.block_on(app::start(config, None));
        let (mut program, keeping) = Keeping::over(started, keeping)?;
        program.judge_from_now();
        program.keep_what_goes();
        let folder = self.folder(&program)?;
        let changes = self.changes(&program, &folder)?;
        if self.print_env {
            return print(&written(Form::Sh, &changes)).map(|()| exit::FINE);
        }
        levers::tell(&changes, self.explain, self.is_closed());
        let ended = self.client(&runtime, &mut program, &folder, &changes)?;
        let mut told = runtime.block_on(program.finish_and_tell(self.telling()))?;
        told.facts.elsewhere = ended.elsewhere;
        told.facts.left = ended.left;
        told.facts.client = ended.code;
        drop(folder);
        self.end(&told, ended.code, keeping, &log.queue())
    }

    /// Runs the client to its end, sealed off where that is wanted.
    pub(super) fn client(
        &self,
        runtime: &Runtime,
        program: &mut Program,
        folder: &Folder,
        changes: &[Change],
    ) -> Result<Ended, Failure> {
        let signals = runtime.block_on(async { Signals::new() });
        let signals = signals.map_err(|error| no_resource(format!("no signals: {error}")))?;
        let plan = self.plan(program, folder)?;
        let sealing = plan.map(|plan| {
            let serve = |made| {
                let _runtime = runtime.enter();
                program.serve_inside(made, &self.allow)
            };
            Sealing { plan, serve: Box::new(serve) }
        });
        command::run(&self.command, changes, folder, &signals, sealing)
            .map_err(|error| no_resource(error.to_string()))
    }

    /// The reports that are wanted. One in a file takes nothing from stderr.
    fn reports(&self) -> Vec<Report> {
        let is_told = self.run_report.iter().any(Report::is_told);
        let text = (!is_told).then_some(Report::TOLD);
        text.into_iter().chain(self.run_report.iter().cloned()).collect()
    }

    /// Writes the reports that are wanted: as JSON, or as text where that is all there is.
    pub(super) fn tell(&self, text: impl Fn(bool) -> String) -> Result<(), Failure> {
        self.reports().iter().try_for_each(|report| report.write_text(&text))
    }

    /// Checks what no flag can by itself, and begins to write what is said; for as long as what comes
    /// back is held.
    pub(super) fn begin(&self) -> Result<Log, Failure> {
        levers::check(&self.no_lever)?;
        if self.sealed && self.served.passes() {
            let text = "--sealed lets nobody out, and --others pass lets clients out: expected one of them";
            return Err(bad_input(text));
        }
        let log = log::start(&self.served.log)?;
        if self.explore.explore_variants {
            self.check_explored()?;
        }
        self.try_files()?;
        descriptors::raise();
        Ok(log)
    }

    /// What many runs cannot be told of.
    fn check_explored(&self) -> Result<(), Failure> {
        if !self.run_report.iter().all(Report::is_of_many) {
            return Err(bad_input("--explore-variants reports as text or json"));
        }
        let of_one = [
            ("--coverage", self.coverage.is_wanted()),
            ("--print-env", self.print_env),
            ("--journal", self.journal.is_some()),
            ("--har", self.har.is_some()),
            ("--capsule", self.capsule.is_some()),
            ("--keep-on-failure", self.keep_on_failure),
        ];
        match of_one.iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(bad_input(format!(
                "{flag} is of one run; expected it without --explore-variants"
            ))),
            None => Ok(()),
        }
    }

    /// What the run as it is means, and the exit code that it has for it, where nothing more is to be tried.
    pub(super) fn as_it_is(&self, told: &Told, client: u8) -> Option<(Vec<String>, u8)> {
        let verdict = self.verdict(told);
        let ours = self.code(client, verdict.outcome);
        (ours != exit::FINE).then(|| (summary::lines(&told.facts, &verdict, client, ours), ours))
    }

    fn verdict(&self, told: &Told) -> Verdict {
        let fail_on: Vec<FailOn> = self.fail_on.iter().map(|it| (*it).into()).collect();
        verdict::judge(&told.facts, &fail_on, &self.no_lever)
    }

    /// The exit code of the run.
    fn code(&self, client: u8, outcome: Outcome) -> u8 {
        match (client, outcome, self.inconclusive) {
            (1.., _, _) => client,
            (0, Outcome::Fail, _) => exit::DIFFERED,
            (0, Outcome::Inconclusive, Inconclusive::Fail) => exit::INCONCLUSIVE,
            (0, Outcome::Inconclusive, Inconclusive::Pass) | (0, Outcome::Pass, _) => exit::FINE,
        }
    }

    /// Tries each file that is to be written at the end: who learns of it only then has run in vain.
    fn try_files(&self) -> Result<(), Failure> {
        let of_reports = self.run_report.iter().filter_map(Report::file);
        let (journal, har) = (self.journal.as_deref(), self.har.as_deref());
        let others = [journal, har, self.coverage.file(), self.capsule.as_deref()];
        of_reports.chain(others.into_iter().flatten()).try_for_each(try_file)
    }

    pub(super) fn config(&self) -> Config {
        let any = || Address::At(SocketAddr::from(([127, 0, 0, 1], 0)));
        self.served.clone().config(Place {
            scenarios: self.scenario.iter().cloned().collect(),
            listen: vec![Listen { vendor: None, address: any() }],
            admin: any(),
            admin_token: None,
            watch: false,
            until_stdin_closes: false,
            // Not the machine that a client is sealed off from.
            reach: if self.sealed { Reach::Nobody } else { Reach::ThisMachine },
        })
    }

    /// The sockets of a client that is sealed off, and its files.
    fn plan(&self, program: &Program, folder: &Folder) -> Result<Option<Plan>, Failure> {
        if !self.sealed {
            return Ok(None);
        }
        let listener = levers::address(&program.ready["listen"])?;
        let admin = levers::address(&program.ready["admin"])?;
        let plan = Plan::new(listener, admin, &self.allow)
            .map_err(|told| bad_input(format!("--allow: {told}")))?;
        let exact: Vec<String> =
            hosts(&program.ready).into_iter().filter(|host| !host.starts_with('*')).collect();
        folder
            .write_sealed(&plan, &exact, &self.allow)
            .map_err(|error| no_resource(format!("cannot make the folder of the run: {error}")))?;
        Ok(Some(plan))
    }

    /// The files that levers need.
    pub(super) fn folder(&self, program: &Program) -> Result<Folder, Failure> {
        let authority = program.certificates.trusted();
        let authority = authority.map_err(|error| no_resource(error.to_string()))?;
        let authorities = match (authority, self.served.own_certificate()) {
            (Some(authority), _) => vec![authority],
            (None, Some(path)) => levers::chain(path)?,
            (None, None) => Vec::new(),
        };
        let (wgetrc, curlrc) = (wgetrc(), curlrc());
        let proxy = match self.no_lever.iter().any(|lever| lever == PROXY) {
            true => Proxy::AsItIs,
            false if self.sealed => Proxy::None,
            false => Proxy::At(levers::address(&program.ready["listen"])?),
        };
        let wanted = Wanted {
            authorities: &authorities,
            with_system: !self.is_closed(),
            wgetrc: wgetrc.as_deref(),
            curlrc: curlrc.as_deref(),
            proxy,
        };
        let folder = Folder::make(wanted).map_err(|error| no_resource(error.to_string()))?;
        levers::tell_place(&folder);
        Ok(folder)
    }

    pub(super) fn changes(
        &self,
        program: &Program,
        folder: &Folder,
    ) -> Result<Vec<Change>, Failure> {
        let told = levers::Told {
            ready: &program.ready,
            trusts: true,
            is_closed: self.is_closed(),
            is_sealed: self.sealed,
        };
        levers::of(&told, folder, &self.no_lever)
    }

    /// Whether nobody is trusted but whom we show. A certificate of the user's may be signed by somebody whom
    /// the system trusts.
    fn is_closed(&self) -> bool {
        !self.served.passes() && self.served.own_certificate().is_none()
    }

    /// What is to be told of the run when it is over. What is kept where it fails is all of it.
    fn telling(&self) -> Telling {
        let keeps = self.keep_on_failure;
        let shows = self.run_report.iter().any(Report::wants_exchanges);
        Telling {
            journals: keeps || shows || self.journal.is_some() || self.capsule.is_some(),
            archive: keeps || self.har.is_some(),
            coverage: keeps || self.coverage.is_wanted(),
        }
    }

    /// Judges and reports; the exit code of the run.
    fn end(
        &self,
        told: &Told,
        client: u8,
        keeping: Option<Keeping>,
        queue: &Queue,
    ) -> Result<u8, Failure> {
        let verdict = self.verdict(told);
        let ours = self.code(client, verdict.outcome);
        let allows_doubt = self.inconclusive == Inconclusive::Pass;
        let over = Over { told, verdict: &verdict, client, ours, allows_doubt };
        // First what is for people. A file that cannot be written takes nothing from the others.
        let mut written: Vec<Result<(), Failure>> =
            self.reports().iter().map(|report| report.write(over)).collect();
        written.push(self.coverage.tell(told.coverage.as_ref()));
        if let (Some(path), Some(journals)) = (&self.journal, &told.journals) {
            written.push(write(path, &journals.to_json().to_string()));
        }
        written.push(write_value(self.har.as_deref(), told.archive.as_ref()));
        if let Some(keeping) = keeping {
            let journal = told.journals.as_ref().map(Journals::to_json).unwrap_or_default();
            written.push(keeping.end(journal, json(over), queue));
        }
        if self.keep_on_failure && ours != exit::FINE {
            written.push(keep(over));
        }
        let unwritten: Vec<String> =
            written.into_iter().filter_map(Result::err).map(|failure| failure.text).collect();
        match (unwritten.join("; "), ours) {
            (none, _) if none.is_empty() => Ok(ours),
            // It was told as another.
            (text, exit::FINE) => {
                let code = exit::NO_RESOURCE;
                Err(no_resource(format!("{text}; so the exit code is {code}")))
            }
            (text, code) => Err(Failure { text, code }),
        }
    }
}

/// Whether a file can be written; what is in it stays, and none is left where there was none.
fn try_file(path: &Path) -> Result<(), Failure> {
    let found = fs::metadata(path).ok();
    if found.as_ref().is_some_and(|it| !it.is_file() && !it.is_dir()) {
        // Whoever reads a pipe would take this for its end.
        return Ok(());
    }
    let was_there = found.is_some();
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.map_err(|error| no_resource(format!("cannot write {}: {error}", path.display())))?;
    if !was_there {
        // It is made anew when there is something to write.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// Writes what was asked for into its file.
fn write_value(path: Option<&Path>, value: Option<&Value>) -> Result<(), Failure> {
    let (Some(path), Some(value)) = (path, value) else { return Ok(()) };
    write(path, &value.to_string())
}

/// Keeps all that a run has shown, and says where.
fn keep(over: Over<'_>) -> Result<(), Failure> {
    let folder = free(&std::env::temp_dir(), "kept").map_err(|error| {
        let place = std::env::temp_dir();
        no_resource(format!(
            "cannot make a folder in {} for what is kept: {error}",
            place.display()
        ))
    })?;
    write(&folder.join("report.json"), &json(over).to_string())?;
    for (name, value) in [
        ("journal.json", over.told.journals.as_ref().map(Journals::to_json).as_ref()),
        ("coverage.json", over.told.coverage.as_ref()),
        ("exchanges.har", over.told.archive.as_ref()),
    ] {
        write_value(Some(&folder.join(name)), value)?;
    }
    let _ = writeln!(io::stderr(), "ringback: what it has shown is kept in {}", folder.display());
    Ok(())
}

impl From<Fails> for FailOn {
    fn from(wanted: Fails) -> Self {
        match wanted {
            Fails::Refused => FailOn::Refused,
            Fails::Findings => FailOn::Findings,
            Fails::Unmatched => FailOn::Unmatched,
            Fails::Unread => FailOn::Unread,
        }
    }
}
