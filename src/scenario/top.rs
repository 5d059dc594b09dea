//! The top of a scenario, which is nobody's section: title, seed, clock, steps; and the switches that each
//! vendor's section may set.

use crate::base::rate::Rate;
use crate::contract::fields::{Cell, Field, Kind, Row, column};
use crate::contract::section::SectionDecl;
use crate::scenario::checker::{Checker, Path};
use crate::scenario::mistake::Problem;
use crate::scenario::step::fields::STEPS;
use crate::scenario::step::{Step, read};
use crate::scenario::tree::{Entry, Table, Value, quoted};
use crate::sim::loading::settings::ClockSpec;
use crate::web::host_pattern::HostPattern;

/// The fields at the top that every scenario may have.
pub(crate) const TOP: &[Field] = &[
    Field::optional("title", Kind::Text, "What the scenario shows, in a line."),
    Field::optional(
        "seed",
        Kind::Integer { min: 0, max: i64::MAX },
        "What all drawn values come from.",
    ),
    Field::optional("clock", Kind::Table(CLOCK), "How the world's time passes."),
    Field::optional(
        "extends",
        Kind::OneOrMore(&Kind::Text),
        "The scenarios whose world this one begins with, each on top of the one before.",
    ),
    Field::optional("step", STEPS, "What a replay does, one after the other."),
];

const TITLE: &Field = &TOP[column(TOP, "title")];
const SEED: &Field = &TOP[column(TOP, "seed")];
const CLOCK_FIELD: &Field = &TOP[column(TOP, "clock")];

const EXTENDS: &Field = &TOP[column(TOP, "extends")];
const STEP_FIELD: &Field = &TOP[column(TOP, "step")];

const CLOCK: &[Field] = &[
    Field::required("mode", Kind::OneOf(&["frozen", "real", "scaled"]), "How it passes."),
    Field::optional("at", Kind::Time, "Where it starts; needed unless it is real."),
    Field::optional("rate", Kind::Decimal, "World seconds to a real one; only if it is scaled."),
];

/// The key in a vendor's section under which its switches are set.
pub(crate) const VARIANTS: &str = "variants";

/// The hosts that a vendor's section may give it.
pub(crate) const HOSTS: &Field = &Field::optional(
    "hosts",
    Kind::OneOrMore(&Kind::Checked(is_host)),
    "Hosts that lead to this vendor, beside its own: `portal.example.test`, `*.example.test` or an \
     address. Clients ask for them as for its own, and the authority signs for those that a scenario \
     names which the program is started with.",
);

fn is_host(text: &str) -> Result<(), String> {
    text.parse::<HostPattern>().map(drop).map_err(|_| HostPattern::EXPECTED.to_owned())
}

/// What a piece that is merged into a world cannot say, since the world has it already, and what
/// changes it.
pub(crate) const UNMERGED: &[(&str, &str)] = &[
    ("title", "the world keeps its own"),
    ("seed", "the world keeps its own; POST /v1/worlds makes one with another"),
    ("clock", "PUT /v1/worlds/{world}/clock sets it"),
    ("extends", "POST /v1/worlds makes a world of a scenario that extends another"),
    ("step", "ringback replay does the steps of a scenario"),
    ("strict", "PUT /v1/worlds/{world}/strict sets it"),
    ("expect", "PUT /v1/worlds/{world}/strict sets it"),
];

/// What turns the switches of a world.
pub(crate) const VARIANTS_INSTEAD: &str = "PUT /v1/worlds/{world}/variants turns them";

/// What gives hosts to a vendor.
pub(crate) const HOSTS_INSTEAD: &str =
    "the scenario that the world is made of gives hosts to a vendor, and so does --host";

/// A vendor, one of its switches, and the value that the scenario sets.
pub(crate) type Choice = (&'static str, &'static str, &'static str);

/// The keys of a switch that says how its value is known.
const KNOWN_HOW: [&str; 3] = ["value", "evidence", "on"];

/// The one grade that a scenario may claim for a value: it was seen at the vendor.
const OBSERVED: &str = "observed";

/// The top as it was read; what is mistaken counts as left out.
#[derive(Debug, Default)]
pub(crate) struct Top {
    pub(crate) title: Option<String>,
    pub(crate) seed: Option<u64>,
    pub(crate) clock: Option<ClockSpec>,
    pub(crate) extends: Vec<String>,
    pub(crate) steps: Vec<Step>,
}

impl Top {
    pub(crate) fn read<'d>(checker: &mut Checker<'d>, table: &'d Table) -> Self {
        let path = Path::root("");
        let mut top = Top::default();
        if let Some(entry) = table.get(TITLE.name) {
            top.title = checker.cell(&path, TITLE, &entry.node).as_text().map(str::to_owned);
        }
        if let Some(entry) = table.get(SEED.name) {
            let seed = checker.cell(&path, SEED, &entry.node).as_int();
            top.seed = seed.and_then(|seed| u64::try_from(seed).ok());
        }
        if let Some(entry) = table.get(CLOCK_FIELD.name)
            && let Cell::Table(row) = checker.cell(&path, CLOCK_FIELD, &entry.node)
        {
            top.clock = clock(checker, entry, &row);
        }
        if let Some(entry) = table.get(EXTENDS.name) {
            let extends = checker.cell(&path, EXTENDS, &entry.node);
            if let Cell::List(names) = extends {
                let names = names.iter().filter_map(Cell::as_text);
                top.extends = names.map(str::to_owned).collect();
            }
        }
        if let Some(entry) = table.get(STEP_FIELD.name) {
            let n_seen = checker.ledger.n_seen();
            top.steps = read::read(checker, entry);
            if checker.ledger.n_seen() > n_seen {
                // What a step names that is left out is not looked for.
                checker.ledger.pass_over();
            }
        }
        top
    }
}

/// The rules between the fields of the clock. They hold only once its mode is known.
fn clock(checker: &mut Checker<'_>, entry: &Entry, row: &Row<'_>) -> Option<ClockSpec> {
    let mode = row.opt_text("mode")?;
    for (name, is_needed) in [("at", mode != "real"), ("rate", mode == "scaled")] {
        let given = entry.node.as_table().and_then(|table| table.get(name));
        let problem = match (given, is_needed) {
            (None, true) => {
                let field = &CLOCK[if name == "at" { 1 } else { 2 }];
                let found = format!("\"{name}\" is missing in [clock], which is {mode}");
                (entry.node.at, Problem::new(found, field.kind.expected()))
            }
            (Some(given), false) => {
                let found = format!("\"{name}\" is given in [clock], which is {mode}");
                let modes = if name == "at" { "frozen or scaled" } else { "scaled" };
                (given.key_at, Problem::new(found, format!("it only where the clock is {modes}")))
            }
            _ => continue,
        };
        checker.mistake(problem.0, || problem.1);
        return None;
    }
    let rate = match row.opt_decimal("rate").map(Rate::new).transpose() {
        Ok(rate) => rate,
        Err(unfit) => {
            let at = entry.node.as_table().and_then(|t| t.get("rate")).map_or(0, |e| e.node.at);
            let found = format!("\"rate\" is {}", unfit.found());
            checker.mistake(at, || Problem::new(found, unfit.expected()));
            return None;
        }
    };
    match mode {
        "frozen" => Some(ClockSpec::Frozen { at: row.opt_time("at")? }),
        "scaled" => Some(ClockSpec::Scaled { at: row.opt_time("at")?, rate: rate? }),
        _ => Some(ClockSpec::Real),
    }
}

/// Reads the switches that a section sets, and when those were seen that say so.
pub(crate) fn variants(
    checker: &mut Checker<'_>,
    path: &Path<'_>,
    decl: &SectionDecl,
    section: &Table,
) -> (Vec<Choice>, Vec<(Choice, String)>) {
    let Some(entry) = section.get(VARIANTS) else { return Default::default() };
    let Value::Table(table) = &entry.node.value else {
        let found = format!("\"{VARIANTS}\" is {}", entry.node.value.describe());
        checker.mistake(entry.node.at, || Problem::new(found, "a table of names and values"));
        return Default::default();
    };
    let path = path.table(VARIANTS);
    let (mut choices, mut observed) = (Vec::new(), Vec::new());
    for entry in &table.entries {
        let Some(variant) = decl.variants.iter().find(|variant| variant.name == entry.key) else {
            let known: Vec<&str> = decl.variants.iter().map(|variant| variant.name).collect();
            checker.unknown_key(&path, entry, &known);
            continue;
        };
        let names = || variant.values.iter().map(|value| value.name);
        let (given, on) = match &entry.node.value {
            Value::Text(text) => (text.as_str(), None),
            Value::Table(known_how) => {
                (word(known_how, "value"), seen_on(checker, &path, entry, known_how))
            }
            _ => ("", None),
        };
        match names().find(|name| *name == given) {
            Some(name) => {
                let choice = (decl.vendor, variant.name, name);
                choices.push(choice);
                observed.extend(on.map(|on| (choice, on)));
            }
            None => checker.mistake(entry.node.at, || {
                let found = format!("{} is {}", quoted(&entry.key), entry.node.value.describe());
                let known: Vec<String> = names().map(quoted).collect();
                Problem::new(found, format!("one of {}", known.join(", "))).meant(given, names())
            }),
        }
    }
    (choices, observed)
}

fn word<'t>(table: &'t Table, name: &str) -> &'t str {
    match table.get(name).map(|entry| &entry.node.value) {
        Some(Value::Text(text) | Value::Moment { text, .. }) => text,
        _ => "",
    }
}

/// The day on which a value was seen, of a switch that says how it is known.
fn seen_on(
    checker: &mut Checker<'_>,
    path: &Path<'_>,
    entry: &Entry,
    table: &Table,
) -> Option<String> {
    let own = path.table(&entry.key);
    for unknown in table.entries.iter().filter(|it| !KNOWN_HOW.contains(&it.key.as_str())) {
        checker.unknown_key(&own, unknown, &KNOWN_HOW);
    }
    if word(table, "evidence") != OBSERVED {
        let found =
            format!("the evidence of {} is {:?}", quoted(&entry.key), word(table, "evidence"));
        checker.mistake(entry.node.at, || Problem::new(found, "\"observed\", or the value alone"));
        return None;
    }
    let on = word(table, "on");
    if chrono::NaiveDate::parse_from_str(on, "%Y-%m-%d").is_err() {
        let found = format!("{} is said to be observed on {on:?}", quoted(&entry.key));
        checker.mistake(entry.node.at, || Problem::new(found, "a day such as 2026-03-02"));
        return None;
    }
    Some(on.to_owned())
}
