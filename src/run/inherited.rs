//! What was in a client's environment and leads elsewhere: options of Java, lines of a configuration of
//! wget or curl.
//! Each is taken out by itself, and told; what is beside it stays.

/// Variables that Java takes options from. Ours are in the first, and the others stand over it.
pub(super) const JAVA: [&str; 3] = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/// Properties of Java that lead past us: its proxies.
const JAVA_PROXIES: [&str; 14] = [
    "http.proxyHost",
    "http.proxyPort",
    "http.nonProxyHosts",
    "https.proxyHost",
    "https.proxyPort",
    "https.nonProxyHosts",
    "ftp.proxyHost",
    "ftp.proxyPort",
    "ftp.nonProxyHosts",
    "socksProxyHost",
    "socksProxyPort",
    "socksNonProxyHosts",
    "socksProxyVersion",
    "java.net.useSystemProxies",
];

/// Properties that have it trust somebody else.
const JAVA_TRUST: [&str; 4] = [
    "javax.net.ssl.trustStore",
    "javax.net.ssl.trustStoreType",
    "javax.net.ssl.trustStorePassword",
    "javax.net.ssl.trustStoreProvider",
];

/// Lines of wget's that lead past us, or have it trust somebody else. wget takes no notice of case, `-` and
/// `_` in them.
const WGET: [&str; 10] = [
    "useproxy",
    "httpproxy",
    "httpsproxy",
    "ftpproxy",
    "noproxy",
    "proxyuser",
    "proxypasswd",
    "proxypassword",
    "cacertificate",
    "cadirectory",
];

/// Lines of curl's that lead past us.
const CURL_PROXIES: [&str; 11] = [
    "proxy",
    "proxy1.0",
    "preproxy",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-hostname",
    "noproxy",
    "unix-socket",
    "abstract-unix-socket",
    "x",
];

/// Lines of curl's that have it trust somebody else.
const CURL_TRUST: [&str; 2] = ["cacert", "capath"];

/// What is left, and what was taken out, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sifted {
    pub(super) left: String,
    pub(super) taken: Vec<String>,
}

/// Sifts Java's options. `trusts` says that it is told whom to trust.
pub(super) fn java(options: &str, trusts: bool) -> Sifted {
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for word in words(options) {
        let bare = word.replace(['"', '\''], "");
        let property = bare.strip_prefix("-D").unwrap_or_default();
        let property = property.split('=').next().unwrap_or_default();
        let leads = JAVA_PROXIES.contains(&property) || trusts && JAVA_TRUST.contains(&property);
        if leads {
            taken.push(format!("-D{property}"));
        } else {
            left.push(word);
        }
    }
    if taken.is_empty() {
        return Sifted { left: options.to_owned(), taken };
    }
    Sifted { left: left.join(" "), taken }
}

/// The words of Java's options, with their quotes.
fn words(options: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut quote = None;
    let mut begin = None;
    for (at, sign) in options.char_indices() {
        match quote {
            Some(open) if sign == open => quote = None,
            None if sign.is_ascii_whitespace() => {
                words.extend(begin.take().map(|from| &options[from..at]));
                continue;
            }
            None if sign == '"' || sign == '\'' => quote = Some(sign),
            Some(_) | None => {}
        }
        begin.get_or_insert(at);
    }
    words.extend(begin.map(|from| &options[from..]));
    words
}

/// Sifts a configuration of wget's.
pub(super) fn wget(lines: &str) -> Sifted {
    let mut sifted = Sifted::default();
    for line in lines.lines() {
        let name = line.split('=').next().unwrap_or_default().trim();
        let plain = name.replace(['-', '_'], "").to_ascii_lowercase();
        if WGET.contains(&plain.as_str()) {
            sifted.taken.push(name.to_owned());
        } else {
            sifted.left.push_str(line);
            sifted.left.push('\n');
        }
    }
    sifted
}

/// Sifts a configuration of curl's: an option a line, with or without the dashes before it. `trusts` says that it
/// is told whom to trust.
pub(super) fn curl(lines: &str, trusts: bool) -> Sifted {
    let mut sifted = Sifted::default();
    for line in lines.lines() {
        let word = line.trim_start();
        let name = match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (None, Some(short)) => short.get(..1).unwrap_or_default(),
            (long, _) => {
                let is_end = |it: char| it.is_whitespace() || it == '=' || it == ':';
                long.unwrap_or(word).split(is_end).next().unwrap_or_default()
            }
        };
        // A short name stands behind a dash.
        let is_short = name.len() == 1 && !word.starts_with('-');
        let leads = CURL_PROXIES.contains(&name) || trusts && CURL_TRUST.contains(&name);
        if leads && !is_short {
            sifted.taken.push(if name == "x" { "-x".to_owned() } else { name.to_owned() });
        } else {
            sifted.left.push_str(line);
            sifted.left.push('\n');
        }
    }
    sifted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_keeps_what_leads_nowhere_as_it_stands() {
        let options =
            "-Xmx64m  -Dhttp.nonProxyHosts='*|a b' \"-Da=b c\" '-Djavax.net.ssl.trustStore=/x y'";
        let sifted = java(options, true);
        assert_eq!(sifted.left, "-Xmx64m \"-Da=b c\"");
        assert_eq!(sifted.taken, ["-Dhttp.nonProxyHosts", "-Djavax.net.ssl.trustStore"]);
        assert_eq!(java(options, false).taken, ["-Dhttp.nonProxyHosts"]);
        let harmless = "-Xmx64m  -Dhttp.proxyHosts=x";
        assert_eq!(java(harmless, true).left, harmless);
    }

    #[test]
    fn curl_keeps_what_leads_nowhere_however_an_option_is_written() {
        let lines = "# proxy = a comment\nproxy = http://a.test\n--noproxy=\"*\"\n -xhttp://b.test\n\
                     noproxy: a\nproxy-user = u:p\nuser-agent = \"mine\"\ncacert /a.pem\ninsecure\n";
        let sifted = curl(lines, true);
        let left = "# proxy = a comment\nproxy-user = u:p\nuser-agent = \"mine\"\ninsecure\n";
        assert_eq!(sifted.left, left);
        assert_eq!(sifted.taken, ["proxy", "noproxy", "-x", "noproxy", "cacert"]);
        assert_eq!(curl("cacert /a.pem\n", false).left, "cacert /a.pem\n");
    }

    #[test]
    fn wget_keeps_what_leads_nowhere() {
        let sifted =
            wget("# mine\ntries = 3\nUse-Proxy = off\nhttps_proxy=http://corporate.test\n");
        assert_eq!(sifted.left, "# mine\ntries = 3\n");
        assert_eq!(sifted.taken, ["Use-Proxy", "https_proxy"]);
    }
}
