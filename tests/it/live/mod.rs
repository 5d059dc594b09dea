//! Recordings of what clients do while they do it: at Ringback itself, and at a vendor's own system, which
//! another Ringback plays.

mod own;
mod relayed;

/// Credentials of the demo that are long enough to be nobody's by chance.
const CREDENTIALS: [&str; 7] = [
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "A7k2Qm9ZrT4x",
    "SIMTOKEN-7A",
    "5c0e77a1d94b42f8a6e13b90cf28d451",
    "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47",
    "sim-secret-1",
    "resell-key-9",
];

/// Says where a credential stands that must stand nowhere.
fn assert_clean(text: &str, what: &str) {
    for credential in CREDENTIALS {
        let at = text.find(credential);
        assert_eq!(at, None, "{what}: {:?}", at.map(|at| &text[at.saturating_sub(200)..at]));
    }
}
