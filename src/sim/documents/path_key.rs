//! Under which key a path stands in an OpenAPI document.
//!
//! Two kinds of path that servers take have no key of their own beside others: one that ends in a slash,
//! which readers cut off, and one whose template cannot be told from another's, as `/{id}/lock` and
//! `/lock/{id}`. Such a path begins within the address of a server.

/// The parts of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PathKey {
    /// What belongs to the server's address; empty where it is the document's own.
    pub(crate) server: &'static str,
    pub(crate) key: &'static str,
}

/// The key of a path beside those that stand there already.
pub(crate) fn of(path: &'static str, mut others: impl Iterator<Item = &'static str>) -> PathKey {
    let at = if path.len() > 1 && path.ends_with('/') {
        path.len() - 1
    } else if others.any(|other| is_ambiguous(path, other)) {
        path.find("/{").unwrap_or_default()
    } else {
        0
    };
    PathKey { server: &path[..at], key: &path[at..] }
}

/// Whether a path may be meant by both, and neither says more of it than the other.
fn is_ambiguous(one: &str, other: &str) -> bool {
    if one.split('/').count() != other.split('/').count() {
        return false;
    }
    let (mut says_more, mut says_less) = (false, false);
    for (one, other) in one.split('/').zip(other.split('/')) {
        match (one.starts_with('{'), other.starts_with('{')) {
            (false, false) if one != other => return false,
            (false, true) => says_more = true,
            (true, false) => says_less = true,
            _ => {}
        }
    }
    says_more && says_less
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &'static str, server: &str, key: &str) {
        let others = ["/a/{x}/b/{id}/lock", "/a/{x}/b/{id}", "/a/{x}/b/lock"];
        let found = of(path, others.into_iter());
        assert_eq!((found.server, found.key), (server, key));
    }

    #[test]
    fn only_a_path_without_a_key_of_its_own_begins_in_a_server() {
        check("/", "", "/");
        check("/a/{x}/b/{id}/unlock", "", "/a/{x}/b/{id}/unlock");
        check("/a/{x}/b/lock", "", "/a/{x}/b/lock");
        check("/dialer/", "/dialer", "/");
        check("/a/{x}/b/lock/{id}", "/a", "/{x}/b/lock/{id}");
    }
}
