//! Descriptors of files and connections, where the system may have few to give.

use std::fs::File;
use std::io;

use rustix::io::Errno;

/// Below this nobody is served: a conversation with a vendor and one with the control plane take a
/// descriptor each, and as many again where the client is this program; a second client has room as well.
pub(crate) const SERVED_MIN: usize = 8;

/// Whether the system gives so many descriptors beside those that are there. Asked before clients are let
/// in: a listener that can take nobody in leaves them waiting.
///
/// # Errors
/// Where it does not.
pub(crate) fn are_to_be_had(count: usize) -> io::Result<()> {
    let mut held = Vec::with_capacity(count);
    for _ in 0..count {
        match File::open("/") {
            Ok(file) => held.push(file),
            Err(error) if is_short(&error) => return Err(error),
            // Nothing is learnt where the folder cannot be read.
            Err(_) => break,
        }
    }
    Ok(())
}

fn is_short(error: &io::Error) -> bool {
    let shortages = [Errno::MFILE, Errno::NFILE];
    Errno::from_io_error(error).is_some_and(|errno| shortages.contains(&errno))
}
