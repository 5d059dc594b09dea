//! An authority that is kept across starts, for people who trust it once in a browser or a device.
//!
//! Key and certificate stand in one file, which only its owner reads and which is replaced in one
//! step; `ca.pem` beside it is for handing on.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::base::clock::system_now;
use crate::base::time::{Span, Wall};
use crate::net::tls::authority::{Authority, Scope};
use crate::net::tls::error::TlsError;
use crate::net::tls::provider::Provider;
use crate::web::certificate::Certificate;
use crate::web::pem;

/// The flag that names the folder.
const FLAG: &str = "--ca-dir";

/// The file with the key.
const SECRET: &str = "authority.pem";

/// The file to hand on.
pub(super) const PUBLIC: &str = "ca.pem";

/// What an authority has to be good for yet, to be taken up again.
const LEFT_MIN: Span = Span::days(60);

/// What PEM calls a key.
const KEY_LABEL: &str = "PRIVATE KEY";

/// What is kept of an authority.
struct Kept {
    scope: String,
    ends: Wall,
    certificate: Certificate,
    key: Vec<u8>,
}

/// Takes up the authority of a folder; makes one where there is none, or where what there is was made
/// for other names or is about to end. Answers also what to tell its user.
pub(super) fn open(
    folder: &Path,
    scope: &Scope,
    provider: &Provider,
) -> Result<(Authority, Option<String>), TlsError> {
    let written = |source| TlsError::Write { path: folder.to_owned(), source };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(written)?;
    let path = folder.join(SECRET);
    let wanted = words(scope);
    let why = match read(&path)? {
        None => None,
        Some(kept) if kept.scope != wanted => {
            Some(format!("it was for {}, and is wanted for {wanted}", kept.scope))
        }
        Some(kept) if kept.ends < system_now().saturating_add(LEFT_MIN) => {
            Some("it ends soon".to_owned())
        }
        Some(kept) => {
            let Kept { certificate, key, ends, .. } = kept;
            hand_on(folder, &certificate)?;
            return Ok((Authority::kept(&key, certificate, ends, provider)?, None));
        }
    };
    let authority = Authority::make(scope, provider)?;
    keep(folder, &authority, &wanted)?;
    hand_on(folder, &authority.certificate)?;
    let public = folder.join(PUBLIC);
    let told = why.map(|why| {
        let public = public.display();
        format!("the authority in {FLAG} is made anew: {why}; trust {public} again")
    });
    Ok((authority, told))
}

/// What an authority may sign for, on one line.
fn words(scope: &Scope) -> String {
    match scope {
        Scope::Any => "any name".to_owned(),
        Scope::Only(hosts) => {
            let mut names: Vec<String> = hosts.iter().map(ToString::to_string).collect();
            names.sort_unstable();
            names.dedup();
            format!("localhost {}", names.join(" ")).trim_end().to_owned()
        }
    }
}

fn read(path: &Path) -> Result<Option<Kept>, TlsError> {
    let unfit = |reason: String| TlsError::Unfit { flag: FLAG, path: path.to_owned(), reason };
    let unread = |source| TlsError::Read { flag: FLAG, path: path.to_owned(), source };
    let mode = match fs::metadata(path) {
        Ok(facts) => facts.mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unread(error)),
    };
    if mode & 0o077 != 0 {
        return Err(unfit(format!(
            "others can read the key (its mode is {:o}); expected 600: chmod 600 it, or delete it if \
             somebody may have read it",
            mode & 0o777
        )));
    }
    let text = fs::read_to_string(path).map_err(unread)?;
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let kept = || {
        Some(Kept {
            scope: line("for: ")?.to_owned(),
            ends: Wall::clamped_from_millis(line("ends: ")?.parse().ok()?),
            certificate: Certificate::from_pem(&text)?,
            key: pem::read(KEY_LABEL, &text)?,
        })
    };
    let kept = kept();
    kept.map(Some).ok_or_else(|| {
        unfit("it is no authority that was kept here; delete it to have one made".to_owned())
    })
}

fn keep(folder: &Path, authority: &Authority, scope: &str) -> Result<(), TlsError> {
    let ends = authority.ends.as_millis();
    let certificate = authority.certificate.to_pem();
    let key = pem::write(KEY_LABEL, &authority.key());
    let text = format!("for: {scope}\nends: {ends}\n{certificate}{key}");
    replace(&folder.join(SECRET), text.as_bytes(), 0o600)
}

/// Writes the certificate for handing on, unless it is there.
fn hand_on(folder: &Path, certificate: &Certificate) -> Result<(), TlsError> {
    let (path, text) = (folder.join(PUBLIC), certificate.to_pem());
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    replace(&path, text.as_bytes(), 0o644)
}

/// Writes a file beside its place and moves it there.
fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<(), TlsError> {
    let beside: PathBuf = path.with_extension(format!("{}.new", std::process::id()));
    let write = || {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| TlsError::Write { path: path.to_owned(), source })
}
