//! Writing down what was bought.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use super::Reservation;
use super::retry::again;
use crate::http_client::HttpClient;

/// Makes the directory, before anything is bought that could not be written there.
pub fn check_writable(directory: &Path) -> anyhow::Result<()> {
    let wrong = || {
        format!(
            "{} can't be written: name another directory with --out",
            directory.display()
        )
    };
    std::fs::create_dir_all(directory).with_context(wrong)?;
    let probe = directory.join(format!(".jari-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&probe);
    written.with_context(wrong)?;
    std::fs::remove_file(&probe).with_context(wrong)
}

/// Writes the reservation and its tickets, and says where. They name the buyer and open the door: nobody else
/// on this machine may read them.
pub fn write(
    client: &HttpClient,
    directory: &Path,
    reservation: &Reservation,
    bought: &Value,
) -> anyhow::Result<Vec<PathBuf>> {
    let id = &reservation.id.to_string();
    let json = serde_json::to_vec_pretty(bought)?;
    let mut files = vec![write_new(directory, "reservation", "json", id, &json)?];
    for extension in ["pdf", "svg"] {
        let path = format!("/api/reservations/{id}/ticket.{extension}");
        let fetch = || {
            client
                .get(path.as_str())
                .bearer(&reservation.receipt_token)
                .send()
        };
        let ticket = again(fetch)?.into_bytes();
        files.push(write_new(directory, "ticket", extension, id, &ticket)?);
    }
    files.rotate_left(1);
    Ok(files)
}

/// Keeps a file that is there: what it holds may be another ticket.
fn write_new(
    directory: &Path,
    stem: &str,
    extension: &str,
    id: &str,
    bytes: &[u8],
) -> anyhow::Result<PathBuf> {
    let open = |path: &Path| {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
    };
    let mut path = directory.join(format!("{stem}.{extension}"));
    let opened = match open(&path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            path = directory.join(format!("{stem}-{id}.{extension}"));
            open(&path)
        }
        opened => opened,
    };
    let written = opened.and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("{} can't be written", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_ticket_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let write = |id, bytes| write_new(directory.path(), "ticket", "pdf", id, bytes).unwrap();
        let (first, second) = (write("a", b"one"), write("b", b"two"));
        assert!(first.ends_with("ticket.pdf") && second.ends_with("ticket-b.pdf"));
        assert_eq!(std::fs::read(first).unwrap(), b"one");
        assert_eq!(std::fs::read(second).unwrap(), b"two");
    }

    #[test]
    fn a_directory_that_can_not_be_made_is_told_before_anything_is_bought() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = check_writable(&file.path().join("below")).unwrap_err();
        assert!(error.to_string().contains("--out"), "{error}");
    }
}
