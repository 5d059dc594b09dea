//! What masks an entry on its way out: its vendor's secrets where it was recorded by this program
//! as it runs, nothing where it was masked before it was kept.

use std::borrow::Cow;

use crate::contract::secret::Redactor;

/// How the texts of an entry are masked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mask {
    /// They were masked when they were written. Masking them once more could only hide more.
    Done,
    With(Redactor),
}

impl Mask {
    /// A target or a body, as it may be shown.
    pub(crate) fn text<'t>(self, text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        let text = text.into();
        match self {
            Mask::Done => text,
            Mask::With(redactor) => redactor.text(&text).into(),
        }
    }

    /// A sentence, as it may be shown.
    pub(crate) fn sentence(self, text: &str) -> Cow<'_, str> {
        match self {
            Mask::Done => text.into(),
            Mask::With(redactor) => redactor.sentence(text).into(),
        }
    }

    /// A header's name and value, as they may be shown.
    pub(crate) fn header<'t>(
        self,
        name: Cow<'t, str>,
        value: Cow<'t, str>,
    ) -> (Cow<'t, str>, Cow<'t, str>) {
        let Mask::With(redactor) = self else { return (name, value) };
        let shown = redactor.header(&name, &value);
        if shown == value {
            return (name, value);
        }
        let shown = shown.to_owned().into();
        (name, shown)
    }
}
