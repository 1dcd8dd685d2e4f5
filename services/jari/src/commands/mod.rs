//! What the tool does, a command a file. `serve` lives in a module of its own.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::OperatorArgs;
use crate::http_client::{Call, HttpClient};
use crate::serve::OPERATOR_KEY_FILE;

pub mod audit;
pub mod buy;
pub mod event;
pub mod health;
pub mod map;
pub mod staff_key;

/// A server, and the key that makes us its operator.
struct Operator {
    client: HttpClient,
    key: String,
    json: bool,
}

impl Operator {
    fn new(args: &OperatorArgs) -> anyhow::Result<Self> {
        Ok(Self {
            client: HttpClient::new(&args.server.url),
            key: operator_key(&args.data)?,
            json: args.json,
        })
    }

    fn get(&self, path: impl Into<String>) -> Call<'_> {
        self.client.get(path).bearer(&self.key)
    }

    fn post(&self, path: impl Into<String>) -> Call<'_> {
        self.client.post(path).bearer(&self.key)
    }

    fn put(&self, path: impl Into<String>) -> Call<'_> {
        self.client.put(path).bearer(&self.key)
    }

    fn patch(&self, path: impl Into<String>) -> Call<'_> {
        self.client.patch(path).bearer(&self.key)
    }

    fn delete(&self, path: impl Into<String>) -> Call<'_> {
        self.client.delete(path).bearer(&self.key)
    }
}

/// The operator key: from the environment, or from the server's data directory.
fn operator_key(data: &Path) -> anyhow::Result<String> {
    let named = std::env::var("JARI_OPERATOR_KEY").unwrap_or_default();
    if !named.trim().is_empty() {
        return Ok(named.trim().to_owned());
    }
    let path = data.join(OPERATOR_KEY_FILE);
    let key = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "the operator key is not known: {} can't be read. Name the server's data directory with --data, or set \
             JARI_OPERATOR_KEY",
            path.display()
        )
    })?;
    if key.trim().is_empty() {
        bail!("{} is empty: set JARI_OPERATOR_KEY", path.display());
    }
    Ok(key.trim().to_owned())
}

/// A text as a part of a path or a query.
fn encoded(text: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_means_something_in_a_url_is_encoded() {
        assert_eq!(encoded("spring-gala"), "spring-gala");
        assert_eq!(encoded("Front Stalls/가?"), "Front%20Stalls%2F%EA%B0%80%3F");
    }
}
