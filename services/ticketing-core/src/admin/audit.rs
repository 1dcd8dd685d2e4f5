//! `GET /api/admin/audit`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use jari_domain::fact::AuditEntry;
use serde::Serialize;
use service_kit::page::{PageQuery, cursor};
use service_kit::time::Utc;
use service_kit::{Problem, Query};

use crate::Core;
use crate::auth::Operator;

/// Who did what.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditBody {
    at: Utc,
    /// `operator`, or the staff key.
    who: String,
    #[schema(example = "event.open")]
    action: String,
    event_id: Option<String>,
    detail: Option<String>,
}

/// A page of the record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditList {
    items: Vec<AuditBody>,
    next_cursor: Option<String>,
}

/// Who did what, newest first.
#[utoipa::path(
    get, operation_id = "admin_audit_list", path = "/api/admin/audit", tag = "operators", security(("operator_key" = [])), params(PageQuery),
    responses((status = 200, body = AuditList))
)]
pub async fn list(
    State(core): Core,
    _: Operator,
    Query(query): Query<PageQuery>,
) -> Result<Json<AuditList>, Problem> {
    let (limit, before) = (query.limit()?, query.number()?);
    let entries = core.audit.audit(before, limit).await.map_err(problem_of)?;
    let next_cursor = entries
        .last()
        .map(|(number, _)| *number)
        .filter(|number| *number > 1)
        .map(cursor);
    Ok(Json(AuditList {
        items: entries.into_iter().map(|(_, entry)| body(entry)).collect(),
        next_cursor,
    }))
}

fn body(entry: AuditEntry) -> AuditBody {
    let AuditEntry {
        at,
        who,
        action,
        event_id,
        detail,
    } = entry;
    AuditBody {
        at: Utc(at.0),
        who,
        action,
        event_id: event_id.map(|id| id.to_string()),
        detail,
    }
}
