//! Faults that are planted in the program, so that the proofs are proved: mistakes as a developer makes
//! them, of which each proof has to find its own.
//!
//! Only the feature `planted` has them, and no release has that: without it [`is`] says no while the
//! program is compiled, and nothing of them is left in it. With it one is there where the variable
//! `RINGBACK_PLANTED` names it.
//!
//! Not here: which proof finds which (`tests/it/planted`).

#[cfg(feature = "planted")]
use std::env::var;
#[cfg(feature = "planted")]
use std::sync::LazyLock;
use std::time::Duration;

/// Names the fault that is there.
#[cfg(feature = "planted")]
const VARIABLE: &str = "RINGBACK_PLANTED";

macro_rules! faults {
    ($($fault:ident = $name:literal,)*) => {
        /// What can be planted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Fault {
            $($fault,)*
        }

        /// All of them by name.
        #[cfg(feature = "planted")]
        pub(crate) const ALL: &[(&str, Fault)] = &[$(($name, Fault::$fault),)*];
    };
}

faults! {
    // Of worlds.
    GoingBackKeepsRules = "going_back_keeps_rules",
    GoingBackKeepsTimers = "going_back_keeps_timers",
    FileForgetsClock = "file_forgets_clock",
    FileForgetsCounts = "file_forgets_counts",
    AnsweredBeforeCommit = "answered_before_commit",
    DeletedWorldComesBack = "deleted_world_comes_back",
    WorldIsMadeInItsPlace = "world_is_made_in_its_place",
    FullSyncIsNormal = "full_sync_is_normal",
    DeletedWorldIsHeld = "deleted_world_is_held",
    MemoOutlivesWrites = "memo_outlives_writes",
    ReaderStaysBehind = "reader_stays_behind",
    AnswersChangePlaces = "answers_change_places",
    // Of connections.
    DoorHoldsThread = "door_holds_thread",
    BodyHoldsThread = "body_holds_thread",
    NobodyMakesRoom = "nobody_makes_room",
    LogWaitsForReader = "log_waits_for_reader",
    FeederIsUsedOnce = "feeder_is_used_once",
    // Of what is shown.
    Base64IsNotRead = "base64_is_not_read",
    RefererIsNotMasked = "referer_is_not_masked",
    ArchiveIsNotMasked = "archive_is_not_masked",
    FileIsNotMasked = "file_is_not_masked",
    // Of readers.
    BlankIsOneByte = "blank_is_one_byte",
    BodyOfFullBlocks = "body_of_full_blocks",
    BracketsAreTriedAllWays = "brackets_are_tried_all_ways",
    // Of the door.
    OriginPassesOnDelete = "origin_passes_on_delete",
    TokenByItsBeginning = "token_by_its_beginning",
    HeadNeedsNoToken = "head_needs_no_token",
    // Of vendors' rules.
    NothingFoundIsAnError = "nothing_found_is_an_error",
    WindowIsHalfOpen = "window_is_half_open",
    UnlockLeavesTheLock = "unlock_leaves_the_lock",
    DeletePicksTheLast = "delete_picks_the_last",
    RunningCallIsListed = "running_call_is_listed",
    WindowMissesItsBegin = "window_misses_its_begin",
    DialsWhileWrapping = "dials_while_wrapping",
    FinalCodeIsForgotten = "final_code_is_forgotten",
    HashWithoutItsUser = "hash_without_its_user",
    BlockedUserStarts = "blocked_user_starts",
}

/// Whether this fault is there.
#[cfg(not(feature = "planted"))]
pub(crate) const fn is(_: Fault) -> bool {
    false
}

/// Whether this fault is there.
#[cfg(feature = "planted")]
pub(crate) fn is(fault: Fault) -> bool {
    static PLANTED: LazyLock<Option<Fault>> = LazyLock::new(|| find().ok().flatten());
    *PLANTED == Some(fault)
}

/// Holds the thread where this fault is there, as work does that should have been awaited.
#[expect(clippy::disallowed_methods, reason = "that is the fault")]
pub(crate) fn holds_thread(fault: Fault, time: Duration) {
    if is(fault) {
        std::thread::sleep(time);
    }
}

/// Where this fault is there, takes as long as a pattern that tries all ways through so many signs.
pub(crate) fn tries_all_ways(fault: Fault, signs: impl FnOnce() -> usize) {
    const SIGNS_MAX: usize = 31;
    if is(fault) {
        for way in 0..1_u64 << signs().min(SIGNS_MAX) {
            std::hint::black_box(way);
        }
    }
}

/// What is planted.
///
/// # Errors
/// Where the variable names none.
#[cfg(feature = "planted")]
pub(crate) fn find() -> Result<Option<Fault>, String> {
    let Ok(name) = var(VARIABLE) else { return Ok(None) };
    match ALL.iter().find(|(known, _)| *known == name) {
        Some((_, fault)) => Ok(Some(*fault)),
        None => Err(format!("{VARIABLE}: expected the name of a planted fault, found {name:?}")),
    }
}
