//! What a reader of a page has at hand: a folder with the page's files, a shell, and a program that
//! serves. It is started when the first command wants it, as the page says (`ringback serve … &`) or as
//! the demo with its clock frozen, and its addresses are shown as those that `serve` has by itself.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::root;
use crate::support::program::{Running, serve_in};

/// Where the clock of a page's program stands.
const CLOCK: &str = "frozen@2026-03-02T09:00:00Z";

/// The addresses that pages show, by the name of the listener.
const SHOWN: [(&str, &str); 2] = [("listen", "127.0.0.1:8080"), ("admin", "127.0.0.1:8081")];

/// Where pages have the checkout of the source, beside the folder that they work in.
const CHECKOUT: &str = "../ringback/";

/// What ends the program that a page started, as its user would; what it says at its end is printed.
const STOP: &str = "kill %1";

pub(super) struct Session {
    running: Option<Running>,
    folder: TempDir,
}

impl Session {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Where it does not write to a terminal, curl tells on stderr how far it is.
        fs::write(folder.path().join(".curlrc"), "silent\nshow-error\n").unwrap();
        Session { running: None, folder }
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
            self.serve(args.split_whitespace());
            return (0, String::new());
        }
        if command == STOP
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
            .env("RINGBACK_ADMIN_URL", format!("http://{}", self.address("admin")))
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
        if self.running.is_none() {
            self.serve(["--clock", CLOCK].into_iter());
        }
    }

    fn serve<'a>(&mut self, args: impl Iterator<Item = &'a str>) {
        // Before the next, so that both may have one folder.
        drop(self.running.take());
        let args: Vec<&str> = args.collect();
        self.running = Some(serve_in(self.folder.path(), &args));
    }

    fn address(&self, name: &str) -> String {
        self.running.as_ref().map(|running| running.address(name)).unwrap_or_default()
    }

    /// With the addresses of this program, and the checkout where it is.
    fn real(&self, text: &str) -> String {
        let checkout = format!("{}/", root().display());
        let text = text.replace(CHECKOUT, &checkout);
        let named =
            SHOWN.iter().fold(text, |text, (name, shown)| text.replace(shown, &self.address(name)));
        SHOWN.iter().fold(named, |text, (name, shown)| {
            text.replace(&shown.replace("127.0.0.1", "localhost"), &self.address(name))
        })
    }

    /// With the addresses that the page shows.
    fn shown(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let named = SHOWN
            .iter()
            .fold(text.to_owned(), |text, (name, shown)| text.replace(&self.address(name), shown));
        named.replace(&format!("{folder}/"), "").replace(&folder, ".")
    }
}

/// The program's own folder before those of the machine.
fn path() -> std::ffi::OsString {
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_ringback")).parent().unwrap().to_owned();
    let machine = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(own).chain(env::split_paths(&machine))).unwrap()
}
