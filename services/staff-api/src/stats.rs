//! `GET /staff/events/{event_id}/stats`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use jari_domain::Timestamp;
use jari_store::DoorStats;
use serde::Serialize;
use service_kit::Problem;
use service_kit::time::Utc;

use crate::Api;
use crate::auth::AtDoor;

/// How far back the minutes go: what a curve on a phone can show.
const MINUTES: i64 = 60;

/// Who came in so far.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Stats {
    /// Seats sold.
    confirmed_seats: u32,
    /// Seats let in.
    admitted_seats: u32,
    /// Seats let in by gate.
    gates: Vec<GateStats>,
    /// Seats let in by minute, of the last hour, oldest first; minutes without any are left out.
    last_minutes: Vec<MinuteStats>,
}

/// Seats let in at one gate.
#[derive(Serialize, utoipa::ToSchema)]
pub struct GateStats {
    /// Null: entries that named none.
    gate: Option<String>,
    admitted: u32,
}

/// Seats let in within one minute.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MinuteStats {
    /// Its start.
    minute: Utc,
    admitted: u32,
}

/// Who came in so far. Entries that were undone, and conflicts, do not count.
#[utoipa::path(
    get, path = "/staff/events/{event_id}/stats", tag = "door",
    operation_id = "show_door_stats", security(("staff_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = Stats), (status = 401), (status = 403))
)]
pub async fn show(State(api): Api, AtDoor { view, .. }: AtDoor) -> Result<Json<Stats>, Problem> {
    let stats = api.door.door_stats(view.event_id()).await;
    let first = api.means.now().minute().plus_ms(-(MINUTES - 1) * 60_000);
    Ok(Json(told(stats.map_err(problem_of)?, first)))
}

fn told(stats: DoorStats, first: Timestamp) -> Stats {
    let gates = stats.gates.into_iter();
    let minutes = stats
        .minutes
        .into_iter()
        .filter(|(minute, _)| *minute >= first);
    Stats {
        confirmed_seats: stats.confirmed_seats,
        admitted_seats: stats.admitted_seats,
        gates: gates
            .map(|(gate, admitted)| GateStats { gate, admitted })
            .collect(),
        last_minutes: minutes
            .map(|(minute, admitted)| MinuteStats {
                minute: Utc(minute.0),
                admitted,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{KEY, TestDoor};

    const PATH: &str = "/staff/events/gala/stats";

    #[tokio::test]
    async fn stats_count_seats_by_gate_and_minute_and_forget_what_was_undone() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2", "A-1-3"]).await;
        let north = json!({ "code": bought.code, "seats": ["A-1-1", "A-1-2"], "gate": "North" });
        door.check_in(KEY, north).await;
        door.clock.advance(60_000);
        let last = door.check_in(KEY, json!({ "code": bought.code })).await;
        let expected = json!({
            "confirmed_seats": 3, "admitted_seats": 3,
            "gates": [{ "gate": null, "admitted": 1 }, { "gate": "North", "admitted": 2 }],
            "last_minutes": [
                { "minute": "2027-01-15T08:00:00.000Z", "admitted": 2 },
                { "minute": "2027-01-15T08:01:00.000Z", "admitted": 1 }
            ]
        });
        assert_eq!(door.get(KEY, PATH).await.body, expected);
        door.void(KEY, &last.body["check_in_id"]).await;
        let answer = door.get(KEY, PATH).await;
        assert_eq!(answer.body["admitted_seats"], 2);
        assert_eq!(answer.body["gates"].as_array().unwrap().len(), 1);
        door.clock.advance(60 * 60_000);
        let answer = door.get(KEY, PATH).await;
        assert_eq!(
            (&answer.body["last_minutes"], &answer.body["admitted_seats"]),
            (&json!([]), &json!(2))
        );
    }
}
