//! `run`: a client as it is, led to a Ringback of its own, and the verdict over its run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::app::{self, Address, ClockWanted, Config, HostOf, Listen, Program, Told};
use crate::cli::certificate::CertificateArgs;
use crate::cli::explore_args::ExploreArgs;
use crate::cli::failure::{Failure, bad_input, runtime};
use crate::cli::log;
use crate::cli::serve::Others;
use crate::exit;
use crate::net::limits::Limits;
use crate::run::command::{self, Signals};
use crate::run::environment::{Aim, Change, changes};
use crate::run::folder::{Folder, Wanted};
use crate::run::verdict::{self, FailOn, Outcome};
use crate::run::{lever, summary};
use crate::sim::worlds::name::DEFAULT;
use crate::store::database::Sync;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RunArgs {
    /// Scenario file to serve; the demo where none is given
    #[arg(long, env = "RINGBACK_SCENARIO")]
    scenario: Option<PathBuf>,
    /// Seed in place of the scenario's own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Clock in place of the scenario's own: `real`, `frozen@2026-03-02T09:00:00Z` or `scaled:60`
    #[arg(long, env = "RINGBACK_CLOCK")]
    clock: Option<ClockWanted>,
    /// Has the run fail on whatever the scenario does not expect
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
    /// Shows credentials in journal and reports as they came; for your own machine
    #[arg(long, env = "RINGBACK_SHOW_SECRETS")]
    show_secrets: bool,
    /// Adds the reason of a refusal to its response, as header `X-Ringback-Why`
    #[arg(long, env = "RINGBACK_EXPLAIN_HEADER")]
    explain_header: bool,
    /// A host name for a vendor, beside its own: `jtel=portal.example.test`; may be given more than once
    #[arg(long, env = "RINGBACK_HOSTS", value_delimiter = ',')]
    host: Vec<HostOf>,
    /// What becomes of the client where it asks for a host of nobody's
    #[arg(long, env = "RINGBACK_OTHERS", default_value = "refuse")]
    others: Others,
    #[command(flatten)]
    certificates: CertificateArgs,
    /// A lever to leave out: proxy, trust, wget, node, python, php or java; may be given more than once
    #[arg(long, env = "RINGBACK_NO_LEVER", value_delimiter = ',')]
    no_lever: Vec<String>,
    /// Tells on stderr what is set in the client's environment, and for whom
    #[arg(long, env = "RINGBACK_EXPLAIN")]
    explain: bool,
    /// What has the run fail, beside a strict world's refusals and unmet expectations
    #[arg(long, env = "RINGBACK_FAIL_ON", value_delimiter = ',')]
    fail_on: Vec<Fails>,
    /// What a run that shows nothing either way is: exit code 4, or that of a pass
    #[arg(long, env = "RINGBACK_INCONCLUSIVE", default_value = "fail")]
    inconclusive: Inconclusive,
    /// The report: `text` or `json`, on stderr, or in a file with `json=FILE`; may be given more than once
    #[arg(
        long = "report",
        id = "run_report",
        env = "RINGBACK_RUN_REPORT",
        default_value = "text",
        value_delimiter = ','
    )]
    run_report: Vec<Report>,
    /// File for the journals of all worlds, as JSON
    #[arg(long, env = "RINGBACK_JOURNAL_FILE")]
    journal: Option<PathBuf>,
    /// File for the exchanges of the default world, as an HTTP archive
    #[arg(long, env = "RINGBACK_HAR")]
    har: Option<PathBuf>,
    #[command(flatten)]
    pub(super) explore: ExploreArgs,
    /// What goes to stderr of the program itself
    #[arg(long, env = "RINGBACK_LOG", default_value = "warn")]
    log: String,
    /// The client, with its arguments
    #[arg(required = true, last = true, env = "RINGBACK_COMMAND")]
    command: Vec<OsString>,
}

/// What else has a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fails {
    /// A request that a vendor refused
    Refused,
    /// Something that clients do wrong although they are answered
    Findings,
    /// A request that is no vendor's
    Unmatched,
}

/// What a run is that shows nothing either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Inconclusive {
    /// Exit code 4
    Fail,
    /// Exit code 0
    Pass,
}

/// A report, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Report {
    is_json: bool,
    file: Option<PathBuf>,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (form, file) = match text.split_once('=') {
            Some((form, file)) => (form, Some(PathBuf::from(file))),
            None => (text, None),
        };
        match form {
            "text" | "json" => Ok(Report { is_json: form == "json", file }),
            _ => Err(format!("{form:?} is no report; expected text or json, or json=FILE")),
        }
    }
}

impl RunArgs {
    /// Runs the client; the exit code of the run.
    pub(crate) fn run(self) -> Result<u8, Failure> {
        // Dropped last: it writes what was said until then.
        let _log = self.begin()?;
        let runtime = runtime()?;
        let program = runtime.block_on(app::start(self.config(), None))?;
        let folder = self.folder(&program)?;
        let changes = self.changes(&program, &folder)?;
        self.tell_changes(&changes);
        let signals = runtime.block_on(async { Signals::new() });
        let client = signals
            .and_then(|signals| command::run(&self.command, &changes, &folder, &signals))
            .map_err(|error| no_resource(format!("cannot start the command: {error}")))?;
        let told = runtime.block_on(program.finish_and_tell())?;
        drop(folder);
        self.end(&told, client)
    }

    /// Checks what no flag can by itself, and begins to write what is said; for as long as what comes
    /// back is held.
    pub(super) fn begin(&self) -> Result<impl Sized + use<>, Failure> {
        let known = lever::names();
        if let Some(unknown) = self.no_lever.iter().find(|name| !known.contains(&name.as_str())) {
            let known = known.join(", ");
            return Err(bad_input(format!("--no-lever {unknown}: expected one of {known}")));
        }
        log::start(&self.log)
    }

    pub(super) fn config(&self) -> Config {
        let any = |port| Address::At(SocketAddr::from(([127, 0, 0, 1], port)));
        Config {
            scenarios: self.scenario.iter().cloned().collect(),
            seed: self.seed,
            clock: self.clock,
            strict: self.strict.then_some(true),
            watch: false,
            listen: vec![Listen { vendor: None, address: any(0) }],
            admin: any(0),
            admin_token: None,
            data: None,
            sync: Sync::Normal,
            limits: Limits::default(),
            show_secrets: self.show_secrets,
            explain_header: self.explain_header,
            certificates: self.certificates.clone().source(),
            hosts: self.host.clone(),
            passes: self.others == Others::Pass,
        }
    }

    /// The files that levers need.
    pub(super) fn folder(&self, program: &Program) -> Result<Folder, Failure> {
        let authority = program.certificates.trusted();
        let authority = authority.map_err(|error| no_resource(error.to_string()))?;
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".wgetrc"));
        let wgetrc = std::env::var_os("WGETRC").map(PathBuf::from).or(home);
        let wanted = Wanted {
            authority: authority.as_ref(),
            with_system: self.others == Others::Pass,
            wgetrc: wgetrc.as_deref(),
        };
        Folder::make(wanted)
            .map_err(|error| no_resource(format!("cannot make the folder of the run: {error}")))
    }

    pub(super) fn changes(
        &self,
        program: &Program,
        folder: &Folder,
    ) -> Result<Vec<Change>, Failure> {
        let ready = &program.ready;
        let url = ready["listen"].as_str().unwrap_or_default();
        let listener = url.trim_start_matches("http://").parse();
        let listener = listener.map_err(|_| no_resource(format!("{url:?} is no address")))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut facts = vec![
            ("RINGBACK_URL".to_owned(), url.to_owned()),
            ("RINGBACK_ADMIN_URL".to_owned(), text(&ready["admin"])),
            ("RINGBACK_WORLD".to_owned(), DEFAULT.to_owned()),
        ];
        for (vendor, address) in ready["vendors"].as_object().into_iter().flatten() {
            let name = format!("RINGBACK_{}_URL", vendor.to_ascii_uppercase());
            facts.push((name, text(address)));
        }
        let has_authority = !ready["ca"].is_null();
        if has_authority {
            let path = folder.authority().to_string_lossy().into_owned();
            facts.push(("RINGBACK_CA".to_owned(), path));
        }
        let hosts = ready["hosts"].as_object().into_iter().flatten();
        let hosts = hosts.flat_map(|(_, hosts)| hosts.as_array().into_iter().flatten()).map(text);
        let is_closed = self.others == Others::Refuse;
        let aim = Aim { listener, hosts: hosts.collect(), has_authority, is_closed };
        let inherited: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        Ok(changes(&aim, folder, &facts, &self.no_lever, &inherited))
    }

    /// Says what is set, where that is asked for, and always what was there and is not any more.
    fn tell_changes(&self, changes: &[Change]) {
        let mut stderr = io::stderr().lock();
        for change in changes.iter().filter(|_| self.explain) {
            let value = change.value.as_deref().map(|value| value.to_string_lossy());
            let value = value.map_or("(taken out)".into(), |value| format!("={value}"));
            let lever = if change.lever.is_empty() { "-" } else { change.lever };
            let (variable, clients) = (&change.variable, change.clients);
            let _ = writeln!(stderr, "ringback: {lever:<7} {variable}{value}  [{clients}]");
        }
        let dropped = changes.iter().filter(|it| it.drops).map(|it| it.variable.as_str());
        let dropped: Vec<&str> = dropped.collect();
        if !dropped.is_empty() {
            let dropped = dropped.join(", ");
            let _ = writeln!(stderr, "ringback: what was inherited is not used: {dropped}");
        }
    }

    /// Judges and reports; the exit code of the run.
    fn end(&self, told: &Told, client: u8) -> Result<u8, Failure> {
        let fail_on: Vec<FailOn> = self.fail_on.iter().map(|it| (*it).into()).collect();
        let verdict = verdict::judge(&told.facts, &fail_on, &self.no_lever);
        let ours = match (client, verdict.outcome, self.inconclusive) {
            (1.., _, _) => client,
            (0, Outcome::Fail, _) => exit::DIFFERED,
            (0, Outcome::Inconclusive, Inconclusive::Fail) => exit::INCONCLUSIVE,
            (0, Outcome::Inconclusive, Inconclusive::Pass) | (0, Outcome::Pass, _) => exit::FINE,
        };
        let write = |path: &PathBuf, text: String| {
            fs::write(path, text + "\n")
                .map_err(|error| no_resource(format!("cannot write {}: {error}", path.display())))
        };
        self.journal.as_ref().map(|path| write(path, told.journals.to_string())).transpose()?;
        self.har.as_ref().map(|path| write(path, told.archive.to_string())).transpose()?;
        self.tell(|is_json| {
            if is_json {
                return summary::to_json(&told.facts, &verdict, client, ours).to_string();
            }
            let lines = summary::lines(&told.facts, &verdict, client, ours);
            let lines: Vec<String> = lines.iter().map(|line| format!("ringback: {line}")).collect();
            lines.join("\n")
        })?;
        Ok(ours)
    }

    /// Writes the reports that are wanted: as JSON, or as text.
    pub(super) fn tell(&self, text: impl Fn(bool) -> String) -> Result<(), Failure> {
        for report in &self.run_report {
            let text = text(report.is_json);
            match &report.file {
                Some(path) => fs::write(path, text + "\n").map_err(|error| {
                    no_resource(format!("cannot write {}: {error}", path.display()))
                })?,
                None => {
                    // Where stderr cannot be written, the exit code has to do.
                    let _ = writeln!(io::stderr(), "{text}");
                }
            }
        }
        Ok(())
    }

    /// The client, with its arguments.
    pub(super) fn command(&self) -> &[OsString] {
        &self.command
    }
}

impl From<Fails> for FailOn {
    fn from(wanted: Fails) -> Self {
        match wanted {
            Fails::Refused => FailOn::Refused,
            Fails::Findings => FailOn::Findings,
            Fails::Unmatched => FailOn::Unmatched,
        }
    }
}

pub(super) fn no_resource(text: String) -> Failure {
    Failure { text, code: exit::NO_RESOURCE }
}
