//! `ca`, and the flags for what clients that speak TLS are shown.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use http::StatusCode;

use crate::app::CertificateSource;
use crate::cli::asking::Running;
use crate::cli::failure::{Failure, print, runtime};
use crate::client::control::ControlError;
use crate::exit;
use crate::web::certificate::Certificate;

/// Where the certificates come from that clients are shown.
#[derive(Clone, Debug, Args)]
pub(crate) struct CertificateArgs {
    /// Keeps the authority in this folder across starts, for people who trust it once
    #[arg(long, env = "RINGBACK_CA_DIR", conflicts_with = "tls_cert")]
    ca_dir: Option<PathBuf>,
    /// Has the authority sign for any name, for clients that cannot read name constraints
    #[arg(long, env = "RINGBACK_CA_UNCONSTRAINED", conflicts_with = "tls_cert")]
    ca_unconstrained: bool,
    /// A certificate of your own in PEM, with what it is signed by, in place of the authority
    #[arg(long, env = "RINGBACK_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of that certificate, in PEM
    #[arg(long, env = "RINGBACK_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl CertificateArgs {
    /// The file of the user's own certificate.
    pub(crate) fn own(&self) -> Option<&Path> {
        self.tls_cert.as_deref()
    }

    /// What was asked for.
    pub(crate) fn source(self) -> CertificateSource {
        match (self.tls_cert, self.tls_key) {
            (Some(certificate), Some(key)) => CertificateSource::User { certificate, key },
            _ => CertificateSource::Authority {
                folder: self.ca_dir,
                is_constrained: !self.ca_unconstrained,
            },
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct CaArgs {
    #[command(flatten)]
    running: Running,
    /// The form of it
    #[arg(long, env = "RINGBACK_FORMAT", default_value = "pem")]
    format: Format,
}

/// The forms of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text, for nearly everything
    Pem,
    /// A Java key store; its password is `changeit`, and none is needed to read it
    Jks,
}

impl CaArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = self.running.target()?;
        let fetched = runtime()?.block_on(target.get("/ca.pem")).map_err(ControlError::from)?;
        let text = String::from_utf8_lossy(&fetched.body);
        let found = (fetched.status == StatusCode::OK).then(|| Certificate::from_pem(&text));
        let Some(certificate) = found.flatten() else {
            let detail = serde_json::from_str::<serde_json::Value>(&text).ok();
            let detail = detail.and_then(|it| it["detail"].as_str().map(str::to_owned));
            let base = &target.base;
            let text = detail.unwrap_or_else(|| format!("{base} has no certificate to give"));
            return Err(Failure { text, code: exit::NO_RESOURCE });
        };
        match self.format {
            Format::Pem => print(certificate.to_pem().trim_end()),
            Format::Jks => write(&certificate.to_jks()),
        }
    }
}

/// Writes bytes to stdout.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
        }
        _ => Ok(()),
    }
}
