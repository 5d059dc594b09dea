//! Follows a running world's journal, and beside it the requests that nobody took.
//!
//! Not here: how an entry is written (`line`), and which are wanted (`wanted`).

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::control::{ControlError, escaped};
use super::entry::{Page, Seen};
use super::fetch::{FetchError, Fetched, Target};
use super::line::Of;
use super::wanted::Wanted;
use crate::base::seq::Seq;
use crate::base::time::{Instant, Span};

/// What to follow.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    pub target: Target,
    pub world: String,
    /// Where to begin: after this sequence number. `None` for the end of the journal, or for its
    /// beginning where nothing is waited for or a time is asked for.
    pub after: Option<Seq>,
    pub since: Option<Since>,
    /// Whether to go on waiting for more.
    pub follow: bool,
    /// Whether to go on when the server has gone and comes again.
    pub retry: bool,
    pub wanted: Wanted,
}

/// From when on entries are wanted, in world time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Since {
    At(Instant),
    /// So long before the world's time now.
    Ago(Span),
}

/// What following comes upon.
#[derive(Debug)]
pub(crate) enum Told<'t, 'e> {
    /// An entry, with its JSON.
    Entry { entry: &'t Seen<'e>, raw: &'t str, of: Of },
    /// The server is gone; it is asked again until it is there.
    Gone(&'t FetchError),
    /// It is there again.
    Back,
    /// It is there again with a journal that begins anew, of which all is shown.
    Anew,
}

/// Takes what is told; ends all where it fails.
pub(crate) type Tell<'t> = dyn FnMut(Told<'_, '_>) -> io::Result<()> + 't;

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TailError {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("cannot print: {0}")]
    Print(io::Error),
}

impl From<FetchError> for TailError {
    fn from(error: FetchError) -> Self {
        TailError::Control(error.into())
    }
}

/// How long one read waits for news, in seconds.
const WAIT_S: u32 = 25;

/// No journal goes beyond it: a page after it is empty, and still tells the last number.
const END: Seq = Seq::new(i64::MAX as u64);

/// Between two looks for requests that nobody took, for which there is no waiting.
const STRAYS_EVERY: Duration = Duration::from_millis(500);

/// Between two tries to reach a server that has gone. A start takes some tens of milliseconds.
const TRY_AGAIN: Duration = Duration::from_millis(250);

/// Entries of a page: the most that the server gives.
const PAGE_ENTRIES: usize = 1000;

/// How far following has come.
#[derive(Default)]
struct Place {
    /// `None` until it has begun.
    after: Option<Seq>,
    /// Of the requests that nobody took; of several processes behind a balancer one each.
    strays: Vec<Strays>,
    since: Option<Instant>,
    is_gone: bool,
    /// Requests that nobody took, each with its time, where they are told between the others.
    waiting: VecDeque<(Instant, String)>,
}

/// How far the requests that nobody took are told, which each process keeps for itself.
struct Strays {
    /// The process, where there are several; otherwise whatever is followed.
    target: Target,
    after: Seq,
}

/// The time of an entry.
fn time_of(entry: &Seen<'_>) -> Option<Instant> {
    entry.at.parse().ok()
}

impl Tail {
    /// Tells each entry until `tell` fails, the server goes away for good, or there is no more to
    /// follow.
    ///
    /// # Errors
    /// Where the server cannot be reached or knows no such world, or telling fails.
    pub(crate) async fn run(&self, tell: &mut Tell<'_>) -> Result<(), TailError> {
        let mut place = Place::default();
        loop {
            match self.go_on(&mut place, tell).await {
                Err(TailError::Control(ControlError::Fetch(
                    error @ FetchError::NoAnswer { .. },
                ))) if self.retry => {
                    if !place.is_gone {
                        tell(Told::Gone(&error)).map_err(TailError::Print)?;
                    }
                    place.is_gone = true;
                    sleep(TRY_AGAIN).await;
                }
                other => return other,
            }
        }
    }

    async fn go_on(&self, place: &mut Place, tell: &mut Tell<'_>) -> Result<(), TailError> {
        self.begin(place).await?;
        if place.is_gone {
            self.come_back(place, tell).await?;
        }
        if !self.follow && self.goes_with_the_system().await? {
            self.gather_strays(place).await?;
        }
        loop {
            let after = place.after.unwrap_or_default();
            let fetched = if self.follow {
                self.awaited(after, place, tell).await?
            } else {
                self.read(after, 0).await?
            };
            let page = self.page(&fetched)?;
            for raw in &page.entries {
                let entry = self.entry(raw)?;
                self.told_before(time_of(&entry), place, tell)?;
                if self.wanted.is_met(&entry, place.since) {
                    let told = Told::Entry { entry: &entry, raw: raw.get(), of: Of::World };
                    tell(told).map_err(TailError::Print)?;
                }
                place.after = Some(entry.seq);
            }
            if page.entries.is_empty() && !self.follow {
                self.told_before(None, place, tell)?;
                return self.strays(place, tell).await;
            }
        }
    }

    /// Whether the world's time is the system's, so that requests that nobody took can be told in their
    /// place among its own.
    async fn goes_with_the_system(&self) -> Result<bool, TailError> {
        let path = format!("/v1/worlds/{}/clock", escaped(&self.world));
        let clock = self.target.call(Method::GET, &path, &Value::Null).await?;
        Ok(clock["mode"] == "real")
    }

    /// Reads all that nobody took and is wanted.
    async fn gather_strays(&self, place: &mut Place) -> Result<(), TailError> {
        let Place { strays, waiting, .. } = place;
        for strays in strays {
            self.each_stray(strays, &mut |entry, raw| {
                if let Some(at) = time_of(entry).filter(|_| self.wanted.is_met_by_stray(entry)) {
                    waiting.push_back((at, raw.to_owned()));
                }
                Ok(())
            })
            .await?;
        }
        // Those of a process are in order; those of several are mixed.
        waiting.make_contiguous().sort_by_key(|(at, _)| *at);
        Ok(())
    }

    /// Tells what nobody took before a time; all that is left where none is named.
    fn told_before(
        &self,
        time: Option<Instant>,
        place: &mut Place,
        tell: &mut Tell<'_>,
    ) -> Result<(), TailError> {
        while place.waiting.front().is_some_and(|(at, _)| time.is_none_or(|time| *at < time)) {
            let Some((_, raw)) = place.waiting.pop_front() else { return Ok(()) };
            let entry = serde_json::from_str(&raw).map_err(|_| self.not_ringback())?;
            let told = Told::Entry { entry: &entry, raw: &raw, of: Of::Nobody };
            tell(told).map_err(TailError::Print)?;
        }
        Ok(())
    }

    /// Finds where to begin, once.
    async fn begin(&self, place: &mut Place) -> Result<(), TailError> {
        if place.after.is_some() {
            return Ok(());
        }
        place.since = match self.since {
            None => None,
            Some(Since::At(at)) => Some(at),
            Some(Since::Ago(span)) => Some(self.ago(span).await?),
        };
        let is_from_end = self.follow && self.after.is_none() && self.since.is_none();
        let after = match self.after {
            Some(after) => after,
            None if is_from_end => self.page(&self.read(END, 0).await?)?.last_seq,
            None => Seq::NONE,
        };
        place.strays = self.processes().await?;
        if self.follow {
            // Of those from before, following does not tell.
            for strays in &mut place.strays {
                self.each_stray(strays, &mut |_, _| Ok(())).await?;
            }
        }
        place.after = Some(after);
        Ok(())
    }

    /// Who keeps requests that nobody took: what is followed, or each process behind a balancer.
    async fn processes(&self) -> Result<Vec<Strays>, TailError> {
        let fetched = self.target.get("/v1/journal?limit=1").await?;
        let targets = match self.page(&fetched) {
            Err(TailError::Control(ControlError::Refused { processes, .. }))
                if !processes.is_empty() =>
            {
                processes.iter().map(|name| self.target.of_process(name)).collect()
            }
            other => other.map(|_| vec![self.target.clone()])?,
        };
        Ok(targets.into_iter().map(|target| Strays { target, after: Seq::NONE }).collect())
    }

    /// The world's time, less a length.
    async fn ago(&self, span: Span) -> Result<Instant, TailError> {
        let path = format!("/v1/worlds/{}/clock", escaped(&self.world));
        let clock = self.target.call(Method::GET, &path, &Value::Null).await?;
        let now = clock["now"].as_str().and_then(|now| now.parse::<Instant>().ok());
        let now = now.ok_or_else(|| self.not_ringback())?;
        let ago = now.as_millis().saturating_sub(span.as_millis());
        Ok(Instant::clamped_from_millis(ago))
    }

    /// The server is there again: where its journal begins anew, so does following.
    async fn come_back(&self, place: &mut Place, tell: &mut Tell<'_>) -> Result<(), TailError> {
        let last_seq = self.page(&self.read(END, 0).await?)?.last_seq;
        let is_anew = place.after.is_some_and(|after| last_seq < after);
        if is_anew {
            place.after = Some(Seq::NONE);
        }
        // Requests that nobody took are not kept beyond a process.
        for strays in &mut place.strays {
            strays.after = Seq::NONE;
        }
        place.is_gone = false;
        tell(if is_anew { Told::Anew } else { Told::Back }).map_err(TailError::Print)
    }

    /// The next page, as soon as there is one; meanwhile what nobody took is told.
    async fn awaited(
        &self,
        after: Seq,
        place: &mut Place,
        tell: &mut Tell<'_>,
    ) -> Result<Fetched, TailError> {
        let mut page = pin!(self.read(after, WAIT_S));
        let mut ticks = interval(STRAYS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                fetched = &mut page => return fetched,
                _ = ticks.tick() => self.strays(place, tell).await?,
            }
        }
    }

    /// Tells what nobody took since the last look.
    async fn strays(&self, place: &mut Place, tell: &mut Tell<'_>) -> Result<(), TailError> {
        for strays in &mut place.strays {
            self.each_stray(strays, &mut |entry, raw| {
                if !self.wanted.is_met_by_stray(entry) {
                    return Ok(());
                }
                tell(Told::Entry { entry, raw, of: Of::Nobody })
            })
            .await?;
        }
        Ok(())
    }

    /// Reads what nobody took, as far as it was not read before.
    async fn each_stray(
        &self,
        strays: &mut Strays,
        take: &mut dyn FnMut(&Seen<'_>, &str) -> io::Result<()>,
    ) -> Result<(), TailError> {
        loop {
            let path = format!("/v1/journal?after={}&limit={PAGE_ENTRIES}", strays.after);
            let fetched = strays.target.get(&path).await?;
            let is_down = fetched.status == StatusCode::SERVICE_UNAVAILABLE;
            if is_down && strays.target.process.is_some() {
                // What it had is gone with it, and where it is back its numbers begin anew.
                strays.after = Seq::NONE;
                return Ok(());
            }
            let page = self.page(&fetched)?;
            for raw in &page.entries {
                let entry = self.entry(raw)?;
                strays.after = entry.seq;
                take(&entry, raw.get()).map_err(TailError::Print)?;
            }
            if page.entries.len() < PAGE_ENTRIES {
                return Ok(());
            }
        }
    }

    /// What the server answers to a read.
    async fn read(&self, after: Seq, wait: u32) -> Result<Fetched, TailError> {
        let path = format!(
            "/v1/worlds/{}/journal?after={after}&limit={PAGE_ENTRIES}&wait={wait}{}",
            escaped(&self.world),
            self.wanted.query()
        );
        Ok(self.target.get(&path).await?)
    }

    /// The page that was answered.
    fn page<'f>(&self, fetched: &'f Fetched) -> Result<Page<'f>, TailError> {
        if !fetched.status.is_success() {
            return Err(self.target.refusal(fetched).into());
        }
        serde_json::from_slice(&fetched.body).map_err(|_| self.not_ringback())
    }

    fn entry<'p>(&self, raw: &'p RawValue) -> Result<Seen<'p>, TailError> {
        serde_json::from_str(raw.get()).map_err(|_| self.not_ringback())
    }

    fn not_ringback(&self) -> TailError {
        ControlError::NotRingback(self.target.base.clone()).into()
    }
}
