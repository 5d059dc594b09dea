//! Tasks that have to go on: one that panics is begun anew, and the process says so meanwhile.

use std::any::Any;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::base::health::{Ailment, Health};

/// How long a task that panicked is left alone, so that one which always does so does not take all of
/// a processor.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs a task until it ends by itself. Where it panics, it is begun anew.
pub(crate) async fn keep_up<F>(who: &str, health: &Health, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // A set ends what is in it when it is dropped; a handle would not.
        let mut one = JoinSet::new();
        one.spawn(begin());
        let Some(Err(error)) = one.join_next().await else { return };
        let Ok(panic) = error.try_into_panic() else { return };
        let said = text_of(&*panic);
        tracing::error!(who, said, "it panicked and is begun anew");
        health.ails(who, Ailment::Down, format!("it panicked ({said}) and is begun anew"));
        sleep(PAUSE).await;
        health.is_well(who);
    }
}

/// What a panic says.
fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_begun_anew_and_told_of_meanwhile() {
        let n_begun = Arc::new(AtomicUsize::new(0));
        let health = Arc::new(Health::default());
        let begin = {
            let (n_begun, health) = (Arc::clone(&n_begun), Arc::clone(&health));
            move || {
                let n_before = n_begun.fetch_add(1, Ordering::Relaxed);
                let health = Arc::clone(&health);
                async move {
                    assert_eq!(health.what_is_down(), None, "it runs again");
                    // Without the report that a panic makes on stderr.
                    if n_before == 0 {
                        std::panic::resume_unwind(Box::new("first time"));
                    }
                }
            }
        };
        let told = {
            let health = Arc::clone(&health);
            async move {
                loop {
                    if let Some(told) = health.what_is_down() {
                        return told;
                    }
                    tokio::task::yield_now().await;
                }
            }
        };
        let ((), told) = tokio::join!(keep_up("x", &health, begin), told);
        assert_eq!(told, "x: it panicked (first time) and is begun anew");
        assert_eq!(n_begun.load(Ordering::Relaxed), 2);
        assert_eq!(health.complaints(), None);
    }
}
