//! Reads JSON as the API means it: an object is an object, and text can be stored and shown.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    Visitor,
};

use crate::problem::{FieldError, Problem};

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
    if let Err(malformed) = serde_json::from_slice::<serde_json::Value>(bytes) {
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

/// Passes everything on, but two things. serde takes a list where a struct is meant, field by field: the contract
/// knows objects only. And text is kept and printed, so what no page shows and no database keeps is refused here.
struct Strict<T>(T);

macro_rules! ask {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(Strict(visitor))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    // What is not read as anything yet is checked by whoever reads it: one item of a batch fails alone.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    ask! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_i128 deserialize_u128
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_map deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Strict(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, Strict(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Strict(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, Strict(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, len, Strict(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Strict(visitor))
    }
}

macro_rules! give {
    ($($method:ident($kind:ty))*) => {
        $(fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
            self.0.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    give! {
        visit_bool(bool) visit_i64(i64) visit_i128(i128) visit_u64(u64) visit_u128(u128) visit_f64(f64)
        visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        check_text(text)?;
        self.0.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        check_text(text)?;
        self.0.visit_borrowed_str(text)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        check_text(&text)?;
        self.0.visit_string(text)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Strict(inner))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Strict(inner))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Strict(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(fields))
    }

    // Bodies have no enum with content of its own.
    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(variant)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(inner))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Strict(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

/// Longer texts have lines; nothing has other control characters.
fn check_text<E: Error>(text: &str) -> Result<(), E> {
    let is_wrong = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_wrong) {
        return Err(E::custom("control characters are not allowed"));
    }
    Ok(())
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
