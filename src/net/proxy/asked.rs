//! What a request asks of the listener as its proxy, read from its head.

use std::net::SocketAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Method, Uri, header};

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::web::host_pattern::Host;
use crate::web::via::{Via, Way};

/// What the names of headers begin with that are between a client and its proxy.
const PROXY: &str = "proxy-";

/// What a name of this machine ends in.
const LOCALHOST: &str = "localhost";

/// The host that a request asks for by way of a proxy; `None` where it asks the listener itself.
///
/// # Errors
/// Where it asks for no host that there can be; says what was expected.
pub(crate) fn asked(
    method: &Method,
    target: &Uri,
    headers: &HeaderMap,
    own: SocketAddr,
) -> Result<Option<Via>, String> {
    let way = match (target.scheme_str(), target.authority()) {
        _ if *method == Method::CONNECT => Way::Tunnel,
        (Some(scheme), Some(_)) if scheme.eq_ignore_ascii_case("http") => Way::Plain,
        (Some(scheme), Some(_)) if scheme.eq_ignore_ascii_case("https") => Way::Secure,
        (Some(scheme), _) => {
            let found = excerpt(scheme, EXCERPT_CHARS_MAX);
            return Err(format!("the scheme of the target is {found}; expected http or https"));
        }
        (None, _) => return Ok(None),
    };
    let expected = "expected a host and a port from 1 to 65535, as in CONNECT example.com:443";
    let Some(authority) = target.authority() else {
        return Err(format!("the target has no host; {expected}"));
    };
    if authority.as_str().contains('@') {
        return Err("the target has a user in it, which a proxy does not take".to_owned());
    }
    let host: Host = authority.host().parse().map_err(|told| format!("{told}; {expected}"))?;
    let written = authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, rest)| rest);
    let port = match (written.split_once(':'), way) {
        (Some((_, port)), _) => port.parse().ok().filter(|port| *port != 0),
        (None, Way::Tunnel) => None,
        (None, Way::Plain) => Some(80),
        (None, Way::Secure) => Some(443),
    };
    let Some(port) = port else {
        let found = excerpt(authority.as_str(), EXCERPT_CHARS_MAX);
        return Err(format!("the target is {found}; {expected}"));
    };
    if way == Way::Tunnel && has_body(headers) {
        return Err("a CONNECT has no body; what comes behind its head is the tunnel's".to_owned());
    }
    let is_own = port == own.port() && is_ours(&host, own);
    Ok(Some(Via { host, port, way, world: user(headers), is_own }))
}

/// Takes out what is between the client and its proxy, and nobody else's.
pub(crate) fn strip(headers: &mut HeaderMap) {
    let is_proxys = |name: &&header::HeaderName| name.as_str().starts_with(PROXY);
    let found: Vec<_> = headers.keys().filter(is_proxys).cloned().collect();
    for name in found {
        headers.remove(name);
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).map(http::HeaderValue::as_bytes);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|it| it != b"0")
}

/// Whether a listener of this machine is at a host.
fn is_ours(host: &Host, own: SocketAddr) -> bool {
    match host {
        Host::Name(name) => {
            name.strip_suffix(LOCALHOST).is_some_and(|it| it.is_empty() || it.ends_with('.'))
        }
        Host::Address(address) => {
            *address == own.ip() || (own.ip().is_unspecified() && address.is_loopback())
        }
    }
}

/// The user that a client names to its proxy.
fn user(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::PROXY_AUTHORIZATION)?.to_str().ok()?;
    let (scheme, word) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(word.trim()).ok()?).ok()?;
    let user = decoded.split(':').next().unwrap_or_default();
    (!user.is_empty()).then(|| user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        method: &Method,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Result<Option<Via>, String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap());
        }
        let own = "127.0.0.1:8080".parse().unwrap();
        asked(method, &target.parse().unwrap(), &map, own)
    }

    #[test]
    fn the_three_ways_are_told_apart_from_a_plain_request() {
        for (method, target, expected) in [
            (Method::CONNECT, "api.infocu5.com:443", Some((Way::Tunnel, "api.infocu5.com:443"))),
            (Method::CONNECT, "[::1]:8443", Some((Way::Tunnel, "[::1]:8443"))),
            (Method::GET, "http://A.test/x", Some((Way::Plain, "a.test:80"))),
            (Method::GET, "http://a.test:81/x", Some((Way::Plain, "a.test:81"))),
            (Method::POST, "https://a.test/x", Some((Way::Secure, "a.test:443"))),
            (Method::GET, "/x", None),
            (Method::OPTIONS, "*", None),
        ] {
            let found = read(&method, target, &[]).unwrap();
            let found = found.map(|via| (via.way, via.address()));
            assert_eq!(found, expected.map(|(way, it)| (way, it.to_owned())), "{target}");
        }
    }

    #[test]
    fn what_no_tunnel_leads_to_is_refused() {
        let length = [("content-length", "3")];
        let chunked = [("transfer-encoding", "chunked")];
        for (target, headers, expected) in [
            ("a.test", &[][..], "from 1 to 65535"),
            ("a.test:0", &[], "from 1 to 65535"),
            ("a.test:65536", &[], "from 1 to 65535"),
            ("a_b..test:1", &[], "no name of a host"),
            ("u@a.test:1", &[], "has a user"),
            ("a.test:1", &length, "has no body"),
            ("a.test:1", &chunked, "has no body"),
        ] {
            let told = read(&Method::CONNECT, target, headers).unwrap_err();
            assert!(told.contains(expected), "{target}: {told}");
        }
        assert!(read(&Method::GET, "ftp://a.test/", &[]).unwrap_err().contains("http or https"));
    }

    #[test]
    fn the_listener_itself_is_known_and_so_is_the_user() {
        for (target, expected) in [
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("w.localhost:8080", true),
            ("127.0.0.1:8081", false),
            ("127.0.0.2:8080", false),
            ("notlocalhost:8080", false),
        ] {
            let via = read(&Method::CONNECT, target, &[]).unwrap().unwrap();
            assert_eq!((via.is_own, via.world), (expected, None), "{target}");
        }
        // alice:secret, and alice without a password.
        for word in ["Basic YWxpY2U6c2VjcmV0", "basic YWxpY2U="] {
            let headers = [("proxy-authorization", word)];
            let via = read(&Method::CONNECT, "a.test:1", &headers).unwrap().unwrap();
            assert_eq!(via.world.as_deref(), Some("alice"), "{word}");
        }
        for word in ["Bearer x", "Basic", "Basic !", "Basic Og=="] {
            let headers = [("proxy-authorization", word)];
            let via = read(&Method::CONNECT, "a.test:1", &headers).unwrap().unwrap();
            assert_eq!(via.world, None, "{word}");
        }
    }

    #[test]
    fn what_is_the_proxys_goes_to_nobody() {
        let mut headers = HeaderMap::new();
        for name in ["proxy-authorization", "proxy-connection", "proxy-x", "x-proxy", "host"] {
            headers.insert(name.parse::<header::HeaderName>().unwrap(), "x".parse().unwrap());
        }
        strip(&mut headers);
        let mut left: Vec<&str> = headers.keys().map(header::HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["host", "x-proxy"]);
    }
}
