//! The keys in the data directory, made at the first start.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use jari_contract::configuration::{self, SigningKeys};
use jari_token::{AccessKind, Digest, EntrySigner, Keyring, Secret, access_key};
use service_kit::Entropy;
use service_kit::environment::Environment;

/// The operator key's file in the data directory.
pub const OPERATOR_KEY: &str = "operator-key";
const SECRET_KEY: &str = "secret-key";
const ENTRY_KEY: &str = "entry-key";
const FROM_THE_ENVIRONMENT: &str = "the one in JARI_OPERATOR_KEY";

/// The keys that a server works with.
pub struct Keys {
    /// The keys that sign.
    pub signing: SigningKeys,
    /// The operator key's digest.
    pub operator_key_digest: Digest,
    /// Where a person finds the operator key.
    pub operator_key_is: String,
}

impl Keys {
    /// Reads the keys from variables: many machines have the same ones.
    pub fn read(environment: &mut Environment<'_>) -> Option<Self> {
        let signing = SigningKeys::read(environment);
        let operator_key_digest = configuration::operator_key(environment);
        Some(Self {
            signing: signing?,
            operator_key_digest: operator_key_digest?,
            operator_key_is: FROM_THE_ENVIRONMENT.to_owned(),
        })
    }

    /// Reads the keys of a data directory, and makes those that are not there.
    pub fn of(
        data: &Path,
        operator_key: Option<&str>,
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Self> {
        let secret = |name: &str| -> anyhow::Result<Vec<Secret>> {
            let text = read_or_make(&data.join(name), || {
                Secret::generate(entropy.bytes()).expose_text()
            })?;
            let parse = |line: &str| Secret::parse(line).with_context(|| broken(data, name));
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(parse)
                .collect()
        };
        let mut signing = secret(SECRET_KEY)?.into_iter();
        let current = signing.next().with_context(|| broken(data, SECRET_KEY))?;
        let entry = secret(ENTRY_KEY)?
            .into_iter()
            .next()
            .with_context(|| broken(data, ENTRY_KEY))?;
        let (key, operator_key_is) = match operator_key.map(str::trim) {
            Some("") => {
                bail!("JARI_OPERATOR_KEY is empty. Set a key in it, or unset it to have one made.")
            }
            Some(key) => (key.to_owned(), FROM_THE_ENVIRONMENT.to_owned()),
            None => {
                let path = data.join(OPERATOR_KEY);
                let key =
                    read_or_make(&path, || access_key(AccessKind::Operator, entropy.bytes()))?;
                (
                    key.trim().to_owned(),
                    format!("in the file {}", path.display()),
                )
            }
        };
        let operator_key_digest = configuration::operator_key_digest(&key).map_err(|wrong| {
            anyhow!(
                "The operator key ({operator_key_is}) can't be used: {wrong}. Put another one there; or delete the \
                 file and unset JARI_OPERATOR_KEY, to have one made."
            )
        })?;
        Ok(Self {
            signing: SigningKeys {
                keyring: Arc::new(Keyring::new(current, signing.next())),
                entry_signer: Arc::new(EntrySigner::new(&entry)),
            },
            operator_key_digest,
            operator_key_is,
        })
    }
}

fn broken(data: &Path, name: &str) -> String {
    let path = data.join(name);
    format!(
        "{} does not hold a key. Restore it from a backup; without it, tickets that were handed out are not valid \
         any more. To begin with a new key all the same, delete the file.",
        path.display()
    )
}

/// Reads a file that nobody else may read; makes it if it is not there.
fn read_or_make(path: &Path, content: impl FnOnce() -> String) -> anyhow::Result<String> {
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(mut file) => {
            let content = content();
            let written = file
                .write_all(format!("{content}\n").as_bytes())
                .and_then(|()| file.sync_all());
            written.with_context(|| format!("{} can't be written", path.display()))?;
            Ok(content)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => std::fs::read_to_string(path)
            .with_context(|| format!("{} can't be read", path.display())),
        Err(error) => Err(error).with_context(|| format!("{} can't be made", path.display())),
    }
}
