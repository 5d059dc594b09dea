//! What signals do once nobody listens for them any more: they end the program.

use std::process::exit;
use std::thread;

use crate::app::error::AppError;
use crate::app::serving::Signals;

/// Has the next signal end the program with this exit code, once the last words are said.
///
/// # Errors
/// Where signals cannot be listened for; they do nothing then.
pub(crate) fn end_at_signal(
    code: u8,
    last_words: impl FnOnce() + Send + 'static,
) -> Result<(), AppError> {
    let cannot = |source| AppError::System { what: "listen for signals", source };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let runtime = runtime.map_err(cannot)?;
    let signals = {
        let _inside = runtime.enter();
        Signals::new()
    };
    let mut signals = signals.map_err(cannot)?;
    #[expect(clippy::exit, reason = "the thread that would return from main is at work")]
    let wait = move || {
        runtime.block_on(signals.wait());
        last_words();
        exit(i32::from(code));
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait).map_err(cannot)?;
    Ok(())
}
