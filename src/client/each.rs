//! Several processes behind a balancer, each of which knows its own worlds alone.
//!
//! Not here: what one process answers (`control`).

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::control::ControlError;
use super::fetch::Target;

/// The worlds of all processes.
#[derive(Debug)]
pub(crate) struct Listed {
    /// As one process lists its own; of several each world with its process.
    pub(crate) answer: Value,
    /// Processes that do not answer, each with the reason.
    pub(crate) down: Vec<String>,
}

impl Target {
    /// One process behind a balancer.
    pub(crate) fn of_process(&self, name: &str) -> Target {
        Target { process: Some(name.to_owned()), ..self.clone() }
    }

    /// Lists the worlds, of several processes by asking each.
    ///
    /// # Errors
    /// Where nothing answers, or it refuses. A process that is down is told beside the others' worlds.
    pub(crate) async fn worlds(&self) -> Result<Listed, ControlError> {
        const PATH: &str = "/v1/worlds";
        let processes = match self.call(Method::GET, PATH, &Value::Null).await {
            Err(ControlError::Refused { processes, .. }) if !processes.is_empty() => processes,
            other => return Ok(Listed { answer: other?, down: Vec::new() }),
        };
        let (mut worlds, mut down) = (Vec::new(), Vec::new());
        for process in processes {
            match self.of_process(&process).call(Method::GET, PATH, &Value::Null).await {
                Ok(mut answer) => {
                    for world in answer["worlds"].as_array_mut().into_iter().flatten() {
                        world["process"] = process.as_str().into();
                        worlds.push(world.take());
                    }
                }
                Err(ControlError::Refused {
                    status: StatusCode::SERVICE_UNAVAILABLE,
                    text,
                    ..
                }) => {
                    down.push(format!("{process}: {text}"));
                }
                Err(error) => return Err(error),
            }
        }
        worlds.sort_by_cached_key(|it| (it["name"].to_string(), it["process"].to_string()));
        Ok(Listed { answer: json!({ "worlds": worlds, "down": down }), down })
    }
}
