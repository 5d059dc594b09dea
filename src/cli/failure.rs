//! How a command ends: its failure and exit code, and what goes to the terminal.

#![expect(clippy::print_stderr, reason = "only the command line prints")]

use std::io::{self, Write};
use std::process::ExitCode;

use crate::app::AppError;
use crate::base::chain::Chain;
use crate::client::FetchError;
use crate::client::tail::TailError;
use crate::exit;

/// The environment variable of the control plane's token; never a flag, because flags are seen by
/// everybody on the machine.
pub(super) const TOKEN_VARIABLE: &str = "RINGBACK_ADMIN_TOKEN";

pub(crate) fn ended(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::from(exit::FINE),
        Err(failure) => {
            if !failure.text.is_empty() {
                eprintln!("ringback: {}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
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

/// The control plane's token; an empty one is as good as none and surely a mistake.
pub(crate) fn token() -> Result<Option<String>, Failure> {
    match std::env::var(TOKEN_VARIABLE) {
        Ok(token) if token.is_empty() => {
            Err(bad_input(format!("{TOKEN_VARIABLE} is empty; unset it, or give it a value")))
        }
        Ok(token) => Ok(Some(token)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(bad_input(format!("{TOKEN_VARIABLE} is not text in UTF-8")))
        }
    }
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|error| Failure { text: error.to_string(), code: exit::NO_RESOURCE })
}

pub(crate) fn print(line: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
        }
        _ => Ok(()),
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::UnknownVendor { .. }
            | AppError::NothingToWatch
            | AppError::AdminOpen { .. }
            | AppError::Scenario(_) => exit::BAD_INPUT,
            AppError::NotAsExpected(_) => exit::DIFFERED,
            AppError::Bind { .. }
            | AppError::Data(_)
            | AppError::World(_)
            | AppError::Judge(_)
            | AppError::System { .. }
            | AppError::Stdout(_) => exit::NO_RESOURCE,
        };
        Failure { text: Chain(&error).to_string(), code }
    }
}

impl From<TailError> for Failure {
    fn from(error: TailError) -> Self {
        let code = match error {
            TailError::Refused(_) | TailError::Fetch(FetchError::Address(_)) => exit::BAD_INPUT,
            _ => exit::NO_RESOURCE,
        };
        Failure { text: error.to_string(), code }
    }
}
