//! One exchange: reads a request whole and within limits, has it answered, and hands the answer over.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};

use crate::base::chain::Chain;
use crate::base::planted::{self, Fault as Planted};
use crate::net::limits::Limits;
use crate::net::outgoing::{Outgoing, passed_on, send, send_and_close};
use crate::net::proxy::asked::{asked, strip};
use crate::net::proxy::lead::{Led, Refusal, begin_tunnel, led};
use crate::net::setting::Setting;
use crate::net::underway::Underway;
use crate::net::wire::{Withheld, deliver};
use crate::web::answer::Answer;
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};

/// Answers one request.
///
/// # Errors
/// Where a fault took the response.
pub(crate) async fn exchange<A: Answer>(
    answer: &A,
    mut incoming: hyper::Request<Incoming>,
    setting: &Setting,
    underway: Underway,
) -> Result<hyper::Response<Outgoing>, Withheld> {
    let is_tunnel = *incoming.method() == Method::CONNECT;
    let upgrade = is_tunnel.then(|| hyper::upgrade::on(&mut incoming));
    let (mut head, body) = incoming.into_parts();
    let asked = asked(&head.method, &head.uri, &head.headers, setting.own);
    let is_circle = setting.lobby.pass.as_ref().is_some_and(|it| it.is_circle(&head.headers));
    // What is between a client and its proxy is a mistake where there is none, and can be told as one.
    if !matches!(asked, Ok(None)) || setting.inside.is_some() {
        strip(&mut head.headers);
    }
    let mut request = Request {
        method: head.method,
        target: head.uri,
        path_start: 0,
        headers: head.headers,
        body: Bytes::new(),
        peer: setting.peer.ip(),
        via: setting.inside.clone(),
    };
    let refuse = |request, (status, reason): Refusal, underway| {
        Ok(send_and_close(answer.refuse(request, status, reason), underway))
    };
    let limits = setting.lobby.limits;
    if head_bytes(&request) > limits.head_bytes_max {
        let reason = format!(
            "the head is larger than {} bytes, the most that is taken",
            limits.head_bytes_max
        );
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return refuse(request, (status, reason), underway);
    }
    let led = match led(answer, asked, setting, is_circle) {
        Ok(led) => led,
        Err(refusal) => return refuse(request, refusal, underway),
    };
    if let Some(upgrade) = upgrade {
        return match begin_tunnel(led, upgrade, setting).await {
            Ok(()) => {
                let begun = Response::empty(StatusCode::OK);
                Ok(send(begun, |body| Outgoing::new(underway, body, None)))
            }
            Err(refusal) => refuse(request, refusal, underway),
        };
    }
    let read = read_body(body, limits).await;
    underway.standing.body_is_in();
    match read {
        Ok(body) => request.body = body,
        Err(refusal) => return refuse(request, refusal, underway),
    }
    match (led, &setting.lobby.pass) {
        (Led::Elsewhere(via), Some(pass)) => {
            return match pass.forward(request.clone(), &via).await {
                Ok(reply) => Ok(passed_on(reply, underway)),
                Err(reason) => refuse(request, (StatusCode::BAD_GATEWAY, reason), underway),
            };
        }
        (Led::Here(via) | Led::Elsewhere(via), _) => request.via = Some(via),
        (Led::Itself, _) => {}
    }
    let answered = answer.answer(request).await;
    if answered.delivery == Delivery::default() {
        let stream = answered.stream;
        return Ok(send(answered.response, |body| Outgoing::new(underway, body, stream)));
    }
    deliver(underway, answered).await
}

/// The size of a head. hyper's own limit is on its buffer, which may hold up to twice as much.
fn head_bytes(request: &Request) -> usize {
    let headers = request.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    let path = request.target.path_and_query().map_or(0, |it| it.as_str().len());
    path + headers.sum::<usize>()
}

async fn read_body(body: Incoming, limits: Limits) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    planted::holds_thread(Planted::BodyHoldsThread, Duration::from_secs(1));
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
        Ok(Ok(collected)) => {
            let body = collected.to_bytes();
            let is_full = body.len().is_multiple_of(64);
            assert!(!(is_full && planted::is(Planted::BodyOfFullBlocks)), "no rest is left");
            Ok(body)
        }
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
