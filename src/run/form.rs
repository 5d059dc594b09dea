//! An environment as shells, build servers and other programs read it.

use serde_json::{Map, Value};

use crate::run::environment::Change;

/// What GitHub does not let a step set for those after it.
pub(crate) const NODE_OPTIONS: &str = "NODE_OPTIONS";

/// A form of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Sh,
    Fish,
    PowerShell,
    Dotenv,
    GitHub,
    Json,
    Docker,
}

/// What is set, and what is taken out as far as the form can say that, a line each.
pub(crate) fn written(form: Form, changes: &[Change]) -> String {
    let pairs = changes.iter().map(|change| {
        let value = change.value.as_deref().map(|value| value.to_string_lossy().into_owned());
        (change.variable.as_str(), value)
    });
    if form == Form::Json {
        let all: Map<String, Value> =
            pairs.map(|(name, value)| (name.to_owned(), value.into())).collect();
        return Value::Object(all).to_string();
    }
    let lines = pairs.filter_map(|(name, value)| line(form, name, value.as_deref()));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(form: Form, name: &str, value: Option<&str>) -> Option<String> {
    Some(match (form, value) {
        (Form::Sh, Some(value)) => format!("export {name}='{}'", value.replace('\'', r"'\''")),
        (Form::Sh, None) => format!("unset {name}"),
        (Form::Fish, Some(value)) => {
            let value = value.replace('\\', r"\\").replace('\'', r"\'");
            format!("set -gx {name} '{value}'")
        }
        (Form::Fish, None) => format!("set -e {name}"),
        (Form::PowerShell, Some(value)) => {
            format!("$env:{name} = '{}'", value.replace('\'', "''"))
        }
        (Form::PowerShell, None) => {
            format!("Remove-Item Env:{name} -ErrorAction SilentlyContinue")
        }
        (Form::Dotenv, Some(value)) => {
            let value = value.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$");
            format!("{name}=\"{value}\"")
        }
        // A job that appends it is told of an error, and has it dropped.
        (Form::GitHub, _) if name == NODE_OPTIONS => return None,
        // These take a line as it stands.
        (Form::GitHub | Form::Docker, Some(value)) => format!("{name}={value}"),
        // Nothing is taken out there; an empty one is as good as none to whoever reads them.
        (Form::Dotenv | Form::GitHub | Form::Docker, None) => format!("{name}="),
        (Form::Json, _) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_keeps_a_value_whole() {
        let change = |variable: &str, value: Option<&str>| Change {
            variable: variable.to_owned(),
            value: value.map(Into::into),
            clients: "",
            lever: "",
            drops: Vec::new(),
        };
        let changes = [change("A", Some(r#"it's "$1" \ x"#)), change("B", None)];
        for (form, expected) in [
            (Form::Sh, "export A='it'\\''s \"$1\" \\ x'\nunset B"),
            (Form::Fish, "set -gx A 'it\\'s \"$1\" \\\\ x'\nset -e B"),
            (
                Form::PowerShell,
                "$env:A = 'it''s \"$1\" \\ x'\nRemove-Item Env:B -ErrorAction SilentlyContinue",
            ),
            (Form::Dotenv, "A=\"it's \\\"\\$1\\\" \\\\ x\"\nB="),
            (Form::GitHub, "A=it's \"$1\" \\ x\nB="),
            (Form::Docker, "A=it's \"$1\" \\ x\nB="),
            (Form::Json, r#"{"A":"it's \"$1\" \\ x","B":null}"#),
        ] {
            assert_eq!(written(form, &changes), expected, "{form:?}");
        }
        let node = [change(NODE_OPTIONS, Some("--require x")), change("B", Some("1"))];
        assert_eq!(written(Form::GitHub, &node), "B=1");
        assert_eq!(written(Form::Docker, &node), "NODE_OPTIONS=--require x\nB=1");
    }
}
