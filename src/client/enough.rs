//! What of an answer means that a system which is somebody else's is not asked on.

/// Statuses by which a vendor says that it wants no more: locked, and too many requests.
const ENOUGH: [u16; 2] = [423, 429];

/// The start of a body in which a page says that it is one.
const HEAD_CHARS: usize = 200;

/// Whether a status says that it is enough.
pub(crate) fn is_enough(status: u16) -> bool {
    ENOUGH.contains(&status)
}

/// Whether it is a web server's page.
pub(crate) fn is_page(text: &str) -> bool {
    let head: String =
        text.trim_start().chars().take(HEAD_CHARS).collect::<String>().to_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// What a page is called: one that asks whether somebody is there, or any.
pub(crate) fn page(text: &str) -> &'static str {
    if text.to_lowercase().contains("captcha") { "a captcha" } else { "a web page" }
}
