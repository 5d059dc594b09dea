//! How the texts of an entry are read: as they came, for those who judge them, or as they may be
//! shown.
//!
//! Not here: what is masked (`web::mask`), and what a world knows of its secrets
//! (`sim::journal::secrets`).

use std::borrow::Cow;

use serde_json::Value;

use crate::web::mask::masker::{Masked, Masker};

/// How the texts of an entry are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mask<'m> {
    /// As they came. Nothing of it may be shown.
    Raw,
    /// As they may be shown.
    With(&'m Masker),
}

impl Mask<'_> {
    /// A masked text of one that may be of no further use.
    fn apply<'t>(
        self,
        text: Cow<'t, str>,
        shown: impl for<'x> FnOnce(&Masker, &'x str) -> Cow<'x, str>,
    ) -> Cow<'t, str> {
        let Mask::With(masker) = self else { return text };
        match shown(masker, &text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(shown) => Cow::Owned(shown),
        }
    }

    /// The name of something.
    pub(crate) fn text<'t>(self, text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        self.apply(text.into(), Masker::text)
    }

    /// The target of a request.
    pub(crate) fn target<'t>(self, target: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        self.apply(target.into(), Masker::query)
    }

    /// A sentence.
    pub(crate) fn sentence(self, text: &str) -> Cow<'_, str> {
        self.apply(text.into(), Masker::sentence)
    }

    /// The name of a header.
    pub(crate) fn header_name(self, name: Cow<'_, str>) -> Cow<'_, str> {
        self.apply(name, Masker::header_name)
    }

    /// The value of a header.
    pub(crate) fn header<'t>(self, name: &str, value: Cow<'t, str>) -> Cow<'t, str> {
        self.apply(value, |masker, value| masker.header(name, value))
    }

    /// A body, with its `Content-Encoding`; `None` where it may be shown as it is.
    pub(crate) fn body(self, body: &[u8], encoding: Option<&str>) -> Option<Masked> {
        match self {
            Mask::Raw => None,
            Mask::With(masker) => masker.body(body, encoding),
        }
    }

    /// What was told with an action.
    pub(crate) fn json(self, value: &Value) -> Cow<'_, Value> {
        match self {
            Mask::Raw => Cow::Borrowed(value),
            Mask::With(masker) => Cow::Owned(masker.json(value.clone())),
        }
    }
}
