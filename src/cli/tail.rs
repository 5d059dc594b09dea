//! `tail`: follows a running program's journal.

use std::io::{self, Write};

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::styling::AnsiColor;

use crate::app;
use crate::base::nearest::did_you_mean;
use crate::base::seq::Seq;
use crate::base::time::{Instant, Span};
use crate::cli::asking::AskingWorld;
use crate::cli::entry_shown::{BelowArgs, EntryShown};
use crate::cli::failure::{Failure, runtime};
use crate::cli::terminal::{Terminal, colour};
use crate::client::tail::{Since, Tail, TailError, Told};
use crate::client::wanted::Wanted;
use crate::contract::reply::Outcome;
use crate::exit;

/// Which entries are wanted.
#[derive(Debug, Args)]
pub(crate) struct WantedArgs {
    /// Only this vendor's
    #[arg(long, env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// Only this operation's
    #[arg(long, env = "RINGBACK_OPERATION")]
    operation: Option<String>,
    /// Only with this outcome
    #[arg(
        long,
        env = "RINGBACK_OUTCOME",
        value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::name))
    )]
    outcome: Option<String>,
    /// Only of this run: a request's `traceparent`, the trace id in one, or its `X-Request-ID`
    #[arg(long, env = "RINGBACK_TRACE")]
    trace: Option<String>,
    /// Only those refused by a rule with this in its name, such as `mor.hash`
    #[arg(long, env = "RINGBACK_WHY", value_name = "RULE", value_parser = rule)]
    why: Option<String>,
    /// Only those with this text in their line or in a body
    #[arg(long, env = "RINGBACK_TEXT")]
    text: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    #[command(flatten)]
    asking: AskingWorld,
    #[command(flatten)]
    wanted: WantedArgs,
    /// Begins after this sequence number instead of at the end; 0 for the whole journal
    #[arg(long, env = "RINGBACK_AFTER")]
    after: Option<Seq>,
    /// Begins at this moment of the world's time, or so long before its time now, such as `10m`
    #[arg(long, env = "RINGBACK_SINCE", value_parser = since)]
    since: Option<Since>,
    /// Prints what there is, from the beginning where neither `--after` nor `--since` say
    /// otherwise, and ends
    #[arg(long, env = "RINGBACK_NO_FOLLOW")]
    no_follow: bool,
    /// Goes on when the program has ended and is started again
    #[arg(long, env = "RINGBACK_RETRY")]
    retry: bool,
    #[command(flatten)]
    below: BelowArgs,
}

/// A moment, or a length before now.
fn since(text: &str) -> Result<Since, String> {
    if let Ok(ago) = text.parse::<Span>() {
        return Ok(Since::Ago(ago));
    }
    text.parse::<Instant>().map(Since::At).map_err(|unfit| {
        format!("{unfit}; or a length such as 10m, which is counted back from the world's time")
    })
}

/// A rule, or a part of the names of some.
pub(super) fn rule(text: &str) -> Result<String, String> {
    let vendors = app::vendors().0.iter();
    let mut rules = vendors.flat_map(|vendor| vendor.surface.refusals.iter().map(|it| it.rule));
    if rules.clone().any(|rule| rule.contains(text)) {
        return Ok(text.to_owned());
    }
    let near = did_you_mean(text, &mut rules);
    Err(format!("no rule has it in its name{near}; `ringback explain` lists them"))
}

impl WantedArgs {
    pub(crate) fn wanted(self) -> Wanted {
        let WantedArgs { vendor, operation, outcome, trace, why, text } = self;
        Wanted { vendor, operation, outcome, trace, why, text }
    }
}

impl TailArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let shown = EntryShown {
            terminal: Terminal::stdout(),
            json: self.asking.asking.json,
            below: self.below,
        };
        let tail = Tail {
            target: self.asking.asking.target()?,
            world: self.asking.world,
            after: self.after,
            since: self.since,
            follow: !self.no_follow,
            retry: self.retry,
            wanted: self.wanted.wanted(),
        };
        let mut tell = |told: Told<'_, '_>| match told {
            Told::Entry { entry, raw, of } => {
                let mut stdout = io::stdout().lock();
                for line in shown.lines(entry, raw, of) {
                    writeln!(stdout, "{line}")?;
                }
                stdout.flush()
            }
            Told::Gone(error) => aside(&format!("{error}; trying again until it does")),
            Told::Back => aside("it is there again"),
            Told::Anew => aside("it is there again, with a journal that begins anew"),
        };
        match runtime()?.block_on(tail.run(&mut tell)) {
            // The reader of a pipe has seen enough.
            Err(TailError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Failure::from),
        }
    }
}

/// Something about the server, which is no line of its journal.
fn aside(text: &str) -> io::Result<()> {
    let terminal = Terminal::of(&io::stderr());
    let line = terminal.painted(colour(AnsiColor::BrightBlack), &format!("ringback: {text}"));
    writeln!(io::stderr(), "{line}")
}

impl From<TailError> for Failure {
    fn from(error: TailError) -> Self {
        match error {
            TailError::Control(error) => error.into(),
            TailError::Print(_) => Failure { text: error.to_string(), code: exit::NO_RESOURCE },
        }
    }
}
