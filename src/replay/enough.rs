//! Whether a system that is somebody else's is asked on after what it answered.
//!
//! One that says that it wants no more, that refuses a credential, or that is behind a page for people gets
//! no further request: an account may be locked by it. What a step expects is no reason to stop.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::client::Arrival;
use crate::client::enough::{is_enough, is_page, page};
use crate::replay::said::Said;

/// Why nothing more is asked, once that is so.
pub(crate) type Enough = Arc<OnceLock<String>>;

/// Why nothing more is asked after a reply to the step of that name.
pub(super) fn enough(step: &str, said: &Said, timeout: Duration) -> Option<String> {
    let expected = &said.expected;
    if said.arrival == Arrival::Late.name() && expected.arrival.as_deref() != Some(said.arrival) {
        return Some(format!("no whole answer to {step} came within {timeout:?}"));
    }
    let reply = said.reply.as_ref()?;
    let status = reply.status;
    let is_expected = expected.status == Some(status);
    if !is_expected && is_enough(status) {
        return Some(format!("the target answers {step} with {status}: it wants no more"));
    }
    if !is_expected && status == 401 {
        return Some(format!(
            "the target refuses a credential: 401 to {step}; those of a recording are pseudonyms, and \
             --credential NAME=VALUE gives an account's"
        ));
    }
    let text = String::from_utf8_lossy(&reply.body);
    // A page may come with the status of what was recorded, and is no less one.
    let was_other = expected.body.as_ref().is_some_and(|it| !is_page(&String::from_utf8_lossy(it)));
    (is_page(&text) && (!is_expected || was_other)).then(|| {
        format!(
            "the target answers {step} with {} and status {status}, which was not recorded so; is it the \
             API's own address?",
            page(&text)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::said::{Expected, Reply};

    fn said(status: u16, body: &str, expected: Option<u16>) -> Said {
        Said {
            method: "GET".into(),
            path: "/".into(),
            headers: Vec::new(),
            body: Vec::new(),
            reply: Some(Reply { status, headers: Vec::new(), body: body.into() }),
            arrival: Arrival::Whole.name(),
            took: Duration::ZERO,
            expected: Expected { status: expected, ..Expected::default() },
            unlike: Vec::new(),
        }
    }

    #[test]
    fn what_was_recorded_so_is_no_reason_to_stop() {
        let at_most = Duration::from_secs(30);
        let why = |it: &Said| enough("a step", it, at_most);
        for status in [401, 423, 429] {
            assert_eq!(why(&said(status, "", Some(status))), None);
            let told = why(&said(status, "", Some(200))).unwrap();
            assert!(told.contains(&status.to_string()) && told.contains("a step"), "{told}");
            assert!(why(&said(status, "", None)).is_some());
        }
        for status in [400, 403, 404, 500] {
            assert_eq!(why(&said(status, "{}", Some(200))), None);
        }
        let page = "<!DOCTYPE html><p>Solve this CAPTCHA";
        assert!(why(&said(503, page, Some(200))).unwrap().contains("a captcha"));
        assert_eq!(why(&said(404, page, Some(404))), None);
        let mut same_status = said(200, page, Some(200));
        same_status.expected.body = Some(b"{}".to_vec());
        assert!(why(&same_status).unwrap().contains("a captcha"));
        same_status.expected.body = Some(page.into());
        assert_eq!(why(&same_status), None);
        let late = Said { reply: None, arrival: Arrival::Late.name(), ..said(0, "", Some(200)) };
        assert!(why(&late).unwrap().contains("30s"));
    }
}
