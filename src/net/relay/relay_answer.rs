//! Answers clients with what the vendor's own system answers.

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::base::clock::system_now;
use crate::base::time::Wall;
use crate::contract::vendor::Vendor;
use crate::net::relay::asked::{OF_ONE_HOP, cookie, is_circle, sent, unpacked};
use crate::net::relay::gate::Gate;
use crate::net::relay::redirect::{Led, led};
use crate::net::relay::upstream::{Reply, Upstream};
use crate::web::answer::{Answer, Answered};
use crate::web::handshake::FailedHandshake;
use crate::web::message::{Request, Response};
use crate::web::via::{Lead, Via};

/// What was said: a request, and the reply with its body as it is read.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) at: Wall,
    pub(crate) request: Request,
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Told {
    Heard(Box<Heard>),
    /// There is nothing to record of it: why.
    Unheard(String),
}

/// Takes what became of a request.
pub(crate) type Tell = dyn Fn(Told) + Send + Sync;

/// Says something to whoever sits before the program.
pub(crate) type Say = dyn Fn(&str) + Send + Sync;

/// Between clients and a vendor's own system.
pub(crate) struct Relay {
    vendor: &'static Vendor,
    upstream: Upstream,
    gate: Gate,
    tell: Box<Tell>,
    say: Box<Say>,
    /// What it calls itself, by which it knows its own requests again.
    pseudonym: String,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Relay").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}

impl Relay {
    pub(crate) fn new(
        vendor: &'static Vendor,
        upstream: Upstream,
        gate: Gate,
        tell: Box<Tell>,
        say: Box<Say>,
    ) -> Self {
        let pseudonym = format!("ringback-record-{}", std::process::id());
        Relay { vendor, upstream, gate, tell, say, pseudonym }
    }

    async fn relayed(&self, request: Request) -> Result<Response, (StatusCode, String)> {
        if is_circle(&request.headers, &self.pseudonym) {
            let reason = "the address after --to leads here again";
            return Err((StatusCode::LOOP_DETECTED, reason.to_owned()));
        }
        // What is sent stands behind the base, so that is looked at too.
        let operations = self.vendor.operations_at(&request, &self.upstream.base);
        let passed = self.gate.pass(&request.method, request.path(), &operations).await;
        passed.map_err(|reason| (StatusCode::FORBIDDEN, reason))?;
        let bad = |reason| (StatusCode::BAD_REQUEST, reason);
        let sent = sent(&request, &self.upstream, &self.pseudonym).map_err(bad)?;
        let at = system_now();
        let reply = self.upstream.send(sent).await.map_err(|it| (it.status, it.reason))?;
        let headers = self.headers(&reply)?;
        if let Some(body) = unpacked(&reply) {
            let (status, headers) = (reply.status, headers.clone());
            (self.tell)(Told::Heard(Box::new(Heard { at, request, status, headers, body })));
        } else {
            let operation = operations.first().map_or("no operation", |it| it.name);
            let text = "its reply is packed in a way that is not read here";
            let reason = format!("{} {operation}: {text}", request.method);
            (self.say)(&format!("not recorded: {reason}"));
            (self.tell)(Told::Unheard(reason));
        }
        Ok(Response { status: reply.status, headers, body: reply.body })
    }

    /// The headers of a reply as they go to the client.
    fn headers(
        &self,
        reply: &Reply,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, (StatusCode, String)> {
        let mut headers = Vec::new();
        for (name, value) in &reply.headers {
            if OF_ONE_HOP.contains(name) {
                continue;
            }
            let text = || String::from_utf8_lossy(value.as_bytes());
            let value = match *name {
                header::LOCATION if reply.status.is_redirection() => {
                    match led(&text(), &self.upstream.authority, &self.upstream.base) {
                        Led::Here(target) => HeaderValue::from_str(&target).ok(),
                        Led::Away(host) => {
                            let reason = format!(
                                "{} sends its client on to {host}, which is not gone to: one system \
                                 is recorded",
                                self.upstream.authority
                            );
                            return Err((StatusCode::BAD_GATEWAY, reason));
                        }
                    }
                }
                header::SET_COOKIE => HeaderValue::from_str(&cookie(&text())).ok(),
                _ => None,
            }
            .unwrap_or_else(|| value.clone());
            headers.push((name.clone(), value));
        }
        Ok(headers)
    }
}

impl Answer for Relay {
    async fn answer(&self, request: Request) -> Answered {
        match self.relayed(request).await {
            Ok(response) => response.into(),
            Err((status, reason)) => {
                let told = format!("{}: {reason}", status.as_u16());
                (self.say)(&told);
                (self.tell)(Told::Unheard(told));
                plain(status, &reason).into()
            }
        }
    }

    fn refuse(&self, _: Request, status: StatusCode, reason: String) -> Response {
        plain(status, &reason)
    }

    fn lead(&self, via: &Via) -> Lead {
        if via.is_own {
            return Lead::Here;
        }
        let reason = format!(
            "{} is another host; this is no proxy for others: have the client ask this address itself",
            via.host
        );
        Lead::Refused { status: StatusCode::FORBIDDEN, reason }
    }

    fn unmet(&self, failed: FailedHandshake) {
        tracing::info!(cause = failed.cause.name(), "a handshake failed: {}", failed.words);
    }
}

/// What is said of ourselves: no vendor's words.
fn plain(status: StatusCode, reason: &str) -> Response {
    Response::with_body(status, "text/plain; charset=utf-8", format!("ringback: {reason}\n"))
}
