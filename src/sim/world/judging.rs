//! Asking a world's journal: conditions, findings, strict runs.

use std::sync::Arc;
use std::time::Duration;

use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::sim::blocking::blocking;
use crate::sim::judge::coverage::Coverage;
use crate::sim::judge::expectation::{Expectation, Judgement, JudgementWalk};
use crate::sim::judge::findings::found::Findings;
use crate::sim::judge::findings::looking::FindingsWalk;
use crate::sim::judge::verify::closest::Closest;
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::tally::Tally;
use crate::sim::judge::verify::verdict::Verdict;
use crate::sim::world::World;

impl World {
    /// What the journal says to a condition. Takes as long as reading the journal does.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn verify(
        &self,
        condition: &Condition,
        show_secrets: bool,
    ) -> Result<Verdict, InternalError> {
        let mut tally = Tally::new(condition, self.masker_now(show_secrets)?);
        self.feed(&mut tally)?;
        self.conclude(&tally)
    }

    /// Verifies a condition; where it does not hold, waits up to `patience` until it does. Ends
    /// sooner when the world is deleted or the program stops.
    ///
    /// # Errors
    /// As for [`World::verify`].
    pub async fn verify_wait(
        self: &Arc<Self>,
        condition: &Condition,
        patience: Duration,
        show_secrets: bool,
    ) -> Result<Verdict, InternalError> {
        let deadline = tokio::time::Instant::now() + patience;
        let mut tally = Tally::new(condition, self.masker(show_secrets).await?);
        loop {
            let mut grown = std::pin::pin!(self.news.notified());
            // Enlisted before the look, so that an entry in between is not missed.
            grown.as_mut().enable();
            let world = Arc::clone(self);
            let look = move || world.feed(&mut tally).map(|()| tally);
            tally = blocking(look).await??;
            let is_over = tally.is_settled() || self.stop.told().is_some();
            if is_over || !self.is_told(grown, deadline).await {
                let world = Arc::clone(self);
                return blocking(move || world.conclude(&tally)).await?;
            }
        }
    }

    fn conclude(&self, tally: &Tally) -> Result<Verdict, InternalError> {
        if tally.is_passed() {
            return Ok(Verdict::new(tally, None));
        }
        let mut closest = Closest::new(tally);
        let mut after = Seq::NONE;
        while after < tally.last_seq {
            let (entries, _) = self.entries_after(after)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in entries.iter().filter(|entry| entry.seq <= tally.last_seq) {
                closest.take(entry);
            }
        }
        Ok(Verdict::new(tally, Some(closest)))
    }

    /// What the journal shows of clients that are answered and wrong all the same.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn findings(&self, show_secrets: bool) -> Result<Findings, InternalError> {
        let (vendors, chosen) = {
            let ordered = self.peek();
            (ordered.vendors(), ordered.settings().variants.clone())
        };
        let looking = FindingsWalk::new(vendors, &chosen, self.masker_now(show_secrets)?);
        let mut looking = looking.after(self.judged_from());
        self.feed(&mut looking)?;
        Ok(looking.end())
    }

    /// Adds what the journal shows of all that the vendors declare.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub(crate) fn cover(&self, coverage: &mut Coverage) -> Result<(), InternalError> {
        coverage.begin_world(self.judged_from());
        self.feed(coverage)?;
        coverage.end_world(&self.peek().settings().variants.clone());
        Ok(())
    }

    /// Whether the run is as it was expected; `None` where the world is not strict.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn judge(&self, show_secrets: bool) -> Result<Option<Judgement>, InternalError> {
        let (vendors, expectation) = {
            let ordered = self.peek();
            (ordered.vendors(), ordered.expectation().clone())
        };
        if !expectation.is_on {
            return Ok(None);
        }
        let judging = JudgementWalk::new(vendors, expectation, self.masker_now(show_secrets)?);
        let mut judging = judging.after(self.judged_from());
        self.feed(&mut judging)?;
        let conditions = judging.conditions();
        let verdicts = conditions.iter().map(|it| self.verify(it, show_secrets));
        Ok(Some(judging.end(verdicts.collect::<Result<_, _>>()?)))
    }

    /// Whether its run fails on whatever was not expected.
    pub fn is_strict(&self) -> bool {
        self.peek().expectation().is_on
    }

    /// What is expected of the run.
    pub async fn expectation(&self) -> Expectation {
        let _open = self.gate.read().await;
        self.peek().expectation().clone()
    }

    /// Says what is expected of the run.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub async fn set_expectation(&self, expectation: Expectation) -> Result<Seq, InternalError> {
        let _open = self.gate.read().await;
        let marked = self.lock()?.set_expectation(expectation);
        self.news.notify_waiters();
        marked
    }
}
