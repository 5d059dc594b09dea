//! How many files and sockets the process may hold.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::base::limits::DESCRIPTORS_WANTED;

/// Raises the limit that a shell commonly sets low (1,024) as far as the process may by itself.
/// Where it may not, connections are short sooner, and the longest idle are closed.
pub(crate) fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(DESCRIPTORS_WANTED, |most| most.min(DESCRIPTORS_WANTED));
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit { current: Some(wanted), maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::debug!(%error, wanted, "the limit of open files stays");
    }
}
