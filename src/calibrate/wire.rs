//! The target over HTTP: at most so many requests a second, no longer than so long each, and no more
//! once it says that it has had enough.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use tokio::runtime::Runtime;

use crate::base::time::Instant;
use crate::calibrate::game::{Asker, Stop};
use crate::calibrate::question::{Ask, Bound, Heard, Question, filled};
use crate::client::enough::is_enough;
use crate::client::{Arrival, Outgoing, Target};

/// The target.
pub(crate) struct Wire {
    target: Target,
    runtime: Runtime,
    /// Time between two requests.
    pace: Duration,
    /// Time for one reply.
    patience: Duration,
    pub(crate) n_sent: u32,
    /// What the target's clock said last.
    pub(crate) date: Option<Instant>,
    /// Ids of what was made, and whether it was deleted.
    pub(crate) made: BTreeMap<String, bool>,
    /// Every request in a line, with its status.
    pub(crate) log: Vec<String>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("target", &self.target.base).finish_non_exhaustive()
    }
}

impl Wire {
    /// A target that is asked so often a second at most.
    ///
    /// # Errors
    /// Where the system has no threads.
    pub(crate) fn new(base: &str, rate: u32, patience: Duration) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Wire {
            target: Target::at(base, None),
            runtime,
            pace: Duration::from_secs(1) / rate.max(1),
            patience,
            n_sent: 0,
            date: None,
            made: BTreeMap::new(),
            log: Vec::new(),
        })
    }

    /// Sends one request.
    ///
    /// # Errors
    /// Where there is no whole reply, or one that says that it is enough.
    pub(crate) fn send(&mut self, ask: &Ask, bound: &mut Bound) -> Result<Heard, Stop> {
        let path = filled(&ask.path, bound);
        if path.contains("{{") {
            return Ok(Heard::not_asked());
        }
        let mut headers = Vec::new();
        for (name, value) in &ask.headers {
            let name = HeaderName::try_from(name.as_str());
            let value = HeaderValue::try_from(filled(value, bound));
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.push((name, value));
            }
        }
        let body = ask.body_bytes(bound).into();
        let (method, timeout) = (ask.method.clone(), self.patience);
        let outgoing = Outgoing { method, path: path.clone(), headers, body, timeout };
        let pace = if self.n_sent > 0 { self.pace } else { Duration::ZERO };
        self.n_sent += 1;
        let target = &self.target;
        let answered = self.runtime.block_on(async {
            tokio::time::sleep(pace).await;
            target.exchange(outgoing).await
        });
        let line = ask.line();
        let incoming = answered.map_err(|error| Stop::Target(error.to_string()))?;
        let (status, headers) = match (incoming.arrival, incoming.head) {
            (Arrival::Whole, Some(head)) => head,
            (Arrival::Late, _) => {
                let text = format!(
                    "no whole answer to {line} within {timeout:?}; --patience gives it longer"
                );
                return Err(Stop::Target(text));
            }
            _ => {
                let text = format!("the connection ended before the answer to {line} did");
                return Err(Stop::Target(text));
            }
        };
        self.log.push(format!("{line}: {}", status.as_u16()));
        if is_enough(status.as_u16()) {
            let text = format!("the target answers {line} with {status}: it wants no more");
            return Err(Stop::Target(text));
        }
        let date = headers.get("date").and_then(|it| it.to_str().ok());
        self.date = date.and_then(http_date).or(self.date);
        let headers = headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let heard = Heard { status: status.as_u16(), headers, body: incoming.body.to_vec() };
        self.note(ask, &path, &heard, bound);
        Ok(heard)
    }

    /// Notes what was made and what was deleted.
    fn note(&mut self, ask: &Ask, path: &str, heard: &Heard, bound: &mut Bound) {
        let before = bound.clone();
        ask.take(heard, bound);
        let is_good = (200..300).contains(&heard.status);
        if ask.method == http::Method::POST && is_good {
            for (name, id) in bound.iter().filter(|(name, id)| before.get(*name) != Some(*id)) {
                if *name != "token" {
                    self.made.entry(id.clone()).or_insert(false);
                }
            }
        }
        if ask.method == http::Method::DELETE && is_good {
            for (id, is_gone) in &mut self.made {
                *is_gone |= path.split(['/', '?']).any(|part| part == id);
            }
        }
    }
}

impl Asker for Wire {
    fn ask(&mut self, question: &Question) -> Result<(Vec<Heard>, Bound), Stop> {
        let (mut heard, mut bound) = (Vec::new(), Bound::new());
        let mut enough = None;
        for ask in &question.asks {
            // What was made is deleted whatever came in between.
            if enough.is_some() && !ask.ends {
                continue;
            }
            match self.send(ask, &mut bound) {
                Ok(reply) => heard.push(reply),
                Err(stop) if question.asks.len() == 1 => return Err(stop),
                Err(stop) => enough = Some(enough.unwrap_or(stop)),
            }
        }
        match enough {
            Some(stop) => Err(stop),
            None => Ok((heard, bound)),
        }
    }
}

/// A date as HTTP has it.
fn http_date(text: &str) -> Option<Instant> {
    let at = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Instant::try_from_calendar(&at).ok()
}
