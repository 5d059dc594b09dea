//! Every SQL statement, prepared and planned against a fresh schema.

use ringback::inside::app;
use ringback::inside::sim::worlds::tables;
use ringback::inside::store::database::Database;
use rusqlite::StatementStatus;

use super::assert_none;

#[test]
fn all_statements_prepare_and_none_asks_the_clock() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let mut all = tables::statements(vendors);
    for vendor in vendors.0 {
        all.extend(vendor.surface.tables.iter().map(|table| (table.name, table.rows)));
    }
    assert!(all.len() > 30, "the statements were not found");
    let mut faults = Vec::new();
    for (name, sql) in all {
        if let Err(error) = db.connection().prepare(sql) {
            faults.push(format!("{name}: {error}"));
        }
        let words = sql.to_ascii_lowercase();
        let clocks = ["random()", "current_", "'now'", "date()", "datetime()", "strftime('%s')"];
        for clock in clocks.iter().filter(|word| words.contains(**word)) {
            faults.push(format!("{name} names {clock}"));
        }
        if words.contains("select *") || words.contains("insert or replace") {
            faults.push(format!("{name} lists no columns, or replaces"));
        }
    }
    assert_none(&faults);
}

/// A table for the statement alone, made and dropped each time, costs more than writing a row. It comes
/// with RETURNING, and with an IN of three or more in a CHECK.
#[test]
fn boards_name_columns_that_are_there() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let mut faults = Vec::new();
    for vendor in vendors.0 {
        let surface = vendor.surface;
        let columns = |table: &str| -> Vec<String> {
            let Some(table) = surface.table(table) else { return Vec::new() };
            let statement = db.connection().prepare(table.rows).unwrap();
            statement.column_names().map(str::to_owned).collect()
        };
        for board in surface.boards {
            for cell in board.cells() {
                for (table, column) in
                    [Some((board.table, cell.column)), cell.behind].into_iter().flatten()
                {
                    if !columns(table).iter().any(|it| it == column) {
                        faults
                            .push(format!("{} has a board with {table}.{column}", surface.vendor));
                    }
                }
            }
        }
        assert!(!surface.boards.is_empty(), "{} has no board", surface.vendor);
    }
    assert_none(&faults);
}

#[test]
fn no_statement_that_writes_makes_a_table_for_itself() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    let mut faults = Vec::new();
    for (name, sql) in tables::statements(vendors) {
        let mut statement = db.connection().prepare(&format!("EXPLAIN {sql}")).unwrap();
        // It is not run, so its parameters need no values.
        let codes = statement.raw_query().mapped(|row| row.get("opcode"));
        let codes: Vec<String> = codes.collect::<Result<_, _>>().unwrap();
        let is_any = |code: &str| codes.iter().any(|it| it == code);
        let moves_all = ["SHIFT_TIMERS", "SETTLE_SHIFTED_TIMERS"].contains(&name);
        if is_any("OpenWrite") && is_any("OpenEphemeral") && !moves_all {
            faults.push(name.to_owned());
        }
    }
    assert_none(&faults);
}

#[test]
fn no_statement_is_planned_anew_for_its_values() {
    let vendors = app::vendors();
    let image = Database::empty_image(&tables::components(vendors, true)).unwrap();
    let db = Database::in_memory(&image);
    db.connection().execute_batch("BEGIN").unwrap();
    let mut faults = Vec::new();
    for (name, sql) in tables::statements(vendors) {
        let mut statement = db.connection().prepare(sql).unwrap();
        for value in 1..4 {
            for idx in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(idx, value).unwrap();
            }
            // Whether the values make sense to the table is not the question here.
            let _ = statement.raw_query().next();
        }
        if statement.get_status(StatementStatus::RePrepare) > 0 {
            faults.push(format!("{name} is prepared anew when its parameters change"));
        }
    }
    assert_none(&faults);
}
