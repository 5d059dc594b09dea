//! XML as hands write it.

use super::check_all;
use crate::web::diagnosis::report::Kind::*;
use crate::web::diagnosis::report::{Asked, Wanted};

#[test]
fn slips() {
    check_all(
        &Asked::new(Wanted::Xml),
        &[
            ("<a>x ▸& y</a>", BareAmpersand, "&amp;", "<a>x &amp; y</a>"),
            ("<a>R▸&D & Co</a>", BareAmpersand, "&amp;", "<a>R&amp;D &amp; Co</a>"),
            ("<a u=\"x?b=1▸&c=2\"/>", BareAmpersand, "&amp;", "<a u=\"x?b=1&amp;c=2\"/>"),
            ("<a>▸&amp</a>", BareAmpersand, "&amp;", "<a>&amp;amp</a>"),
            ("<a>x▸&nbsp;y</a>", UnknownEntity, "only HTML knows", "<a>x&#160;y</a>"),
            ("<a>M▸&uuml;ller</a>", UnknownEntity, "&#252;", "<a>M&#252;ller</a>"),
            ("<a>▸&foo;</a>", UnknownEntity, "&amp;foo;", ""),
            ("<a>1 ▸< 2</a>", BareLess, "&lt;", "<a>1 &lt; 2</a>"),
            ("<a>x ▸<3</a>", BareLess, "&lt;", "<a>x &lt;3</a>"),
            ("<a b=\"1▸<2\"/>", BareLess, "&lt;", "<a b=\"1&lt;2\"/>"),
            ("<a b=▸1/>", UnquotedAttribute, "in quotes", "<a b=\"1\"/>"),
            ("<a b=▸1 c=x>y</a>", UnquotedAttribute, "in quotes", "<a b=\"1\" c=\"x\">y</a>"),
            ("<a ▸b>y</a>", UnquotedAttribute, "with a value", ""),
            ("<a b=▸“1”/>", CurlyQuotes, "straight quote", ""),
            ("<a b=\"1\" ▸b=\"2\"/>", AttributeTwice, "once", ""),
            ("<a>▸\u{1}</a>", ControlCharacter, "U+0001", ""),
            ("<a>▸&#0;</a>", ControlCharacter, "no character", ""),
            ("<a>▸&#x1f;</a>", ControlCharacter, "no character", ""),
            (
                "▸\n<?xml version=\"1.0\"?><a/>",
                LateDeclaration,
                "nothing before <?xml",
                "<?xml version=\"1.0\"?><a/>",
            ),
            (
                "<?xml version=\"1.0\" encoding=\"▸UTF-16\"?><a/>",
                EncodingContradicts,
                "UTF-8",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>",
            ),
            (
                "<?xml version='1.0' encoding='▸us-ascii'?><a>ü</a>",
                EncodingContradicts,
                "UTF-8",
                "<?xml version='1.0' encoding='UTF-8'?><a>ü</a>",
            ),
        ],
    );
}

#[test]
fn structure() {
    check_all(
        &Asked::new(Wanted::Xml),
        &[
            ("<a><b>x</b>▸", ElementOpen, "close <a> of line 1, column 1", ""),
            ("<a>\n <b>x▸", ElementOpen, "close <b> of line 2, column 2 with </b>", ""),
            ("<a><b>x▸</a>", WrongNesting, "close <b> of line 1, column 4 before </a>", ""),
            ("<a><b><c></c>▸</a></b>", WrongNesting, "close <b> of line 1, column 4", ""),
            ("<a>▸</A>", WrongNesting, "before </A>", ""),
            ("<a/>▸</b>", WrongNesting, "no element is open", ""),
            ("<a/>▸<b/>", SecondRoot, "one root element", ""),
            ("<a/> ▸x", TextOutsideRoot, "behind the root", ""),
            ("▸x<a/>", TextOutsideRoot, "before the root", ""),
            ("<a▸", CutShort, "> of a tag", ""),
            ("<a b=\"x▸", CutShort, "closes the value", ""),
            ("<a><!-- x▸", CutShort, "end of a comment", ""),
            ("<a><![CDATA[x▸", CutShort, "CDATA", ""),
            ("<a></a▸", CutShort, "> of a tag", ""),
            ("<a>x<▸", CutShort, "the rest of a tag", ""),
            ("<a ▸\"x\"/>", Unexpected, "name=\"value\"", ""),
            ("<a></a ▸b>", Unexpected, "end tag", ""),
            ("<?xml version=\"1.0\"?>▸", Unexpected, "send an element", ""),
        ],
    );
}
