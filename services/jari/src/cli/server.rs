use std::path::PathBuf;

use clap::Args;

/// Which server to talk to.
#[derive(Debug, Clone, Args)]
pub struct ServerArgs {
    /// Where the server is
    #[arg(
        long,
        env = "JARI_URL",
        default_value = "http://localhost:8080",
        value_name = "URL",
        value_parser = base_url
    )]
    pub url: String,
}

/// Which server to talk to as its operator.
#[derive(Debug, Clone, Args)]
pub struct OperatorArgs {
    #[command(flatten)]
    pub server: ServerArgs,
    /// The server's data directory: its operator key is used unless `JARI_OPERATOR_KEY` is set
    #[arg(long, env = "JARI_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Answers as JSON, for scripts
    #[arg(long)]
    pub json: bool,
}

/// A URL without a slash at its end.
pub fn base_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() => Ok(text.to_owned()),
        _ => Err("a URL begins with http:// or https://, as http://localhost:8080 does".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn a_url_has_a_scheme_and_a_host_and_no_slash_at_its_end() {
        assert_eq!(
            base_url("https://example.org/").as_deref(),
            Ok("https://example.org")
        );
        for bad in ["localhost:8080", "http://", "ftp://example.org", ""] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }
}
