//! What a batch retrieval leaves out without a word: how many, why, and the first of each kind.

use std::collections::BTreeMap;

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::reply::Why;
use crate::vendors::jtel::errors::NO_CONTACT;
use crate::vendors::jtel::ops::user_data::why_none;
use crate::vendors::jtel::store;
use crate::vendors::jtel::store::contact;

/// The entries of both lists that no contact has.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    count: usize,
    /// By reason: how many, and the first of them.
    reasons: BTreeMap<&'static str, (usize, Vec<String>)>,
}

/// Entries that a reason names.
const SAMPLES_MAX: usize = 3;

/// Most characters of one of them.
const SAMPLE_CHARS_MAX: usize = 40;

/// Entries whose reason is looked for; a batch of thousands has few reasons.
const LOOKED_AT_MAX: usize = 50;

impl Missing {
    /// An ID that is no contact of the client account.
    pub(crate) fn id(&mut self, cx: &Cx<'_>, client_id: i64, id: i64) -> rusqlite::Result<()> {
        let reason = if self.count >= LOOKED_AT_MAX {
            OTHERS
        } else if contact::owner(cx.db(), id)?.is_some_and(|owner| owner != client_id) {
            "of another client account"
        } else if store::client_of_campaign(cx.db(), id)?.is_some() {
            "IDs of campaigns"
        } else {
            "IDs that are none, deleted or never given out"
        };
        self.add(reason, id.to_string());
        Ok(())
    }

    /// A `UserData` that no contact of the client account has.
    pub(crate) fn user_data(
        &mut self,
        cx: &Cx<'_>,
        client_id: i64,
        user_data: &str,
    ) -> rusqlite::Result<()> {
        let reason = if self.count >= LOOKED_AT_MAX {
            OTHERS
        } else {
            let (found, hint) = why_none(cx, client_id, user_data)?;
            if hint.contains("capitals there is") {
                "UserData in other capitals"
            } else if hint.contains("blanks around it") {
                "UserData with blanks around it"
            } else if found.contains("the ID of a contact") {
                "IDs of contacts in UserDataList"
            } else if found.contains("which client account") {
                "of another client account"
            } else {
                "UserData that none has"
            }
        };
        self.add(reason, excerpt(user_data, SAMPLE_CHARS_MAX));
        Ok(())
    }

    fn add(&mut self, reason: &'static str, sample: String) {
        self.count += 1;
        let (count, samples) = self.reasons.entry(reason).or_default();
        *count += 1;
        if samples.len() < SAMPLES_MAX {
            samples.push(sample);
        }
    }

    /// The reason for the journal; `None` where nothing is missing.
    pub(crate) fn why(self, client_id: i64) -> Option<Why> {
        if self.count == 0 {
            return None;
        }
        let reasons = self.reasons.iter().map(|(reason, (count, samples))| {
            let more = if *count > samples.len() { ", …" } else { "" };
            format!("{count} {reason} ({}{more})", samples.join(", "))
        });
        let found = format!("left out: {}", reasons.collect::<Vec<_>>().join("; "));
        let expected = format!("contacts of client account {client_id} only");
        let hint = "the vendor leaves out what it does not find, and count is what it found; compare \
                    the records with the lists";
        Some(Why::new(&NO_CONTACT, expected, found, hint))
    }
}

const OTHERS: &str = "others";
