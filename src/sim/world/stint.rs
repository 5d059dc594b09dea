//! A stretch of requests that one task answers for all that wait: in memory each at once; in a file they
//! share a transaction and are answered when it is committed.
//!
//! Not here: who waits for whom (`sim::world::turns`), the transaction (`engine::gathered`).

use std::sync::MutexGuard;
use std::time::Duration;

use tokio::task::block_in_place;

use crate::base::clock::Stopwatch;
use crate::base::planted::{self, Fault as Planted};
use crate::sim::world::World;
use crate::sim::world::desk::Answer;
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::asked::Asked;
use crate::sim::world::engine::share::Share;
use crate::sim::world::engine::turn::Exchanged;
use crate::sim::world::turns;

/// Requests to a world, one after the other.
#[derive(Debug)]
pub(super) struct Stint<'w> {
    world: &'w World,
    /// Those of a kept world that share a transaction; `None` where each stands alone.
    gathering: Option<Gathering<'w>>,
}

/// Requests that are answered when what they share is committed.
#[derive(Debug)]
struct Gathering<'w> {
    /// Held to the end: nobody else sees what can still be lost.
    engine: MutexGuard<'w, Engine>,
    answered: Vec<Answered>,
}

#[derive(Debug)]
struct Answered {
    asked: Asked,
    sent: Exchanged,
    held_ns: u64,
    share: Share,
}

impl<'w> Stint<'w> {
    pub(super) fn begin(world: &'w World) -> Self {
        Stint { world, gathering: None }
    }
}

impl turns::Stint<Asked, Answer> for Stint<'_> {
    fn answer(&mut self, asked: Asked, are_others: bool) -> Option<Answer> {
        if self.gathering.is_none() && are_others && self.world.kept().is_some() {
            self.gathering = Gathering::begin(self.world);
        }
        let Some(gathering) = &mut self.gathering else { return Some(self.world.answer(asked)) };
        gathering.answer(asked);
        if planted::is(Planted::AnsweredBeforeCommit) {
            return gathering.answered.pop().map(|it| Answer::Sent(it.sent));
        }
        None
    }

    fn end(mut self) -> Vec<Answer> {
        let Some(mut gathering) = self.gathering.take() else { return Vec::new() };
        if planted::is(Planted::AnsweredBeforeCommit) {
            let put_off = Duration::from_millis(200);
            block_in_place(|| planted::holds_thread(Planted::AnsweredBeforeCommit, put_off));
        }
        let mut sent = gathering.settle(self.world);
        if planted::is(Planted::AnswersChangePlaces) {
            sent.reverse();
        }
        drop(gathering);
        self.world.news.notify_waiters();
        sent.into_iter().map(Answer::Sent).collect()
    }
}

impl<'w> Gathering<'w> {
    /// `None` where each has to stand alone, and where the world cannot be opened: each is told so.
    fn begin(world: &'w World) -> Option<Self> {
        let mut engine = world.lock().ok()?;
        engine.gather().then(|| Gathering { engine, answered: Vec::new() })
    }

    fn answer(&mut self, asked: Asked) {
        let watch = Stopwatch::start();
        let sent = self.engine.exchange(asked.vendor, &asked.request, &asked.routed);
        let (held_ns, share) = (watch.elapsed_ns(), self.engine.joined());
        self.answered.push(Answered { asked, sent, held_ns, share });
    }

    /// Commits what they share, and gives the answers; those whose share is lost have failed.
    fn settle(&mut self, world: &World) -> Vec<Exchanged> {
        let lost = self.engine.settle_all();
        let answered = std::mem::take(&mut self.answered).into_iter();
        let told = answered.map(|it| {
            let Answered { asked, mut sent, held_ns, share } = it;
            if lost.contains(&share) {
                sent = self.engine.failed(asked.vendor, &asked.request, &asked.routed);
            }
            let operation = asked.routed.operation;
            world.metrics.count(asked.vendor.surface, operation, sent.outcome, held_ns);
            sent
        });
        told.collect()
    }
}

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        // Where a panic has come between, nobody is answered: what is open goes.
        self.engine.give_up();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use http::StatusCode;
    use rusqlite::Connection;

    use super::*;
    use crate::sim::world::turns::Stint as _;
    use crate::testing::{Stage, asked_of_jtel};

    const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/contact/301501";

    /// Breaks what is due at the commit whenever an entry of a read is written.
    const BREAKS_AT_COMMIT: &str = "
        CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE child (parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER broken AFTER INSERT ON ringback_journal
        WHEN NEW.entry LIKE '%\"method\":\"GET\"%' BEGIN INSERT INTO child VALUES (1); END";

    fn lock() -> Asked {
        asked_of_jtel("PATCH", &format!("{CONTACT}/lock"))
    }

    fn unlock() -> Asked {
        asked_of_jtel("PATCH", &format!("{CONTACT}/unlock"))
    }

    fn read() -> Asked {
        asked_of_jtel("GET", "/rest/v1.0/7/dialler/contacts/301501")
    }

    fn sent(stint: Stint<'_>) -> Vec<Exchanged> {
        let sent = stint.end().into_iter().map(|it| match it {
            Answer::Sent(sent) => sent,
            Answer::Beside(_) => panic!("a kept world's reads are answered in their turn"),
        });
        sent.collect()
    }

    fn outcomes(stage: &Stage, all: impl IntoIterator<Item = Asked>) -> Vec<&'static str> {
        let mut stint = Stint::begin(stage.world());
        for asked in all {
            assert!(stint.answer(asked, true).is_none(), "it is answered at the end");
        }
        sent(stint).iter().map(|it| it.outcome.name()).collect()
    }

    /// What the file holds, as another program sees it: entries of the journal, and whether the contact
    /// is locked.
    fn committed(folder: &Path) -> (i64, bool) {
        let db = Connection::open(folder.join("worlds/default/world.db")).unwrap();
        let n = db.query_row("SELECT COUNT(*) FROM ringback_journal", [], |it| it.get(0)).unwrap();
        let sql = "SELECT locked FROM jtel_contact WHERE id = 301501";
        (n, db.query_row(sql, [], |it| it.get(0)).unwrap())
    }

    #[test]
    fn requests_share_a_commit_and_each_takes_back_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::demo_in(folder.path());
        let nothing = asked_of_jtel("PATCH", "/rest/v1.0/7/dialler/contacts/contact/1/lock");
        let all = [unlock(), lock(), nothing, read()];
        assert_eq!(outcomes(&stage, all), ["ok", "ok", "refused", "ok"]);
        assert_eq!(committed(folder.path()), (4, true));
        // Alone it has nothing to share.
        let mut alone = Stint::begin(stage.world());
        let Some(Answer::Sent(unlocked)) = alone.answer(unlock(), false) else {
            panic!("it waits")
        };
        assert_eq!(unlocked.outcome.name(), "ok");
        assert!(alone.end().is_empty());
        assert_eq!(committed(folder.path()), (5, false));
    }

    #[test]
    fn what_cannot_be_committed_is_nobodys_success_and_what_follows_is_well() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::demo_in(folder.path());
        assert_eq!(outcomes(&stage, [unlock()]), ["ok"]);
        let db = Connection::open(folder.path().join("worlds/default/world.db")).unwrap();
        db.execute_batch(BREAKS_AT_COMMIT).unwrap();
        let mut stint = Stint::begin(stage.world());
        for asked in [lock(), read(), lock()] {
            assert!(stint.answer(asked, true).is_none());
        }
        for sent in sent(stint) {
            assert_eq!(sent.outcome.name(), "error");
            assert_eq!(sent.response.status, StatusCode::INTERNAL_SERVER_ERROR);
        }
        assert_eq!(committed(folder.path()), (1, false));
        assert_eq!(outcomes(&stage, [lock(), unlock(), lock()]), ["ok", "ok", "ok"]);
        assert_eq!(committed(folder.path()), (4, true));
    }

    #[test]
    fn where_nobody_is_answered_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::demo_in(folder.path());
        let mut stint = Stint::begin(stage.world());
        assert!(stint.answer(unlock(), true).is_none() && stint.answer(lock(), false).is_none());
        drop(stint);
        assert_eq!(committed(folder.path()), (0, false));
        assert_eq!(outcomes(&stage, [lock()]), ["ok"]);
        assert_eq!(committed(folder.path()), (1, true));
    }
}
