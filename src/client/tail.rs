//! A running world's journal, one line per exchange, with the reason behind each refusal.

use serde_json::Value;

use super::fetch::{FetchError, Target};
use crate::web::curl;

/// What to follow.
#[derive(Clone, Debug)]
pub struct Tail {
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
pub enum TailError {
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
    pub async fn run(
        &self,
        print: &mut dyn FnMut(&str) -> std::io::Result<()>,
    ) -> Result<(), TailError> {
        let mut after = match self.after {
            Some(after) => after,
            None if self.follow => self.read(END, 0).await?.1,
            None => 0,
        };
        loop {
            let wait = if self.follow { WAIT_S } else { 0 };
            let (entries, _) = self.read(after, wait).await?;
            for entry in &entries {
                print(&line(entry)).map_err(TailError::Print)?;
                if let Some(curl) = self.curl.then(|| curl::line(entry)).flatten() {
                    print(&format!("      {curl}")).map_err(TailError::Print)?;
                }
                after = entry["seq"].as_u64().unwrap_or(after);
            }
            if entries.is_empty() && !self.follow {
                return Ok(());
            }
        }
    }

    /// A page of the journal, and the number of the last input.
    async fn read(&self, after: u64, wait: u32) -> Result<(Vec<Value>, u64), TailError> {
        let path =
            format!("/v1/worlds/{}/journal?after={after}&limit=1000&wait={wait}", self.world);
        let fetched = self.target.get(&path).await?;
        let not_ringback = || TailError::NotRingback(self.target.base.clone());
        let mut page: Value = serde_json::from_slice(&fetched.body).map_err(|_| not_ringback())?;
        if !fetched.status.is_success() {
            let detail = page["detail"].as_str().ok_or_else(not_ringback)?;
            return Err(TailError::Refused(detail.to_owned()));
        }
        let last_seq = page["last_seq"].as_u64().ok_or_else(not_ringback)?;
        match page["entries"].take() {
            Value::Array(entries) => Ok((entries, last_seq)),
            _ => Err(not_ringback()),
        }
    }
}

/// One entry on one line: number, time, what was asked, what was answered, and why.
pub fn line(entry: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut parts = Vec::new();
    if let Some(action) = entry["action"].as_str() {
        let detail = &entry["detail"];
        let detail = if detail.is_null() { String::new() } else { format!(" {detail}") };
        parts.push(format!("{action}{detail}"));
    } else {
        let request = &entry["request"];
        parts.push(format!(
            "{} {} {} {} -> {} {}",
            text(&entry["vendor"]),
            text(&entry["operation"]),
            text(&request["method"]),
            text(&request["target"]),
            entry["response"]["status"],
            text(&entry["outcome"]),
        ));
    }
    let fault = &entry["fault"];
    if fault.is_object() {
        let (kind, work) = (text(&fault["kind"]), text(&fault["work"]));
        parts.push(format!("fault {kind} of rule {}, work {work}", fault["rule"]));
    }
    let why = &entry["why"];
    if why.is_object() {
        parts.push(format!(
            "{}: expected {}, found {}; {}",
            text(&why["rule"]),
            text(&why["expected"]),
            text(&why["found"]),
            text(&why["hint"]),
        ));
    }
    for parameter in entry["unread"].as_array().into_iter().flatten() {
        let (place, name) = (text(&parameter["place"]), text(&parameter["name"]));
        let near = parameter["near"].as_str();
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        parts.push(format!("nothing reads {name} in the {place}{near}"));
    }
    parts.extend(entry["error"].as_str().map(str::to_owned));
    parts.extend(entry["effects"].as_array().into_iter().flatten().map(|it| text(&it["text"])));
    let line = format!(
        "{:>5} {} {}",
        entry["seq"].as_u64().unwrap_or(0),
        text(&entry["at"]),
        parts.join(" | ")
    );
    // One line, whatever a client put into its request.
    line.replace(|it: char| it.is_control(), " ")
}
