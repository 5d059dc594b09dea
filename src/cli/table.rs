//! Tables on a terminal: columns as wide as their longest cell, nothing behind the last.

/// Widest that a column grows; a longer cell pushes the rest of its own line on.
const COLUMN_CHARS_MAX: usize = 48;

/// Between two columns.
const GAP: &str = "  ";

/// The lines of a table with its head. Columns in which no row has anything are left out.
pub(crate) fn lines(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let is_used = |idx: usize| rows.iter().any(|row| row.get(idx).is_some_and(|it| !it.is_empty()));
    let used: Vec<usize> = (0..head.len()).filter(|idx| is_used(*idx)).collect();
    let width = |idx: &usize| {
        let cells = rows.iter().filter_map(|row| row.get(*idx)).map(|it| it.chars().count());
        let widest = cells.max().unwrap_or(0).max(head[*idx].chars().count());
        widest.min(COLUMN_CHARS_MAX)
    };
    let widths: Vec<usize> = used.iter().map(width).collect();
    let line = |cell: &dyn Fn(usize) -> String| {
        let cells = used.iter().zip(&widths).map(|(idx, width)| format!("{:<width$}", cell(*idx)));
        cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    };
    let head_line = line(&|idx| head[idx].to_uppercase());
    let rows = rows.iter().map(|row| line(&|idx| row.get(idx).cloned().unwrap_or_default()));
    std::iter::once(head_line).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_have_to_be() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "", "x y"]), row(["default", "", "z"])];
        assert_eq!(
            lines(&["name", "none", "what"], &rows),
            ["NAME     WHAT", "a        x y", "default  z"]
        );
        let long = row([&"m".repeat(60), "", "end"]);
        assert!(lines(&["a", "b", "c"], &[long])[1].ends_with("m  end"));
    }
}
