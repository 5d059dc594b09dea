--- What a world in a file was made of, version 4 of what only files have.
CREATE TABLE ringback_made_of (
    --- A part of the recipe: scenario, seed, clock; see sim/loading/recipe.rs. No row in a fork, or in
    --- a world that was imported.
    part TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
