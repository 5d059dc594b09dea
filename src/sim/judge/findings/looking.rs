//! Walks a journal with every watch.

use crate::base::seq::Seq;
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendors;
use crate::sim::journal::action::PUT_BACK;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::walk::Walk;
use crate::sim::judge::findings::found::Findings;
use crate::sim::judge::findings::own::Watch;
use crate::sim::judge::findings::watch;
use crate::sim::judge::verify::seen::Seen;
use crate::web::mask::masker::Masker;

/// Walks a journal and lets every oracle look at each entry.
pub(crate) struct FindingsWalk {
    vendors: Vendors,
    watches: Vec<Box<dyn Watch>>,
    found: Findings,
    masker: Masker,
    last_seq: Seq,
}

impl FindingsWalk {
    /// Looks with the switches of each vendor as they stand now.
    pub(crate) fn new(vendors: Vendors, chosen: &[Chosen], masker: Masker) -> Self {
        let surfaces = vendors.0.iter().map(|vendor| vendor.surface).zip(chosen);
        let watches = surfaces.flat_map(|(surface, chosen)| {
            surface.oracles.iter().map(|oracle| watch::of(*oracle, surface, chosen))
        });
        let watches = watches.collect();
        FindingsWalk { vendors, watches, found: Findings::default(), masker, last_seq: Seq::NONE }
    }

    /// Looks only at entries behind this one.
    pub(crate) fn after(self, last_seq: Seq) -> Self {
        FindingsWalk { last_seq, ..self }
    }

    pub(crate) fn end(mut self) -> Findings {
        for watch in &mut self.watches {
            watch.end(&mut self.found);
        }
        self.found.kept.sort_by_key(|finding| finding.entries.first().copied());
        self.found
    }
}

impl Walk for FindingsWalk {
    fn last_seq(&self) -> Seq {
        self.last_seq
    }

    fn lost(&mut self, lost: Lost) {
        self.found.n_lost += lost.count_after(self.last_seq);
    }

    fn take(&mut self, entry: &Entry) {
        self.last_seq = entry.seq;
        self.found.n_entries += 1;
        let seen = Seen::new(self.vendors, entry);
        let is_put_back =
            entry.admin_action().is_some_and(|action| PUT_BACK.contains(&action.name.as_ref()));
        for watch in &mut self.watches {
            if is_put_back {
                watch.forget();
            }
            watch.take(&seen, self.masker.of(entry.vendor()), &mut self.found);
        }
    }
}
