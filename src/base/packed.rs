//! Texts that stand packed in the program, and are unpacked when they are first asked for.
//!
//! They are for people: the manual, the contracts, the page's files. A program that shows none has neither
//! their time nor their memory. Not here: what packs them (`build.rs`).

use std::io::Read;

use flate2::read::DeflateDecoder;

/// The function that answers a file of the source as text, by its path from the source's root.
macro_rules! packed {
    ($path:expr) => {{
        fn unpacked() -> &'static str {
            static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
                let packed = include_bytes!(concat!(env!("OUT_DIR"), "/packed/", $path));
                $crate::base::packed::unpack(packed)
            });
            &TEXT
        }
        unpacked
    }};
}
pub(crate) use packed;

/// What was packed. The bytes are the program's own.
pub(crate) fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    let read = DeflateDecoder::new(packed).read_to_string(&mut text);
    read.expect("the build has packed a text");
    text
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    type Text = fn() -> &'static str;

    #[test]
    fn a_packed_text_is_that_of_the_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let texts: [(&str, Text); 3] = [
            ("docs/faults.md", packed!("docs/faults.md")),
            ("src/vendors/mor/contract.md", packed!("src/vendors/mor/contract.md")),
            ("src/admin/page/page.js", packed!("src/admin/page/page.js")),
        ];
        for (path, text) in texts {
            assert_eq!(text(), fs::read_to_string(root.join(path)).unwrap(), "{path}");
            assert!(std::ptr::eq(text(), text()), "{path} is unpacked once");
        }
    }
}
