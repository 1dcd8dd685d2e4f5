//! Sites whose pages may call the API.

use std::str::FromStr;

use axum::http::{HeaderValue, Uri};

/// Origins as browsers send them: parsed, so that one which could never match is told at the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// As header values; empty: nobody's pages.
    pub fn values(&self) -> &[HeaderValue] {
        &self.0
    }
}

impl FromStr for Origins {
    type Err = String;

    /// Reads a list with commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let origins = text.split(',').map(str::trim);
        let origins = origins.filter(|origin| !origin.is_empty());
        origins.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

fn origin(text: &str) -> Result<HeaderValue, String> {
    let uri: Option<Uri> = text.parse().ok();
    let bare = |uri: &Uri| {
        let scheme = uri
            .scheme_str()
            .filter(|name| ["http", "https"].contains(name))?;
        let authority = uri.authority().filter(|it| !it.as_str().contains('@'))?;
        Some(format!("{scheme}://{authority}").to_lowercase())
    };
    let is_origin = uri.as_ref().and_then(bare).is_some_and(|bare| bare == text);
    HeaderValue::from_str(text)
        .ok()
        .filter(|_| is_origin)
        .ok_or_else(|| {
            format!("{text:?} is not an origin: write it as https://tickets.example.org, in small letters, without a path or a slash at its end")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_origins_is_read_and_none_is_none() {
        let origins: Origins = "https://a.example, http://localhost:5173,".parse().unwrap();
        assert_eq!(
            origins.values(),
            ["https://a.example", "http://localhost:5173"]
        );
        assert_eq!("".parse(), Ok(Origins::default()));
    }

    #[test]
    fn what_no_browser_sends_is_refused_by_name() {
        for wrong in [
            "*",
            "nonsense",
            "https://a.example/",
            "https://a.example/path",
            "https://A.example",
            "https://me@a.example",
            "ftp://a.example",
            "https://a.example\nb",
        ] {
            let told = format!("https://good.example,{wrong}").parse::<Origins>();
            let told = told.unwrap_err();
            assert!(told.starts_with(&format!("{wrong:?}")), "{told}");
        }
    }
}
