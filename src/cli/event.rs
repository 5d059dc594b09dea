//! `event`: lets something happen in a world outside a vendor's API.
//!
//! Not here: which events there are (`events`).

use clap::Args;
use http::Method;

use crate::app;
use crate::cli::asking::AskingWorld;
use crate::cli::events::example_words;
use crate::cli::failure::Failure;
use crate::cli::words;
use crate::client::control::escaped;

#[derive(Debug, Args)]
pub(crate) struct EventArgs {
    /// The vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: String,
    /// The event; `ringback events` lists them
    #[arg(env = "RINGBACK_EVENT")]
    event: String,
    /// Its fields as NAME=VALUE, as one JSON object, or `-` for one from stdin
    #[arg(env = "RINGBACK_FIELDS", value_name = "NAME=VALUE")]
    fields: Vec<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

impl EventArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        // One that this build does not know may be known there.
        let vendor = app::vendors().find(&self.vendor);
        let event = vendor.and_then(|vendor| vendor.surface.event(&self.event));
        let example = match (vendor, event) {
            (Some(vendor), Some(event)) => example_words(vendor.surface.vendor, event),
            _ => String::new(),
        };
        let example = example.split(' ').nth(1).unwrap_or("campaign=612");
        let fields = event.map_or(&[][..], |event| event.fields);
        let body = words::body(&self.fields, fields, example)?;
        let path = format!("/events/{}/{}", escaped(&self.vendor), escaped(&self.event));
        let answer = self.asking.ask(Method::POST, &path, &body)?;
        self.asking.asking.show(&answer, |told| {
            let result = &told["result"];
            let says = !result.is_null() && result.as_object().is_none_or(|it| !it.is_empty());
            let result = if says { format!(": {result}") } else { String::new() };
            vec![format!("{} {} happened (entry {}){result}", self.vendor, self.event, told["seq"])]
        })
    }
}
