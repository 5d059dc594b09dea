//! The files that levers need: in one folder that only its owner reads, gone at the end.
//!
//! Where it lies (`place`) is up to the user, as long as every lever can write it down.

use std::fmt::Write;
use std::fs::{self, DirBuilder};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::run::inherited;
use crate::run::lever::NOT_BY_PROXY;
use crate::run::place::{self, Place, PlaceError};
use crate::run::sealed::files;
use crate::run::sealed::plan::{Allowed, Plan};
use crate::web::certificate::{Certificate, jks};

/// What leads Node, Python and PHP.
const PRELOAD: &str = include_str!("files/preload.cjs");
const SITECUSTOMIZE: &str = include_str!("files/sitecustomize.py");
const PREPEND: &str = include_str!("files/prepend.php");

/// Where systems keep the roots that they trust.
pub(crate) const SYSTEM_ROOTS: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The folder; removed when it is dropped, where it is not one that stays.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    is_kept: bool,
    /// Why it is not where it would be, in words.
    instead_of: Option<String>,
    /// What the user's own configuration of wget had that leads elsewhere.
    without: Vec<String>,
    /// What that of curl had.
    without_curl: Vec<String>,
}

/// Which proxy a configuration names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proxy {
    /// None of ours.
    AsItIs,
    /// No proxy at all.
    None,
    /// The listener.
    At(SocketAddr),
}

/// What goes into it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    /// What is to be trusted: our authority's certificate, or all that the user's own file has. None where
    /// that is not known.
    pub(crate) authorities: &'w [Certificate],
    /// Whether the system's roots are trusted beside it.
    pub(crate) with_system: bool,
    /// The user's own configuration of wget, which ours takes the place of.
    pub(crate) wgetrc: Option<&'w Path>,
    /// That of curl.
    pub(crate) curlrc: Option<&'w Path>,
    /// The proxy, which wget takes from the system's configuration before it looks at variables.
    pub(crate) proxy: Proxy,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = fs::remove_dir_all(&self.path).or_else(|_| self.remove_ours())
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.path.display(), "the folder of the run stays");
        }
    }
}

impl Folder {
    /// Makes the folder, and the files in it.
    ///
    /// # Errors
    /// Where the system does not take them.
    pub(crate) fn make(wanted: Wanted<'_>) -> Result<Self, PlaceError> {
        let place = place::found()?;
        let path = free(&place.folder, "run").map_err(|error| place.failed(error))?;
        let mut folder = Folder::at(path, false, &place);
        folder.fill(wanted).map_err(|error| place.failed(error))?;
        Ok(folder)
    }

    fn at(path: PathBuf, is_kept: bool, place: &Place) -> Self {
        Folder {
            path,
            is_kept,
            instead_of: place.instead_of.clone(),
            without: Vec::new(),
            without_curl: Vec::new(),
        }
    }

    /// Makes the files in a folder that stays, or writes them anew.
    ///
    /// # Errors
    /// Where the system does not take them, or a lever could not write the folder down.
    pub(crate) fn keep(path: Option<PathBuf>, wanted: Wanted<'_>) -> Result<Self, PlaceError> {
        let place = if let Some(path) = path {
            Place::named(&path)?
        } else {
            let place = place::found()?;
            let folder = free(&place.folder, "run").map_err(|error| place.failed(error))?;
            Place { folder, ..place }
        };
        let mut folder = Folder::at(place.folder.clone(), true, &place);
        folder.fill(wanted).map_err(|error| place.failed(error))?;
        Ok(folder)
    }

    /// Why it does not lie where the user's temporary files do, in words; `None` where it does.
    pub(crate) fn told(&self) -> Option<String> {
        let why = self.instead_of.as_ref()?;
        Some(format!("the files of the run are in {}: {why}", self.path.display()))
    }

    /// Removes what is ours in it by name, which takes no descriptor.
    fn remove_ours(&self) -> io::Result<()> {
        let files = [
            "python/sitecustomize.py",
            "php/ringback.ini",
            "preload.cjs",
            "prepend.php",
            "trust.pem",
            "ca.pem",
            "trust.jks",
            "wgetrc",
            "curl/.curlrc",
            "plan",
            "hosts",
            "resolv.conf",
            "nsswitch.conf",
            "guard",
        ];
        for name in files {
            // Not all of them are there.
            let _ = fs::remove_file(self.path.join(name));
        }
        for folder in [self.no_roots(), self.python(), self.php(), self.curl()] {
            let _ = fs::remove_dir(folder);
        }
        fs::remove_dir(&self.path)
    }

    fn fill(&mut self, wanted: Wanted<'_>) -> io::Result<()> {
        let own = wanted.wgetrc.and_then(|path| fs::read_to_string(path).ok());
        let own = inherited::wget(&own.unwrap_or_default());
        self.without = own.taken;
        let mut wgetrc = own.left;
        wgetrc.push_str(&of_wget(wanted.proxy));
        let trusts = !wanted.authorities.is_empty();
        let own = wanted.curlrc.and_then(|path| fs::read_to_string(path).ok());
        let own = inherited::curl(&own.unwrap_or_default(), trusts);
        self.without_curl = own.taken;
        let folder = &*self;
        if !folder.without_curl.is_empty() {
            fs::create_dir_all(folder.curl())?;
            fs::write(folder.curl().join(".curlrc"), own.left)?;
        }
        fs::create_dir_all(folder.no_roots())?;
        fs::create_dir_all(folder.python())?;
        fs::create_dir_all(folder.php())?;
        fs::write(folder.preload(), PRELOAD)?;
        fs::write(folder.python().join("sitecustomize.py"), SITECUSTOMIZE)?;
        let prepend = folder.path.join("prepend.php");
        fs::write(&prepend, PREPEND)?;
        let mut settings = format!("auto_prepend_file=\"{}\"\n", prepend.display());
        if trusts {
            let system = if wanted.with_system { system_roots() } else { String::new() };
            let pem: String = wanted.authorities.iter().map(Certificate::to_pem).collect();
            fs::write(folder.authority(), &pem)?;
            fs::write(folder.trust(), format!("{system}{pem}"))?;
            let mut trusted = Certificate::all_from_pem(&system);
            trusted.extend_from_slice(wanted.authorities);
            fs::write(folder.key_store(), jks(&trusted))?;
            let trust = folder.trust();
            let trust = trust.display();
            // Writing to a text cannot fail.
            let _ = writeln!(settings, "curl.cainfo=\"{trust}\"\nopenssl.cafile=\"{trust}\"");
            let _ = writeln!(wgetrc, "ca_certificate={trust}");
        }
        fs::write(folder.wgetrc(), wgetrc)?;
        fs::write(folder.php().join("ringback.ini"), settings)
    }

    /// What the user's own configuration of wget had that leads elsewhere, by its name.
    pub(crate) fn without(&self) -> &[String] {
        &self.without
    }

    /// What that of curl had, by its name.
    pub(crate) fn without_curl(&self) -> &[String] {
        &self.without_curl
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is trusted, all of it.
    pub(crate) fn trust(&self) -> PathBuf {
        self.path.join("trust.pem")
    }

    /// The authority's certificate alone.
    pub(crate) fn authority(&self) -> PathBuf {
        self.path.join("ca.pem")
    }

    pub(crate) fn key_store(&self) -> PathBuf {
        self.path.join("trust.jks")
    }

    pub(crate) fn wgetrc(&self) -> PathBuf {
        self.path.join("wgetrc")
    }

    /// The folder of the curl configuration.
    pub(crate) fn curl(&self) -> PathBuf {
        self.path.join("curl")
    }

    pub(crate) fn preload(&self) -> PathBuf {
        self.path.join("preload.cjs")
    }

    /// A folder without certificates.
    pub(crate) fn no_roots(&self) -> PathBuf {
        self.path.join("no-roots")
    }

    pub(crate) fn python(&self) -> PathBuf {
        self.path.join("python")
    }

    pub(crate) fn php(&self) -> PathBuf {
        self.path.join("php")
    }

    /// Writes what tells a client that is sealed off where it is: the plan of its sockets, and the files
    /// that take the place of the system's.
    ///
    /// # Errors
    /// Where the system does not take them.
    pub(crate) fn write_sealed(
        &self,
        plan: &Plan,
        exact: &[String],
        allowed: &[Allowed],
    ) -> io::Result<()> {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let machine = read("/proc/sys/kernel/hostname");
        let write = |name: &str, text: String| fs::write(self.path.join(name), text);
        write("plan", plan.to_string())?;
        write("hosts", files::hosts(&read("/etc/hosts"), machine.trim(), exact, allowed))?;
        write("resolv.conf", files::resolver())?;
        write("nsswitch.conf", files::order(&read("/etc/nsswitch.conf")))
    }

    /// Where the guard speaks to us.
    pub(crate) fn socket(&self) -> PathBuf {
        self.path.join("guard")
    }
}

/// The lines of a wget configuration that name a proxy. It stands over that of the system, and over variables.
fn of_wget(proxy: Proxy) -> String {
    match proxy {
        Proxy::AsItIs => String::new(),
        Proxy::None => "use_proxy=off\n".to_owned(),
        Proxy::At(address) => {
            // The first of the two takes out what the system's has; each is added to the last.
            format!(
                "use_proxy=on\nhttp_proxy=http://{address}/\nhttps_proxy=http://{address}/\n\
                 no_proxy=\nno_proxy={NOT_BY_PROXY}\n"
            )
        }
    }
}

/// Makes a folder that nobody has, for its owner alone.
///
/// # Errors
/// Where the system does not take it.
pub(crate) fn free(parent: &Path, what: &str) -> io::Result<PathBuf> {
    let id = std::process::id();
    let mut number = 0_u32;
    loop {
        let path = parent.join(format!("ringback-{what}-{id}-{number}"));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            // Left over, or somebody else's.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

fn system_roots() -> String {
    let mut texts = SYSTEM_ROOTS.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.next().map(|text| format!("{}\n", text.trim_end())).unwrap_or_default()
}
