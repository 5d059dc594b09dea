//! Every proof is itself proved: of the faults that can be planted in the program (`base::planted`) each
//! has a proof that must find it in its short form.
//!
//! The faults are there where the tests are built with `--features planted`, as `.ci/run` does; without
//! it, only the table is looked at.

#[cfg(feature = "planted")]
mod found;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::proof::proofs::PROOFS;

/// A planted fault, and the proof that must find it.
pub(crate) struct Planted {
    pub(crate) name: &'static str,
    /// What is wrong, in words.
    pub(crate) what: &'static str,
    pub(crate) proof: &'static str,
    /// The vendor that is wrong, where the proof goes vendor by vendor.
    only: Option<&'static str>,
    /// How many of what the proof counts.
    count: u64,
    /// In what the proof says, so that it was found for its own sake.
    says: &'static str,
}

const SIMULATE: Planted = Planted { proof: "simulate", count: 800, ..NONE };
const CRASH: Planted = Planted { proof: "crash", count: 24, ..NONE };
const CALLS: Planted = Planted { proof: "calls", count: 64, ..NONE };
const POWER: Planted = Planted { proof: "power", count: 96, ..NONE };
const LINEAR: Planted = Planted { proof: "linear", count: 769, ..NONE };
const HOSTILE: Planted = Planted { proof: "hostile", count: 300, ..NONE };
const CROWD: Planted = Planted { proof: "crowd", count: 100, ..NONE };
const SOAK: Planted = Planted { proof: "soak", count: 4000, ..NONE };
const SECRETS: Planted = Planted { proof: "secrets", count: 120, ..NONE };
const FUZZ: Planted = Planted { proof: "fuzz", count: 1000, ..NONE };
const DOORS: Planted = Planted { proof: "doors", count: 1, ..NONE };
const MODEL: Planted = Planted { proof: "model", count: 4000, ..NONE };
const NONE: Planted = Planted { name: "", what: "", proof: "", only: None, count: 0, says: "" };

/// All of them, by proofs.
pub(crate) const ALL: &[Planted] = &[
    Planted {
        name: "going_back_keeps_rules",
        what: "a reset or rollback leaves the rules for faults that stood before it, with their counts",
        says: "faults differs",
        ..SIMULATE
    },
    Planted {
        name: "going_back_keeps_timers",
        what: "a reset, a rollback or a start does not look for the next timer",
        says: "clock",
        ..SIMULATE
    },
    Planted {
        name: "file_forgets_clock",
        what: "a clock that was moved is not written to the world's file",
        says: "killed file",
        ..SIMULATE
    },
    Planted {
        name: "file_forgets_counts",
        what: "how often a rule was counted is not written to the world's file",
        says: "killed file",
        ..SIMULATE
    },
    Planted {
        name: "answered_before_commit",
        what: "of requests that share a commit each is answered before it, and it is put off a little",
        // A write is gone, or a delete.
        says: "of default was",
        ..CRASH
    },
    Planted {
        name: "deleted_world_comes_back",
        what: "the folder of a world that was deleted stays, and is found at the next start",
        says: "was deleted and is back",
        ..CRASH
    },
    Planted {
        name: "world_is_made_in_its_place",
        what: "a new world is written where it will be read, in place of being renamed when it is whole",
        says: "is \"unreadable\"",
        ..CALLS
    },
    Planted {
        name: "full_sync_is_normal",
        what: "with `--sync full` a commit is answered before its bytes are safe",
        says: "power cut behind call",
        ..POWER
    },
    Planted {
        name: "memo_outlives_writes",
        what: "a reply that was kept is given again after the rows have changed",
        says: "no order of the calls explains",
        ..LINEAR
    },
    Planted {
        name: "reader_stays_behind",
        what: "a read beside the world's lock sees the rows as they were for the one before",
        says: "no order of the calls explains",
        ..LINEAR
    },
    Planted {
        name: "answers_change_places",
        what: "answers to requests that share a commit go to one another's clients",
        says: "was answered",
        ..LINEAR
    },
    Planted {
        name: "door_holds_thread",
        what: "whoever comes in is waited for on the thread that lets others in",
        says: "client",
        ..HOSTILE
    },
    Planted {
        name: "body_holds_thread",
        what: "the rest of a body is waited for on a thread that others need",
        says: "client",
        ..HOSTILE
    },
    Planted {
        name: "nobody_makes_room",
        what: "where connections are short, the idle ones stay",
        says: "an honest client",
        ..CROWD
    },
    Planted {
        name: "log_waits_for_reader",
        what: "whoever logs writes to stderr, and waits where nobody reads it",
        says: "an honest client was let down",
        ..CROWD
    },
    Planted {
        name: "deleted_world_is_held",
        what: "somebody holds on to each world that was deleted",
        says: "kB resident grew",
        ..SOAK
    },
    Planted {
        name: "feeder_is_used_once",
        what: "each long body has a thread of its own, which stays",
        says: "threads grew",
        ..SOAK
    },
    Planted {
        name: "base64_is_not_read",
        what: "the mask does not read Base64",
        says: "(base64)",
        ..SECRETS
    },
    Planted {
        name: "referer_is_not_masked",
        what: "the mask leaves out one header",
        says: "shows",
        ..SECRETS
    },
    Planted {
        name: "archive_is_not_masked",
        what: "the HTTP archive has the journal as it came",
        says: "journal.har shows",
        ..SECRETS
    },
    Planted {
        name: "file_is_not_masked",
        what: "the file of a kept world has the journal as it came",
        says: "the file of a world shows",
        ..SECRETS
    },
    Planted {
        name: "blank_is_one_byte",
        what: "behind a blank of two bytes, as U+0085, a text is cut inside a character",
        says: "panicked at src/web/params.rs",
        ..FUZZ
    },
    Planted {
        name: "body_of_full_blocks",
        what: "a body whose length is a multiple of 64 is a panic",
        says: "panicked at src/net/exchange.rs",
        ..FUZZ
    },
    Planted {
        name: "brackets_are_tried_all_ways",
        what: "a pattern tries all ways through brackets: each doubles the time",
        says: "ms of a processor",
        ..FUZZ
    },
    Planted {
        name: "origin_passes_on_delete",
        what: "DELETE is taken from any origin",
        says: "DELETE",
        ..DOORS
    },
    Planted {
        name: "token_by_its_beginning",
        what: "a token that only begins as the right one is taken",
        says: "a-token-of-the-proofx",
        ..DOORS
    },
    Planted {
        name: "head_needs_no_token",
        what: "HEAD is answered without a token",
        says: "HEAD",
        ..DOORS
    },
    Planted {
        name: "nothing_found_is_an_error",
        what: "INFOCU5 answers an empty window with the code of an error of its own",
        only: Some("infocu5"),
        says: "infocu5, seed",
        ..MODEL
    },
    Planted {
        name: "window_is_half_open",
        what: "INFOCU5 leaves out a call that started in the last second of the window",
        only: Some("infocu5"),
        says: "infocu5, seed",
        ..MODEL
    },
    Planted {
        name: "unlock_leaves_the_lock",
        what: "jtel answers that a contact was unlocked, which stays locked",
        only: Some("jtel"),
        says: "jtel, seed",
        ..MODEL
    },
    Planted {
        name: "delete_picks_the_last",
        what: "of contacts with one UserData jtel takes the last",
        only: Some("jtel"),
        says: "jtel, seed",
        ..MODEL
    },
    Planted {
        name: "running_call_is_listed",
        what: "MaestroConference lists callers of a call that has not ended",
        only: Some("maestro"),
        says: "maestro, seed",
        ..MODEL
    },
    Planted {
        name: "window_misses_its_begin",
        what: "MaestroConference leaves out a call that ended with the first moment of the window",
        only: Some("maestro"),
        says: "maestro, seed",
        ..MODEL
    },
    Planted {
        name: "dials_while_wrapping",
        what: "MaxContact lets an agent dial who has a call to dispose of",
        only: Some("maxcontact"),
        says: "maxcontact, seed",
        ..MODEL
    },
    Planted {
        name: "final_code_is_forgotten",
        what: "MaxContact dials a lead on after an outcome that is final",
        only: Some("maxcontact"),
        says: "maxcontact, seed",
        ..MODEL
    },
    Planted {
        name: "hash_without_its_user",
        what: "MOR takes a hash that was made without the user, and so another user's",
        only: Some("mor"),
        says: "mor, seed",
        ..MODEL
    },
    Planted {
        name: "blocked_user_starts",
        what: "MOR starts the campaign of a user who is blocked",
        only: Some("mor"),
        says: "mor, seed",
        ..MODEL
    },
];

#[test]
fn each_proof_has_a_fault_to_find() {
    for (proof, ..) in PROOFS {
        assert!(ALL.iter().any(|it| it.proof == *proof), "nothing is planted for {proof}");
    }
    for planted in ALL {
        let Planted { name, proof, count, says, .. } = planted;
        assert!(PROOFS.iter().any(|it| it.0 == *proof), "{name}: no {proof}");
        assert!(*count > 0 && !says.is_empty(), "{name} is not searched for");
    }
    let names: BTreeSet<_> = ALL.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), ALL.len(), "a fault stands twice");
}

/// The feature is in no default, and nothing that makes a release or looks at one asks for features.
#[test]
fn no_release_has_faults_planted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, features) = manifest.split_once("\n[features]\n").unwrap();
    let features: Vec<&str> = features.lines().take_while(|line| !line.starts_with('[')).collect();
    let features: Vec<&str> = features.into_iter().filter(|line| !line.is_empty()).collect();
    assert!(matches!(features[..], [one] if one.starts_with("planted = []")), "{features:?}");
    let mut scripts = files(&root.join("packages"));
    scripts.extend(files(&root.join("tests/clients")));
    let mut n_read = 0;
    for path in scripts {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        n_read += 1;
        for word in ["--features", "--all-features"] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
    assert!(n_read > 20, "the scripts were not found");
    let script = fs::read_to_string(root.join(".ci/run")).unwrap();
    for line in script.lines().filter(|line| line.contains("planted")) {
        let is_test = ["cargo clippy", "cargo test"].iter().any(|it| line.contains(it));
        assert!(is_test || line.starts_with('#'), ".ci/run: {line}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            found.push(path);
        } else if !path.ends_with("node_modules") {
            found.extend(files(&path));
        }
    }
    found
}
