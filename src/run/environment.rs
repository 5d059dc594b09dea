//! A client's environment: what levers set in it, add to it and take out of it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::net::SocketAddr;

use serde_json::json;

use crate::run::folder::Folder;
use crate::run::inherited::{self, JAVA, Sifted};
use crate::run::lever::{How, LEVERS, Lever, NOT_BY_PROXY, TAKEN_OUT, What};

/// What levers lead to.
#[derive(Clone, Debug)]
pub(crate) struct Aim {
    /// The listener.
    pub(crate) listener: SocketAddr,
    /// The vendors' hosts, as people write them.
    pub(crate) hosts: Vec<String>,
    /// Whether there is an authority to trust.
    pub(crate) has_authority: bool,
    /// Whether nobody else is trusted.
    pub(crate) is_closed: bool,
    /// Whether the client is sealed off: names lead here then, and no lever has to but trust.
    pub(crate) is_sealed: bool,
}

/// What becomes of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) variable: String,
    /// `None` where it is taken out.
    pub(crate) value: Option<OsString>,
    /// Which clients that is for.
    pub(crate) clients: &'static str,
    /// The lever, by the name that `--no-lever` takes; empty for what is told of the program itself.
    pub(crate) lever: &'static str,
    /// What of the user's was there and is gone now.
    pub(crate) drops: Vec<String>,
}

/// What becomes of a client's environment. `facts` are the variables that tell of the program itself.
pub(crate) fn changes(
    aim: &Aim,
    folder: &Folder,
    facts: &[(String, String)],
    without: &[String],
    inherited: &BTreeMap<OsString, OsString>,
) -> Vec<Change> {
    let before = |name: &str| inherited.get(OsStr::new(name)).filter(|value| !value.is_empty());
    let is_left_out = |lever: &str| without.iter().any(|name| name == lever);
    let is_wanted = |lever: &&Lever| !is_left_out(lever.name);
    let mut changes: Vec<Change> = Vec::new();
    for lever in LEVERS.iter().filter(is_wanted) {
        let Some(value) = value(lever.what, aim, folder) else { continue };
        let was = before(lever.variable);
        let sifted = was.and_then(|was| sifted(lever, was, aim));
        let left = sifted.as_ref().map(|it| OsString::from(&it.left));
        let left = left.as_ref().or(was).filter(|it| !it.is_empty());
        let value = match (lever.how, left) {
            (How::Set, _) | (How::Behind(_) | How::Before(_), None) => value,
            (How::Behind(by) | How::BehindBuiltIn(by), Some(was)) => joined(was, by, &value),
            (How::BehindBuiltIn(by), None) => joined(OsStr::new(""), by, &value),
            (How::Before(by), Some(was)) => joined(&value, by, was),
        };
        let of = |taken: &[String]| -> Vec<String> {
            taken.iter().map(|it| format!("{it} of {}", lever.variable)).collect()
        };
        let drops = match (lever.what, sifted) {
            // What it named is in ours.
            (What::Wget, _) => of(folder.without()),
            (What::Curl, _) => {
                folder.without_curl().iter().map(|it| format!("{it} of .curlrc")).collect()
            }
            (_, Some(sifted)) => of(&sifted.taken),
            _ if lever.how == How::Set && was.is_some_and(|was| *was != value) => {
                vec![lever.variable.to_owned()]
            }
            _ => Vec::new(),
        };
        changes.push(Change {
            variable: lever.variable.to_owned(),
            drops,
            value: Some(value),
            clients: lever.clients,
            lever: lever.name,
        });
    }
    if !is_left_out("proxy") {
        for name in TAKEN_OUT.iter().filter(|name| before(name).is_some()) {
            if !changes.iter().any(|change| change.variable == *name) {
                let (variable, value, clients) = ((*name).to_owned(), None, "who reads it");
                let drops = vec![variable.clone()];
                changes.push(Change { variable, value, clients, lever: "proxy", drops });
            }
        }
    }
    if !is_left_out("java") {
        changes.extend(
            JAVA.into_iter()
                .filter_map(|name| {
                    let is_set = changes.iter().any(|change| change.variable == name);
                    let was = before(name).filter(|_| !is_set)?.to_str()?;
                    let Sifted { left, taken } = inherited::java(was, aim.has_authority);
                    (!taken.is_empty()).then(|| Change {
                        variable: name.to_owned(),
                        value: (!left.is_empty()).then(|| left.into()),
                        clients: "every Java machine",
                        lever: "java",
                        drops: taken.iter().map(|it| format!("{it} of {name}")).collect(),
                    })
                })
                .collect::<Vec<_>>(),
        );
    }
    changes.extend(facts.iter().map(|(name, value)| Change {
        variable: name.clone(),
        value: Some(value.into()),
        clients: "whoever is written to read it",
        lever: "",
        drops: Vec::new(),
    }));
    changes
}

/// What of a value stays, where one takes parts out; `None` where it is used as a whole or not at all.
fn sifted(lever: &Lever, was: &OsStr, aim: &Aim) -> Option<Sifted> {
    (lever.what == What::Java).then_some(())?;
    Some(inherited::java(was.to_str()?, aim.has_authority))
}

/// What a variable is to hold; `None` where it is not set.
fn value(what: What, aim: &Aim, folder: &Folder) -> Option<OsString> {
    let trusted = |path: std::path::PathBuf| aim.has_authority.then(|| path.into_os_string());
    let (ip, port) = (aim.listener.ip(), aim.listener.port());
    match what {
        What::Proxy
        | What::NoProxy
        | What::Yes
        | What::Node
        | What::NodeLead
        | What::Python
        | What::PhpProxy
            if aim.is_sealed =>
        {
            None
        }
        What::Proxy => Some(format!("http://{}", aim.listener).into()),
        What::Yes => Some("1".into()),
        What::NoProxy => Some(NOT_BY_PROXY.into()),
        What::Trust => trusted(folder.trust()),
        What::Authority => trusted(folder.authority()),
        What::NoFolder => aim.is_closed.then(|| trusted(folder.no_roots()))?,
        What::Wget => Some(folder.wgetrc().into_os_string()),
        What::Curl => {
            let is_sifted = !folder.without_curl().is_empty();
            is_sifted.then(|| folder.curl().into_os_string())
        }
        What::Node => {
            let preload = folder.preload();
            let preload = preload.to_string_lossy();
            // Node before 12 knows no quotes, so that they are there only where they have to be.
            let quote = if preload.contains(char::is_whitespace) { "\"" } else { "" };
            Some(format!("--require {quote}{preload}{quote}").into())
        }
        What::NodeLead => {
            let lead = json!({ "address": ip.to_string(), "port": port, "hosts": aim.hosts });
            Some(lead.to_string().into())
        }
        What::Python => Some(folder.python().into_os_string()),
        What::Php => Some(folder.php().into_os_string()),
        What::PhpProxy => Some(format!("tcp://{}", aim.listener).into()),
        What::Java => {
            let proxy = format!(
                "-Dhttp.proxyHost={ip} -Dhttp.proxyPort={port} -Dhttps.proxyHost={ip} \
                 -Dhttps.proxyPort={port}"
            );
            let mut options = if aim.is_sealed { String::new() } else { proxy };
            if let Some(store) = trusted(folder.key_store()) {
                let store = store.to_string_lossy();
                // Writing to a text cannot fail.
                let _ = write!(options, " '-Djavax.net.ssl.trustStore={store}'");
            }
            let options = options.trim_start();
            (!options.is_empty()).then(|| options.into())
        }
    }
}

fn joined(first: &OsStr, by: &str, second: &OsStr) -> OsString {
    let mut joined = first.to_owned();
    joined.push(by);
    joined.push(second);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::folder::{Proxy, Wanted};
    use crate::web::certificate::Certificate;

    fn changed(without: &[&str], inherited: &[(&str, &str)]) -> BTreeMap<String, Change> {
        changed_in(false, without, inherited)
    }

    fn changed_in(
        is_sealed: bool,
        without: &[&str],
        inherited: &[(&str, &str)],
    ) -> BTreeMap<String, Change> {
        let authority = Certificate::new(vec![1]);
        let wanted = Wanted {
            authorities: &[authority],
            with_system: false,
            wgetrc: None,
            curlrc: None,
            proxy: Proxy::AsItIs,
        };
        let folder = Folder::make(wanted).unwrap();
        let aim = Aim {
            listener: "127.0.0.1:8080".parse().unwrap(),
            hosts: vec!["*.a.test".to_owned()],
            has_authority: true,
            is_closed: true,
            is_sealed,
        };
        let inherited = inherited.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let without: Vec<String> = without.iter().map(|name| (*name).to_owned()).collect();
        let all = changes(&aim, &folder, &[], &without, &inherited.collect());
        all.into_iter().map(|change| (change.variable.clone(), change)).collect()
    }

    fn text(changes: &BTreeMap<String, Change>, name: &str) -> String {
        let value = changes[name].value.clone().unwrap_or_default();
        value.into_string().unwrap()
    }

    #[test]
    fn what_was_there_is_added_to_and_what_leads_elsewhere_is_taken_out() {
        let changes = changed(
            &[],
            &[
                ("NODE_OPTIONS", "--max-old-space-size=64"),
                ("PYTHONPATH", "/mine"),
                ("NO_PROXY", "*"),
                ("ftp_proxy", "http://other.test"),
                ("REQUESTS_CA_BUNDLE", "/corporate.pem"),
            ],
        );
        let node = text(&changes, "NODE_OPTIONS");
        assert!(node.starts_with("--max-old-space-size=64 --require /"), "{node}");
        assert!(text(&changes, "PYTHONPATH").ends_with("/python:/mine"));
        assert!(text(&changes, "PHP_INI_SCAN_DIR").starts_with(":/"));
        assert_eq!(text(&changes, "https_proxy"), "http://127.0.0.1:8080");
        assert_eq!(text(&changes, "NO_PROXY"), NOT_BY_PROXY);
        assert_eq!(changes["ftp_proxy"].value, None);
        let dropped: Vec<&String> = changes.values().flat_map(|it| &it.drops).collect();
        assert_eq!(dropped, ["NO_PROXY", "REQUESTS_CA_BUNDLE", "ftp_proxy"]);
    }

    #[test]
    fn nothing_but_trust_is_set_for_a_client_that_is_sealed_off() {
        let changes = changed_in(true, &[], &[("https_proxy", "http://corporate.test")]);
        assert_eq!(changes["https_proxy"].value, None);
        for name in ["HTTP_PROXY", "NODE_OPTIONS", "PYTHONPATH", "RINGBACK_PHP_PROXY"] {
            assert!(!changes.contains_key(name), "{name}");
        }
        let java = text(&changes, "JAVA_TOOL_OPTIONS");
        assert!(java.starts_with("'-Djavax.net.ssl.trustStore=/"), "{java}");
        assert!(changes.contains_key("SSL_CERT_FILE"));
    }

    #[test]
    fn a_lever_that_is_not_wanted_changes_nothing() {
        let changes = changed(&["proxy", "node"], &[("NO_PROXY", "*")]);
        for name in ["http_proxy", "NO_PROXY", "NODE_OPTIONS", "RINGBACK_LEAD"] {
            assert!(!changes.contains_key(name), "{name}");
        }
        assert!(changes.contains_key("SSL_CERT_FILE"));
    }
}
