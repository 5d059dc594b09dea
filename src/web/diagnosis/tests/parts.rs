//! Bodies of parts.

use super::{apply, check};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::Kind::{self, *};
use crate::web::diagnosis::report::{Asked, Body, Edit, Wanted};

const BODY: &str = "--x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x1--\r\n";

#[track_caller]
fn parts(
    content_type: &str,
    text: &str,
    wanted: (Kind, usize, &str),
    content_type_after: Option<&str>,
) {
    let body =
        Body { bytes: text.as_bytes(), content_type: Some(content_type), content_encoding: None };
    let asked = Asked::new(Wanted::Multipart);
    check(&body, &asked, wanted, None);
    let found = diagnose(&body, &asked).unwrap();
    assert_eq!(found.edit, content_type_after.map(|it| Edit::ContentType(it.to_owned())));
    apply(&body, &asked, &found);
}

#[test]
fn boundaries() {
    let right = Some("multipart/form-data; boundary=x1");
    parts("multipart/form-data", BODY, (NoBoundary, 0, "boundary=x1"), right);
    parts("application/json", BODY, (NoBoundary, 0, "boundary=x1"), right);
    parts("multipart/form-data; boundary=", BODY, (NoBoundary, 0, "boundary=x1"), right);
    parts("multipart/form-data; boundary=y", BODY, (OtherBoundary, 0, "boundary=x1"), right);
    parts("multipart/form-data; boundary=--x1", BODY, (OtherBoundary, 0, "boundary=x1"), right);
    let said = "multipart/form-data; boundary=x1";
    parts(said, &BODY.replace("\r\n", "\n"), (BareLineFeeds, 4, "CR LF"), None);
    parts(said, &BODY[..40], (PartsCut, 40, "--x1--"), None);
    parts(said, &BODY.replace("\r\n\r\n", "\r\n"), (BadPart, 6, "an empty line"), None);
    parts(said, &BODY[..BODY.len() - 8], (PartsCut, BODY.len() - 8, "--x1--"), None);
    parts(said, &BODY.replace("; name=\"a\"", ""), (BadPart, 6, "name="), None);
    parts(said, &BODY.replace("Disposition", "Type"), (BadPart, 6, "Content-Disposition"), None);
}

#[test]
fn text_before_the_first_boundary() {
    let said = "multipart/form-data; boundary=x1";
    for (before, kind) in
        [("\u{feff}", ByteOrderMark), ("[", TextBeforeParts), (" x", TextBeforeParts)]
    {
        let text = format!("{before}{BODY}");
        let body =
            Body { bytes: text.as_bytes(), content_type: Some(said), content_encoding: None };
        let found = diagnose(&body, &Asked::new(Wanted::Multipart)).unwrap();
        assert_eq!((found.kind, &found.edit), (kind, &Some(Edit::Body(BODY.into()))), "{before:?}");
    }
    // A line of its own is allowed, and counts for nothing (RFC 2046, 5.1.1).
    let text = format!("a preamble\r\n{BODY}");
    let body = Body { bytes: text.as_bytes(), content_type: Some(said), content_encoding: None };
    assert_eq!(diagnose(&body, &Asked::new(Wanted::Multipart)), None);
}

#[test]
fn another_format() {
    let said = "multipart/form-data; boundary=x1";
    parts(said, "a=1&b=2", (FormInstead, 0, "-F name=value"), None);
    parts(said, "{\"a\":1}", (JsonInstead, 0, "-F name=value"), None);
    parts("application/json", "{\"a\":1}", (JsonInstead, 0, "-F name=value"), None);
    parts("text/csv", "name,phone\nAda,1\n", (CsvInstead, 0, "-F file=@name"), None);
    parts("text/xml", "<a/>", (XmlInstead, 0, "-F name=value"), None);
    let body = Body { bytes: BODY.as_bytes(), content_type: Some(said), content_encoding: None };
    assert_eq!(diagnose(&body, &Asked::new(Wanted::Multipart)), None);
}
