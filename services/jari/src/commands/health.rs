use std::process::ExitCode;

use anyhow::anyhow;

use crate::cli::HealthArgs;

/// `jari health`.
pub fn run(args: &HealthArgs) -> anyhow::Result<ExitCode> {
    service_kit::health::ask_at(args.internal_listen).map_err(|error| anyhow!("{error}"))?;
    Ok(ExitCode::SUCCESS)
}
