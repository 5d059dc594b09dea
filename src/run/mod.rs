//! `ringback run`: a client as it is, led to a Ringback of its own, and a verdict.
//!
//! | module | what it is |
//! | --- | --- |
//! | `lever` | what leads clients here, as one table |
//! | `folder` | the files that levers need, gone at the end |
//! | `place` | where they lie |
//! | `environment` | a client's environment: what is set, added to, taken out |
//! | `inherited` | what leads elsewhere within a variable or a file of the user's |
//! | `guard` | the processes between us and the client, so that nothing is left behind |
//! | `command` | the client as a process: started, passed signals, waited for |
//! | `terminal` | whose the terminal is, and who stops with whom |
//! | `watcher` | whether it is connected to the web past us |
//! | `form` | an environment as shells and others read it |
//! | `points` | a run as a test, for build servers |
//! | `html` | a run as a page |
//! | `sealed` | a client in a network of its own |
//! | `facts`, `verdict`, `summary` | what was seen, what that means, and how it is told |
//!
//! Not here: what is served (`app`), and flags (`cli`).

pub(crate) mod command;
pub(crate) mod environment;
pub(crate) mod facts;
pub(crate) mod folder;
pub(crate) mod form;
pub(crate) mod guard;
pub(crate) mod html;
mod inherited;
pub(crate) mod lever;
pub(crate) mod place;
pub(crate) mod points;
pub(crate) mod sealed;
pub(crate) mod summary;
mod terminal;
pub(crate) mod verdict;
mod watcher;
