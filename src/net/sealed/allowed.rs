//! A port of this machine's that is let through to a client that is sealed off: what comes in inside
//! is passed on outside, byte by byte.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::base::limits::{ALLOWED_CONNECT_TIMEOUT, ALLOWED_RETRY};

/// Lets connections through until it is told to stop.
pub(crate) async fn let_through(
    listener: TcpListener,
    host: String,
    port: u16,
    mut stop: watch::Receiver<bool>,
) {
    let host = Arc::<str>::from(host);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((inside, _)) => {
                connections.spawn(pass(inside, Arc::clone(&host), port));
            }
            Err(error) => {
                tracing::warn!(%error, %host, port, "cannot let a connection through");
                // The system is short of something; it is asked again in a moment.
                tokio::time::sleep(ALLOWED_RETRY).await;
            }
        }
    }
}

async fn pass(mut inside: TcpStream, host: Arc<str>, port: u16) {
    let connecting = timeout(ALLOWED_CONNECT_TIMEOUT, TcpStream::connect((&*host, port))).await;
    let mut outside = match connecting {
        Ok(Ok(outside)) => outside,
        Ok(Err(error)) => {
            return tracing::warn!("--allow {host}:{port} leads nowhere: {error}");
        }
        Err(_) => return tracing::warn!("--allow {host}:{port} leads nowhere: nobody answers"),
    };
    for side in [&inside, &outside] {
        // What is sent is awaited on the other side: never held back for the next.
        let _ = side.set_nodelay(true);
    }
    let copied = copy_bidirectional(&mut inside, &mut outside).await;
    tracing::debug!(%host, port, ?copied, "a connection that was let through ended");
}
