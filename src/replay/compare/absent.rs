//! Why a body has no value at a path.

/// Why there is no value; what a report shows in its place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Absent {
    /// JSON without such a member or element; what there is instead.
    #[error("{0}")]
    Json(String),
    /// XML without such an element; what there is instead.
    #[error("nothing; {0}")]
    Xml(String),
    /// The path is none of XML; what was expected.
    #[error("{0}")]
    Path(String),
    /// What looks like XML is not well-formed.
    #[error("{0}")]
    Malformed(String),
    #[error("nothing; the body is empty")]
    Empty,
    #[error("the body is neither JSON nor XML: {start} ({error})")]
    Neither { start: String, error: serde_json::Error },
}
