//! The scenarios that are part of the program. Each has a name that is taken wherever a scenario file is.
//!
//! Not here: opening them (`library`).

/// A scenario that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    pub name: &'static str,
    pub text: &'static str,
    /// Its CSV files: name and content.
    pub files: &'static [(&'static str, &'static str)],
}

/// The demo, which `serve` starts with when given nothing else.
pub(crate) const DEMO: BuiltIn =
    BuiltIn { name: "demo", text: include_str!("../../scenarios/demo.toml"), files: &[] };

/// A day of traffic with all five vendors.
pub const WORKING_DAY: BuiltIn = BuiltIn {
    name: "working-day",
    text: include_str!("../../scenarios/working-day.toml"),
    files: &[
        (
            "working-day-infocu5-agents.csv",
            include_str!("../../scenarios/working-day-infocu5-agents.csv"),
        ),
        (
            "working-day-maxcontact-users.csv",
            include_str!("../../scenarios/working-day-maxcontact-users.csv"),
        ),
    ],
};

/// A world in which nothing is.
const EMPTY: BuiltIn =
    BuiltIn { name: "empty", text: include_str!("../../scenarios/empty.toml"), files: &[] };

/// One vendor alone, as small as it is useful.
const JTEL: BuiltIn =
    BuiltIn { name: "jtel", text: include_str!("../../scenarios/jtel.toml"), files: &[] };
const INFOCU5: BuiltIn =
    BuiltIn { name: "infocu5", text: include_str!("../../scenarios/infocu5.toml"), files: &[] };
const MAESTRO: BuiltIn =
    BuiltIn { name: "maestro", text: include_str!("../../scenarios/maestro.toml"), files: &[] };
const MAXCONTACT: BuiltIn = BuiltIn {
    name: "maxcontact",
    text: include_str!("../../scenarios/maxcontact.toml"),
    files: &[],
};
const MOR: BuiltIn =
    BuiltIn { name: "mor", text: include_str!("../../scenarios/mor.toml"), files: &[] };

/// The scenarios that are part of the program; the first is what it starts with.
pub(crate) const BUILT_IN: &[BuiltIn] =
    &[DEMO, WORKING_DAY, EMPTY, JTEL, INFOCU5, MAESTRO, MAXCONTACT, MOR];

/// The text of the file of a scenario that is part of the program.
pub(crate) fn built_in_text(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|known| known.name == name).map(|known| known.text)
}
