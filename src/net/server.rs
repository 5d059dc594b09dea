//! One listener: accepts connections, reads requests whole and within limits, has them answered,
//! and sends the answers.
//!
//! What lies below HTTP (a malformed head, one that is too long or too slow) is answered by hyper,
//! or dropped; it never reaches a world or a journal.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::io::{Ending, Patient};
use super::outgoing::{Outgoing, send, send_and_close};
use super::wire::{Wire, Withheld};
use crate::base::limits;
use crate::base::tally::{self, Tally};
use crate::web::answer::Answer;
use crate::web::delivery::Delivery;
use crate::web::message::Request;

/// Limits of a listener; see `base::limits` for the reasons.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub head_bytes_max: usize,
    pub headers_max: usize,
    pub body_bytes_max: usize,
    pub connections_max: usize,
    pub head_timeout: Duration,
    pub body_timeout: Duration,
    pub write_timeout: Duration,
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head_bytes_max: limits::HEAD_BYTES_MAX,
            headers_max: limits::HEADERS_MAX,
            body_bytes_max: limits::BODY_BYTES_MAX,
            connections_max: limits::CONNECTIONS_MAX,
            head_timeout: limits::HEAD_TIMEOUT,
            body_timeout: limits::BODY_TIMEOUT,
            write_timeout: limits::WRITE_TIMEOUT,
            drain_timeout: limits::DRAIN_TIMEOUT,
        }
    }
}

/// How long to wait when the system hands out no more connections, so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves a listener until `stop` says so, then lets requests in flight finish within the limit.
pub async fn serve<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    limits: Limits,
    stop: watch::Receiver<bool>,
) {
    let in_flight = accept_until(listener, answer, limits, stop).await;
    drain(in_flight, limits).await;
}

/// Serves a listener until `stop` says so, or its sender is gone; the address is free then. Answers
/// what is still in flight.
pub(super) async fn accept_until<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) -> GracefulShutdown {
    let graceful = GracefulShutdown::new();
    // Over the limit, connections wait in the system's queue.
    let room = Arc::new(Semaphore::new(limits.connections_max));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let answer = Arc::clone(&answer);
        let ending = Ending::default();
        let io = TokioIo::new(Patient::new(stream, limits.write_timeout, ending.clone()));
        let stop_hung = stop.clone();
        let service = service_fn(move |request| {
            let answer = Arc::clone(&answer);
            let wire = Wire { ending: ending.clone(), stop: stop_hung.clone() };
            async move { exchange(&*answer, request, peer.ip(), limits, wire).await }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_timeout)
            .max_buf_size(limits.head_bytes_max)
            .max_headers(limits.headers_max)
            .title_case_headers(true)
            .auto_date_header(false)
            .serve_connection(io, service);
        let connection = graceful.watch(connection);
        tally::CONNECTIONS.add(1);
        tally::CONNECTIONS_OPEN.add(1);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                below_http(&error).add(1);
                tracing::debug!(%peer, %error, "connection ended");
            }
            tally::CONNECTIONS_OPEN.take_one();
            drop(permit);
        });
    }
    graceful
}

/// Lets requests in flight finish within the limit.
pub(super) async fn drain(in_flight: GracefulShutdown, limits: Limits) {
    if tokio::time::timeout(limits.drain_timeout, in_flight.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests in flight");
    }
}

/// What an ending that is none of HTTP's counts as.
fn below_http(error: &hyper::Error) -> &'static Tally {
    if error.is_parse() {
        &tally::HEADS_MALFORMED
    } else if error.is_timeout() {
        &tally::HEADS_SLOW
    } else {
        &tally::CONNECTIONS_BROKEN
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<Accepted> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Replies are small and awaited: never hold one back for the next.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%peer, %error, "no delay cannot be set");
            }
            Some((stream, peer, permit))
        }
        Err(error) => {
            tracing::warn!(%error, "cannot accept");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn exchange<A: Answer>(
    answer: &A,
    incoming: hyper::Request<Incoming>,
    peer: IpAddr,
    limits: Limits,
    wire: Wire,
) -> Result<hyper::Response<Outgoing>, Withheld> {
    let (head, body) = incoming.into_parts();
    let mut request = Request {
        method: head.method,
        target: head.uri,
        path_start: 0,
        headers: head.headers,
        body: Bytes::new(),
        peer,
    };
    if head_bytes(&request) > limits.head_bytes_max {
        let reason = format!(
            "the head is larger than {} bytes, the most that is taken",
            limits.head_bytes_max
        );
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Ok(send_and_close(answer.refuse(request, status, reason)));
    }
    match read_body(body, limits).await {
        Ok(body) => {
            request.body = body;
            let answered = answer.answer(request).await;
            if answered.delivery == Delivery::default() {
                return Ok(send(answered.response, |body| Outgoing::new(body, answered.stream)));
            }
            wire.deliver(answered).await
        }
        Err((status, reason)) => Ok(send_and_close(answer.refuse(request, status, reason))),
    }
}

/// The size of a head. hyper's own limit is on its buffer, which may hold up to twice as much.
fn head_bytes(request: &Request) -> usize {
    let headers = request.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    let path = request.target.path_and_query().map_or(0, |it| it.as_str().len());
    path + headers.sum::<usize>()
}

async fn read_body(body: Incoming, limits: Limits) -> Result<Bytes, (StatusCode, String)> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let most = limits.body_bytes_max;
    let too_large = || {
        let reason = format!("the body is larger than {most} bytes, the most that is taken");
        (StatusCode::PAYLOAD_TOO_LARGE, reason)
    };
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let whole = Limited::new(body, most).collect();
    match tokio::time::timeout(limits.body_timeout, whole).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => {
            let reason = format!("the body ended before its announced length: {error}");
            Err((StatusCode::BAD_REQUEST, reason))
        }
        Err(_) => {
            let reason =
                format!("the body was not complete after {} s", limits.body_timeout.as_secs());
            Err((StatusCode::REQUEST_TIMEOUT, reason))
        }
    }
}
