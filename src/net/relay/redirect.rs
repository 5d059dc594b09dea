//! Where a vendor's reply leads its client: on to the relay, for what is the vendor's own; nowhere else.

use http::Uri;

/// What becomes of a `Location`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Led {
    /// The client is led here.
    Here(String),
    /// The client would be led to another host, of this name.
    Away(String),
}

/// Looks at a `Location` of the system at `authority`, whose paths begin with `base`.
pub(super) fn led(location: &str, authority: &str, base: &str) -> Led {
    let location = location.trim();
    let is_path = location.starts_with('/') && !location.starts_with("//");
    let has_scheme = location.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
    });
    let target = if is_path {
        location
    } else if location.starts_with("//") || has_scheme {
        let rest = location.split_once("//").map_or(location, |(_, rest)| rest);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        if !is_same(host, authority) {
            return Led::Away(host.rsplit('@').next().unwrap_or(host).to_owned());
        }
        if target.is_empty() { "/" } else { target }
    } else {
        // Beside the path that was asked for.
        return Led::Here(location.to_owned());
    };
    let below =
        target.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    match below.unwrap_or(target) {
        "" => Led::Here("/".to_owned()),
        rest => Led::Here(rest.to_owned()),
    }
}

/// Whether two authorities are one host. The port counts where both name one.
fn is_same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let uri: Uri = format!("http://{text}/").parse().ok()?;
        let it = uri.authority()?;
        Some((it.host().to_ascii_lowercase(), it.port_u16()))
    };
    let (Some((one, port)), Some((other, other_port))) = (read(one), read(other)) else {
        return false;
    };
    let is_default = |port: Option<u16>| port.is_none_or(|it| [80, 443].contains(&it));
    one == other && (port == other_port || is_default(port) && is_default(other_port))
}
