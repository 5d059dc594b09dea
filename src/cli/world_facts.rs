//! A world on one line, as whoever made or changed it is told.

use serde_json::Value;

use crate::cli::asking::text;

/// A world on one line.
pub(super) fn facts(world: &Value) -> String {
    let (name, title, seed) = (text(world, "name"), text(world, "title"), &world["seed"]);
    let (mode, now) = (text(&world["clock"], "mode"), text(&world["clock"], "now"));
    let listen = text(world, "listen");
    let listen = if listen.is_empty() { String::new() } else { format!(", listens on {listen}") };
    format!("{name}: {title}, seed {seed}, clock {mode} at {now}{listen}")
}
