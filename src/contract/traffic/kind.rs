//! What a vendor declares of the traffic that it can have: kinds, checks, and how an hour is planned.

use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::source::Source;

/// What happens by itself at a vendor.
#[derive(Debug)]
pub struct Traffic {
    pub kinds: &'static [TrafficKind],
    /// Checks what a source names, which is of one of the kinds and has its fields. Fails where
    /// something is not there.
    pub check: fn(&Cx<'_>, &Source) -> Result<(), SeedError>,
    /// Plans what happens in an hour: sets timers for it. Fails only by Ringback's own fault.
    pub plan: fn(&mut Cx<'_>, Hour, &[Source]) -> Result<(), InternalError>,
    /// The hours of a source begin (`true`), or end. Of kinds that open.
    pub turn: Option<Turn>,
}

/// Lets the hours of a source begin, or end.
pub type Turn = fn(&mut Cx<'_>, &Source, bool) -> Result<(), InternalError>;

/// A kind of traffic that a vendor has.
#[derive(Debug)]
pub struct TrafficKind {
    pub name: &'static str,
    /// What happens, in a line.
    pub text: &'static str,
    /// Fields that it has to have, beside the name and the vendor.
    pub required: &'static [&'static str],
    /// Fields that it may have, beside hours, days and zone.
    pub optional: &'static [&'static str],
    /// Whether it needs people to be there.
    pub needs_people: bool,
    /// Whether the vendor is told when its hours begin and end.
    pub opens: bool,
}

impl Traffic {
    /// Nothing.
    pub const NONE: Traffic =
        Traffic { kinds: &[], check: |_, _| Ok(()), plan: |_, _, _| Ok(()), turn: None };
}
