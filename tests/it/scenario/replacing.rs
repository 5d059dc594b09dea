//! Rows of a scenario that take the place of rows of one that it extends.

use ringback::inside::app;
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;
use serde_json::Value;

const BASE: &str = "[jtel]\nclients = [{ id = 7, tokens = [\"T\"] }]\n\
    campaigns = [{ id = 1, client = 7, name = \"First\" }, { id = 2, client = 7, name = \"Second\" }]\n\
    contacts = { csv = \"people.csv\" }\n";
const PEOPLE: &str = "id,campaign,name\n11,1,Adler\n12,2,Brandt\n";

/// Loads a scenario on top of the base; campaigns and contacts as they are then, or what is wrong.
fn rows_of(over: &str) -> Result<(Value, Value), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("base.toml"), BASE).unwrap();
    std::fs::write(path("people.csv"), PEOPLE).unwrap();
    std::fs::write(path("over.toml"), format!("extends = \"base.toml\"\n{over}")).unwrap();
    let library = app::library(Some(path("over.toml")), ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let mut opened = library.open_first().unwrap();
    // What another Ringback makes a world of comes to the same.
    let json = opened.to_json();
    let world = worlds.make("a", &mut opened).map_err(|error| error.to_string())?;
    let again = worlds.make("b", &mut library.read_json(&json.unwrap())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = |world: &std::sync::Arc<ringback::inside::sim::world::World>| {
        let page = |table| {
            let table = app::vendors().find("jtel").unwrap().surface.table(table).unwrap();
            runtime.block_on(world.table(table, 0, 10, true)).unwrap()["rows"].clone()
        };
        (page("campaigns"), page("contacts"))
    };
    let (found, other) = (read(&world), read(&again));
    assert_eq!(found.0, other.0);
    let names = |rows: &Value| {
        let mut names: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| row["name"].to_string()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&found.1), names(&other.1));
    Ok(found)
}

#[test]
fn a_row_takes_the_place_of_another_and_what_refers_to_it_stays() {
    let over = "[jtel]\ncampaigns = [{ id = 1, client = 7, name = \"Other\", replace = true }]\n\
        contacts = [{ id = 12, campaign = 1, name = \"Cohen\", replace = true }]\n";
    let (campaigns, contacts) = rows_of(over).unwrap();
    let names: Vec<&Value> = campaigns.as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["Other", "Second"]);
    let mut names: Vec<&str> = contacts
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["Adler", "Cohen"]);
}

#[test]
fn what_cannot_take_a_place_is_told_at_its_own_line() {
    for (over, said) in [
        (
            "[jtel]\ncampaigns = [{ id = 1, client = 7, name = \"A\" }]\n",
            "over.toml:3:21: \"id\" is \"1\", already there among the campaigns of what this one \
             extends; expected a value that no other row has; replace = true at the row takes the \
             place of that one",
        ),
        (
            "[jtel]\ncampaigns = [{ id = 9, client = 7, name = \"A\", replace = true }]\n",
            "over.toml:3:14: \"replace\" is true, and there is no \"9\"; expected one of the jtel \
             campaigns of what this one extends",
        ),
        (
            "[jtel]\nclients = [{ id = 8, tokens = [\"U\"] }]\n\
             campaigns = [{ id = 1, client = 8, name = \"A\", replace = true }]\n",
            "over.toml:4:33: \"client\" is \"8\", which is not among the rows",
        ),
        (
            "[jtel]\ncampaigns = [{ id = 1, client = 7, replace = true }]\n",
            "over.toml:3:14: \"name\" is missing",
        ),
        (
            "[jtel]\ncampaigns = [{ id = 3, client = 7, name = \"A\", replace = 1 }]\n",
            "over.toml:3:58: \"replace\" is the integer 1; expected true or false",
        ),
    ] {
        let found = rows_of(over).unwrap_err();
        assert!(found.contains(said), "{said} is missing in\n{found}");
    }
}

#[test]
fn the_last_of_two_replacements_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let row = |name: &str| {
        format!(
            "[jtel]\ncampaigns = [{{ id = 1, client = 7, name = \"{name}\", replace = true }}]\n"
        )
    };
    std::fs::write(path("base.toml"), BASE).unwrap();
    std::fs::write(path("people.csv"), PEOPLE).unwrap();
    std::fs::write(path("a.toml"), format!("extends = \"base.toml\"\n{}", row("A"))).unwrap();
    std::fs::write(path("b.toml"), format!("extends = \"a.toml\"\n{}", row("B"))).unwrap();
    let library = app::library(Some(path("b.toml")), ClockSpec::Real);
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let world = worlds.make("a", &mut library.open_first().unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let table = app::vendors().find("jtel").unwrap().surface.table("campaigns").unwrap();
    let page = runtime.block_on(world.table(table, 0, 10, true)).unwrap();
    assert_eq!(page["rows"][0]["name"], "B", "{page}");
}
