//! The proxy that a user's own machine goes through, as the environment names it.

use std::env;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Uri;

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::web::host_pattern::Host;

/// A proxy to go through.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    /// `host:port`.
    pub(crate) address: String,
    /// The value of `Proxy-Authorization`, where a user is named.
    pub(crate) authorization: Option<String>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password is nobody's to see.
        f.debug_struct("Proxy").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The proxies to go through to other hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// For what is plain HTTP.
    pub(crate) plain: Option<Proxy>,
    /// For tunnels.
    pub(crate) tunnel: Option<Proxy>,
    /// Hosts, and ends of hosts, that are gone to directly.
    direct: Vec<String>,
}

impl Upstream {
    /// As the environment has it.
    ///
    /// # Errors
    /// Where a variable holds no address of a proxy, with its name.
    pub(crate) fn from_environment() -> Result<Self, String> {
        Self::read(&|name| env::var(name).ok())
    }

    fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let first = |names: &[&str]| -> Result<Option<Proxy>, String> {
            let set = names.iter().find_map(|name| {
                let value = variable(name).filter(|value| !value.trim().is_empty())?;
                Some((*name, value))
            });
            set.map(|(name, value)| proxy(&value).map_err(|told| format!("{name}: {told}")))
                .transpose()
        };
        // The lower case goes first, as in most clients.
        let plain = first(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?;
        let tunnel = first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?;
        let direct = variable("no_proxy").or_else(|| variable("NO_PROXY")).unwrap_or_default();
        let direct = direct.split(',').map(|name| name.trim().trim_start_matches("*."));
        let direct = direct.map(|name| name.trim_start_matches('.').to_ascii_lowercase());
        let direct = direct.filter(|name| !name.is_empty()).collect();
        Ok(Upstream { plain, tunnel, direct })
    }

    /// Whether a host is gone to directly.
    pub(crate) fn is_direct(&self, host: &Host) -> bool {
        let host = host.to_string();
        self.direct.iter().any(|name| {
            let is_below = |end: &String| {
                host.strip_suffix(end.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('.'))
            };
            name == "*" || is_below(name)
        })
    }
}

/// Reads the address of a proxy. What is wrong is told without the value, which may hold a password.
fn proxy(text: &str) -> Result<Proxy, String> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let expected = "expected a proxy such as http://127.0.0.1:3128";
    let uri: Uri = whole.parse().map_err(|_| format!("it is no address; {expected}"))?;
    let scheme = uri.scheme_str().unwrap_or_default();
    if scheme != "http" {
        let found = excerpt(scheme, EXCERPT_CHARS_MAX);
        return Err(format!("its scheme is {found}, which is not spoken here; {expected}"));
    }
    let authority = uri.authority().ok_or_else(|| format!("it has no host; {expected}"))?;
    let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
    let authorization = user.map(|user| {
        let user = percent_encoding::percent_decode_str(user).collect::<Vec<u8>>();
        let user = if user.contains(&b':') { user } else { [user, b":".to_vec()].concat() };
        format!("Basic {}", BASE64_STANDARD.encode(user))
    });
    let behind_user = authority.as_str().rsplit('@').next().unwrap_or_default();
    let says_port = behind_user.strip_prefix(authority.host()).is_some_and(|rest| rest.len() > 1);
    let port = match authority.port_u16() {
        None if says_port => {
            return Err(format!("its port is not one of 1 to 65535; {expected}"));
        }
        port => port.unwrap_or(80),
    };
    if authority.host().is_empty() {
        return Err(format!("it has no host; {expected}"));
    }
    Ok(Proxy { address: format!("{}:{port}", authority.host()), authorization })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Upstream, String> {
        Upstream::read(&|name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_names_proxies_and_who_goes_without() {
        let found = read(&[
            ("HTTP_PROXY", "http://a.test:1"),
            ("https_proxy", "us%40er:pa@b.test"),
            ("HTTPS_PROXY", "http://never.test"),
            ("NO_PROXY", ".corp.test, localhost,*.x.test,10.0.0.1"),
        ])
        .unwrap();
        assert_eq!(found.plain.as_ref().unwrap().address, "a.test:1");
        let tunnel = found.tunnel.clone().unwrap();
        assert_eq!(tunnel.address, "b.test:80");
        // us@er:pa
        assert_eq!(tunnel.authorization.as_deref(), Some("Basic dXNAZXI6cGE="));
        for (host, expected) in [
            ("corp.test", true),
            ("a.corp.test", true),
            ("acorp.test", false),
            ("localhost", true),
            ("a.x.test", true),
            ("10.0.0.1", true),
            ("10.0.0.2", false),
        ] {
            assert_eq!(found.is_direct(&host.parse().unwrap()), expected, "{host}");
        }
        assert_eq!(read(&[("ALL_PROXY", ""), ("http_proxy", " ")]), Ok(Upstream::default()));
    }

    #[test]
    fn what_is_no_proxy_is_told_by_the_variables_name_alone() {
        for value in [
            "socks5://u:secret@a.test",
            "https://u:secret@a.test",
            "http://u:secret@:1",
            "http://u:secret@a.test:99999",
        ] {
            let told = read(&[("ALL_PROXY", value)]).unwrap_err();
            assert!(told.starts_with("ALL_PROXY: ") && !told.contains("secret"), "{told}");
            assert!(told.contains("such as http://127.0.0.1:3128"), "{told}");
        }
    }
}
