//! How a vendor's tables are shown to people: boards, declared as data beside its surface.
//!
//! A page or a report draws them and knows no vendor. A table without a board is shown with all its
//! columns. Not here: the tables themselves (`surface`).

/// How one table is shown: as cards in lanes, or as rows.
#[derive(Debug)]
pub struct Board {
    /// One of the vendor's tables.
    pub table: &'static str,
    pub title: &'static str,
    /// The column whose value is the lane that a row stands in; none for a plain table.
    pub lane: Option<&'static str>,
    /// Values of it whose lanes stand even when empty, in their order. Any other gets a lane behind.
    pub lanes: &'static [&'static str],
    /// The column that says since when a row is in its lane, in milliseconds of the world's time.
    pub since: Option<&'static str>,
    /// The column that names a row to a person; its key is shown beside it.
    pub head: Option<&'static str>,
    /// Lines of a card, with cells in braces: `list {list_id}`. A line without a value is left out.
    pub lines: &'static [&'static str],
    /// Cells of a row, where it is shown as one; all columns if none is named.
    pub columns: &'static [&'static str],
}

impl Board {
    /// A plain table with all its columns.
    pub const BARE: Board = Board {
        table: "",
        title: "",
        lane: None,
        lanes: &[],
        since: None,
        head: None,
        lines: &[],
        columns: &[],
    };

    /// All cells that the board names. A cell is a column, or `column>table.column` for the column
    /// of that row of another table which the first one names by its key.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let in_lines = self.lines.iter().flat_map(|line| braced(line));
        let single = [self.lane, self.since, self.head].into_iter().flatten();
        single.chain(self.columns.iter().copied()).chain(in_lines).map(Cell::read)
    }
}

/// What one cell shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cell {
    pub column: &'static str,
    /// Table and column behind the reference, where it is one.
    pub behind: Option<(&'static str, &'static str)>,
}

impl Cell {
    fn read(text: &'static str) -> Cell {
        match text.split_once('>') {
            None => Cell { column: text, behind: None },
            Some((column, behind)) => {
                Cell { column, behind: Some(behind.split_once('.').unwrap_or((behind, ""))) }
            }
        }
    }
}

fn braced(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(cell, _)| cell))
}

#[cfg(test)]
mod tests {
    use super::{Board, Cell};

    #[test]
    fn all_cells_that_a_board_names_are_told() {
        let board = Board {
            table: "calls",
            lane: Some("state"),
            lines: &["{number} by {user_id>users.name}", "no cell"],
            columns: &["id"],
            ..Board::BARE
        };
        let plain = |column| Cell { column, behind: None };
        let cells: Vec<Cell> = board.cells().collect();
        let user = Cell { column: "user_id", behind: Some(("users", "name")) };
        assert_eq!(cells, [plain("state"), plain("id"), plain("number"), user]);
    }
}
