//! What the desk knows of a read, as little as it looks at.

pub(crate) mod beside {
    use super::turn::Exchanged;
    use crate::sim::world::metrics::Metrics;
    use std::sync::Arc;

    #[derive(Debug)]
    pub(crate) struct Vendor {
        pub(crate) surface: (),
    }

    #[derive(Debug)]
    pub(crate) struct Routed {
        pub(crate) operation: (),
    }

    #[derive(Debug)]
    pub(crate) struct Asked {
        pub(crate) vendor: Vendor,
        pub(crate) routed: Routed,
    }

    /// A read that saw the rows of a moment.
    #[derive(Debug)]
    pub(crate) struct Read {
        asked: Asked,
        seq: usize,
        rows: usize,
        /// The same that the desk counts by: a read that is worked out twice is told.
        metrics: Arc<Metrics>,
    }

    #[derive(Debug)]
    pub(crate) struct Worked {
        pub(crate) sent: Exchanged,
        pub(crate) note: Note,
    }

    #[derive(Debug)]
    pub(crate) struct Note {
        pub(crate) seq: usize,
    }

    /// A connection; it stands at the rows that it read last.
    #[derive(Debug)]
    pub(crate) struct Reader {
        rows: usize,
    }

    impl Read {
        pub(crate) fn new(seq: usize, rows: usize, metrics: &Arc<Metrics>) -> Self {
            let asked = Asked { vendor: Vendor { surface: () }, routed: Routed { operation: () } };
            Read { asked, seq, rows, metrics: Arc::clone(metrics) }
        }

        pub(crate) fn asked(&self) -> &Asked {
            &self.asked
        }

        pub(crate) fn work_out(self, reader: Result<&mut Reader, ()>) -> Worked {
            let reader = reader.expect("one can always be opened");
            // Others come between.
            shuttle::thread::yield_now();
            reader.rows = self.rows;
            self.metrics.work(self.seq);
            let sent = Exchanged { outcome: (), rows: reader.rows, reply: [0; 64] };
            Worked { sent, note: Note { seq: self.seq } }
        }
    }

    impl Note {
        pub(crate) fn took_ns(&self) -> u64 {
            1
        }
    }

    impl Reader {
        pub(crate) fn for_read(read: &Read) -> Result<Self, ()> {
            Ok(Reader { rows: read.rows })
        }

        pub(crate) fn is_ready_for(&self, read: &Read) -> bool {
            self.rows == read.rows
        }
    }
}

pub(crate) mod turn {
    #[derive(Debug)]
    pub(crate) struct Exchanged {
        pub(crate) outcome: (),
        pub(crate) rows: usize,
        /// About as large as a reply.
        pub(crate) reply: [u64; 64],
    }
}
