//! Runs a relay between clients and vendors' own systems until it is told to stop.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::app::address::Address;
use crate::app::error::AppError;
use crate::app::hosting::{CertificateSource, certificates};
use crate::app::serving::{Serving, Signals, ended, named, unprinted};
use crate::net::limits::Limits;
use crate::net::lobby::Lobby;
use crate::net::relay::relay_answer::Relay;
use crate::net::relay::systems::System;
use crate::net::server::serve;

/// Serves until it is told to stop, then lets what is in flight finish.
///
/// # Errors
/// Where the address cannot be listened on, or no certificates can be made.
pub(crate) async fn relay(
    listen: Address,
    relay: Relay,
    source: &CertificateSource,
) -> Result<(), AppError> {
    let mut signals =
        Signals::new().map_err(|source| AppError::System { what: "listen for signals", source })?;
    let listeners = listen.bind("--listen").await?;
    let cannot = |source| AppError::System { what: "tell the address of a listener", source };
    let address = listeners[0].local_addr().map_err(cannot)?;
    let hosts = relay.systems().hosts().into_iter().chain(listen.host());
    let certificates = Arc::new(certificates(source, hosts)?);
    // Made now, so that whoever is to trust it finds it.
    let ca = certificates.file()?;
    let lobby = Arc::new(Lobby::new(Limits::default(), Arc::default(), certificates));
    let told = |it: &System| (it.vendor.surface.vendor.to_owned(), it.upstream.url.clone().into());
    let to: Map<String, Value> = relay.systems().iter().map(told).collect();
    let relay = Arc::new(relay);
    let (stop, stopped) = watch::channel(false);
    let mut serving = Serving::new();
    for listener in listeners {
        let listening = serve(listener, Arc::clone(&relay), Arc::clone(&lobby), stopped.clone());
        serving.spawn(named("a listener", listening));
    }
    let ready =
        json!({ "event": "ready", "listen": format!("http://{address}"), "to": to, "ca": ca });
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
