//! What vendors have to do with each other: people whom they share, and traffic of all of them.

mod people;
mod traffic;
