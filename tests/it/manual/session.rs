//! What a reader of a page has at hand: a folder with the page's files, a shell, and the program that
//! the page tells to start before its first line. One that the page starts itself (`ringback serve … &`) comes
//! when it says so, and the one before it has to be ended by then. Addresses are shown as those that `serve`
//! has by itself.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::pages::Page;
use super::root;
use crate::support::program::{Running, serve_in};

/// What runs beside the pages outside `docs`, which tell it in a block that is not run.
const DEMO: [&str; 2] = ["--clock", "frozen@2026-03-02T09:00:00Z"];

/// The addresses that pages show, by the name of the listener.
const SHOWN: [(&str, &str); 2] = [("listen", "127.0.0.1:8080"), ("admin", "127.0.0.1:8081")];

/// Where pages have the checkout of the source, beside the folder that they work in.
const CHECKOUT: &str = "../ringback/";

/// Where nobody serves, for commands that come while no program runs.
const NOBODY: &str = "127.0.0.1:1";

/// What ends the program that a page started, as its user would, and waits until it has ended; what it says
/// at its end is printed.
const STOPS: [&str; 2] = ["kill %1", "kill %1; wait"];

pub(super) struct Session {
    /// What is to run before the first command.
    served: Option<Vec<String>>,
    running: Option<Running>,
    folder: TempDir,
}

impl Session {
    pub(super) fn new(page: &Page) -> Self {
        let owned = |args: &[&str]| args.iter().map(|it| (*it).to_owned()).collect();
        let served = if page.path.starts_with("docs/") {
            page.served().map(|args| owned(&args))
        } else {
            Some(owned(&DEMO))
        };
        let folder = tempfile::tempdir().unwrap();
        // Where it does not write to a terminal, curl tells on stderr how far it is.
        fs::write(folder.path().join(".curlrc"), "silent\nshow-error\n").unwrap();
        Session { served, running: None, folder }
    }

    pub(super) fn keep(&mut self, file: &str, text: &str) {
        self.start();
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, self.real(text)).unwrap();
    }

    /// Runs a command; its exit code, and what it printed on both streams.
    pub(super) fn run(&mut self, command: &str) -> (i32, String) {
        // One in the foreground is run as it is: it has to end by itself.
        let served = command.strip_prefix("ringback serve").and_then(|it| it.strip_suffix('&'));
        if let Some(args) = served {
            if self.running.is_some() || self.served.is_some() {
                return (1, "one runs already, and has the addresses".to_owned());
            }
            self.serve(args.split_whitespace());
            return (0, String::new());
        }
        if STOPS.contains(&command)
            && let Some(running) = &mut self.running
        {
            let (code, said) = running.stop_and_listen();
            let said = self.shown(&said);
            self.running = None;
            return (code, said);
        }
        self.start();
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1; {}", self.real(command))])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", path())
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .env(
                "RINGBACK_ADMIN_URL",
                format!("http://{}", self.address("admin").unwrap_or(NOBODY.into())),
            )
            .stdin(Stdio::null())
            .output()
            .unwrap();
        // A page has the ends of lines of its own.
        let mut printed = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
        if !printed.is_empty() && !printed.ends_with('\n') {
            printed.push('\n');
        }
        (output.status.code().unwrap_or(-1), self.shown(&printed))
    }

    fn start(&mut self) {
        if let Some(args) = self.served.take() {
            self.serve(args.iter().map(String::as_str));
        }
    }

    fn serve<'a>(&mut self, args: impl Iterator<Item = &'a str>) {
        let args: Vec<&str> = args.collect();
        self.running = Some(serve_in(self.folder.path(), &args));
    }

    /// Of the program that runs.
    fn address(&self, name: &str) -> Option<String> {
        self.running.as_ref().map(|running| running.address(name))
    }

    /// With the addresses of this program, and the checkout where it is.
    fn real(&self, text: &str) -> String {
        let checkout = format!("{}/", root().display());
        let text = text.replace(CHECKOUT, &checkout);
        SHOWN.iter().fold(text, |text, (name, shown)| {
            let address = self.address(name).unwrap_or(NOBODY.into());
            let local = shown.replace("127.0.0.1", "localhost");
            text.replace(shown, &address).replace(&local, &address)
        })
    }

    /// With the addresses that the page shows.
    fn shown(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let named = SHOWN.iter().fold(text.to_owned(), |text, (name, shown)| {
            self.address(name).map_or_else(|| text.clone(), |address| text.replace(&address, shown))
        });
        named.replace(&format!("{folder}/"), "").replace(&folder, ".")
    }
}

/// The program's own folder before those of the machine.
fn path() -> std::ffi::OsString {
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_ringback")).parent().unwrap().to_owned();
    let machine = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(own).chain(env::split_paths(&machine))).unwrap()
}
