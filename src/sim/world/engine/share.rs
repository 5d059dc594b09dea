//! What is known of the transaction that requests share. Not here: how it is begun and ended (`gathered`).

/// Which transaction a request was part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share(u64);

/// The transaction that requests share.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Whether requests are gathered at all.
    pub(super) is_on: bool,
    /// Whether it is open; behind the requests in it somebody has to commit it.
    pub(super) is_open: bool,
    /// Whether a request is at work in its savepoint.
    pub(super) is_inside: bool,
    pub(super) share: Share,
    /// That of the request which was worked on last.
    pub(super) joined: Share,
    pub(super) lost: Vec<Share>,
}

impl Gathered {
    /// The transaction has ended.
    pub(super) fn end(&mut self, is_lost: bool) {
        if is_lost {
            self.lost.push(self.share);
        }
        (self.is_open, self.is_inside) = (false, false);
        self.share.0 += 1;
    }
}
