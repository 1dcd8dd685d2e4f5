//! Who may do what.

use axum::extract::FromRequestParts;
use axum::http::{StatusCode, request::Parts};
use jari_token::{hash_key, same_digest};
use service_kit::{Problem, extract::bearer};
use std::sync::Arc;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use crate::TicketingCore;

/// Proof that the operator key was shown.
pub struct Operator;

impl FromRequestParts<Arc<TicketingCore>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        core: &Arc<TicketingCore>,
    ) -> Result<Self, Problem> {
        let key = bearer(&parts.headers).ok_or_else(|| {
            let detail = "Send the operator key as Authorization: Bearer …";
            Problem::new(StatusCode::UNAUTHORIZED, "operator_key_missing", detail)
        })?;
        if !same_digest(&hash_key(key), &core.operator_key) {
            let detail = "This is not the operator key of this server.";
            let code = "operator_key_invalid";
            return Err(Problem::new(StatusCode::FORBIDDEN, code, detail));
        }
        // What another instance answered a moment ago, as that there is an event, this one knows then. Where the store does not answer, whatever needs it says so.
        let _ = core.upkeep.catch_up().await;
        Ok(Self)
    }
}

/// The tokens, for `OpenAPI`.
pub struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        for name in ["pass", "hold_token", "receipt_token", "operator_key"] {
            let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
            components.add_security_scheme(name, scheme);
        }
    }
}
