//! A report as one page that opens from disk: its frame, and the parts that reports are made of.
//!
//! It looks as the page of the control plane does, needs no other file and runs no script. All text
//! goes in escaped. Not here: what reports say (`replay::html`, `run::html`).

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::base::packed::packed;

/// The sheet of the control plane's page, which is that of reports as well.
pub(crate) fn sheet() -> &'static str {
    packed!("src/admin/page/page.css")()
}

/// What a report has and that page has not.
const OWN_SHEET: &str = "
main { padding: var(--s4); display: grid; gap: var(--s4); max-width: 112rem; }
.steps > li, .told { padding: var(--s2) var(--s4); border-top: 1px solid var(--line); }
.steps h3 { display: flex; gap: var(--s2); align-items: baseline; flex-wrap: wrap; }
main pre { overflow-x: auto; padding: var(--s2); background: var(--sunk); border-radius: var(--r); }
main td, main th { text-align: left; vertical-align: top; padding: .2rem .75rem .2rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--ink-2); }
";

/// Nothing but its own sheet: no script, no request to anywhere.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Longest cell of a table that is kept on one line.
const NAME_BYTES_MAX: usize = 40;

/// How something ended, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Good,
    Bad,
    Open,
}

/// A page that is being written.
#[derive(Debug)]
pub(crate) struct Page(String);

impl Page {
    /// Begins one; its title and its heading say the same.
    pub(crate) fn begin(sign: Sign, word: &str, summary: &str) -> Self {
        let title = escape(summary);
        let mark = mark(sign, word);
        let sheet = sheet();
        Page(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Ringback: {title}</title>\n<style>{sheet}{OWN_SHEET}</style>\n</head>\n<body>\n\
             <main>\n<h1>{mark} {title}</h1>\n"
        ))
    }

    /// A part of a page, which is put into one by [`Page::put`].
    pub(crate) fn part() -> Self {
        Page(String::new())
    }

    /// The markup so far.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Adds markup; what is no markup in it is escaped already.
    pub(crate) fn put(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.0.write_fmt(markup);
    }

    /// Adds a paragraph of text.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.put(format_args!("<p>{}</p>\n", escape(text)));
    }

    /// Adds text as it is, behind a line that opens it.
    pub(crate) fn fold(&mut self, summary: &str, text: &str, is_open: bool) {
        let open = if is_open { " open" } else { "" };
        self.put(format_args!(
            "<details{open}><summary>{}</summary>\n<pre tabindex=\"0\">{}</pre>\n</details>\n",
            escape(summary),
            escape(text)
        ));
    }

    /// Adds a table of texts; none where there are no rows.
    pub(crate) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.put(format_args!("<table>\n<thead><tr>"));
        for name in head {
            self.put(format_args!("<th>{}</th>", escape(*name)));
        }
        self.put(format_args!("</tr></thead>\n<tbody>\n"));
        for row in rows {
            self.put(format_args!("<tr>"));
            for cell in row {
                // A name that is broken in two cannot be read; what is long has to be.
                let is_name = cell.len() <= NAME_BYTES_MAX && !cell.contains(' ');
                let class = if is_name { " class=\"nowrap\"" } else { "" };
                self.put(format_args!("<td{class}>{}</td>", escape(cell.as_str())));
            }
            self.put(format_args!("</tr>\n"));
        }
        self.put(format_args!("</tbody>\n</table>\n"));
    }

    /// Ends it.
    pub(crate) fn end(mut self) -> String {
        self.0.push_str("</main>\n</body>\n</html>\n");
        self.0
    }
}

/// How something ended as a word and a sign, so that it is not told by colour alone.
pub(crate) fn mark(sign: Sign, word: &str) -> String {
    let (class, sign) = match sign {
        Sign::Good => ("good", "✓"),
        Sign::Bad => ("bad", "✕"),
        Sign::Open => ("warn", "–"),
    };
    let word = escape(word);
    format!("<span class=\"{class} nowrap\"><span aria-hidden=\"true\">{sign}</span> {word}</span>")
}
