//! A cluster of its own for whoever starts this program as a part of something else, as the walks through the pages do: it
//! says where everything is, and ends with whoever has started it.

use std::io::Write as _;
use std::path::PathBuf;

use local_cluster::{Cluster, Durability, Settings, random_key};

/// Starts all of it in a directory of its own, tells the address and the operator key in one line of JSON, and ends once
/// standard input does: that happens, too, when whoever holds its other end is killed.
pub fn run(pages: PathBuf) -> Result<String, String> {
    let data = local_cluster::scratch();
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let operator_key = random_key()?;
    let cluster = Cluster::start(&Settings {
        programs: program.parent().unwrap_or(&program).to_owned(),
        data: data.path().to_owned(),
        logs: data.path().to_owned(),
        listen: gateway::own_address(0),
        pages,
        operator_key: operator_key.clone(),
        durability: Durability::UnlessTheMachineFails,
    })?;
    let told = format!(
        r#"{{"url":"{}","operator_key":"{operator_key}"}}"#,
        cluster.url
    );
    let mut out = std::io::stdout();
    writeln!(out, "{told}")
        .and_then(|()| out.flush())
        .and_then(|()| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()))
        .map_err(|error| error.to_string())?;
    // Before the directory, which nginx is told through.
    drop(cluster);
    Ok("The cluster has ended.".to_owned())
}
