//! A running world's journal, one line per exchange, with the reason behind each refusal.

use serde::Deserialize;

use super::entry::{Page, Seen};
use super::fetch::{FetchError, Fetched, Target};
use crate::web::curl;

/// What to follow.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    pub target: Target,
    pub world: String,
    /// Where to begin: after this sequence number. `None` for the end of the journal, or for its
    /// beginning where nothing is waited for.
    pub after: Option<u64>,
    /// Whether to go on waiting for more.
    pub follow: bool,
    /// Whether a line for the shell that sends the request again follows each exchange.
    pub curl: bool,
}

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TailError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{0}")]
    Refused(String),
    #[error("{0} does not answer like ringback's admin listener")]
    NotRingback(String),
    #[error("cannot print: {0}")]
    Print(std::io::Error),
}

/// How long one read waits for news, in seconds.
const WAIT_S: u32 = 25;

/// No journal goes beyond it: a page after it is empty, and still tells the last number.
const END: u64 = i64::MAX as u64;

impl Tail {
    /// Hands over each line until `print` fails, the server goes away, or there is no more to
    /// follow.
    ///
    /// # Errors
    /// Where the server cannot be reached or knows no such world, or printing fails.
    pub(crate) async fn run(
        &self,
        print: &mut dyn FnMut(&str) -> std::io::Result<()>,
    ) -> Result<(), TailError> {
        let mut after = match self.after {
            Some(after) => after,
            None if self.follow => self.page(&self.read(END, 0).await?)?.last_seq,
            None => 0,
        };
        loop {
            let wait = if self.follow { WAIT_S } else { 0 };
            let fetched = self.read(after, wait).await?;
            let entries = self.page(&fetched)?.entries;
            for entry in &entries {
                print(&line(entry)).map_err(TailError::Print)?;
                if let Some(asked) = entry.request.as_ref().filter(|_| self.curl) {
                    print(&format!("      {}", curl::line(asked))).map_err(TailError::Print)?;
                }
                after = entry.seq;
            }
            if entries.is_empty() && !self.follow {
                return Ok(());
            }
        }
    }

    /// What the server answers to a read.
    async fn read(&self, after: u64, wait: u32) -> Result<Fetched, TailError> {
        let path =
            format!("/v1/worlds/{}/journal?after={after}&limit=1000&wait={wait}", self.world);
        Ok(self.target.get(&path).await?)
    }

    /// The page of the journal that was answered.
    fn page<'f>(&self, fetched: &'f Fetched) -> Result<Page<'f>, TailError> {
        let not_ringback = || TailError::NotRingback(self.target.base.clone());
        if fetched.status.is_success() {
            return serde_json::from_slice(&fetched.body).map_err(|_| not_ringback());
        }
        let Problem { detail } =
            serde_json::from_slice(&fetched.body).map_err(|_| not_ringback())?;
        Err(TailError::Refused(detail))
    }
}

/// A problem document, as far as it is told.
#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// One entry on one line: number, time, what was asked, what was answered, and why.
pub(crate) fn line(entry: &Seen<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(action) = &entry.action {
        let detail = &entry.detail;
        let detail = if detail.is_null() { String::new() } else { format!(" {detail}") };
        parts.push(format!("{action}{detail}"));
    } else if let Some(asked) = &entry.request {
        let status = entry.response.as_ref().map(|response| response.status.to_string());
        parts.push(format!(
            "{} {} {} {} -> {} {}",
            entry.vendor.as_deref().unwrap_or("-"),
            entry.operation.as_deref().unwrap_or("-"),
            asked.method,
            asked.target,
            status.as_deref().unwrap_or("null"),
            entry.outcome,
        ));
    }
    if let Some(fault) = &entry.fault {
        let (kind, rule, work) = (&fault.kind, fault.rule, &fault.work);
        parts.push(format!("fault {kind} of rule {rule}, work {work}"));
    }
    parts.extend(entry.why.as_ref().map(ToString::to_string));
    for parameter in &entry.unread {
        let near = parameter.near.as_ref();
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        parts.push(format!("nothing reads {} in the {}{near}", parameter.name, parameter.place));
    }
    parts.extend(entry.error.clone());
    parts.extend(entry.effects.iter().map(|effect| effect.text.clone()));
    let line = format!("{:>5} {} {}", entry.seq, entry.at, parts.join(" | "));
    // One line, whatever a client put into its request.
    line.replace(|it: char| it.is_control(), " ")
}
