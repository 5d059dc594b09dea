//! `record`: stands between clients and vendors' own systems, and writes a scenario of what was said.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::app::{Address, relaying};
use crate::base::limits;
use crate::base::nearest::did_you_mean;
use crate::base::time::Span;
use crate::cli::certificate::CertificateArgs;
use crate::cli::credentials::masker;
use crate::cli::declared::named;
use crate::cli::failure::{Failure, bad_input, runtime};
use crate::cli::log;
use crate::cli::recorded::{end_recording, record_failure};
use crate::contract::vendor::Vendor;
use crate::net::relay::gate::{Ask, Gate, Kind, Said};
use crate::net::relay::relay_answer::{Heard, Relay, Told};
use crate::net::relay::systems::{System, Systems};
use crate::net::relay::upstream::Upstream;
use crate::recording::exchange::Recorded;
use crate::recording::live::ear::Ear;
use crate::recording::live::recorder::Recorder;
use crate::recording::mask::Whose;

#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// A vendor's own system; nothing else is connected to. May be given once for each vendor, with the
    /// vendor before it
    #[arg(
        long,
        env = "RINGBACK_TO",
        value_name = "[VENDOR=]URL",
        required = true,
        value_delimiter = ','
    )]
    to: Vec<String>,
    /// Whose system it is, where `--to` does not say
    #[arg(long, env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// File for the scenario; never one that is there
    #[arg(long, env = "RINGBACK_OUT", value_name = "FILE")]
    out: PathBuf,
    /// Address for clients, which are given it in place of the vendor's, or have it for their proxy
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "localhost:8080")]
    listen: Address,
    /// Lets requests through that may dial, change or delete, without asking
    #[arg(long, env = "RINGBACK_WRITES")]
    writes: bool,
    /// Lets requests of an operation through without asking, such as one that logs in; may be given more
    /// than once
    #[arg(long, env = "RINGBACK_ALLOW_OPERATION", value_name = "OPERATION", value_delimiter = ',')]
    allow_operation: Vec<String>,
    #[command(flatten)]
    shown: CertificateArgs,
    /// Certificates of authorities to trust, as PEM, in place of the system's
    #[arg(long, env = "RINGBACK_UPSTREAM_CA", value_name = "FILE")]
    upstream_ca: Option<PathBuf>,
    /// How long one reply may take
    #[arg(long, env = "RINGBACK_PATIENCE", value_name = "TIME", default_value = "30s")]
    patience: Span,
    /// What goes to stderr: error, warn, info, debug, trace, or a filter per module
    #[arg(long, env = "RINGBACK_LOG", default_value = "warn")]
    log: String,
}

impl RecordArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        // Dropped last: it writes what was said until then.
        let log = log::start(&self.log)?;
        let patience = Duration::from(self.patience);
        let mut systems = Vec::new();
        for to in &self.to {
            let (vendor, url) = whose(to, self.vendor.as_deref())?;
            let upstream = Upstream::new(url, self.upstream_ca.as_deref(), patience);
            systems.push(System { vendor, upstream: upstream.map_err(bad_input)? });
        }
        let systems = Systems::new(systems).map_err(bad_input)?;
        let allowed = allowed(&systems, &self.allow_operation)?;
        let runtime = runtime()?;
        // What can fail has come before: a recording that began leaves a file.
        let recorder =
            Recorder::begin(&self.out, Whose::People).map_err(|error| record_failure(&error))?;
        let (queue, shown) = (log.queue(), masker([]));
        // A path may hold a credential.
        let say = move |what: &str| queue.say(&format!("ringback: {}", shown.sentence(what)));
        let ask = asks().then(|| Arc::new(ask) as Arc<Ask>);
        let addresses: Vec<_> = systems.iter().map(|it| it.upstream.authority.as_str()).collect();
        say(&match addresses.as_slice() {
            [one] => format!(
                "each request goes on to {one}, which is the only address that is connected to"
            ),
            all => format!(
                "requests go on to {}, by the host that their client asks this proxy for; nothing else is \
                 connected to",
                all.join(", ")
            ),
        });
        say(match (self.writes, &ask) {
            (true, _) => "--writes: requests that dial, change or delete are let through",
            (false, Some(_)) => "requests that may dial, change or delete are asked for here",
            (false, None) => {
                "requests that may dial, change or delete are refused: --writes lets them through"
            }
        });
        let gate = Gate::new(self.writes, allowed, ask);
        let ear = recorder.ear();
        let tell = move |told: Told| match told {
            Told::Heard(heard) => tell(&ear, *heard),
            Told::Unheard(reason) => ear.unheard(masker([]).sentence(&reason).into_owned()),
        };
        let relay = Relay::new(systems, gate, Box::new(tell), Box::new(say));
        let ended = runtime.block_on(relaying::relay(self.listen, relay, &self.shown.source()));
        // A question that nobody answers does not hold the end.
        runtime.shutdown_timeout(limits::THREADS_END_MAX);
        end_recording(recorder, ended.map_err(Failure::from), &log.queue())
    }
}

/// Whether somebody sits here who can be asked.
fn asks() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn ask(question: &str) -> Said {
    let question = masker([]).sentence(question).into_owned();
    let _ = write!(
        io::stderr(),
        "ringback: {question}.\n  Let it through? y: yes, a: yes, and all of its kind, n: no [n] "
    );
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(_) => match line.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Said::Yes,
            "a" | "all" => Said::Always,
            _ => Said::No,
        },
        Err(_) => Said::No,
    }
}

/// The vendor and the address of a `--to`.
fn whose<'a>(to: &'a str, vendor: Option<&str>) -> Result<(&'static Vendor, &'a str), Failure> {
    let before = to.split_once('=').filter(|(name, _)| !name.contains(['/', ':', '?', '.']));
    match (before, vendor) {
        (Some((name, url)), None) => Ok((named(name.trim())?, url)),
        (Some((name, _)), Some(other)) => Err(bad_input(format!(
            "--vendor {other}: --to says {name} already; expected one of the two"
        ))),
        (None, Some(name)) => Ok((named(name)?, to)),
        (None, None) => Err(bad_input(
            "--to: it does not say whose system that is; expected --vendor VENDOR beside it, or \
             --to VENDOR=URL, such as --to jtel=https://portal.example.test",
        )),
    }
}

/// The operations that are let through, of each vendor that has one of the name.
fn allowed(systems: &Systems, names: &[String]) -> Result<Vec<Kind>, Failure> {
    let mut allowed = Vec::new();
    for name in names {
        let has = |it: &&System| it.vendor.surface.operations.iter().any(|op| op.name == name);
        let before = allowed.len();
        allowed.extend(
            systems
                .iter()
                .filter(has)
                .map(|it| Kind { vendor: it.vendor.surface.vendor, name: name.clone() }),
        );
        if allowed.len() == before {
            return Err(unknown(systems, name));
        }
    }
    Ok(allowed)
}

fn unknown(systems: &Systems, name: &str) -> Failure {
    let operations = || systems.iter().flat_map(|it| it.vendor.surface.operations);
    let near = did_you_mean(name, operations().map(|operation| operation.name));
    let vendors: Vec<_> = systems.iter().map(|it| it.vendor.surface.vendor).collect();
    let (all, one) = (vendors.join(" and "), vendors.first().copied().unwrap_or_default());
    bad_input(format!(
        "--allow-operation: no operation {name:?} of {all}; ringback routes {one} lists them{near}"
    ))
}

fn tell(ear: &Ear, heard: Heard) {
    let Heard { vendor, at, request, status, headers, body } = heard;
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let recorded = Recorded {
        place: String::new(),
        started: Some(at.as_world_time()),
        method: request.method.to_string(),
        host: String::new(),
        target: request.target.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
        headers: request.headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect(),
        body: request.body.to_vec(),
        status: status.as_u16(),
        reply_headers: headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect(),
        reply: body,
    };
    ear.heard(vendor, recorded);
}
