//! A table of paths. Finds the row for a method and a path, and tells "no such path" from "path
//! known, method not", which vendors word differently.
//!
//! Paths are matched as they arrive: case-sensitive, `/x` and `/x/` are two paths, and parameters
//! are decoded after matching.

use http::Method;

use crate::web::params::{Pairs, decode_segment};

/// What a table finds.
#[derive(Debug, PartialEq)]
pub(crate) enum Found<T> {
    Row {
        row: T,
        path: Pairs,
    },
    /// The path is there, with other methods.
    WrongMethod {
        allowed: Vec<Method>,
    },
    NoPath,
}

/// Paths, each with the rows of its methods.
#[derive(Debug)]
pub(crate) struct Table<T> {
    paths: matchit::Router<Vec<(Method, T)>>,
}

/// A table that cannot be built: a mistake in the program.
#[derive(Debug, thiserror::Error)]
#[error("route {path} cannot be added: {reason}")]
pub(crate) struct RouteError {
    path: String,
    reason: String,
}

impl<T: Copy> Table<T> {
    /// Builds a table from rows of method, path and value. `{name}` in a path is a parameter.
    ///
    /// # Errors
    /// Where two paths clash, or one path has a method twice.
    pub(crate) fn new<'a>(
        rows: impl IntoIterator<Item = (Method, &'a str, T)>,
    ) -> Result<Self, RouteError> {
        let mut paths = matchit::Router::<Vec<(Method, T)>>::new();
        for (method, path, row) in rows {
            let fail = |reason: String| RouteError { path: path.to_owned(), reason };
            if let Err(clash) = paths.insert(path, vec![(method.clone(), row)]) {
                let same =
                    matches!(&clash, matchit::InsertError::Conflict { with } if with == path);
                let methods = paths.at_mut(path).ok().filter(|_| same).map(|found| found.value);
                let methods = methods.ok_or_else(|| fail(clash.to_string()))?;
                if methods.iter().any(|(known, _)| *known == method) {
                    return Err(fail(format!("{method} stands twice")));
                }
                methods.push((method, row));
            }
        }
        Ok(Table { paths })
    }

    /// Finds the row for a request.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<T> {
        let Ok(found) = self.paths.at(path) else { return Found::NoPath };
        let Some((_, row)) = found.value.iter().find(|(known, _)| known == method) else {
            let allowed = found.value.iter().map(|(known, _)| known.clone()).collect();
            return Found::WrongMethod { allowed };
        };
        let mut path = Pairs::default();
        for (name, value) in found.params.iter() {
            path.push(name, decode_segment(value));
        }
        Found::Row { row: *row, path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_no_path_from_wrong_method() {
        let table = Table::new([
            (Method::GET, "/a/{id}", 1),
            (Method::DELETE, "/a/{id}", 2),
            (Method::GET, "/a/all", 3),
        ])
        .unwrap();
        let Found::Row { row, path } = table.find(&Method::DELETE, "/a/x%20y") else { panic!() };
        assert_eq!((row, path.first("id")), (2, Some("x y")));
        assert!(matches!(table.find(&Method::GET, "/a/all"), Found::Row { row: 3, .. }));
        assert_eq!(
            table.find(&Method::PUT, "/a/1"),
            Found::WrongMethod { allowed: vec![Method::GET, Method::DELETE] }
        );
        assert_eq!(table.find(&Method::GET, "/b"), Found::NoPath);
        assert!(Table::new([(Method::GET, "/a", 1), (Method::GET, "/a", 2)]).is_err());
        assert!(Table::new([(Method::GET, "/a/{x}", 1), (Method::GET, "/a/{y}", 2)]).is_err());
    }
}
