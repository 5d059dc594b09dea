//! Says in words why a handshake came to nothing, and what cures it.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, PeerIncompatible, PeerMisbehaved};

use crate::base::limits::{HEAD_BYTES_MAX, HEADERS_MAX};
use crate::net::tls::certificates::Certificates;
use crate::web::handshake::{Cause, FailedHandshake};
use crate::web::host_pattern::Host;

/// How a client comes to trust the authority.
const TRUST: &str = "have it trust the authority: the file that RINGBACK_CA names in a run, else GET \
                     /ca.pem on the admin listener, or `ringback ca`";

/// What became of a handshake that failed with an error.
pub(crate) fn failed(
    error: &io::Error,
    host: Option<&Host>,
    certificates: &Certificates,
) -> FailedHandshake {
    let (cause, words) = match tls_error(error) {
        Some(error) => of_tls(error, host, certificates),
        None => of_socket(error),
    };
    FailedHandshake { peer: None, name: host.map(Host::to_string), cause, words }
}

/// A handshake that took too long.
pub(crate) fn slow() -> FailedHandshake {
    let words = "the handshake was not complete in time (--head-timeout); the connection is closed";
    FailedHandshake { peer: None, name: None, cause: Cause::Slow, words: words.to_owned() }
}

/// Whether a client began to speak HTTP/2, which it does without TLS where it takes for granted that it may.
pub(crate) fn is_http2(error: &hyper::Error) -> bool {
    // It has no name of its own.
    error.is_parse() && error.to_string().contains("HTTP2 preface")
}

/// A conversation that did not begin, because the client began it in HTTP/2.
pub(crate) fn http2() -> FailedHandshake {
    let words = "the client speaks HTTP/2 and does not ask before (h2c, \"prior knowledge\"); have it speak \
                 HTTP/1.1";
    FailedHandshake { peer: None, name: None, cause: Cause::Protocol, words: words.to_owned() }
}

/// What came in where a request was to be.
pub(crate) fn no_request(error: &hyper::Error) -> FailedHandshake {
    let expected = if error.is_parse_too_large() {
        format!("a head of at most {HEAD_BYTES_MAX} bytes and {HEADERS_MAX} headers")
    } else {
        "a line such as \"GET /path HTTP/1.1\", headers as \"Name: value\", and an empty line"
            .to_owned()
    };
    let words = format!("what came in is no request of HTTP/1.1 ({error}); expected {expected}");
    FailedHandshake { peer: None, name: None, cause: Cause::NoRequest, words }
}

/// Whether an error that came after the handshake was the client's verdict on it: with TLS 1.3 that
/// arrives when the handshake is done here.
pub(crate) fn is_verdict(error: &io::Error) -> bool {
    matches!(tls_error(error), Some(rustls::Error::AlertReceived(_)))
}

fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    let mut inner: &(dyn Error + 'static) = error.get_ref()?;
    loop {
        if let Some(found) = inner.downcast_ref() {
            return Some(found);
        }
        inner = inner.source()?;
    }
}

fn of_socket(error: &io::Error) -> (Cause, String) {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            let words = format!(
                "the client closed the connection in the handshake, without a reason; where it should \
                 not, {TRUST}"
            );
            (Cause::Gone, words)
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            let words = format!(
                "the client reset the connection in the handshake; where it should not, {TRUST}"
            );
            (Cause::Gone, words)
        }
        _ => (Cause::Other, format!("the handshake failed: {error}")),
    }
}

fn of_tls(
    error: &rustls::Error,
    host: Option<&Host>,
    certificates: &Certificates,
) -> (Cause, String) {
    match error {
        rustls::Error::AlertReceived(alert) => of_alert(*alert, host, certificates),
        rustls::Error::PeerIncompatible(why) => of_offer(why),
        rustls::Error::NoApplicationProtocol => {
            let words = "the client offers no HTTP/1.1 (ALPN); allow http/1.1 beside h2 in it";
            (Cause::Protocol, words.to_owned())
        }
        rustls::Error::PeerMisbehaved(PeerMisbehaved::ServerNameMustContainOneHostName) => {
            let words = "the client asks for a name that is no host's (SNI); expected one such as \
                         api.infocu5.com, without a port, a path or an address";
            (Cause::Other, words.to_owned())
        }
        rustls::Error::InappropriateMessage { .. }
        | rustls::Error::InvalidMessage(_)
        | rustls::Error::DecryptError => {
            let words = format!(
                "what came in begins as TLS does and is none ({error}); send TLS 1.2 or 1.3, or plain \
                 HTTP"
            );
            (Cause::Junk, words)
        }
        other => (Cause::Other, format!("the handshake failed: {other}")),
    }
}

fn of_alert(
    alert: AlertDescription,
    host: Option<&Host>,
    certificates: &Certificates,
) -> (Cause, String) {
    let asked = host.map(Host::to_string).unwrap_or_default();
    let is_outside = host.is_some_and(|host| !certificates.may_sign(host));
    match alert {
        _ if is_outside && is_of_certificate(alert) => {
            let words = format!(
                "the client refused the certificate for {asked} ({alert:?}): the authority may sign \
                 for the vendors' names, --host names, those of the scenarios that the program is \
                 started with and this machine alone; add --host VENDOR={asked}, or start with \
                 --ca-unconstrained"
            );
            (Cause::Certificate, words)
        }
        AlertDescription::UnknownCA => {
            let words = format!(
                "the client does not trust the authority (unknown_ca), so it has a trust store of its \
                 own; {TRUST}"
            );
            (Cause::Untrusted, words)
        }
        _ if is_of_certificate(alert) => {
            let words = format!(
                "the client refused the certificate for {asked} ({alert:?}); {TRUST}; where it does, \
                 its verifier may not read name constraints (--ca-unconstrained)"
            );
            (Cause::Untrusted, words)
        }
        AlertDescription::ProtocolVersion
        | AlertDescription::InsufficientSecurity
        | AlertDescription::HandshakeFailure => {
            let words = format!("the client takes none of TLS 1.2 and 1.3 as offered ({alert:?})");
            (Cause::Version, words)
        }
        other => (Cause::Other, format!("the client ended the handshake with alert {other:?}")),
    }
}

fn is_of_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::AccessDenied
    )
}

/// A client that offers nothing that is taken here. One of TLS 1.0 or 1.1 offers no signature
/// algorithms, which is what is noticed first.
fn of_offer(why: &PeerIncompatible) -> (Cause, String) {
    let words = match why {
        PeerIncompatible::SignatureAlgorithmsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => {
            "the client speaks TLS 1.1 or older alone; allow TLS 1.2 or 1.3 in it".to_owned()
        }
        other => format!("the client offers nothing that is taken here: {other:?}"),
    };
    (Cause::Version, words)
}
