//! Machines, which are network namespaces, and the switch between them, which is a bridge.
//!
//! All of it is inside namespaces of this program's own, which `enter` makes: nothing of this machine's network is
//! touched, and nothing is left when the program has ended, however it has.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use test_servers::Postgres;

/// The switch; whoever is at it is at its address: the buyers are.
const SWITCH: &str = "switch";
/// What all addresses begin with. Nobody else is in these namespaces: it can be no network of this machine's.
const NETWORK: &str = "10.77.0";
/// Killed processes have gone within a second.
const LOOKED_AT_MOST: u32 = 500;
/// How often processes that were killed are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Becomes this program in namespaces of its own, with these arguments; why it can't, if it can't. Who is not root is
/// root of a namespace of users for it, and goes on being who they are.
pub fn enter(arguments: &[String]) -> String {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error.to_string(),
    };
    let mut unshare = Command::new("unshare");
    if Postgres::user().is_none() {
        unshare.args(["--user", "--map-current-user", "--keep-caps"]);
    }
    unshare.args(["--net", "--mount", "--pid", "--fork", "--kill-child"]);
    unshare.arg("--mount-proc").arg(program).args(arguments);
    format!("unshare: {}", unshare.exec())
}

/// Makes the switch.
pub fn lay() -> Result<(), String> {
    // Where the names of namespaces are kept: seen by us alone.
    said(Command::new("mount").args(["-t", "tmpfs", "none", "/run"]))?;
    ip(&["link", "set", "lo", "up"])?;
    ip(&["link", "add", SWITCH, "type", "bridge"])?;
    ip(&["link", "set", SWITCH, "up"])?;
    let address = format!("{NETWORK}.1/24");
    ip(&["address", "add", &address, "dev", SWITCH]).map(drop)
}

/// The network from which everybody comes.
pub fn everybody() -> String {
    format!("{NETWORK}.0/24")
}

/// A machine. It has an address and, where something runs on it, processes.
#[derive(Debug, Clone)]
pub struct Machine {
    /// What it is called, and its cable too.
    pub name: String,
    /// Its address.
    pub address: String,
}

impl Machine {
    /// Makes one, which is connected to the switch.
    pub fn connect(name: &str, number: u8) -> Result<Self, String> {
        let machine = Self {
            name: name.to_owned(),
            address: format!("{NETWORK}.{number}"),
        };
        let address = format!("{}/24", machine.address);
        ip(&["netns", "add", name])?;
        let cable = ["type", "veth", "peer", "name", "eth0", "netns", name];
        ip(&[["link", "add", name].as_slice(), &cable].concat())?;
        ip(&["-n", name, "link", "set", "lo", "up"])?;
        ip(&["-n", name, "address", "add", &address, "dev", "eth0"])?;
        ip(&["-n", name, "link", "set", "eth0", "up"])?;
        ip(&["link", "set", name, "up"])?;
        machine.plug()?;
        Ok(machine)
    }

    /// Its address at this port.
    pub fn at(&self, port: u16) -> String {
        format!("{}:{port}", self.address)
    }

    /// Pulls the cable out at the switch: whatever is sent is lost, and nobody is told.
    pub fn unplug(&self) -> Result<(), String> {
        ip(&["link", "set", &self.name, "nomaster"]).map(drop)
    }

    /// Puts the cable in.
    pub fn plug(&self) -> Result<(), String> {
        ip(&["link", "set", &self.name, "master", SWITCH]).map(drop)
    }

    /// Pulls the cable out and ends all processes at once, as a loss of power would: nobody is told either.
    pub fn power_off(&self) -> Result<(), String> {
        self.unplug()?;
        for _ in 0..LOOKED_AT_MOST {
            let running = ip(&["netns", "pids", &self.name])?;
            let running = String::from_utf8_lossy(&running.stdout).into_owned();
            if running.trim().is_empty() {
                return Ok(());
            }
            // Some may have gone in between.
            let _ = Command::new("kill")
                .arg("-KILL")
                .args(running.split_whitespace())
                .output();
            std::thread::sleep(LOOK_EVERY);
        }
        Err(format!("{}: processes do not end", self.name))
    }

    /// The same command, to be run on this machine: of the environment it has what it says itself.
    pub fn run(&self, command: &Command) -> Command {
        self.run_as(None, command)
    }

    /// The same, as this user and group; as whom we are if there is none.
    pub fn run_as(&self, user: Option<(u32, u32)>, command: &Command) -> Command {
        let mut run = Command::new("nsenter");
        run.arg(format!("--net=/run/netns/{}", self.name));
        if let Some((user, group)) = user {
            run.args(["setpriv", "--clear-groups"]);
            run.arg(format!("--reuid={user}"));
            run.arg(format!("--regid={group}"));
        }
        run.arg(command.get_program()).args(command.get_args());
        run.env_clear();
        for name in ["PATH", "RUST_LOG"] {
            run.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        let variables = command.get_envs();
        run.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        run.current_dir(Path::new("/"));
        run
    }
}

fn ip(arguments: &[&str]) -> Result<Output, String> {
    said(Command::new("ip").args(arguments))
}

/// Runs to the end; what it says if that is no success.
pub fn said(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("{program} can't be started: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let arguments: Vec<&OsStr> = command.get_args().collect();
    let told = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {arguments:?}: {}", told.trim()))
}
