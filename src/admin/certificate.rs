//! The authority's certificate, for clients that are to trust it.

use http::{Method, StatusCode};

use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::web::message::Response;

/// The media type of PEM.
const PEM: &str = "application/x-pem-file";

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[Endpoint {
    name: "show_ca",
    method: Method::GET,
    path: "/ca.pem",
    text: "the certificate of the authority that signs for this program; needs no token",
    query: &[],
    body: Body::None,
    replies: &[
        Told::text(200, "the certificate", PEM),
        Told::problem(404, "the program serves with a certificate of its user's"),
        Told::problem(500, "no authority can be made"),
    ],
    serve: Serve::Now(|admin, _| admin.show_ca()),
}];

impl Admin {
    fn show_ca(&self) -> Result<Response, Problem> {
        match self.authority.certificate() {
            Ok(Some(certificate)) => {
                Ok(Response::with_body(StatusCode::OK, PEM, certificate.to_pem()))
            }
            Ok(None) => {
                let detail = "this program serves with the certificate of --tls-cert; there is no \
                              authority of its own to trust";
                Err(Problem::not_found("no-authority", detail))
            }
            Err(reason) => {
                Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "authority", reason))
            }
        }
    }
}
