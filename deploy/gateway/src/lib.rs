//! Starts nginx as `deploy/nginx` configures it, on this machine and for itself: nothing outside its own
//! directory is read or written.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A gateway that runs until it is dropped.
#[derive(Debug)]
pub struct Gateway {
    configuration: Configuration,
}

impl Gateway {
    /// Starts, and returns once its address is open; what nginx or the configuration says if it can't.
    pub fn start(configuration: Configuration) -> Result<Self, String> {
        // As a daemon: its first process ends when the addresses are open.
        configuration.nginx(&[])?;
        Ok(Self { configuration })
    }

    /// What nginx has logged of requests.
    pub fn access_log(&self) -> String {
        let path = self.configuration.directory.join("access.log");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// The number of its first process.
    pub fn id(&self) -> Option<u32> {
        let path = self.configuration.directory.join("nginx.pid");
        let text = std::fs::read_to_string(path).ok()?;
        text.trim().parse().ok()
    }

    /// Leaves it running, and gives the directory that `nginx -p` takes.
    pub fn leave(self) -> PathBuf {
        let directory = self.configuration.directory.clone();
        std::mem::forget(self);
        directory
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.configuration.nginx(&["-s", "stop"]);
    }
}

/// A configuration, written to a directory of its own.
#[derive(Debug)]
pub struct Configuration {
    directory: PathBuf,
}

impl Configuration {
    /// Writes the configuration with these variables; what is wrong with them otherwise.
    pub fn write(directory: &Path, variables: &[(&str, &str)]) -> Result<Self, String> {
        let mut render = Command::new(folder().join("render.sh"));
        render.arg(directory).env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            render.env("PATH", path);
        }
        let log = directory.join("access.log");
        render
            .env("JARI_NGINX_ACCESS_LOG", log)
            .env("JARI_NGINX_ERROR_LOG", directory.join("error.log"))
            .env("JARI_NGINX_WORKERS", "1");
        // Workers of nginx that root started would be nobody's, who may not read a private directory.
        if is_root() {
            render.env("JARI_NGINX_USER", "root");
        }
        render.envs(variables.iter().copied());
        said(&mut render)?;
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// Asks nginx whether it takes this configuration; what it says if not.
    pub fn check(&self) -> Result<(), String> {
        self.nginx(&["-t"]).map(drop)
    }

    /// What starts nginx with it: as a daemon, which has opened its addresses once this ends.
    pub fn command(&self) -> Command {
        // Debian keeps it where only root looks.
        let places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"];
        let program = places
            .iter()
            .find(|place| Path::new(place).exists())
            .map_or(OsStr::new("nginx"), OsStr::new);
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(&self.directory)
            .args(["-c", "nginx.conf", "-e", "error.log"]);
        command
    }

    fn nginx(&self, arguments: &[&str]) -> Result<Output, String> {
        said(self.command().args(arguments))
    }
}

/// Where the templates are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../nginx")
}

/// An address on loopback that no other process of this machine chooses: `nth` of this process, at most four. With
/// a free port of a shared address, somebody else could take it in between.
pub fn own_address(nth: u32) -> String {
    let [_, a, b, c] = (std::process::id() << 2 | nth).to_be_bytes();
    // Neither 127.0.0.1 nor a broadcast address.
    format!("127.{}.{b}.{c}:18088", 64 | (a & 0x3f))
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let user = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    user.and_then(|text| text.split_whitespace().next()) == Some("0")
}

/// Runs to the end; what it wrote to standard error if that was no success.
fn said(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        format!("{program} can't be started: {error}. scripts/tools.sh installs what is missing.")
    })?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operating_guide_has_every_variable_as_it_is() {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATING.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let mut render = Command::new(folder().join("render.sh"));
        let told = said(render.arg("--variables")).unwrap();
        let table = String::from_utf8(told.stdout).unwrap();
        assert!(table.lines().count() > 15, "{table}");
        assert!(
            guide.contains(&table),
            "docs/OPERATING.md is to have this:\n{table}"
        );
    }

    #[test]
    fn addresses_of_one_process_differ_and_are_on_loopback() {
        let addresses: std::collections::BTreeSet<String> = (0..4).map(own_address).collect();
        assert_eq!(addresses.len(), 4);
        for address in addresses {
            let address: std::net::SocketAddr = address.parse().unwrap();
            assert!(address.ip().is_loopback(), "{address}");
        }
    }
}
