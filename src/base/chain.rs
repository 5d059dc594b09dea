//! An error with all that led to it, on one line.

use std::error::Error;
use std::fmt;

/// Prints an error and its causes, outermost first: `cannot rename the seed file a.db: not enough
/// space`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain<'e>(pub &'e (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Some errors tell their cause in their own words already, and have it beside.
            if !said.contains(&text) {
                write!(f, ": {text}")?;
                said = text;
            }
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no space")]
    struct Full;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot write: {0}")]
    struct Unwritten(#[source] Full);

    #[derive(Debug, thiserror::Error)]
    #[error("cannot keep the world")]
    struct Unkept(#[source] Unwritten);

    #[test]
    fn each_cause_is_told_once() {
        assert_eq!(Chain(&Full).to_string(), "no space");
        assert_eq!(Chain(&Unwritten(Full)).to_string(), "cannot write: no space");
        let unkept = Unkept(Unwritten(Full));
        assert_eq!(Chain(&unkept).to_string(), "cannot keep the world: cannot write: no space");
    }
}
