//! The reference: hyper, and nothing behind it.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Answers every request with the body and the headers of a reply, for ever.
pub(crate) async fn serve(listener: TcpListener, reply: &[u8]) {
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&reply[..end]).into_owned();
    let body = Bytes::copy_from_slice(&reply[end + 4..]);
    let headers: Vec<(http::HeaderName, http::HeaderValue)> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !matches!(*name, "Content-Length" | "Connection"))
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (headers, body) = (headers.clone(), body.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let (headers, body) = (headers.clone(), body.clone());
                async move {
                    request.into_body().collect().await?;
                    let mut response = hyper::Response::new(Full::new(body));
                    response.headers_mut().extend(headers);
                    Ok::<_, hyper::Error>(response)
                }
            });
            let mut builder = http1::Builder::new();
            builder.title_case_headers(true).auto_date_header(false);
            // The load generator closes when it has enough.
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
