//! Responses on their way out: whole, made while they are sent, or bent by a fault.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::net::standing::Standing;
use crate::net::underway::Underway;
use crate::web::delivery::How;
use crate::web::message::Response;
use crate::web::stream::{Broken, Chunks};

/// A body on its way out.
pub(crate) struct Outgoing {
    form: Form,
    underway: Underway,
}

enum Form {
    Whole(Full<Bytes>),
    Stream(Chunks),
    Bent(Box<Bent>),
    /// Of another host, as it comes.
    Passed(Incoming),
}

impl Outgoing {
    /// A body that is there, or is made while it is sent.
    pub(crate) fn new(underway: Underway, body: Bytes, stream: Option<Chunks>) -> Self {
        underway.standing.sends(stream.as_ref().is_some_and(Chunks::is_endless));
        Outgoing { form: Form::new(body, stream), underway }
    }

    /// The body as a fault leaves it.
    pub(crate) fn bent(underway: Underway, body: Bytes, stream: Option<Chunks>, how: How) -> Self {
        underway.standing.sends(false);
        Outgoing { form: Form::bent(body, stream, how), underway }
    }
}

/// Puts a response into hyper's form; `body` makes the body of its bytes.
pub(crate) fn send(
    response: Response,
    body: impl FnOnce(Bytes) -> Outgoing,
) -> hyper::Response<Outgoing> {
    let mut sent = hyper::Response::new(body(response.body));
    *sent.status_mut() = response.status;
    let headers = sent.headers_mut();
    headers.reserve(response.headers.len());
    for (name, value) in response.headers {
        headers.append(name, value);
    }
    sent
}

/// Passes a reply of another host on, without what was between that host and us.
pub(crate) fn passed_on(
    reply: hyper::Response<Incoming>,
    underway: Underway,
) -> hyper::Response<Outgoing> {
    underway.standing.sends(false);
    let mut sent = reply.map(|body| Outgoing { form: Form::Passed(body), underway });
    *sent.version_mut() = hyper::Version::HTTP_11;
    for name in [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE] {
        sent.headers_mut().remove(name);
    }
    sent
}

/// Sends a response and closes: what is left of the request's body cannot be told from a next
/// request.
pub(crate) fn send_and_close(response: Response, underway: Underway) -> hyper::Response<Outgoing> {
    let mut response = send(response, |body| Outgoing::new(underway, body, None));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

impl Form {
    fn new(body: Bytes, stream: Option<Chunks>) -> Self {
        match stream {
            Some(chunks) => Form::Stream(chunks),
            None => Form::Whole(Full::new(body)),
        }
    }

    fn bent(body: Bytes, stream: Option<Chunks>, how: How) -> Self {
        let is_stream = stream.is_some();
        let length = body.len() as u64;
        let (bend, announced) = match how {
            How::Drip { bytes, pause } => {
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
                (Bend::Drip { bytes, pause, rest: Bytes::new(), sleep: None }, length)
            }
            How::Truncate { bytes } => {
                let keep = bytes.unwrap_or(length / 2).min(length.saturating_sub(1));
                // Of a body whose length nobody knows, half of the first chunk.
                let left = if is_stream { bytes } else { Some(keep) };
                (Bend::Truncate { left, is_flushed: false }, length)
            }
            // A reply without a body announces one byte, else it would end with its head.
            How::ResetAfterHead => (Bend::Reset { is_flushed: false }, length.max(1)),
            How::Malform if !is_stream => {
                return Form::Whole(Full::new(without_last(&body)));
            }
            How::Malform => (Bend::Malform { held: None }, length),
            How::Whole | How::Close | How::Reset | How::Hang => return Self::new(body, stream),
        };
        let source = stream.map_or_else(|| Source::Whole(Some(body)), Source::Stream);
        let announced = (!is_stream).then_some(announced);
        Form::Bent(Box::new(Bent { source, bend, announced }))
    }
}

/// A body without its last byte; white space at the end does not count, because a reader does not
/// miss it.
fn without_last(body: &Bytes) -> Bytes {
    let end = body.trim_ascii_end().len();
    body.slice(..end.saturating_sub(1))
}

/// A body that a fault bends.
struct Bent {
    source: Source,
    bend: Bend,
    /// The length that the head names.
    announced: Option<u64>,
}

enum Source {
    Whole(Option<Bytes>),
    Stream(Chunks),
}

impl Source {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        match self {
            Source::Whole(body) => Poll::Ready(body.take().map(Ok)),
            Source::Stream(chunks) => chunks.poll_next(cx),
        }
    }
}

enum Bend {
    Drip { bytes: usize, pause: Duration, rest: Bytes, sleep: Option<Pin<Box<Sleep>>> },
    Truncate { left: Option<u64>, is_flushed: bool },
    Malform { held: Option<Bytes> },
    Reset { is_flushed: bool },
}

type Polled = Poll<Option<Result<Bytes, Broken>>>;

impl Bent {
    fn poll_next(&mut self, cx: &mut Context<'_>, standing: &Standing) -> Polled {
        let source = &mut self.source;
        match &mut self.bend {
            Bend::Drip { bytes, pause, rest, sleep: sleeping } => {
                if let Some(sleep) = sleeping {
                    ready!(sleep.as_mut().poll(cx));
                    *sleeping = None;
                }
                if rest.is_empty() {
                    match ready!(source.poll_next(cx)) {
                        Some(Ok(chunk)) => *rest = chunk,
                        end => return Poll::Ready(end),
                    }
                }
                *sleeping = Some(Box::pin(sleep(*pause)));
                Poll::Ready(Some(Ok(rest.split_to(rest.len().min(*bytes)))))
            }
            Bend::Truncate { left, is_flushed } => {
                if *left == Some(0) {
                    return after_flush(cx, is_flushed);
                }
                let mut chunk = match ready!(source.poll_next(cx)) {
                    Some(Ok(chunk)) => chunk,
                    end => return Poll::Ready(end),
                };
                let keep = left.unwrap_or(chunk.len() as u64 / 2);
                chunk.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
                *left = Some(keep - chunk.len() as u64);
                Poll::Ready(Some(Ok(chunk)))
            }
            Bend::Malform { held } => loop {
                match ready!(source.poll_next(cx)) {
                    Some(Ok(chunk)) => {
                        if let Some(earlier) = held.replace(chunk) {
                            return Poll::Ready(Some(Ok(earlier)));
                        }
                    }
                    Some(Err(broken)) => return Poll::Ready(Some(Err(broken))),
                    None => return Poll::Ready(held.take().map(|last| Ok(without_last(&last)))),
                }
            },
            Bend::Reset { is_flushed } => {
                let end = after_flush(cx, is_flushed);
                if end.is_ready() {
                    standing.reset_at_end();
                }
                end
            }
        }
    }
}

/// Breaks off, but not before what was written is on its way: the connection flushes when a body
/// has nothing more for the moment.
fn after_flush(cx: &mut Context<'_>, is_flushed: &mut bool) -> Polled {
    if *is_flushed {
        return Poll::Ready(Some(Err(Broken)));
    }
    *is_flushed = true;
    cx.waker().wake_by_ref();
    Poll::Pending
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let Outgoing { form, underway } = self.get_mut();
        let chunk = match form {
            Form::Whole(body) => {
                // A body that is there cannot break off.
                let frame = Pin::new(body).poll_frame(cx);
                return frame.map(|frame| frame.map(|it| it.map_err(|_| Broken)));
            }
            Form::Stream(chunks) => match chunks.poll_next(cx) {
                // What has no end of its own ends with the listener.
                Poll::Pending if chunks.is_endless() && underway.is_stopping() => Poll::Ready(None),
                polled => polled,
            },
            Form::Bent(bent) => bent.poll_next(cx, &underway.standing),
            Form::Passed(body) => {
                let frame = Pin::new(body).poll_frame(cx);
                return frame.map(|frame| frame.map(|it| it.map_err(|_| Broken)));
            }
        };
        chunk.map(|chunk| chunk.map(|it| it.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.form {
            Form::Whole(body) => body.is_end_stream(),
            Form::Passed(body) => body.is_end_stream(),
            Form::Stream(_) | Form::Bent(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.form {
            Form::Whole(body) => body.size_hint(),
            Form::Passed(body) => body.size_hint(),
            Form::Stream(_) => SizeHint::default(),
            Form::Bent(bent) => bent.announced.map_or_else(SizeHint::default, SizeHint::with_exact),
        }
    }
}
