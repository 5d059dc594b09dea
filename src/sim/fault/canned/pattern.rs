//! Patterns of paths: `/billing/api/{method}`, `/rest/v1.0/7/exports/*`.
//!
//! Not here: the paths of operations (`web::route`).

/// Whether a path as it was sent, still percent-encoded, fits. `{name}` is one segment that is not
/// empty, `*` at the end whatever follows.
pub(crate) fn fits(pattern: &str, path: &str) -> bool {
    let (fixed, is_open) = match pattern.strip_suffix('*') {
        Some(start) => (start, true),
        None => (pattern, false),
    };
    let mut wanted = fixed.split('/').peekable();
    let mut found = path.split('/');
    while let Some(segment) = wanted.next() {
        let Some(sent) = found.next() else { return false };
        let is_last = wanted.peek().is_none();
        if is_last && is_open {
            return sent.starts_with(segment);
        }
        let is_named = segment.starts_with('{') && segment.ends_with('}');
        let is_same = if is_named { !sent.is_empty() } else { segment == sent };
        if !is_same {
            return false;
        }
    }
    found.next().is_none()
}

/// What is wrong with a pattern; `None` where nothing is.
pub(crate) fn mistake(pattern: &str) -> Option<&'static str> {
    if !pattern.starts_with('/') {
        return Some("expected a path that begins with /");
    }
    let fixed = pattern.strip_suffix('*').unwrap_or(pattern);
    let is_odd = |segment: &str| {
        let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inner {
            Some(name) => name.is_empty() || name.contains(['{', '}']),
            None => segment.contains(['{', '}', '*', '?', '#', ' ']),
        }
    };
    fixed.split('/').any(is_odd).then_some(
        "expected a path without its query, in which {name} stands for one whole segment and * at \
         the end for the rest",
    )
}

/// Whether it stands for one path alone.
pub(crate) fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['{', '*'])
}
