//! One exchange: reads a request whole and within limits, has it answered, and hands the answer over.

use std::net::IpAddr;

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};

use crate::base::chain::Chain;
use crate::net::limits::Limits;
use crate::net::outgoing::{Outgoing, send, send_and_close};
use crate::net::underway::Underway;
use crate::net::wire::{Withheld, deliver};
use crate::web::answer::Answer;
use crate::web::delivery::Delivery;
use crate::web::message::Request;

/// Answers one request.
///
/// # Errors
/// Where a fault took the response.
pub(crate) async fn exchange<A: Answer>(
    answer: &A,
    incoming: hyper::Request<Incoming>,
    peer: IpAddr,
    limits: Limits,
    underway: Underway,
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
        return Ok(send_and_close(answer.refuse(request, status, reason), underway));
    }
    // What follows a CONNECT is meant for another host, and no request of this connection's.
    let is_tunnel = request.method == Method::CONNECT;
    let read = read_body(body, limits).await;
    underway.standing.body_is_in();
    match read {
        Ok(_) if is_tunnel => {
            let reason = "CONNECT asks for a tunnel to another host, and there are none".to_owned();
            let refused = answer.refuse(request, StatusCode::METHOD_NOT_ALLOWED, reason);
            Ok(send_and_close(refused, underway))
        }
        Ok(body) => {
            request.body = body;
            let answered = answer.answer(request).await;
            if answered.delivery == Delivery::default() {
                let stream = answered.stream;
                return Ok(send(answered.response, |body| Outgoing::new(underway, body, stream)));
            }
            deliver(underway, answered).await
        }
        Err((status, reason)) => {
            Ok(send_and_close(answer.refuse(request, status, reason), underway))
        }
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
        Ok(Err(error)) => Err((StatusCode::BAD_REQUEST, broken(&*error))),
        Err(_) => {
            let reason =
                format!("the body was not complete after {} s", limits.body_timeout.as_secs());
            Err((StatusCode::REQUEST_TIMEOUT, reason))
        }
    }
}

/// What is wrong with a body that cannot be read to its end.
fn broken(error: &(dyn std::error::Error + 'static)) -> String {
    let told = Chain(error).to_string();
    // hyper has no other word for a chunk's head or end that is none.
    let is_cut =
        error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message);
    let is_chunk = ["chunk", "Invalid"].iter().any(|word| told.contains(word));
    if is_chunk && !is_cut {
        format!(
            "the chunks of the body cannot be read: {told}; expected each with its size in \
             hexadecimal digits, a line end, so many bytes and a line end"
        )
    } else {
        format!("the body ended before its announced length: {told}")
    }
}
