//! What leads a client here that knows nothing of us: variables that runtimes and libraries read, as
//! one table.
//!
//! Not here: how they come into a client's environment (`environment`), and the files that they name
//! (`folder`).

/// One variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lever {
    /// What `--no-lever` calls it; several variables share one.
    pub(crate) name: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) how: How,
    pub(crate) what: What,
    /// Which clients read it, and since when.
    pub(crate) clients: &'static str,
}

/// How a value comes to what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// In its place.
    Set,
    /// Behind it, parted by this.
    Behind(&'static str),
    /// Behind it, parted by this also where nothing was there: what is built in stays.
    BehindBuiltIn(&'static str),
    /// Before it, parted by this.
    Before(&'static str),
}

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The listener as a proxy.
    Proxy,
    /// A yes, where there is a proxy to be asked.
    Yes,
    /// Who is asked without it.
    NoProxy,
    /// The file of what is trusted.
    Trust,
    /// The authority's certificate alone, for what adds it to roots of its own.
    Authority,
    /// A folder that holds no certificate, where nobody else is to be trusted; not set otherwise.
    NoFolder,
    /// A wget configuration.
    Wget,
    /// The folder of a curl configuration; not set where the user's own leads nowhere.
    Curl,
    /// Options of Node.
    Node,
    /// The hosts that Node is led to us for.
    NodeLead,
    /// The folder of the Python module.
    Python,
    /// The folder of PHP's settings.
    Php,
    /// The proxy as PHP's streams write it.
    PhpProxy,
    /// Options of the Java machine.
    Java,
}

const fn set(
    name: &'static str,
    variable: &'static str,
    what: What,
    clients: &'static str,
) -> Lever {
    Lever { name, variable, how: How::Set, what, clients }
}

/// The name of the lever that a run without a proxy leaves out.
pub(crate) const PROXY: &str = "proxy";

/// Whom no client asks by way of us: this machine, where its own servers and databases are.
pub(super) const NOT_BY_PROXY: &str = "localhost,127.0.0.1,::1";

/// Who reads npm's settings as variables.
const NPM: &str = "npm and what it starts, such as axios; over what an .npmrc says";

/// All of them. Both cases of the proxy's variables are set: most clients look at the lower one first,
/// Go at the upper one.
pub(crate) const LEVERS: &[Lever] = &[
    set("proxy", "http_proxy", What::Proxy, "curl, wget, Python, Ruby, Perl, .NET, Go, axios"),
    set("proxy", "HTTP_PROXY", What::Proxy, "Go, Python, Ruby, .NET, axios; not curl"),
    set("proxy", "https_proxy", What::Proxy, "curl, wget, Python, Ruby (Faraday), .NET, Go, axios"),
    set("proxy", "HTTPS_PROXY", What::Proxy, "Go, curl, Python, .NET, axios"),
    set("proxy", "all_proxy", What::Proxy, "curl, httpx, .NET"),
    set("proxy", "ALL_PROXY", What::Proxy, "curl, httpx, .NET"),
    set("proxy", "PERL_LWP_ENV_PROXY", What::Yes, "Perl LWP, which asks no proxy otherwise"),
    set("proxy", "npm_config_proxy", What::Proxy, NPM),
    set("proxy", "npm_config_https_proxy", What::Proxy, NPM),
    set("proxy", "npm_config_noproxy", What::NoProxy, NPM),
    set("proxy", "no_proxy", What::NoProxy, "all that read the proxy's variables"),
    set("proxy", "NO_PROXY", What::NoProxy, "all that read the proxy's variables"),
    set(
        "trust",
        "SSL_CERT_FILE",
        What::Trust,
        "OpenSSL: Python, Ruby, PHP streams; Go, .NET, httpx",
    ),
    set("trust", "SSL_CERT_DIR", What::NoFolder, "OpenSSL, Go, .NET"),
    set("trust", "REQUESTS_CA_BUNDLE", What::Trust, "Python requests"),
    set("trust", "CURL_CA_BUNDLE", What::Trust, "curl, Python requests"),
    set(
        "trust",
        "NODE_EXTRA_CA_CERTS",
        What::Authority,
        "Node since 7.3, Bun; beside their own roots",
    ),
    set("trust", "DENO_CERT", What::Authority, "Deno; beside its own roots"),
    set("trust", "GIT_SSL_CAINFO", What::Trust, "git"),
    set("trust", "PIP_CERT", What::Trust, "pip"),
    set("trust", "AWS_CA_BUNDLE", What::Trust, "the AWS SDKs"),
    set("trust", "CARGO_HTTP_CAINFO", What::Trust, "cargo"),
    set("trust", "NIX_SSL_CERT_FILE", What::Trust, "what Nix has built"),
    set("trust", "HTTPLIB2_CA_CERTS", What::Trust, "Python httplib2"),
    set("trust", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", What::Trust, "gRPC"),
    set("trust", "PERL_LWP_SSL_CA_FILE", What::Trust, "Perl LWP"),
    set("wget", "WGETRC", What::Wget, "GNU wget"),
    set("curl", "CURL_HOME", What::Curl, "curl, where a `.curlrc` leads elsewhere"),
    Lever {
        name: "node",
        variable: "NODE_OPTIONS",
        how: How::Behind(" "),
        what: What::Node,
        clients: "Node since 8: http, https, fetch, undici, got, agents of its own",
    },
    set("node", "RINGBACK_LEAD", What::NodeLead, "the preload of the line above"),
    Lever {
        name: "python",
        variable: "PYTHONPATH",
        how: How::Before(":"),
        what: What::Python,
        clients: "Python aiohttp; not with -I or -E",
    },
    Lever {
        name: "php",
        variable: "PHP_INI_SCAN_DIR",
        how: How::BehindBuiltIn(":"),
        what: What::Php,
        clients: "PHP curl and default streams; not streams with a context of their own, nor SoapClient",
    },
    set("php", "RINGBACK_PHP_PROXY", What::PhpProxy, "the settings of the line above"),
    Lever {
        name: "java",
        variable: "JAVA_TOOL_OPTIONS",
        how: How::Behind(" "),
        what: What::Java,
        clients: "every Java machine: HttpURLConnection, java.net.http; it prints a line on stderr",
    },
];

/// Variables that lead elsewhere, taken out whether one of ours takes their place or not.
pub(crate) const TAKEN_OUT: &[&str] = &[
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "ftp_proxy",
    "FTP_PROXY",
    "NODE_USE_ENV_PROXY",
    "npm_config_proxy",
    "npm_config_http_proxy",
    "npm_config_https_proxy",
    "npm_config_noproxy",
    "npm_config_no_proxy",
    "NPM_CONFIG_PROXY",
    "NPM_CONFIG_HTTP_PROXY",
    "NPM_CONFIG_HTTPS_PROXY",
    "NPM_CONFIG_NOPROXY",
    "NPM_CONFIG_NO_PROXY",
];

/// The names that `--no-lever` takes.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = LEVERS.iter().map(|lever| lever.name).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_the_same_table() {
        let manual = include_str!("../../docs/unchanged-client.md");
        let rows = manual.split("<!-- levers: begin -->").nth(1).unwrap();
        let rows = rows.split("<!-- levers: end -->").next().unwrap().trim();
        let mut expected = vec![
            "| lever | variable | how | which clients |".to_owned(),
            "| --- | --- | --- | --- |".to_owned(),
        ];
        expected.extend(LEVERS.iter().map(|lever| {
            let how = match lever.how {
                How::Set => "set",
                How::Behind(_) => "added behind",
                How::BehindBuiltIn(_) => "added behind what is built in",
                How::Before(_) => "added before",
            };
            format!("| {} | `{}` | {how} | {} |", lever.name, lever.variable, lever.clients)
        }));
        assert_eq!(rows, expected.join("\n"));
    }

    #[test]
    fn each_variable_stands_once_and_names_are_together() {
        let mut variables: Vec<&str> = LEVERS.iter().map(|lever| lever.variable).collect();
        variables.sort_unstable();
        let n_all = variables.len();
        variables.dedup();
        assert_eq!(variables.len(), n_all);
        let names = names();
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(names.len(), once.len(), "{names:?}");
    }
}
