//! `GET /api/time`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service_kit::time::Utc;

use crate::Core;

/// The server's clock.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ServerTime {
    server_time: Utc,
}

/// The server's time, never cached.
#[utoipa::path(get, operation_id = "server_time", path = "/api/time", tag = "time", responses((status = 200, body = ServerTime)))]
pub async fn tell(State(core): Core) -> Json<ServerTime> {
    Json(ServerTime {
        server_time: Utc(core.means.now().0),
    })
}
