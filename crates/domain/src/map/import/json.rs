//! Reading JSON of which anything may be missing or wrong, with the place of each problem.

use std::fmt;

use serde_json::{Map, Value};

use crate::map::Point;

use super::fault::{Fault, Quote};
use super::problems::{At, Problems};
use super::{MAX_COORDINATE, MAX_PRICE};

/// The way to a JSON value, made only where it is needed: as a JSON pointer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(parent, key) => {
                write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Path::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A JSON object and the way to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'v, 'p> {
    map: &'v Map<String, Value>,
    pub path: &'p Path<'p>,
}

/// Parses a whole file; a problem is told if it is not JSON.
pub(super) fn parse(text: &str, problems: &mut Problems) -> Option<Value> {
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = u64::try_from(error.line()).unwrap_or_default();
            let reason = error.to_string();
            problems.error(At::Line(line), Fault::NotJson { reason });
            None
        }
    }
}

impl<'v, 'p> Fields<'v, 'p> {
    pub fn of(value: &'v Value, path: &'p Path<'p>, problems: &mut Problems) -> Option<Self> {
        let map = value.as_object();
        if map.is_none() {
            let found = found(value);
            problems.error(At::Path(path), Fault::NotAnObject { found });
        }
        Some(Self { map: map?, path })
    }

    pub fn at(&self) -> At<'p> {
        At::Path(self.path)
    }

    pub fn keys(&self) -> impl Iterator<Item = &'v str> {
        self.map.keys().map(String::as_str)
    }

    /// A field; `null` is as good as none.
    pub fn get(&self, key: &str) -> Option<&'v Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A field that may be missing: a text, or a whole number as one.
    pub fn text(&self, key: &str, problems: &mut Problems) -> Option<String> {
        let value = self.get(key)?;
        let text = match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) if !number.is_f64() => Some(number.to_string()),
            Value::Number(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        };
        if text.is_none() {
            let found = found(value);
            self.wrong(key, Fault::NotAText { found }, problems);
        }
        text
    }

    /// A field that must be there: a text, or a whole number as one.
    pub fn required_text(&self, key: &str, problems: &mut Problems) -> Option<String> {
        if self.get(key).is_none() {
            let name = Quote::of(key);
            problems.error(self.at(), Fault::FieldMissing { name });
        }
        self.text(key, problems)
    }

    /// A field that may be missing: a list.
    pub fn list(&self, key: &str, problems: &mut Problems) -> &'v [Value] {
        match self.get(key) {
            None => &[],
            Some(Value::Array(list)) => list,
            Some(other) => {
                let found = found(other);
                self.wrong(key, Fault::NotAList { found }, problems);
                &[]
            }
        }
    }

    /// A field that must be there: a list.
    pub fn required_list(&self, key: &str, problems: &mut Problems) -> &'v [Value] {
        if self.get(key).is_none() {
            let name = Quote::of(key);
            problems.error(self.at(), Fault::FieldMissing { name });
        }
        self.list(key, problems)
    }

    /// A field that may be missing: a number that can be a coordinate or a length.
    pub fn number(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        let value = self.get(key)?;
        let number = value
            .as_f64()
            .filter(|number| number.abs() <= MAX_COORDINATE);
        if number.is_none() {
            let (found, most) = (found(value), MAX_COORDINATE);
            self.wrong(key, Fault::NotANumber { found, most }, problems);
        }
        number
    }

    /// A field that must be there: such a number.
    pub fn required_number(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        if self.get(key).is_none() {
            let name = Quote::of(key);
            problems.error(self.at(), Fault::FieldMissing { name });
        }
        self.number(key, problems)
    }

    /// A field that may be missing: yes or no, where missing is no.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        if !value.is_boolean() {
            let found = found(value);
            self.wrong(key, Fault::NotAFlag { found }, problems);
        }
        value.as_bool().unwrap_or_default()
    }

    /// A field that may be missing: a price in minor units.
    pub fn price(&self, key: &str, problems: &mut Problems) -> Option<i64> {
        let value = self.get(key)?;
        let price = value
            .as_i64()
            .filter(|price| (0..=MAX_PRICE).contains(price));
        if price.is_none() {
            let (found, most) = (found(value), MAX_PRICE);
            self.wrong(key, Fault::NotAPrice { found, most }, problems);
        }
        price
    }

    /// A field that may be missing: an object with the numbers of these two names.
    pub fn pair(&self, key: &str, names: [&str; 2], problems: &mut Problems) -> Option<[f64; 2]> {
        let path = Path::Key(self.path, key);
        let fields = Fields::of(self.get(key)?, &path, problems)?;
        let [one, other] = names.map(|name| fields.required_number(name, problems));
        Some([one?, other?])
    }

    /// A field that may be missing: an object with `x` and `y`.
    pub fn point(&self, key: &str, problems: &mut Problems) -> Option<Point> {
        let [x, y] = self.pair(key, ["x", "y"], problems)?;
        Some(Point { x, y })
    }

    fn wrong(&self, key: &str, fault: Fault, problems: &mut Problems) {
        problems.error(At::Path(&Path::Key(self.path, key)), fault);
    }
}

/// What a value is, in no language: as JSON has it, cut if long, lists and objects without what is in them.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => Quote::of(text).to_string(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
    }
}
