//! Answers clients with what the vendor's own system answers.

use std::collections::BTreeSet;
use std::sync::Mutex;

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::base::clock::system_now;
use crate::base::lock::lock;
use crate::base::time::Wall;
use crate::contract::vendor::Vendor;
use crate::net::relay::asked::{OF_ONE_HOP, cookie, is_circle, sent, unpacked};
use crate::net::relay::gate::Gate;
use crate::net::relay::redirect::{Led, led};
use crate::net::relay::systems::{Meant, System, Systems};
use crate::net::relay::upstream::{Reply, Upstream};
use crate::web::answer::{Answer, Answered};
use crate::web::handshake::{Cause, FailedHandshake};
use crate::web::message::{Request, Response};
use crate::web::via::{Lead, Via};

/// What was said: a request, and the reply with its body as it is read.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) vendor: &'static Vendor,
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

/// Between clients and vendors' own systems.
pub(crate) struct Relay {
    systems: Systems,
    gate: Gate,
    tell: Box<Tell>,
    say: Box<Say>,
    /// What it calls itself, by which it knows its own requests again.
    pseudonym: String,
    /// Hosts that clients were refused, which are told once.
    refused: Mutex<BTreeSet<String>>,
}

/// Hosts that are told: a browser asks for hundreds of others.
const REFUSED_TOLD_MAX: usize = 20;

impl std::fmt::Debug for Relay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Relay").field("systems", &self.systems).finish_non_exhaustive()
    }
}

impl Relay {
    pub(crate) fn new(systems: Systems, gate: Gate, tell: Box<Tell>, say: Box<Say>) -> Self {
        let pseudonym = format!("ringback-record-{}", std::process::id());
        Relay { systems, gate, tell, say, pseudonym, refused: Mutex::default() }
    }

    /// Whether a host was not told yet, and is to be.
    fn is_news(&self, host: &str) -> bool {
        let mut refused = lock(&self.refused);
        refused.len() < REFUSED_TOLD_MAX && refused.insert(host.to_owned())
    }

    pub(crate) fn systems(&self) -> &Systems {
        &self.systems
    }

    async fn relayed(&self, mut request: Request) -> Result<Response, (StatusCode, String)> {
        if is_circle(&request.headers, &self.pseudonym) {
            let reason = "the address after --to leads here again";
            return Err((StatusCode::LOOP_DETECTED, reason.to_owned()));
        }
        let Meant { system: System { vendor, upstream }, is_by_host } =
            self.systems.of(&request)?;
        if is_by_host {
            below(&mut request, &upstream.base)?;
        }
        // What is sent stands behind the base, so that is looked at too.
        let operations = vendor.operations_at(&request, &upstream.base);
        let passed = self.gate.pass(vendor, &request.method, request.path(), &operations).await;
        passed.map_err(|reason| (StatusCode::FORBIDDEN, reason))?;
        let bad = |reason| (StatusCode::BAD_REQUEST, reason);
        let sent = sent(&request, upstream, &self.pseudonym).map_err(bad)?;
        let at = system_now();
        let reply = upstream.send(sent).await.map_err(|it| (it.status, it.reason))?;
        let headers = headers(&reply, upstream, is_by_host)?;
        if let Some(body) = unpacked(&reply) {
            let (status, headers) = (reply.status, headers.clone());
            let heard = Heard { vendor, at, request, status, headers, body };
            (self.tell)(Told::Heard(Box::new(heard)));
        } else {
            let operation = operations.first().map_or("no operation", |it| it.name);
            let text = "its reply is packed in a way that is not read here";
            let reason = format!("{} {operation}: {text}", request.method);
            (self.say)(&format!("not recorded: {reason}"));
            (self.tell)(Told::Unheard(reason));
        }
        Ok(Response { status: reply.status, headers, body: reply.body })
    }
}

/// Takes the base off a request's path, which is put before it again.
///
/// # Errors
/// What to answer where it does not stand there.
fn below(request: &mut Request, base: &str) -> Result<(), (StatusCode, String)> {
    let whole = request.target.path_and_query().map_or("/", |it| it.as_str());
    let rest = whole.strip_prefix(base).filter(|it| it.is_empty() || it.starts_with(['/', '?']));
    let rest = rest.map(|it| if it.starts_with('/') { it.to_owned() } else { format!("/{it}") });
    let target = rest.and_then(|it| it.parse().ok()).ok_or_else(|| {
        let reason =
            format!("only paths below {base} are recorded there, by the address after --to");
        (StatusCode::FORBIDDEN, reason)
    })?;
    request.target = target;
    Ok(())
}

/// The headers of a reply as they go to the client; one that asked for the vendor's host itself keeps
/// what leads it there.
fn headers(
    reply: &Reply,
    upstream: &Upstream,
    is_by_host: bool,
) -> Result<Vec<(HeaderName, HeaderValue)>, (StatusCode, String)> {
    let mut headers = Vec::new();
    for (name, value) in &reply.headers {
        if OF_ONE_HOP.contains(name) {
            continue;
        }
        let text = || String::from_utf8_lossy(value.as_bytes());
        let value = match *name {
            header::LOCATION if reply.status.is_redirection() => {
                match led(&text(), &upstream.authority, &upstream.base) {
                    Led::Here(_) if is_by_host => None,
                    Led::Here(target) => HeaderValue::from_str(&target).ok(),
                    Led::Away(host) => {
                        let reason = format!(
                            "{} sends its client on to {host}, which is not gone to: one system of a \
                             vendor is recorded",
                            upstream.authority
                        );
                        return Err((StatusCode::BAD_GATEWAY, reason));
                    }
                }
            }
            header::SET_COOKIE if !is_by_host => HeaderValue::from_str(&cookie(&text())).ok(),
            _ => None,
        }
        .unwrap_or_else(|| value.clone());
        headers.push((name.clone(), value));
    }
    Ok(headers)
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
        if via.is_own || self.systems.has(via) {
            return Lead::Here;
        }
        let reason = format!(
            "{} is another host, and nobody is led to others here; recorded are {}",
            via.address(),
            self.systems.told()
        );
        if self.is_news(&via.address()) {
            (self.say)(&format!("403: {reason}"));
        }
        Lead::Refused { status: StatusCode::FORBIDDEN, reason }
    }

    fn unmet(&self, failed: FailedHandshake) {
        let here = match failed.cause {
            Cause::Untrusted | Cause::Certificate | Cause::Gone => {
                "; a recording keeps it as ca.pem in the folder after --ca-dir"
            }
            _ => "",
        };
        (self.say)(&format!("{}{here}", failed.told()));
    }
}

/// What is said of ourselves: no vendor's words.
fn plain(status: StatusCode, reason: &str) -> Response {
    Response::with_body(status, "text/plain; charset=utf-8", format!("ringback: {reason}\n"))
}
