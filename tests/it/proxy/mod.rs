//! The vendors' own names, and a listener as its clients' forward proxy, by the real program.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `hosts` | names that are given to vendors, and where they are listed |
//! | `tunnel` | what is asked by way of the proxy and answered here; what is refused |
//! | `stated` | names that scenarios give to vendors |
//! | `worlds` | a world by the proxy's user |
//! | `others` | hosts that are let through |

mod hosts;
mod others;
mod stated;
mod tunnel;
mod worlds;
