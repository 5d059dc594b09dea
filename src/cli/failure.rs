//! How a command ends: its failure and exit code, and what goes to the terminal.

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use crate::app::AppError;
use crate::base::chain::Chain;
use crate::base::limits::LAST_WORDS_MAX;
use crate::base::threads;
use crate::exit;
use crate::net::tls::error::TlsError;
use crate::replay::error::ReplayError;

/// Says how a command ended, and makes its exit code.
pub(crate) fn ended(result: Result<(), Failure>) -> ExitCode {
    say_and_end(result, |text| {
        // Where stderr cannot be written, the exit code has to do.
        let _ = writeln!(io::stderr(), "{text}");
    })
}

/// Says how a command that served ended, and makes its exit code: whoever reads stderr may have
/// stopped long ago, and does not hold the end.
pub(crate) fn ended_in_time(result: Result<(), Failure>) -> ExitCode {
    say_and_end(result, |text| {
        let line = format!("{text}\n");
        let (tell, told) = mpsc::channel();
        let started = thread::Builder::new().spawn(move || {
            let _ = io::stderr().write_all(line.as_bytes());
            let _ = tell.send(());
        });
        if started.is_ok() {
            let _ = told.recv_timeout(LAST_WORDS_MAX);
        }
    })
}

fn say_and_end(result: Result<(), Failure>, say: impl FnOnce(&str)) -> ExitCode {
    let Err(Failure { text, code }) = result else { return ExitCode::from(exit::FINE) };
    if !text.is_empty() {
        say(&format!("ringback: {text}"));
    }
    ExitCode::from(code)
}

/// An ending that is not fine: what to say, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(super) text: String,
    pub(super) code: u8,
}

pub(crate) fn bad_input(text: impl Into<String>) -> Failure {
    Failure { text: text.into(), code: exit::BAD_INPUT }
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // Where there is no thread to be had it panics, which is nobody's mistake; and what would unwind waits
    // for ever for the threads that were to be had.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| no_threads()));
    let built = threads::many().build();
    if let Ok(runtime) = &built {
        threads::begin_one(runtime);
    }
    panic::set_hook(hook);
    built.map_err(|error| Failure { text: error.to_string(), code: exit::NO_RESOURCE })
}

#[expect(clippy::exit, reason = "whoever would return from main waits for threads that do not end")]
fn no_threads() -> ! {
    // Where stderr cannot be written, the exit code has to do.
    let _ = writeln!(io::stderr(), "ringback: the system has no threads to give (ulimit -u)");
    std::process::exit(i32::from(exit::NO_RESOURCE));
}

pub(crate) fn print(line: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
        }
        _ => Ok(()),
    }
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Self {
        let code = if error.is_unserved() { exit::NO_RESOURCE } else { exit::BAD_INPUT };
        Failure { text: error.to_string(), code }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::UnknownVendor { .. }
            | AppError::HostFirst { .. }
            | AppError::HostTwice { .. }
            | AppError::Host(_)
            | AppError::Upstream(_)
            | AppError::NothingToWatch
            | AppError::AdminOpen { .. }
            | AppError::Named(_)
            | AppError::Scenario(_)
            | AppError::Tls(TlsError::Read { .. } | TlsError::Unfit { .. }) => exit::BAD_INPUT,
            AppError::NotAsExpected(_) => exit::DIFFERED,
            AppError::Bind { .. }
            | AppError::Tls(_)
            | AppError::Data(_)
            | AppError::World(_)
            | AppError::Judge(_)
            | AppError::System { .. }
            | AppError::Ended { .. }
            | AppError::Busy
            | AppError::Cut
            | AppError::Stdout(_) => exit::NO_RESOURCE,
        };
        Failure { text: Chain(&error).to_string(), code }
    }
}
