//! Packs the texts that the program carries for people: the manual, the contracts, the page's files. They
//! are most of what it holds beside code, and few runs show one. `base::packed` unpacks them.
//!
//! Not here: scenarios and schemas, which nearly every run reads.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Folders, and the endings of the files in them that are packed. All below them is looked at.
const FOLDERS: [(&str, &[&str]); 3] = [
    ("docs", &["md"]),
    ("src/vendors", &["md"]),
    ("src/admin/page", &["css", "html", "js", "svg"]),
];

fn main() -> io::Result<()> {
    let out = std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out).join("packed");
    println!("cargo::rerun-if-changed=build.rs");
    FOLDERS.iter().try_for_each(|(folder, endings)| pack_folder(Path::new(folder), endings, &out))
}

fn pack_folder(folder: &Path, endings: &[&str], out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        if path.is_dir() {
            pack_folder(&path, endings, out)?;
        } else if endings.contains(&ending) {
            pack(&path, &out.join(&path))?;
        }
    }
    Ok(())
}

fn pack(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let mut packer = DeflateEncoder::new(fs::File::create(to)?, Compression::best());
    packer.write_all(&fs::read(from)?)?;
    packer.finish().map(drop)
}
