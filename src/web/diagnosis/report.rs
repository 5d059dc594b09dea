//! What a diagnosis is asked and what it answers.

use std::borrow::Cow;
use std::fmt;

use crate::web::diagnosis::place::{Place, excerpt_at};

/// What was wanted where the body stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    JsonObject,
    JsonArray,
    JsonValue,
    Form,
    Multipart,
    Xml,
    Csv,
    /// Any text in UTF-8.
    Text,
}

impl Wanted {
    /// In words, with an article.
    pub fn words(self) -> &'static str {
        match self {
            Wanted::JsonObject => "a JSON object",
            Wanted::JsonArray => "a JSON array",
            Wanted::JsonValue => "a JSON value",
            Wanted::Form => "a form (name=value&…)",
            Wanted::Multipart => "multipart/form-data",
            Wanted::Xml => "an XML document",
            Wanted::Csv => "CSV",
            Wanted::Text => "text in UTF-8",
        }
    }

    /// Its `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Wanted::JsonObject | Wanted::JsonArray | Wanted::JsonValue => "application/json",
            Wanted::Form => "application/x-www-form-urlencoded",
            Wanted::Multipart => "multipart/form-data",
            Wanted::Xml => "application/xml",
            Wanted::Csv => "text/csv",
            Wanted::Text => "text/plain",
        }
    }

    /// Whether it is JSON of any kind.
    pub fn is_json(self) -> bool {
        matches!(self, Wanted::JsonObject | Wanted::JsonArray | Wanted::JsonValue)
    }
}

/// A body as it came, or the query of an address.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Body<'b> {
    pub bytes: &'b [u8],
    pub content_type: Option<&'b str>,
    pub content_encoding: Option<&'b str>,
}

impl<'b> Body<'b> {
    /// A body without headers that say what it is.
    pub(crate) fn plain(bytes: &'b [u8]) -> Self {
        Body { bytes, ..Body::default() }
    }

    /// The media type that was announced, in small letters and without its attributes.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.content_type?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

/// What the vendor asks about a body.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub wanted: Wanted,
    /// What the vendor takes as well, if it is announced as such.
    pub takes: &'a [Wanted],
    /// Names that the vendor knows at the top: of members, fields or columns. May be empty.
    pub known: &'a [&'a str],
    /// Whether the program's own parser failed, so that its limits count: numbers beyond a double,
    /// and more than 128 values in one another.
    pub is_refused: bool,
}

impl<'a> Asked<'a> {
    /// For a body that has to be this and nothing else, and that no parser has seen yet.
    pub fn new(wanted: Wanted) -> Self {
        Asked { wanted, takes: &[], known: &[], is_refused: false }
    }

    /// With the names that the vendor knows.
    #[must_use]
    pub fn knowing(self, known: &'a [&'a str]) -> Self {
        Asked { known, ..self }
    }

    /// With what the vendor takes as well.
    #[must_use]
    pub fn taking(self, takes: &'a [Wanted]) -> Self {
        Asked { takes, ..self }
    }

    /// For a body that the program's own parser refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Asked { is_refused: true, ..self }
    }
}

/// What makes the request right, in this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The body to send instead.
    Body(Vec<u8>),
    /// The `Content-Type` to send with the same body.
    ContentType(String),
}

/// Why a body cannot be read as what was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub kind: Kind,
    pub at: Place,
    pub expected: Cow<'static, str>,
    /// What stands there, with a bounded excerpt.
    pub found: String,
    /// What the client's author is to do; a sentence in the imperative, without a full stop.
    pub cure: Cow<'static, str>,
    /// Where the cure is exact: after it the diagnosis is none.
    pub edit: Option<Edit>,
}

impl Diagnosis {
    /// One whose `found` is what stands round the place.
    pub(crate) fn new(
        kind: Kind,
        bytes: &[u8],
        offset: usize,
        expected: impl Into<Cow<'static, str>>,
        cure: impl Into<Cow<'static, str>>,
    ) -> Self {
        Diagnosis {
            kind,
            at: Place::new(bytes, offset),
            expected: expected.into(),
            found: excerpt_at(bytes, offset),
            cure: cure.into(),
            edit: None,
        }
    }

    /// With words before the excerpt that say what it is.
    #[must_use]
    pub(crate) fn naming(self, what: impl fmt::Display) -> Self {
        let found = format!("{what}: {}", self.found);
        Diagnosis { found, ..self }
    }

    /// With the body to send instead.
    #[must_use]
    pub(crate) fn with_body(self, body: impl Into<Option<Vec<u8>>>) -> Self {
        Diagnosis { edit: body.into().map(Edit::Body), ..self }
    }

    /// With the `Content-Type` to send.
    #[must_use]
    pub(crate) fn with_content_type(self, value: impl Into<String>) -> Self {
        Diagnosis { edit: Some(Edit::ContentType(value.into())), ..self }
    }

    /// With the JSON pointer of its place.
    #[must_use]
    pub(crate) fn with_pointer(mut self, pointer: Option<String>) -> Self {
        self.at.pointer = pointer;
        self
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnosis { at, expected, found, cure, .. } = self;
        write!(out, "at {at}: expected {expected}; found {found} ({cure})")
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal,)*) => {
        /// What is wrong with a body. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them, in order.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// Its stable name, in `snake_case`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    // Bytes and characters.
    /// gzip, deflate, br or zstd, said by the header or seen by its first bytes.
    Compressed "compressed",
    Utf16 "utf_16",
    Utf32 "utf_32",
    ByteOrderMark "byte_order_mark",
    Latin1 "latin_1",
    Windows1252 "windows_1252",
    /// A byte that is not UTF-8, beside characters that are.
    NotUtf8 "not_utf_8",
    /// The body ends inside a character.
    Utf8Cut "utf_8_cut",
    /// Bytes that are no text in any of these.
    NotText "not_text",
    Empty "empty",
    // Another format.
    FormInstead "form_instead",
    MultipartInstead "multipart_instead",
    XmlInstead "xml_instead",
    JsonInstead "json_instead",
    CsvInstead "csv_instead",
    HtmlInstead "html_instead",
    /// JSON that was announced as a form, so that all of it is the name of one field.
    JsonAsFormKey "json_as_form_key",
    /// A form whose one field holds the JSON.
    JsonInFormField "json_in_form_field",
    PercentEncoded "percent_encoded",
    PercentEncodedTwice "percent_encoded_twice",
    /// JSON text inside a JSON string.
    JsonEncodedTwice "json_encoded_twice",
    // What stands round a text.
    /// The whole text in single quotes, as some shells leave them.
    QuotedWhole "quoted_whole",
    /// The name of a file where its content belongs.
    FileName "file_name",
    /// `[object Object]` or another language's word for a value.
    ObjectPrint "object_print",
    Jsonp "jsonp",
    GuardPrefix "guard_prefix",
    /// A request's or reply's head in front of the body.
    HeadInBody "head_in_body",
    ChunkFraming "chunk_framing",
    /// JSON in Base64.
    Base64 "base64",
    /// JSON with `&quot;` for its quotes.
    HtmlEscaped "html_escaped",
    // JSON.
    SingleQuotes "single_quotes",
    CurlyQuotes "curly_quotes",
    /// `\"` where a quote belongs.
    EscapedQuotes "escaped_quotes",
    /// `None`, `True`, `nil`, `undefined` and their like.
    ForeignLiteral "foreign_literal",
    NotANumber "not_a_number",
    /// `=>` or `=` where a colon belongs.
    Arrow "arrow",
    UnquotedKey "unquoted_key",
    UnquotedText "unquoted_text",
    /// `u'…'` or `b'…'`.
    StringPrefix "string_prefix",
    TrailingComma "trailing_comma",
    ExtraComma "extra_comma",
    MissingComma "missing_comma",
    MissingColon "missing_colon",
    MissingValue "missing_value",
    Comment "comment",
    OddBlank "odd_blank",
    LoneSurrogate "lone_surrogate",
    RawControl "raw_control",
    RawLineEnd "raw_line_end",
    BadEscape "bad_escape",
    UnescapedQuote "unescaped_quote",
    /// A text without its closing quote, which takes in what stands behind it.
    OpenText "open_text",
    PlusSign "plus_sign",
    LeadingZero "leading_zero",
    /// `.5` or `1.`.
    BareFraction "bare_fraction",
    CommaInNumber "comma_in_number",
    HexNumber "hex_number",
    BadNumber "bad_number",
    NumberTooLarge "number_too_large",
    TooDeep "too_deep",
    FunctionCall "function_call",
    Placeholder "placeholder",
    WrongBracket "wrong_bracket",
    ExtraBracket "extra_bracket",
    CutShort "cut_short",
    SecondDocument "second_document",
    JsonLines "json_lines",
    TextBehind "text_behind",
    /// Where the parser stopped; why cannot be told.
    Unexpected "unexpected",
    // The shape of what was read.
    MemberTwice "member_twice",
    Wrapped "wrapped",
    ListAroundOne "list_around_one",
    ListForObject "list_for_object",
    ObjectForList "object_for_list",
    WrongTop "wrong_top",
    // XML.
    BareAmpersand "bare_ampersand",
    UnknownEntity "unknown_entity",
    BareLess "bare_less",
    UnquotedAttribute "unquoted_attribute",
    AttributeTwice "attribute_twice",
    ElementOpen "element_open",
    WrongNesting "wrong_nesting",
    TextOutsideRoot "text_outside_root",
    SecondRoot "second_root",
    LateDeclaration "late_declaration",
    EncodingContradicts "encoding_contradicts",
    ControlCharacter "control_character",
    // Forms.
    AmpEntity "amp_entity",
    SemicolonSeparator "semicolon_separator",
    PlusBecameBlank "plus_became_blank",
    BadPercent "bad_percent",
    PercentUtf16 "percent_utf_16",
    BracketsInName "brackets_in_name",
    // Multipart.
    NoBoundary "no_boundary",
    OtherBoundary "other_boundary",
    TextBeforeParts "text_before_parts",
    BareLineFeeds "bare_line_feeds",
    PartsCut "parts_cut",
    BadPart "bad_part",
    // CSV.
    CsvDelimiter "csv_delimiter",
    CarriageReturns "carriage_returns",
    QuoteOpen "quote_open",
}

impl Kind {
    /// Whether the text could be read, and only what it holds is not what was wanted.
    pub(crate) fn is_shape(self) -> bool {
        matches!(
            self,
            Kind::MemberTwice
                | Kind::Wrapped
                | Kind::ListAroundOne
                | Kind::ListForObject
                | Kind::ObjectForList
                | Kind::WrongTop
                | Kind::JsonEncodedTwice
                | Kind::NumberTooLarge
                | Kind::TooDeep
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
