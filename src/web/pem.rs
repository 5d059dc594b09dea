//! PEM: bytes as base64 in lines, framed by what they are.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Characters in a line.
const LINE_CHARS: usize = 64;

/// Writes bytes under a label such as `CERTIFICATE`.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let body = BASE64_STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE_CHARS));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END ");
    pem.push_str(label);
    pem.push_str("-----\n");
    pem
}

/// Reads the first of a label in a text; `None` where there is none, or it is broken.
pub(crate) fn read(label: &str, text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.split_whitespace().collect();
    let der = BASE64_STANDARD.decode(body).ok()?;
    (!der.is_empty()).then_some(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for length in [1, 47, 48, 49, 500] {
            let der: Vec<u8> = (0..length).map(|idx| u8::try_from(idx % 251).unwrap()).collect();
            let pem = write("X", &der);
            assert!(pem.lines().all(|line| line.len() <= LINE_CHARS), "{pem}");
            assert_eq!(read("X", &format!("words\n{pem}words")), Some(der));
            assert_eq!(read("Y", &pem), None);
        }
        for text in ["", "-----BEGIN X-----", "-----BEGIN X-----\n!\n-----END X-----"] {
            assert_eq!(read("X", text), None, "{text:?}");
        }
    }
}
