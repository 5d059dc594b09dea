//! How many requests each operation has had, how they ended, and how long they held their world.
//! Fixed arrays of relaxed counters: a request touches three of them.

use crate::base::tally::Tally;
use crate::contract::operation::Operation;
use crate::contract::reply::Outcome;
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendors;

/// Upper bounds of the histogram's buckets, in nanoseconds. A read takes some ten microseconds; the
/// long end shows worlds that are stepped or loaded under a request.
pub(crate) const BUCKETS_NS: [u64; 14] = [
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    5_000_000,
    20_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
];

/// The counts of one process.
#[derive(Debug)]
pub struct Metrics {
    vendors: Vec<OfVendor>,
}

/// The counts of one vendor.
#[derive(Debug)]
pub struct OfVendor {
    pub surface: &'static Surface,
    /// By operation, in the order of the table, and by outcome; the last row is for requests that no
    /// operation takes.
    requests: Vec<[Tally; Outcome::ALL.len()]>,
    /// The last is for what took longer than any bound.
    pub held: [Tally; BUCKETS_NS.len() + 1],
    pub held_ns: Tally,
}

impl Metrics {
    pub fn new(vendors: Vendors) -> Self {
        let of_vendor = |surface: &'static Surface| OfVendor {
            surface,
            requests: (0..=surface.operations.len()).map(|_| Default::default()).collect(),
            held: Default::default(),
            held_ns: Tally::new(),
        };
        let vendors = vendors.0.iter().map(|vendor| of_vendor(vendor.surface));
        Metrics { vendors: vendors.collect() }
    }

    /// Counts a request that held its world for so long.
    pub fn count(
        &self,
        surface: &'static Surface,
        operation: Option<&'static Operation>,
        outcome: Outcome,
        held_ns: u64,
    ) {
        let found = self.vendors.iter().find(|it| std::ptr::eq(it.surface, surface));
        let Some(vendor) = found else { return };
        let mut operations = surface.operations.iter();
        let row = operation.and_then(|wanted| operations.position(|it| std::ptr::eq(it, wanted)));
        let row = row.unwrap_or(surface.operations.len());
        if let Some(tally) = vendor.requests[row].get(outcome as usize) {
            tally.add(1);
        }
        vendor.held[BUCKETS_NS.partition_point(|bound| *bound < held_ns)].add(1);
        vendor.held_ns.add(held_ns);
    }

    pub fn vendors(&self) -> &[OfVendor] {
        &self.vendors
    }
}

impl OfVendor {
    /// Operation, outcome and how many requests; an empty name for what no operation takes.
    pub fn requests(&self) -> impl Iterator<Item = (&'static str, Outcome, u64)> {
        let names = self.surface.operations.iter().map(|operation| operation.name).chain([""]);
        names.zip(&self.requests).flat_map(|(name, row)| {
            Outcome::ALL.iter().zip(row).map(move |(outcome, tally)| (name, *outcome, tally.get()))
        })
    }
}
