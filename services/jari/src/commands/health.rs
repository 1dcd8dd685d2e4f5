use std::process::ExitCode;

use crate::cli::HealthArgs;

/// `jari health`.
pub fn run(args: &HealthArgs) -> anyhow::Result<ExitCode> {
    service_kit::health::ask_at(args.internal_listen).map_err(anyhow::Error::from_boxed)?;
    Ok(ExitCode::SUCCESS)
}
