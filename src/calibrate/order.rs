//! One calibration, from what the user wants to what is told.

use std::path::PathBuf;
use std::time::Duration;

use crate::base::clock;
use crate::base::nearest::did_you_mean;
use crate::calibrate::game::{Game, Stop};
use crate::calibrate::know::{Knowledge, generator};
use crate::calibrate::pool::all;
use crate::calibrate::pool::given::Given;
use crate::calibrate::pool::source::Source;
use crate::calibrate::question::Risk;
use crate::calibrate::report::Report;
use crate::calibrate::twin::{Reading, Twin, TwinError};
use crate::calibrate::wire::Wire;
use crate::calibrate::{look, twin};
use crate::contract::reply::InternalError;
use crate::embed;
use crate::scenario::ScenarioError;

/// What the user wants.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) vendor: String,
    pub(crate) target: String,
    pub(crate) given: Given,
    /// What is known of the account, where it is not looked around in.
    pub(crate) scenario: Option<PathBuf>,
    pub(crate) risk: Risk,
    pub(crate) budget: u32,
    pub(crate) rate: u32,
    pub(crate) patience: Duration,
}

/// Why there is nothing to tell.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CalibrateError {
    #[error("there is no vendor called {name:?}; expected {}", one_of(.name, .known))]
    Vendor { name: String, known: Vec<&'static str> },
    #[error("{0} needs --credential {1}=…: {2}")]
    Credential(String, &'static str, &'static str),
    #[error("{vendor} has no credential called {name:?}; expected {}", one_of(.name, .known))]
    UnknownCredential { vendor: String, name: String, known: Vec<&'static str> },
    #[error("--number: nothing that {0} is asked calls anybody; expected it without")]
    Number(String),
    #[error(
        "{0} has no list of all that an account holds; give what is known of it with --scenario FILE, \
         as a scenario with its rows"
    )]
    NoList(String),
    #[error("{0}")]
    Stopped(Stop),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Twin(#[from] TwinError),
    #[error(transparent)]
    Internal(#[from] InternalError),
    #[error("there are no threads: {0}")]
    Threads(#[from] std::io::Error),
}

/// What was expected in place of a word.
fn one_of(word: &str, known: &[&str]) -> String {
    format!("one of {}{}", known.join(", "), did_you_mean(word, known.iter().copied()))
}

/// Calibrates. `say` is told what goes on.
///
/// # Errors
/// Where there is nothing to tell: nobody is there, or the order is wrong.
pub(crate) fn calibrate(order: Order, say: &dyn Fn(&str)) -> Result<Report, CalibrateError> {
    let pools = || all::POOLS.iter().map(|pool| pool.vendor).collect();
    let found = twin::vendor(&order.vendor).zip(all::of(&order.vendor));
    let Some((vendor, pool)) = found else {
        return Err(CalibrateError::Vendor { name: order.vendor, known: pools() });
    };
    let names: Vec<&str> = pool.credentials.iter().map(|(name, _)| *name).collect();
    let mut given = order.given.credentials.keys();
    if let Some(unknown) = given.find(|name| !names.contains(&name.as_str())) {
        let (vendor, name) = (order.vendor.clone(), unknown.clone());
        return Err(CalibrateError::UnknownCredential { vendor, name, known: names });
    }
    for (name, text) in pool.credentials {
        if order.given.get(name).is_empty() {
            return Err(CalibrateError::Credential(order.vendor, name, text));
        }
    }
    if order.given.number.is_some() && !pool.dials {
        return Err(CalibrateError::Number(order.vendor));
    }
    let mut wire = Wire::new(&order.target, order.rate, order.patience)?;
    let looked = order.scenario.is_none();
    let readings = match &order.scenario {
        Some(path) => {
            let scenario = embed::library().open_named(path)?.to_json()?;
            vec![Reading { when: Vec::new(), scenario }]
        }
        None if look::is_possible(&order.vendor) => {
            say("looking around in the account");
            look::around(&order.vendor, &order.given, &mut wire).map_err(CalibrateError::Stopped)?
        }
        None => return Err(CalibrateError::NoList(order.vendor)),
    };
    let n_looked = wire.n_sent;
    let now = wire.date.unwrap_or_else(|| clock::system_now().as_world_time());
    let mut twin = Twin::new(vendor, &readings, now, pool.drawn)?;
    let rows = &readings[0].scenario[vendor.surface.vendor];
    let source = Source { rows, given: &order.given, now, looked };
    let mut random = generator(1);
    say("simulating what each position would answer");
    let questions = (pool.questions)(source);
    let knowledge = Knowledge::build(&mut twin, questions, order.risk, &mut random)?;
    say("asking the target");
    let budget = order.budget.saturating_sub(n_looked);
    let game = Game::new(&mut twin, knowledge.clone(), budget, random);
    let (outcome, knowledge) = game.play(&mut wire)?;
    let on = wire.date.unwrap_or(now).utc().format("%Y-%m-%d").to_string();
    Ok(Report {
        surface: vendor.surface,
        target: order.target,
        on,
        outcome,
        knowledge,
        risk: order.risk,
        n_looked,
        made: wire.made,
    })
}
