//! What the program itself, its tests and its benchmarks reach behind the wall of the crate. It
//! promises nothing to anybody: whatever stands here may be another thing tomorrow. What a program
//! that embeds Ringback, or a vendor of one's own, is written against is `embed` and `contract`.

pub mod app {
    pub use crate::app::{library, schema, vendors};
}
pub mod base {
    pub mod clock {
        pub use crate::base::clock::{Stopwatch, system_now};
    }
    pub mod hex {
        pub use crate::base::hex::hex;
    }
    pub mod limits {
        pub use crate::base::limits::OWN_LISTENERS_MAX;
    }
    #[cfg(feature = "planted")]
    pub mod planted {
        /// The faults that can be planted.
        pub fn names() -> impl Iterator<Item = &'static str> {
            crate::base::planted::ALL.iter().map(|(name, _)| *name)
        }
    }
    pub mod seed {
        pub use crate::base::seed::Seed;
    }
    pub mod time {
        pub use crate::base::time::{Instant, Span};
    }
}
pub mod contract {
    pub mod reply {
        pub use crate::contract::reply::Outcome;
    }
}
pub mod cli {
    pub use crate::cli::{command, main};
}
pub mod net {
    pub mod front {
        pub use crate::net::front::Front;
    }
}
pub mod scenario {
    pub use crate::scenario::{
        Document, Embedded, Files, Folder, Mistakes, NoFiles, Shape, fields_from_json, to_toml,
    };
    pub mod library {
        pub use crate::scenario::built_in::WORKING_DAY;
        pub use crate::scenario::library::Library;
    }
    pub mod step {
        pub use crate::scenario::step::{Action, Body, Mark, Send, Step, Wanted};
    }
    pub mod template {
        pub use crate::scenario::template::{Variables, fill};
    }
}
pub mod sim {
    pub mod documents {
        pub mod chapters {
            pub use crate::sim::documents::chapters::{CHAPTERS, Chapter};
        }
        pub mod openapi {
            pub use crate::sim::documents::openapi::plain_path;
        }
    }
    pub mod journal {
        pub mod filter {
            pub use crate::sim::journal::filter::Filter;
        }
    }
    pub mod loading {
        pub mod live {
            pub use crate::sim::loading::live::{TOP, has_sql, values_sql};
        }
        pub mod settings {
            pub use crate::sim::loading::settings::ClockSpec;
        }
        pub mod top {
            pub use crate::sim::loading::top::TOP;
        }
    }
    pub mod world {
        pub use crate::sim::world::World;
        pub mod journal {
            pub use crate::sim::world::journal::Page;
        }
    }
    pub mod worlds {
        pub use crate::sim::worlds::Worlds;
        pub mod folder {
            pub use crate::sim::worlds::folder::Keep;
        }
        pub mod name {
            pub use crate::sim::worlds::name::DEFAULT;
        }
        pub mod tables {
            pub use crate::sim::worlds::tables::{components, statements};
        }
    }
}
pub mod store {
    pub mod database {
        pub use crate::store::database::Database;
    }
    pub mod pages {
        pub mod image {
            pub use crate::store::pages::image::{Image, ImageError};
        }
        pub mod slot {
            pub use crate::store::pages::slot::Busy;
        }
        pub mod space {
            pub use crate::store::pages::space::{OpenError, Space};
        }
    }
}
pub mod web {
    pub mod answer {
        pub use crate::web::answer::Answer;
    }
    pub mod message {
        pub use crate::web::message::Request;
    }
}
