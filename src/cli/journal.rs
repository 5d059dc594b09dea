//! `journal`: a page of a world's journal, one entry of it, or all of it as an archive.
//!
//! Not here: following it (`tail`).

use clap::Args;
use http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::base::seq::Seq;
use crate::cli::asking::{AskingWorld, list};
use crate::cli::entry_shown::{BelowArgs, EntryShown};
use crate::cli::failure::{Failure, print};
use crate::cli::tail::WantedArgs;
use crate::cli::terminal::Terminal;
use crate::client::entry::Seen;
use crate::client::line::Of;
use crate::client::wanted::Wanted;

#[derive(Debug, Args)]
pub(crate) struct JournalArgs {
    /// One entry, by its number
    #[arg(env = "RINGBACK_SEQ", conflicts_with_all = ["har", "clear"])]
    seq: Option<Seq>,
    #[command(flatten)]
    asking: AskingWorld,
    #[command(flatten)]
    wanted: WantedArgs,
    /// Begins after this sequence number
    #[arg(long, env = "RINGBACK_AFTER")]
    after: Option<Seq>,
    /// Ends before this sequence number; the newest of those before it are looked at
    #[arg(long, env = "RINGBACK_BEFORE")]
    before: Option<Seq>,
    /// How many of the newest entries to look at
    #[arg(long, env = "RINGBACK_LAST", conflicts_with = "limit")]
    last: Option<u64>,
    /// How many entries to look at, at the most
    #[arg(long, env = "RINGBACK_LIMIT")]
    limit: Option<u64>,
    /// The exchanges as an HTTP archive, HAR 1.2
    #[arg(long, env = "RINGBACK_HAR", conflicts_with = "clear")]
    har: bool,
    /// Forgets all entries; sequence numbers go on
    #[arg(long, env = "RINGBACK_CLEAR")]
    clear: bool,
    #[command(flatten)]
    below: BelowArgs,
}

impl JournalArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        if self.clear {
            let answer = self.asking.ask(Method::DELETE, "/journal", &Value::Null)?;
            return self.asking.asking.show(&answer, |_| vec!["the journal is empty".into()]);
        }
        let page = self.page();
        if self.har {
            let path = format!("/journal.har?{page}");
            return print(&self.asking.ask(Method::GET, &path, &Value::Null)?.to_string());
        }
        let shown = EntryShown {
            terminal: Terminal::stdout(),
            json: false,
            // One entry that is asked for is wanted whole.
            below: BelowArgs { verbose: self.below.verbose || self.seq.is_some(), ..self.below },
        };
        let wanted = self.wanted.wanted();
        let path = match self.seq {
            Some(seq) => format!("/journal/{seq}"),
            None => format!("/journal?{page}{}", wanted.query()),
        };
        let mut answer = self.asking.ask(Method::GET, &path, &Value::Null)?;
        if self.asking.asking.json {
            retain(&mut answer, &wanted);
            return print(&answer.to_string());
        }
        let entries = if self.seq.is_some() {
            std::slice::from_ref(&answer)
        } else {
            list(&answer, "entries")
        };
        let seen = entries.iter().filter_map(|entry| Seen::deserialize(entry).ok());
        for entry in seen.filter(|entry| wanted.is_met(entry, None)) {
            shown.lines(&entry, "", Of::World).iter().try_for_each(|line| print(line))?;
        }
        Ok(())
    }

    /// Which page, as a query.
    fn page(&self) -> String {
        let given =
            [("before", self.before.map(Seq::get)), ("last", self.last), ("limit", self.limit)];
        let given = given.iter().filter_map(|(name, number)| Some((name, (*number)?)));
        let given = given.map(|(name, number)| format!("&{name}={number}"));
        format!("after={}{}", self.after.unwrap_or_default(), given.collect::<String>())
    }
}

/// Leaves out of a page what is not wanted.
fn retain(page: &mut Value, wanted: &Wanted) {
    if let Some(entries) = page["entries"].as_array_mut() {
        entries.retain(|it| Seen::deserialize(it).is_ok_and(|entry| wanted.is_met(&entry, None)));
    }
}
