//! Names as an entry keeps them.

use std::borrow::Cow;

/// A name out of a table of this build, or as an older build wrote it.
pub(crate) type Name = Cow<'static, str>;
