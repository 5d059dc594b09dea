//! What an entry has beside its line: the run that its request belongs to, the bodies of its exchange,
//! and the request to send again.

use super::entry::Seen;
use super::plain::plain;
use crate::base::text::{counted, grouped};
use crate::web::curl;
use crate::web::exchange::{Body, Message};

/// The line for the shell that sends the request again; `None` where there is no request.
pub(crate) fn again(entry: &Seen<'_>) -> Option<String> {
    entry.request.as_ref().map(curl::line)
}

/// The run that the request belongs to, and the bodies line by line: what was asked behind `>` and
/// what was answered behind `<`.
pub(crate) fn lines(entry: &Seen<'_>) -> Vec<String> {
    let trace = entry.trace.iter().map(|trace| plain(&format!("trace {trace}")));
    let why = entry.why.iter().map(|why| plain(&format!("ringback explain {}", why.rule)));
    let asked = entry.request.iter().flat_map(|asked| body(">", &asked.message));
    let answered = entry.response.iter().flat_map(|answered| body("<", &answered.message));
    trace.chain(why).chain(asked).chain(answered).collect()
}

/// Nothing where it is empty.
fn body(mark: &str, message: &Message<'_>) -> Vec<String> {
    let (text, end) = match &message.body {
        Body::Text(text) => (text.as_ref(), None),
        Body::Bytes(bytes) => {
            let bytes = counted(bytes.len(), "byte that is", "bytes that are");
            ("", Some(format!("{bytes} no text")))
        }
        Body::Cut { head, bytes, .. } => {
            (head.as_ref(), Some(format!("… {} bytes in all", grouped(*bytes))))
        }
        Body::Streamed(None) => ("", Some("a body that is still being sent".into())),
        Body::Streamed(Some(sent)) => {
            let bytes = counted(grouped(sent.bytes), "byte", "bytes");
            ("", Some(format!("a body of {bytes}, made while it was sent")))
        }
    };
    text.lines().map(plain).chain(end).map(|line| format!("{mark} {line}")).collect()
}
