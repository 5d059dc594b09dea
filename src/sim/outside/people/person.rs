//! Someone who does not exist.

/// Someone who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As the scenario writes it.
    pub phone: String,
    /// The digits alone; no two persons have the same.
    pub digits: String,
    pub first_name: String,
    pub name: String,
    /// Empty where there is none.
    pub email: String,
}

impl Person {
    /// First name and surname, as far as there are any.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.name).trim().to_owned()
    }
}
