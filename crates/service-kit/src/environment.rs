//! Configuration by environment variables: all that is wrong or missing is said at once, and never a value that
//! may be secret.

use std::fmt;

use crate::telemetry::LogFormat;

/// A variable, as people read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is when it is not set; `None`: it must be set.
    pub default: Option<&'static str>,
    /// What it says.
    pub what: &'static str,
}

impl Variable {
    fn row(&self) -> String {
        let Self { name, what, .. } = self;
        let default = match self.default {
            None => "must be set".to_owned(),
            Some("") => "–".to_owned(),
            Some(default) => format!("`{default}`"),
        };
        format!("| `{name}` | {default} | {what} |\n")
    }
}

/// Everything that is wrong with the environment, a line for each variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Wrong(Vec<String>);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// Reads variables and remembers what was wrong with them.
pub struct Environment<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    read: Vec<Variable>,
    wrong: Vec<String>,
}

impl<'a> Environment<'a> {
    /// Reads variables from here.
    pub fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            get,
            read: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// The value of a variable, or of the file that the variable of this name with `_FILE` names. `None` where it is
    /// missing or wrong, which [`Environment::finish`] tells; an empty value is one that is not set.
    pub fn read<T>(
        &mut self,
        variable: Variable,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.read.push(variable);
        let name = variable.name;
        let value = match self.text(name) {
            Ok(text) => text.or_else(|| variable.default.map(str::to_owned)),
            Err(what) => return self.note(what),
        };
        let Some(value) = value else {
            return self.note(format!("{name} is not set: {}", variable.what));
        };
        match parse(value.trim()) {
            Ok(value) => Some(value),
            Err(what) => self.note(format!("{name}: {what}")),
        }
    }

    /// What was read, or everything that was wrong.
    pub fn finish<T>(self, configuration: Option<T>) -> Result<T, Wrong> {
        match configuration {
            Some(configuration) if self.wrong.is_empty() => Ok(configuration),
            _ => Err(Wrong(self.wrong)),
        }
    }

    /// Reads all that a program is told; everything that is wrong with it otherwise.
    pub fn all<T>(
        get: &dyn Fn(&str) -> Option<String>,
        read: impl FnOnce(&mut Environment<'_>) -> Option<T>,
    ) -> Result<T, Wrong> {
        let mut environment = Environment::new(get);
        let all = read(&mut environment);
        environment.finish(all)
    }

    /// The variables that a program asks for, in that order, as a table for its guide.
    pub fn table<T>(read: impl FnOnce(&mut Environment<'_>) -> Option<T>) -> String {
        let nothing = |_: &str| None;
        let mut environment = Environment::new(&nothing);
        // Nothing is set, so what could be made of it is of no interest.
        let _ = read(&mut environment);
        environment.read.iter().map(Variable::row).collect()
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        let set = |name: &str| (self.get)(name).filter(|value| !value.trim().is_empty());
        let file = format!("{name}_FILE");
        match (set(name), set(&file)) {
            (Some(_), Some(_)) => Err(format!("{name} and {file} are both set")),
            (Some(value), None) => Ok(Some(value)),
            (None, Some(path)) => std::fs::read_to_string(&path)
                .map(Some)
                .map_err(|error| format!("{file}: {path} can't be read: {error}")),
            (None, None) => Ok(None),
        }
    }

    fn note<T>(&mut self, what: String) -> Option<T> {
        self.wrong.push(what);
        None
    }
}

/// For [`Environment::read`]: how the log is written.
pub fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text} is neither text nor json")),
    }
}

/// For [`Environment::read`]: an address and a port.
pub fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("{text} is no address and port, as 127.0.0.1:8080 is"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTEN: Variable = Variable {
        name: "LISTEN",
        default: Some("127.0.0.1:80"),
        what: "where",
    };
    const KEY: Variable = Variable {
        name: "KEY",
        default: None,
        what: "the key",
    };

    fn parse(set: &[(&str, &str)]) -> Result<(u16, String), Wrong> {
        let get = |name: &str| {
            let found = set.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut environment = Environment::new(&get);
        let listen = environment.read(LISTEN, address);
        let key = environment.read(KEY, |text| match text {
            "good" => Ok(text.to_owned()),
            _ => Err("that is no key".to_owned()),
        });
        let both = listen.zip(key).map(|(address, key)| (address.port(), key));
        environment.finish(both)
    }

    #[test]
    fn defaults_stand_where_nothing_is_set_and_empty_is_not_set() {
        assert_eq!(
            parse(&[("KEY", "good\n"), ("LISTEN", "")]),
            Ok((80, "good".to_owned()))
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_no_secret() {
        let told = parse(&[("LISTEN", "nowhere"), ("KEY", "hunter2")]);
        let told = told.unwrap_err().to_string();
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(told.contains("LISTEN: nowhere") && told.contains("KEY: that is no key"));
        assert!(!told.contains("hunter2"));
        let told = parse(&[]).unwrap_err().to_string();
        assert_eq!(told, "KEY is not set: the key");
    }

    #[test]
    fn the_variables_of_a_program_are_told_as_a_table() {
        let table = Environment::table(|environment| {
            let listen = environment.read(LISTEN, address);
            let key = environment.read(KEY, |text| Ok(text.to_owned()));
            listen.zip(key)
        });
        let rows = "| `LISTEN` | `127.0.0.1:80` | where |\n| `KEY` | must be set | the key |\n";
        assert_eq!(table, rows);
    }

    #[test]
    fn a_secret_may_come_from_a_file_but_not_from_two_places() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let told = parse(&[("KEY_FILE", file)]).unwrap_err().to_string();
        assert_eq!(told, "KEY: that is no key", "it was read");
        let told = parse(&[("KEY_FILE", "/gone")]).unwrap_err().to_string();
        assert!(told.contains("KEY_FILE: /gone can't be read"), "{told}");
        let told = parse(&[("KEY_FILE", file), ("KEY", "good")]).unwrap_err();
        assert_eq!(told.to_string(), "KEY and KEY_FILE are both set");
    }
}
