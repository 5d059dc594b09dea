//! Where a request leads that asks for another host: here, elsewhere or nowhere; and the beginning of
//! a tunnel.

use std::sync::Arc;

use http::StatusCode;
use hyper::upgrade::OnUpgrade;

use crate::base::lock::lock;
use crate::net::setting::{Setting, Tunnel};
use crate::web::answer::Answer;
use crate::web::via::{Lead, Via, Way};

/// Where a request leads.
pub(crate) enum Led {
    /// It asks the listener itself.
    Itself,
    /// The listener answers for the host.
    Here(Arc<Via>),
    /// To the host itself.
    Elsewhere(Arc<Via>),
}

/// Why a request leads nowhere.
pub(crate) type Refusal = (StatusCode, String);

/// Finds out where a request leads.
///
/// # Errors
/// Where it leads nowhere, with what to answer.
pub(crate) fn led<A: Answer>(
    answer: &A,
    asked: Result<Option<Via>, String>,
    setting: &Setting,
    is_circle: bool,
) -> Result<Led, Refusal> {
    let Some(mut via) = asked.map_err(|reason| (StatusCode::BAD_REQUEST, reason))? else {
        return Ok(Led::Itself);
    };
    if let Some(inside) = &setting.inside {
        if via.way == Way::Tunnel {
            let reason = format!(
                "this is the inside of a tunnel to {}, and a tunnel leads no further",
                inside.address()
            );
            return Err((StatusCode::BAD_REQUEST, reason));
        }
        via.world = via.world.or_else(|| inside.world.clone());
    }
    match answer.lead(&via) {
        Lead::Here => Ok(Led::Here(Arc::new(via))),
        Lead::Elsewhere if is_circle => {
            let reason = format!(
                "the way to {} goes in a circle: it has come through here before; take this \
                 listener out of the proxy variables that this program was started with",
                via.address()
            );
            Err((StatusCode::LOOP_DETECTED, reason))
        }
        Lead::Elsewhere => Ok(Led::Elsewhere(Arc::new(via))),
        Lead::Refused { status, reason } => Err((status, reason)),
    }
}

/// Has a tunnel begin when its reply is sent; connects it before, where it leads elsewhere.
///
/// # Errors
/// Where its host cannot be reached, with what to answer.
pub(crate) async fn begin_tunnel(
    led: Led,
    upgrade: OnUpgrade,
    setting: &Setting,
) -> Result<(), Refusal> {
    let (via, to) = match (led, &setting.lobby.pass) {
        (Led::Here(via), _) => (via, None),
        (Led::Elsewhere(via), Some(pass)) => {
            let connected = pass.connect(&via).await;
            let to = connected.map_err(|reason| (StatusCode::BAD_GATEWAY, reason))?;
            (via, Some(to))
        }
        (Led::Itself, _) | (_, None) => {
            let reason = "a CONNECT names a host and a port".to_owned();
            return Err((StatusCode::BAD_REQUEST, reason));
        }
    };
    *lock(&setting.tunnel) = Some(Tunnel { via, upgrade, to });
    Ok(())
}
