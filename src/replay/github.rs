//! Annotations as GitHub Actions reads them from a job's output:
//! `::error file=a.toml,line=3,col=1,title=…::message`.

use crate::base::annotation::{data, property};
use crate::replay::text;
use crate::replay::verdict::{Ended, Outcome};

/// One line for each difference, so that each stands at its own line of the file.
pub(crate) fn report(outcome: &Outcome) -> String {
    let mut told = String::new();
    for scenario in &outcome.scenarios {
        for step in &scenario.steps {
            let Ended::Differed(differed) = &step.ended else { continue };
            for difference in &differed.differences {
                let fault = differed.fault.as_ref().map(|fault| format!("\nfault {fault}"));
                let why = differed.why.as_ref().map(|why| format!("\n{}", text::why(why)));
                let message = format!(
                    "{}: expected {}, found {}{}{}",
                    difference.subject,
                    difference.expected,
                    difference.found,
                    fault.unwrap_or_default(),
                    why.unwrap_or_default()
                );
                let title = format!("step {:?} differs", step.name);
                let at = &difference.at;
                told = format!(
                    "{told}::error file={},line={},col={},title={}::{}\n",
                    property(&at.file),
                    at.line.max(1),
                    at.column.max(1),
                    property(&title),
                    data(&message)
                );
            }
        }
        if let (Some(reason), Some(step)) = (scenario.not_run(), scenario.steps.first()) {
            told = format!(
                "{told}::warning file={},line={},title=not run::{}\n",
                property(&scenario.file),
                step.at.line.max(1),
                data(reason)
            );
        }
    }
    let level = text::summary(outcome);
    format!("{told}{level}\n")
}
