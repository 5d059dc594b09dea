//! `env`: the variables that lead clients to a running Ringback.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::cli::asking::Running;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::levers::{self, Told, curlrc, wgetrc};
use crate::client::address;
use crate::client::control::ControlError;
use crate::exit;
use crate::run::folder::{Folder, Proxy, Wanted};
use crate::run::form::{Form, NODE_OPTIONS, written};
use crate::run::lever::PROXY;
use crate::web::certificate::Certificate;

#[derive(Debug, Args)]
pub(super) struct EnvArgs {
    /// Who is to read it
    #[arg(
        long = "for",
        id = "env_for",
        env = "RINGBACK_ENV_FOR",
        value_name = "READER",
        default_value = "sh"
    )]
    form: Forms,
    /// Address of the running program for the vendors' clients; the one that it tells where left out
    #[arg(
        long,
        id = "vendors_url",
        value_name = "URL",
        env = "RINGBACK_URL",
        value_parser = address::base
    )]
    url: Option<String>,
    #[command(flatten)]
    running: Running,
    /// Folder for the files that the variables name, made for its owner alone; one of your temporary
    /// files' where left out
    #[arg(long, env = "RINGBACK_ENV_FOLDER")]
    folder: Option<PathBuf>,
    /// A lever to leave out: proxy, trust, wget, curl, node, python, php or java; may be given more than once
    #[arg(long, env = "RINGBACK_NO_LEVER", value_delimiter = ',')]
    no_lever: Vec<String>,
    /// Has the system's own authorities be trusted as well, for clients that are let through to others
    #[arg(long, env = "RINGBACK_WITH_SYSTEM")]
    with_system: bool,
}

/// Who reads an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Forms {
    /// bash, zsh, dash: eval "$(ringback env)"
    Sh,
    /// fish: ringback env --for fish | source
    Fish,
    /// ringback env --for powershell | Invoke-Expression
    Powershell,
    /// A file of variables, as many libraries read it
    Dotenv,
    /// A job of GitHub Actions, which appends it to the file that it is told of
    Github,
    /// One object; null for what is to be taken out
    Json,
    /// docker run --env-file, with --network host and the folder mounted
    Docker,
}

impl From<Forms> for Form {
    fn from(form: Forms) -> Self {
        match form {
            Forms::Sh => Form::Sh,
            Forms::Fish => Form::Fish,
            Forms::Powershell => Form::PowerShell,
            Forms::Dotenv => Form::Dotenv,
            Forms::Github => Form::GitHub,
            Forms::Json => Form::Json,
            Forms::Docker => Form::Docker,
        }
    }
}

impl EnvArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        levers::check(&self.no_lever)?;
        let target = self.running.target()?;
        let (vendors, fetched) = runtime()?.block_on(async {
            let vendors = target.call(Method::GET, "/v1/vendors", &Value::Null).await?;
            Ok::<_, ControlError>((vendors, target.get("/ca.pem").await?))
        })?;
        let authority = (fetched.status == StatusCode::OK)
            .then(|| Certificate::from_pem(&String::from_utf8_lossy(&fetched.body)))
            .flatten();
        let told = vendors["listen"][0].as_str();
        let url = self.url.as_deref().or(told).unwrap_or(LISTEN_DEFAULT);
        let ready = ready(url, &target.base, &vendors)?;
        let (wgetrc, curlrc) = (wgetrc(), curlrc());
        let proxy = if self.no_lever.iter().any(|lever| lever == PROXY) {
            Proxy::AsItIs
        } else {
            Proxy::At(levers::address(&ready["listen"])?)
        };
        let wanted = Wanted {
            authorities: authority.as_slice(),
            with_system: self.with_system,
            wgetrc: wgetrc.as_deref(),
            curlrc: curlrc.as_deref(),
            proxy,
        };
        let folder = Folder::keep(self.folder, wanted)
            .map_err(|error| Failure { text: error.to_string(), code: exit::NO_RESOURCE })?;
        levers::tell_place(&folder);
        let is_closed = !self.with_system;
        let trusts = authority.is_some();
        if !trusts {
            let base = &target.base;
            let text = format!(
                "{base} shows a certificate of its user's, which no variable here has clients trust: \
                 ringback run --tls-cert FILE does, or SSL_CERT_FILE and its like by hand"
            );
            let _ = writeln!(io::stderr(), "ringback: {text}");
        }
        let told = Told { ready: &ready, trusts, is_closed, is_sealed: false };
        let changes = levers::of(&told, &folder, &self.no_lever)?;
        levers::tell(&changes, false, is_closed);
        let form = Form::from(self.form);
        let node = changes.iter().find(|it| it.variable == NODE_OPTIONS);
        if let (Form::GitHub, Some(value)) = (form, node.and_then(|it| it.value.as_deref())) {
            let text = "GitHub takes no NODE_OPTIONS from $GITHUB_ENV; a step that runs Node needs in its env:";
            // As YAML takes it, too.
            let value = Value::from(value.to_string_lossy());
            let _ = writeln!(io::stderr(), "ringback: {text} NODE_OPTIONS: {value}");
        }
        print(&written(form, &changes))
    }
}

/// Where vendors are served when nothing else is said.
const LISTEN_DEFAULT: &str = "http://127.0.0.1:8080";

/// What a running program tells, as its ready line had it.
fn ready(url: &str, admin: &str, vendors: &Value) -> Result<Value, Failure> {
    let (mut hosts, mut urls) = (Map::new(), Map::new());
    let Some(all) = vendors["vendors"].as_array() else {
        return Err(bad_input(format!("{admin} tells of no vendors; is it a Ringback's?")));
    };
    for vendor in all {
        let name = vendor["name"].as_str().unwrap_or_default().to_owned();
        let path = vendor["paths"][0].as_str().unwrap_or("/");
        urls.insert(name.clone(), format!("{url}{path}").into());
        hosts.insert(name, vendor["hosts"].clone());
    }
    Ok(json!({ "listen": url, "admin": admin, "vendors": urls, "hosts": hosts }))
}
