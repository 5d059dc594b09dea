//! What a vendor declares so that the core can tell, from the journal alone, that a client does
//! something which works in a test and goes wrong at the vendor's.
//!
//! Patterns of effects have one `{}` for the name of the thing: `contact {} dialled`.

/// One habit that is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Oracle {
    /// A write is sent again after its reply was lost, and is done twice.
    Repeated {
        operation: &'static str,
        /// A part of the effect that says that something was made anew.
        made: &'static str,
    },
    /// A write that turns a state round is sent again after its reply was lost, and undoes itself.
    TurnedBack {
        operation: &'static str,
        /// Parts of the effects that say that the state was turned.
        turned: &'static [&'static str],
    },
    /// A thing is dialled, or is to be dialled, although it was locked against that. Patterns of
    /// effects, and of the reason why an event was refused.
    LockedDialled {
        locked: &'static str,
        unlocked: &'static str,
        dialled: &'static str,
        refused: &'static str,
    },
    /// A lock that has no owner is taken by a second client while the first holds it, and given back by the
    /// second. Patterns of effects.
    LockTaken { locked: &'static str, again: &'static str, unlocked: &'static str },
    /// Requests for one agent go back and forth between calls.
    TwoCalls {
        /// Names of the parameters.
        agent: &'static str,
        call: &'static str,
        /// Patterns of effects after which the agent may turn to another call.
        free: &'static [&'static str],
    },
    /// A login before every request.
    LoginEachTime {
        operation: &'static str,
        /// Name of the parameter that says who logs in.
        account: &'static str,
    },
    /// Windows of time that are polled one after the other do not fit together. Their end does not
    /// belong to them, and times are texts that sort as times do.
    Window {
        operation: &'static str,
        from: &'static str,
        to: &'static str,
        /// Parameters that tell one series of windows from another.
        series: &'static [&'static str],
    },
    /// Windows of time whose end belongs to them unless a switch says otherwise, in whole seconds, and times with an offset: one that
    /// begins a second after the last one's end fits, and one that begins much earlier is read again on
    /// purpose.
    ClosedWindow(Polled),
    /// Windows that end with the present, of a vendor that lists what is over under the time at which it
    /// began: what was up at the end of a window is in no later one.
    LateRows(Polled),
    /// A credential stands in a query, where proxies and logs keep it.
    SecretInQuery {
        parameter: &'static str,
        /// Where it belongs: `the Authorization header`.
        belongs: &'static str,
    },
}

/// A read that is polled, window by window.
#[derive(Clone, Copy, Debug)]
pub struct Polled {
    pub operation: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    /// Parameters that tell one series of windows from another.
    pub series: &'static [&'static str],
    /// Rules of refusals that are answers too: there was nothing.
    pub nothing: &'static [&'static str],
    /// The switch and its position with which the end of a window does not belong to it.
    pub half_open: Option<(&'static str, &'static str)>,
}

impl Oracle {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Oracle::Repeated { .. } => "repeated_write",
            Oracle::TurnedBack { .. } => "turned_back",
            Oracle::LockedDialled { .. } => "locked_dialled",
            Oracle::LockTaken { .. } => "lock_taken",
            Oracle::TwoCalls { .. } => "two_calls",
            Oracle::LoginEachTime { .. } => "login_each_time",
            Oracle::Window { .. } | Oracle::ClosedWindow(_) => "poll_window",
            Oracle::LateRows(_) => "late_rows",
            Oracle::SecretInQuery { .. } => "secret_in_query",
        }
    }

    /// Why it matters.
    pub fn matters(self) -> &'static str {
        match self {
            Oracle::Repeated { .. } => {
                "the vendor did the work although the reply was lost, so the second one made it twice"
            }
            Oracle::TurnedBack { .. } => {
                "each of the two turned the state round, so that it is what it was before the first"
            }
            Oracle::LockedDialled { .. } => {
                "whoever locked it works on it, and now somebody else calls the same person"
            }
            Oracle::LockTaken { .. } => {
                "a lock has no owner, so the second client's unlock took the first one's lock away, while \
                 the first still works on it"
            }
            Oracle::TwoCalls { .. } => {
                "one agent has one pair of ears; the call that is left alone hears nothing"
            }
            Oracle::LoginEachTime { .. } => {
                "a token outlives many requests; logging in for each doubles the load and may be throttled"
            }
            Oracle::LateRows(_) => {
                "what began in a window and ended behind it is listed too late for that window, and in \
                 no later one"
            }
            Oracle::Window { .. } | Oracle::ClosedWindow(_) => {
                "what falls into a gap is never seen, what falls into an overlap is seen twice"
            }
            Oracle::SecretInQuery { .. } => {
                "addresses are kept by proxies, access logs and browsers, and the credential with them"
            }
        }
    }

    /// What to do.
    pub fn remedy(self) -> &'static str {
        match self {
            Oracle::Repeated { .. } => {
                "before sending it again, ask whether it is there, or send a key that the vendor knows \
                 again"
            }
            Oracle::TurnedBack { .. } => {
                "do not send it again by itself; find out first whether the state was turned, and tell a \
                 person where nothing shows it"
            }
            Oracle::LockedDialled { .. } => "unlock it first, or leave it to who locked it",
            Oracle::LockTaken { .. } => {
                "a lock that succeeds proves nothing: agree among your clients who works on what, and \
                 unlock only what your own client was the first to lock"
            }
            Oracle::TwoCalls { .. } => "hold or end the one call before turning to the other",
            Oracle::LoginEachTime { .. } => {
                "keep the token, and log in again only when it is refused or about to expire"
            }
            Oracle::Window { .. } => {
                "begin each window where the last one ended: the end does not belong to it"
            }
            Oracle::ClosedWindow(_) => {
                "begin each window a second after the last one's end, which belongs to that one; or \
                 minutes before it, and drop what is known by its id"
            }
            Oracle::LateRows(_) => {
                "begin each window before the last one's end, by more than the longest call, and drop \
                 what is known by its id"
            }
            Oracle::SecretInQuery { .. } => {
                "keep it out of addresses: send it in its place, if it has one, or not at all"
            }
        }
    }
}
