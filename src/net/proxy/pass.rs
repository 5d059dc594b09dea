//! The way to hosts that are nobody's here, where their user lets them through: a connection for a
//! tunnel, which is never opened, and a plain request sent on.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::base::limits::{HEAD_BYTES_MAX, PASS_CONNECT_MAX, PASS_REPLY_MAX};
use crate::net::proxy::upstream::{Proxy, Upstream};
use crate::web::message::Request;
use crate::web::via::{Reach, Via};

/// What is of one hop, and goes no further.
static OF_ONE_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_LENGTH,
];

/// Lets requests through to hosts that are nobody's here.
#[derive(Debug)]
pub(crate) struct Pass {
    /// To whom.
    pub(crate) reach: Reach,
    upstream: Upstream,
    /// What this program calls itself to other proxies, by which it knows its own requests again.
    pseudonym: String,
}

impl Pass {
    /// By way of these proxies.
    pub(crate) fn new(upstream: Upstream, reach: Reach) -> Self {
        Pass { reach, upstream, pseudonym: format!("ringback-{}", std::process::id()) }
    }

    /// Whether a request has come through here before: it goes in a circle.
    pub(crate) fn is_circle(&self, headers: &HeaderMap) -> bool {
        let named = |value: &HeaderValue| {
            let hops = value.to_str().unwrap_or_default().split(',');
            hops.filter_map(|hop| hop.split_whitespace().nth(1)).any(|it| it == self.pseudonym)
        };
        headers.get_all(header::VIA).iter().any(named)
    }

    /// Connects to a host, for a tunnel.
    ///
    /// # Errors
    /// Where it cannot be reached; says what was tried.
    pub(crate) async fn connect(&self, via: &Via) -> Result<TcpStream, String> {
        match self.proxy(self.upstream.tunnel.as_ref(), via) {
            None => reach(&via.address()).await,
            Some(proxy) => {
                let stream = reach(&proxy.address).await?;
                let asked = self.ask_for_tunnel(stream, proxy, via);
                let in_time = timeout(PASS_CONNECT_MAX, asked).await;
                in_time.map_err(|_| late(&proxy.address, PASS_CONNECT_MAX))?
            }
        }
    }

    /// Sends a plain request on, and answers the reply with a body that is still coming.
    ///
    /// # Errors
    /// Where no reply comes; says why.
    pub(crate) async fn forward(
        &self,
        request: Request,
        via: &Via,
    ) -> Result<hyper::Response<Incoming>, String> {
        let proxy = self.proxy(self.upstream.plain.as_ref(), via);
        let address = proxy.map_or_else(|| via.address(), |proxy| proxy.address.clone());
        let stream = reach(&address).await?;
        let sent = self.sent(request, via, proxy)?;
        let replied = async {
            let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
            // It ends with the body of the reply.
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a host that was let through broke off");
                }
            });
            sender.send_request(sent).await
        };
        match timeout(PASS_REPLY_MAX, replied).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(error)) => Err(format!("{address} gave no reply: {error}")),
            Err(_) => Err(late(&address, PASS_REPLY_MAX)),
        }
    }

    fn proxy<'p>(&self, proxy: Option<&'p Proxy>, via: &Via) -> Option<&'p Proxy> {
        proxy.filter(|_| !self.upstream.is_direct(&via.host))
    }

    async fn ask_for_tunnel(
        &self,
        mut stream: TcpStream,
        proxy: &Proxy,
        via: &Via,
    ) -> Result<TcpStream, String> {
        let broken = |error: io::Error| format!("the proxy {} broke off: {error}", proxy.address);
        let (target, pseudonym) = (via.address(), &self.pseudonym);
        let user = proxy.authorization.as_ref();
        let user = user.map(|it| format!("Proxy-Authorization: {it}\r\n")).unwrap_or_default();
        let head = format!(
            "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nVia: 1.1 {pseudonym}\r\n{user}\r\n"
        );
        stream.write_all(head.as_bytes()).await.map_err(broken)?;
        // A byte at a time: what follows the head is the tunnel's.
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() > HEAD_BYTES_MAX {
                return Err(format!("the proxy {} sends a head without end", proxy.address));
            }
            head.push(stream.read_u8().await.map_err(broken)?);
        }
        let head = String::from_utf8_lossy(&head);
        let status = head.lines().next().unwrap_or_default();
        if status.split(' ').nth(1).is_some_and(|code| code.starts_with('2')) {
            return Ok(stream);
        }
        Err(format!("the proxy {} does not lead to {target}: {status}", proxy.address))
    }

    /// The request as it goes on.
    fn sent(
        &self,
        request: Request,
        via: &Via,
        proxy: Option<&Proxy>,
    ) -> Result<http::Request<Full<Bytes>>, String> {
        // A proxy is told the whole address.
        let target = if proxy.is_some() {
            request.target.clone()
        } else {
            let path = request.target.path_and_query().map_or("/", |it| it.as_str());
            path.parse::<Uri>().map_err(|error| format!("the target cannot go on: {error}"))?
        };
        let mut sent = http::Request::new(Full::new(request.body));
        *sent.method_mut() = request.method;
        *sent.uri_mut() = target;
        let headers = sent.headers_mut();
        *headers = request.headers;
        for name in &OF_ONE_HOP {
            headers.remove(name);
        }
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
        let default_port = if via.port == 80 { via.host.to_string() } else { via.address() };
        headers.insert(header::HOST, value(&default_port)?);
        headers.append(header::VIA, value(&format!("1.1 {}", self.pseudonym))?);
        if let Some(user) = proxy.and_then(|proxy| proxy.authorization.as_deref()) {
            headers.insert(header::PROXY_AUTHORIZATION, value(user)?);
        }
        Ok(sent)
    }
}

async fn reach(address: &str) -> Result<TcpStream, String> {
    match timeout(PASS_CONNECT_MAX, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("{address} cannot be reached: {error}")),
        Err(_) => Err(late(address, PASS_CONNECT_MAX)),
    }
}

fn late(address: &str, after: Duration) -> String {
    format!("{address} did not answer within {} s", after.as_secs())
}
