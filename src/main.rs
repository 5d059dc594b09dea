//! The program: arguments in, exit code out.

use std::process::ExitCode;

/// A day of a world makes millions of small allocations, of which this makes short work. It is the
/// program's alone: who embeds the crate has an allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ringback::inside::cli::main()
}
