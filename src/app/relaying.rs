//! Runs a relay between clients and a vendor's own system until it is told to stop.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use crate::app::address::Address;
use crate::app::error::AppError;
use crate::app::serving::{Serving, Signals, ended, named, unprinted};
use crate::net::limits::Limits;
use crate::net::lobby::Lobby;
use crate::net::relay::relay_answer::Relay;
use crate::net::server::serve;
use crate::net::tls::certificates::Certificates;

/// Serves until it is told to stop, then lets what is in flight finish.
///
/// # Errors
/// Where the address cannot be listened on.
pub(crate) async fn relay(listen: Address, relay: Relay, to: &str) -> Result<(), AppError> {
    let mut signals =
        Signals::new().map_err(|source| AppError::System { what: "listen for signals", source })?;
    let listeners = listen.bind("--listen").await?;
    let cannot = |source| AppError::System { what: "tell the address of a listener", source };
    let address = listeners[0].local_addr().map_err(cannot)?;
    let certificates = Arc::new(Certificates::in_memory(Vec::new()));
    let lobby = Arc::new(Lobby::new(Limits::default(), Arc::default(), certificates));
    let relay = Arc::new(relay);
    let (stop, stopped) = watch::channel(false);
    let mut serving = Serving::new();
    for listener in listeners {
        let listening = serve(listener, Arc::clone(&relay), Arc::clone(&lobby), stopped.clone());
        serving.spawn(named("a listener", listening));
    }
    let ready = json!({ "event": "ready", "listen": format!("http://{address}"), "to": to });
    let done = tokio::select! {
        () = signals.wait() => Ok(()),
        what = ended(&mut serving) => Err(AppError::Ended { what }),
        error = unprinted(ready.to_string()) => return Err(AppError::Stdout(error)),
    };
    let _ = stop.send(true);
    tokio::select! {
        () = async { while serving.join_next().await.is_some() {} } => done,
        () = signals.wait() => Err(AppError::Cut),
    }
}
