//! Reads JSON as the API means it: an object is an object, and text can be stored and shown.

use serde::de::DeserializeOwned;

use serde_json::Value;

use crate::problem::{FieldError, Problem};

mod strict;

use strict::Strict;

/// Reads JSON; on failure tells malformed JSON (400) from JSON of the wrong shape (422, and where).
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let error = match T::deserialize(Strict(&mut reader)) {
        Ok(value) => match reader.end() {
            Ok(()) => return Ok(value),
            Err(trailing) => return Err(Problem::invalid_json(trailing)),
        },
        Err(error) => error,
    };
    if let Err(malformed) = serde_json::from_slice::<Value>(bytes) {
        return Err(Problem::invalid_json(malformed));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let (field, text) = match serde_path_to_error::deserialize::<_, T>(Strict(&mut reader)) {
        Ok(_) => (String::new(), error.to_string()),
        Err(error) => (pointer(error.path()), plain(error.inner())),
    };
    let field = missing_field(&text).map_or(field.clone(), |name| format!("{field}/{name}"));
    let detail = in_words(&text);
    Err(Problem::invalid_request(vec![FieldError { field, detail }]))
}

/// The same, of a value that was read before: one item of many, each of which may be wrong by itself.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    // Its text is read only where it is wrong: to tell which of its fields.
    T::deserialize(Strict(value)).or_else(|_| parse_json(value.to_string().as_bytes()))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

/// serde names a missing field in its text only.
pub fn missing_field(detail: &str) -> Option<&str> {
    detail.strip_prefix("missing field `")?.split('`').next()
}

/// The message without the position, which says nothing to somebody who sent one line.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// serde's message without the names of our types, which a client has never heard of.
fn in_words(text: &str) -> String {
    if missing_field(text).is_some() {
        return "this field is needed".to_owned();
    }
    let told = text
        .strip_prefix("invalid type: ")
        .or_else(|| text.strip_prefix("invalid value: "));
    let Some((found, wanted)) = told.and_then(|told| told.rsplit_once(", expected ")) else {
        return text.to_owned();
    };
    let found = match found {
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        other => ["integer ", "floating point ", "boolean "]
            .iter()
            .find_map(|kind| other.strip_prefix(kind))
            .unwrap_or(other)
            .replace('`', ""),
    };
    let wanted = match wanted {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        wanted if wanted.starts_with("struct ") => "an object",
        wanted => wanted,
    };
    format!("{wanted} is needed, not {found}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Wish {
        name: String,
        queue: Option<Inner>,
        #[serde(default)]
        items: Vec<Inner>,
        #[serde(default)]
        prices: BTreeMap<String, i64>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Inner {
        capacity: u32,
    }

    fn told(body: &str) -> (u16, String) {
        let problem = parse_json::<Wish>(body.as_bytes()).unwrap_err();
        let field = problem.to_json()["errors"][0]["field"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (problem.status().as_u16(), field)
    }

    fn detail(body: &str) -> String {
        let problem = parse_json::<Wish>(body.as_bytes()).unwrap_err();
        problem.to_json()["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn malformed_json_is_told_from_json_of_the_wrong_shape_and_where() {
        assert_eq!(told("{"), (400, String::new()));
        assert_eq!(told("{} trailing"), (400, String::new()));
        assert_eq!(told(r#"{"name":"a"} x"#), (400, String::new()));
        assert_eq!(told("{}"), (422, "/name".to_owned()));
        assert_eq!(told(r#"{"name":1}"#), (422, "/name".to_owned()));
        assert_eq!(
            told(r#"{"name":"","queue":{"capacity":-1}}"#),
            (422, "/queue/capacity".to_owned())
        );
        assert_eq!(
            told(r#"{"name":"","queue":{}}"#),
            (422, "/queue/capacity".to_owned())
        );
        assert_eq!(told(&"[".repeat(10_000)).0, 400);
    }

    #[test]
    fn a_list_is_no_object_at_any_depth() {
        assert_eq!(told("[]"), (422, String::new()));
        assert_eq!(told(r#"["a", null, [], {}]"#), (422, String::new()));
        let (queue, item) = ("/queue".to_owned(), "/items/1".to_owned());
        assert_eq!(told(r#"{"name":"a","queue":[1]}"#), (422, queue));
        let items = r#"{"name":"a","items":[{"capacity":1},[1]]}"#;
        assert_eq!(told(items), (422, item));
        let whole =
            r#"{"name":"a","queue":{"capacity":1},"items":[{"capacity":1}],"unknown":[[1]]}"#;
        assert!(parse_json::<Wish>(whole.as_bytes()).is_ok());
    }

    #[test]
    fn a_value_that_was_read_before_is_read_as_strictly() {
        let value = serde_json::json!({ "name": "a", "queue": { "capacity": 1 } });
        assert_eq!(from_value::<Wish>(&value).unwrap().name, "a");
        let list = serde_json::json!(["a", null, [], {}]);
        let told = from_value::<Wish>(&list).unwrap_err().to_json();
        assert_eq!(
            told["errors"][0]["detail"],
            "an object is needed, not a list"
        );
    }

    #[test]
    fn control_characters_are_refused_where_they_are_and_lines_are_not() {
        for c in ["\\u0000", "\\u0007", "\\u001b", "\\u007f", "\\u0085"] {
            let body = format!(r#"{{"name":"a{c}b"}}"#);
            assert_eq!(told(&body), (422, "/name".to_owned()), "{c}");
            let key = format!(r#"{{"name":"a","prices":{{"R{c}":1}}}}"#);
            assert_eq!(told(&key).0, 422, "{c}");
        }
        assert!(parse_json::<Wish>(br#"{"name":"one\r\n\ttwo"}"#).is_ok());
    }

    #[test]
    fn mistakes_are_told_without_the_names_of_our_types() {
        assert_eq!(detail("{}"), "this field is needed");
        assert_eq!(detail("[]"), "an object is needed, not a list");
        assert_eq!(detail(r#"{"name":7}"#), "a string is needed, not 7");
        assert_eq!(
            detail(r#"{"name":"","queue":{"capacity":-1}}"#),
            "a whole number from 0 to 4294967295 is needed, not -1"
        );
        assert_eq!(
            detail(r#"{"name":"","items":{}}"#),
            "a list is needed, not an object"
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_and_doubled_keys_are_mistakes_of_the_client() {
        let problem = parse_json::<Wish>(b"{\"name\":\"\xff\"}").unwrap_err();
        assert_eq!(problem.code(), "invalid_json");
        assert_eq!(told(r#"{"name":"a","name":"b"}"#).0, 422);
    }
}
