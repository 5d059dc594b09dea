//! Forms and queries.

use super::{apply, check_all};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::form::diagnose_value;
use crate::web::diagnosis::report::Kind::*;
use crate::web::diagnosis::report::{Asked, Body, Edit, Wanted};

#[test]
fn forms() {
    check_all(
        &Asked::new(Wanted::Form),
        &[
            ("a=1▸&amp;b=2", AmpEntity, "write & between", "a=1&b=2"),
            ("a=1▸&amp;b=2&amp;c=3", AmpEntity, "write & between", "a=1&b=2&c=3"),
            ("a=1▸;b=2", SemicolonSeparator, "not ;", "a=1&b=2"),
            ("a=100▸%", BadPercent, "%25", "a=100%25"),
            ("a=▸%zz&b=%4", BadPercent, "%25", "a=%25zz&b=%254"),
            ("▸%=1", BadPercent, "%25", "%25=1"),
            ("a=M▸%FCller", Latin1, "in UTF-8", "a=M%C3%BCller"),
            ("a=x&b=%20▸%E9t%E9", Latin1, "in UTF-8", "a=x&b=%20%C3%A9t%C3%A9"),
            ("a=▸%80", Windows1252, "in UTF-8", "a=%E2%82%AC"),
            ("a=%C3%BC▸%FC", NotUtf8, "in UTF-8", ""),
            ("a=▸%u00FCx", PercentUtf16, "encodeURIComponent", "a=%C3%BCx"),
            (
                "a=x▸%u20AC&b=%uD83D%uDE00",
                PercentUtf16,
                "encodeURIComponent",
                "a=x%E2%82%AC&b=%F0%9F%98%80",
            ),
            ("a=h▸%00a%00", PercentUtf16, "not in UTF-16", "a=ha"),
            ("a=▸%00h%00a", PercentUtf16, "not in UTF-16", "a=ha"),
            ("a=▸%FF%FEh%00", PercentUtf16, "not in UTF-16", "a=h"),
            ("phone=▸+4420123456", PlusBecameBlank, "%2B", "phone=%2B4420123456"),
            (
                "x=1&phone=▸+4915112345678&y=2",
                PlusBecameBlank,
                "%2B",
                "x=1&phone=%2B4915112345678&y=2",
            ),
            (
                "t=2024-05-01T10:00:00▸+02:00",
                PlusBecameBlank,
                "%2B",
                "t=2024-05-01T10:00:00%2B02:00",
            ),
            (
                "t=2024-05-01T10%3A00%3A00▸+02%3A00",
                PlusBecameBlank,
                "%2B",
                "t=2024-05-01T10%3A00%3A00%2B02%3A00",
            ),
            ("a▸%3D1%26b%3D2", PercentEncoded, "not the = and &", "a=1&b=2"),
            ("a▸%253D1%2526b%253D2", PercentEncodedTwice, "not the = and &", "a=1&b=2"),
            ("▸\u{feff}a=1", ByteOrderMark, "ef bb bf", "a=1"),
        ],
    );
    let known = ["id", "name", "campaign_id"];
    check_all(
        &Asked::new(Wanted::Form).knowing(&known),
        &[
            ("▸id[]=1", BracketsInName, "write id for id[]", "id=1"),
            ("a=1&▸id%5B%5D=1", BracketsInName, "write id for id[]", "a=1&id=1"),
            ("▸id[0]=1&id[1]=2", BracketsInName, "write id for id[0]", "id=1&id=2"),
            ("▸contact[name]=x", BracketsInName, "write name for contact[name]", "name=x"),
            ("id=1▸;name=2", SemicolonSeparator, "not ;", "id=1&name=2"),
        ],
    );
}

#[test]
fn nothing_is_said_of_what_may_be_right() {
    let known = ["id"];
    let asked = Asked::new(Wanted::Form).knowing(&known);
    for query in [
        "a=x;b=2",
        "id=1;2",
        "other[]=1",
        "a=+1",
        "a=1+2",
        "a=%2520",
        "amp;=1",
        "a=b&amp;",
        "a=1&&b",
        "a",
        "=",
        "a=x+y",
    ] {
        assert_eq!(diagnose(&Body::plain(query.as_bytes()), &asked), None, "{query}");
    }
}

#[test]
fn values() {
    for (value, kind, at, edited) in [
        ("100%", BadPercent, 3, "100%25"),
        ("%FC", Latin1, 0, "%C3%BC"),
        ("+4420123456", PlusBecameBlank, 0, "%2B4420123456"),
        ("a%2520b", PercentEncodedTwice, 1, "a%20b"),
        ("2024-05-01T10%253A00", PercentEncodedTwice, 13, "2024-05-01T10%3A00"),
        ("%u00e9", PercentUtf16, 0, "%C3%A9"),
    ] {
        let found = diagnose_value(value.as_bytes()).unwrap_or_else(|| panic!("{value}"));
        assert_eq!((found.kind, found.at.offset), (kind, at), "{value}");
        assert_eq!(found.edit, Some(Edit::Body(edited.into())), "{value}");
        assert_eq!(diagnose_value(edited.as_bytes()), None, "{value}");
    }
    for value in ["", "x", "a%20b", "50%25", "a+b", "%25%20"] {
        assert_eq!(diagnose_value(value.as_bytes()), None, "{value}");
    }
    let body = Body::plain(b"a=1&amp;b=2");
    let asked = Asked::new(Wanted::Form);
    apply(&body, &asked, &diagnose(&body, &asked).unwrap());
}
