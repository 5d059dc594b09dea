//! Names that must never be taken for one another, however few letters they differ in: the reverse
//! (`lock` and `unlock`), the denial (`hold` and `nohold`), and of functions another deed
//! (`resetCalls` and `getCalls`).
//!
//! Not here: which name is near (`base::nearest`), and what a vendor calls a function that goes by
//! another name elsewhere (the vendors).

/// Longest word that is compared. Names and ids are shorter, and the comparison takes the product of
/// both lengths.
pub(crate) const WORD_CHARS_MAX: usize = 64;

/// Words that mean the reverse of one another. `un`, `de` and `dis` before a word do too.
const OPPOSITES: &[(&str, &str)] = &[
    ("hold", "retrieve"),
    ("hold", "resume"),
    ("start", "stop"),
    ("start", "end"),
    ("begin", "end"),
    ("open", "close"),
    ("login", "logout"),
    ("logon", "logoff"),
    ("ready", "notready"),
    ("ready", "break"),
    ("accept", "reject"),
    ("enable", "disable"),
    ("show", "hide"),
    ("include", "exclude"),
    ("increase", "decrease"),
    ("from", "to"),
    ("first", "last"),
    ("min", "max"),
    ("in", "out"),
    ("on", "off"),
    ("add", "remove"),
    ("add", "delete"),
    ("import", "delete"),
    ("import", "export"),
    ("upload", "download"),
    ("upload", "unload"),
    ("create", "delete"),
    ("get", "delete"),
    ("get", "set"),
    ("mute", "unmute"),
];

/// What before a word turns its meaning round.
const REVERSING: &[&str] = &["un", "de", "dis", "in", "re"];

/// What before a name denies it, and what behind it does. `no` behind a name is a number.
const DENYING_BEFORE: &[&str] = &["no", "non", "not", "dont", "never", "undo", "without"];
const DENYING_BEHIND: &[&str] = &["off", "undo"];

/// Shortest word that can be turned round so: `use` and `unuse`, but not `to` and `into`.
const STEM_CHARS_MIN: usize = 3;

/// The deeds that change nothing. Some words are one of the others as well.
const READING: &[&str] = &[
    "get", "read", "show", "fetch", "list", "view", "find", "search", "query", "lookup",
    "download", "export", "count", "describe", "display", "dump", "check", "inspect", "retrieve",
    "load",
];

/// The deeds that change something. Words of one row are one deed; of two rows they are two.
const CHANGING: &[&[&str]] = &[
    &[
        "add", "create", "insert", "new", "import", "upload", "append", "register", "enqueue",
        "make", "load",
    ],
    &[
        "set",
        "update",
        "change",
        "edit",
        "modify",
        "put",
        "post",
        "patch",
        "save",
        "overwrite",
        "alter",
        "write",
        "replace",
        "assign",
        "upsert",
    ],
    &[
        "delete", "remove", "del", "drop", "destroy", "erase", "purge", "clear", "wipe", "discard",
        "unset", "unload", "cancel", "revoke",
    ],
    &["reset", "restart", "reload", "refresh", "recycle"],
    &["move", "transfer"],
    &["copy", "clone", "duplicate"],
    &["merge"],
    &["start", "begin", "run", "launch", "open"],
    &["stop", "end", "halt", "finish", "close", "terminate"],
    &["pause", "hold", "park", "suspend"],
    &["resume", "retrieve", "unhold", "unpark", "continue"],
    &["enable", "activate"],
    &["disable", "deactivate"],
    &["reactivate"],
    &["toggle", "switch"],
    &["lock", "reserve", "freeze"],
    &["unlock", "release", "free"],
    &["block", "ban", "dnc", "blacklist", "suppress"],
    &["unblock", "allow", "unban", "whitelist", "permit"],
    &["opt", "optout", "optin", "subscribe"],
    &["unsubscribe"],
    &["accept", "answer"],
    &["reject", "decline", "deny"],
    &["dial", "call", "redial"],
    &["hangup", "disconnect"],
    &["dispose", "wrapup"],
    &["connect", "join", "bridge"],
    &["send", "push", "notify"],
    &["schedule"],
    &["reschedule"],
    &["rotate", "renew"],
    &["expire"],
];

/// Shortest name that may stand behind a deed without anything between: `getcalls`.
const BEHIND_DEED_CHARS_MIN: usize = 3;

/// Whether two names mean the reverse of one another or one denies the other: `lock` and `unlock`,
/// `startCall` and `stopCall`, `hold` and `nohold`.
pub(crate) fn is_opposite(one: &str, other: &str) -> bool {
    let is_not = |one: &str, other: &str| {
        let (one, other) = (folded(one).unwrap_or_default(), folded(other).unwrap_or_default());
        other.contains("not") && other.replacen("not", "", 1) == one
    };
    let (words, others) = (words(one), words(other));
    let alone = words.iter().filter(|word| !others.contains(word));
    let others_alone: Vec<&String> = others.iter().filter(|word| !words.contains(word)).collect();
    is_not(one, other)
        || is_not(other, one)
        || denies(one, other)
        || denies(other, one)
        || alone.into_iter().any(|word| others_alone.iter().any(|other| are_reverse(word, other)))
}

/// Whether a name is another one with a denial before or behind it.
fn denies(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (folded(one), folded(other)) else { return false };
    let is_it = |rest: &str| {
        let long = rest.chars().count() > STEM_CHARS_MIN;
        rest.chars().count() >= STEM_CHARS_MIN
            && (rest == other || long && strsim::osa_distance(rest, &other) <= 1)
    };
    DENYING_BEFORE.iter().filter_map(|word| one.strip_prefix(word)).any(is_it)
        || DENYING_BEHIND.iter().filter_map(|word| one.strip_suffix(word)).any(is_it)
}

/// Whether two different words mean the reverse of one another.
fn are_reverse(one: &str, other: &str) -> bool {
    fn stems(word: &str) -> impl Iterator<Item = &str> {
        let stems = REVERSING.iter().filter_map(|before| word.strip_prefix(before));
        stems.filter(|stem| stem.len() >= STEM_CHARS_MIN).chain([word])
    }
    OPPOSITES.contains(&(one, other))
        || OPPOSITES.contains(&(other, one))
        || stems(one).any(|stem| stems(other).any(|other| stem == other))
}

/// What a word says that a function does to what it is called for. It may say two things: `retrieve`
/// reads, and takes a call off hold.
#[derive(Clone, Copy, Debug)]
struct Deed {
    reads: bool,
    /// The row of [`CHANGING`].
    changes: Option<usize>,
}

impl Deed {
    fn of(word: &str) -> Option<Self> {
        let reads = READING.contains(&word);
        let changes = CHANGING.iter().position(|row| row.contains(&word));
        (reads || changes.is_some()).then_some(Deed { reads, changes })
    }

    /// Whether two deeds cannot be one.
    fn differs(self, other: Self) -> bool {
        let are_reads = self.reads && other.reads;
        let are_one_change = self.changes.is_some() && self.changes == other.changes;
        !are_reads && !are_one_change
    }
}

/// Whether a word says what a function does.
pub(crate) fn is_deed(word: &str) -> bool {
    Deed::of(word).is_some()
}

/// Whether a name of a function begins with a deed that changes something: `lockCampaigns`.
pub(crate) fn begins_with_change(name: &str) -> bool {
    with_deed(name).first().and_then(|word| Deed::of(word)).is_some_and(|deed| !deed.reads)
}

/// Whether a name of a function asks for another deed than a known function does: `setCalls` of
/// `getCalls`, `AllowNumber` of `BlockNumber`. A misspelt deed is the same, and a missing one reads.
pub(crate) fn is_another_deed(sent: &str, known: &str) -> bool {
    let (sent, known) = (with_deed(sent), with_deed(known));
    for at in 0.. {
        let (Some(one), Some(other)) = (sent.get(at), known.get(at)) else { return false };
        let (deed, known_deed) = (Deed::of(one), Deed::of(other));
        if deed.zip(known_deed).is_some_and(|(deed, known)| deed.differs(known)) {
            return true;
        }
        if !are_near(one, other) {
            return differ_in_deed(&sent[at..], &known[at..]);
        }
    }
    false
}

/// Whether what is left of two names, behind what they have in common, begins with two deeds.
fn differ_in_deed(sent: &[String], known: &[String]) -> bool {
    let is_next = |word: &str, of: &[String]| of.get(1).is_some_and(|next| are_near(word, next));
    match (Deed::of(&sent[0]), Deed::of(&known[0])) {
        (Some(deed), Some(known)) => deed.differs(known),
        (None, None) => false,
        // Letters alone decide.
        (None, Some(_)) if known.len() == 1 => false,
        (None, Some(deed)) if is_next(&sent[0], known) => !deed.reads,
        (None, Some(_)) => {
            let known_word = known[0].chars().count();
            let whole = strsim::osa_distance(&sent[0], &known.concat());
            sent.len() > 1 || whole > (known_word / 3).max(1)
        }
        (Some(deed), None) => match known.get(1).and_then(|next| Deed::of(next)) {
            Some(known) => deed.differs(known),
            None => !deed.reads,
        },
    }
}

/// Whether one word is the other, perhaps misspelt.
fn are_near(one: &str, other: &str) -> bool {
    let n_chars = one.chars().count().min(other.chars().count());
    strsim::osa_distance(one, other) <= (n_chars / 3).max(1)
}

/// The words of a name; a deed that nothing parts from the rest is one: `getcalls`.
pub(crate) fn with_deed(name: &str) -> Vec<String> {
    let words = words(name);
    let [word] = words.as_slice() else { return words };
    if Deed::of(word).is_some() {
        return words;
    }
    let all = READING.iter().chain(CHANGING.iter().copied().flatten());
    let begins = all.filter(|deed| {
        word.strip_prefix(**deed).is_some_and(|rest| rest.len() >= BEHIND_DEED_CHARS_MIN)
    });
    match begins.max_by_key(|deed| deed.len()) {
        Some(deed) => vec![(*deed).to_owned(), word[deed.len()..].to_owned()],
        None => words,
    }
}

/// The words that a name is put together of, in small letters: `startCall` is `start` and `call`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for it in name.chars().take(WORD_CHARS_MAX) {
        let is_joint = !it.is_alphanumeric();
        if (is_joint || it.is_uppercase() && was_small)
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if let (false, Some(word)) = (is_joint, words.last_mut()) {
            word.extend(it.to_lowercase());
        }
        was_small = it.is_lowercase() || it.is_ascii_digit();
    }
    // `un-lock` is `unlock`.
    let mut at = 0;
    while at + 1 < words.len() {
        if REVERSING[..3].contains(&words[at].as_str()) {
            let word = words.remove(at + 1);
            words[at].push_str(&word);
        }
        at += 1;
    }
    words
}

/// A word without case and without what joins its parts; itself where nothing else is in it, and
/// `None` where it is too long to be compared.
pub(crate) fn folded(word: &str) -> Option<String> {
    // The count of bytes is looked at first: a word of megabytes is not walked.
    let short = word.len() <= 4 * WORD_CHARS_MAX && word.chars().count() <= WORD_CHARS_MAX;
    short.then(|| {
        let joined: String = word.chars().filter(|it| !"_- .".contains(*it)).collect();
        if joined.is_empty() { word.to_lowercase() } else { joined.to_lowercase() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_changes_something_is_told_from_one_that_reads() {
        for name in ["lockCampaigns", "banAgents", "setcalls", "end_campaigns", "makeCall"] {
            assert!(begins_with_change(name), "{name}");
        }
        for name in ["getCalls", "retrieveCalls", "loadcalls", "campaigns", "activeAgents", ""] {
            assert!(!begins_with_change(name), "{name}");
        }
    }

    #[test]
    fn the_reverse_and_the_denial_are_opposites() {
        for (one, other) in [
            ("lock", "unlock"),
            ("unhold", "hold"),
            ("ReactivateLeadId", "DeactivateLeadId"),
            ("activate", "deactivate"),
            ("startCall", "stopCall"),
            ("period_start", "period_end"),
            ("goready", "gonotready"),
            ("hold", "retrieve"),
            ("dateFrom", "dateTo"),
            ("un-lock", "lock"),
            ("de_activate", "activate"),
            ("nohold", "hold"),
            ("holdoff", "hold"),
            ("nodial", "dial"),
            ("NoDncLeadId", "DncLeadId"),
            ("nodncleadids", "DncLeadId"),
            ("export", "import"),
        ] {
            assert!(is_opposite(one, other), "{one} {other}");
            assert!(is_opposite(other, one), "{other} {one}");
        }
        let same = ["lcok", "imports", "contact_in", "phone_no", "notes", "offset"];
        let known = ["lock", "import", "contact_in", "phone", "notes1", "offsets"];
        for (one, other) in same.into_iter().zip(known) {
            assert!(!is_opposite(one, other), "{one} {other}");
        }
    }

    #[test]
    fn another_deed_is_told_from_a_misspelt_one() {
        for (sent, known) in [
            ("AllowLeadPhoneNumber", "DncLeadPhoneNumber"),
            ("allowleadphonenumber", "DncLeadPhoneNumber"),
            ("RescheduleLeadPhoneNumber", "DncLeadPhoneNumber"),
            ("LeadPhoneNumber", "DncLeadPhoneNumber"),
            ("DncLeadByRefId", "MoveLeadByRefId"),
            ("unload_numbers", "upload_numbers"),
            ("system_dial_number", "system_upload_numbers"),
            ("dial_number", "system_upload_numbers"),
            ("reset_statistics", "get_statistics"),
            ("setCalls", "getCalls"),
            ("putcalls", "getCalls"),
            ("archiveCalls", "getCalls"),
            ("deleteCallersByCall", "fetchCallersByCall"),
            ("optOutCallersByCall", "fetchCallersByCall"),
            ("uploadCallersByCall", "fetchCallersByCall"),
            ("runCampaigns", "getCampaigns"),
            ("purge_numbers", "upload_numbers"),
            ("numbers", "upload_numbers"),
            ("loadCalls", "deleteCalls"),
            ("export", "import"),
            ("newcampaigns", "campaigns"),
        ] {
            assert!(is_another_deed(sent, known), "{sent} {known}");
        }
        for (sent, known) in [
            ("DcnLeadPhoneNumber", "DncLeadPhoneNumber"),
            ("dncleadphonenumbr", "DncLeadPhoneNumber"),
            ("upolad_numbers", "upload_numbers"),
            ("upload_number", "system_upload_numbers"),
            ("gteCalls", "getCalls"),
            ("gtcalls", "getcalls"),
            ("calls", "getCalls"),
            ("callersByCall", "fetchCallersByCall"),
            ("getcampaigns", "campaigns"),
            ("strtrecord", "startrecord"),
            ("deactvateleadid", "DeactivateLeadId"),
            ("imprt", "import"),
            ("dialer", "dialler"),
            ("adlead", "AddLead"),
            ("getcal", "getcalls"),
            ("retrieveCalls", "getCalls"),
            ("retrieve", "resume"),
            ("loadCalls", "getCalls"),
            ("load_numbers", "upload_numbers"),
            ("exportCallersByDate", "fetchCallersByDate"),
            ("getOptedInCallersByCall", "fetchCallersByCall"),
        ] {
            assert!(!is_another_deed(sent, known), "{sent} {known}");
        }
    }
}
