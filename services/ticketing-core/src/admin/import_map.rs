//! `PUT /api/admin/events/{event_id}/map`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use jari_contract::problem_of;
use jari_domain::hall::Hall;
use jari_domain::map::SeatMap;
use jari_domain::map::import::{
    Fault, Format, ImportReport, Options, Problem as MapProblem, import as read_map,
};
use jari_store::views::EventView;
use serde::{Deserialize, Serialize};
use service_kit::{Path, Problem, Query};
use utoipa::openapi::schema::{
    AllOfBuilder, ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, SchemaType, Type,
};

use super::note_done;
use crate::Core;
use crate::auth::Operator;

/// How the file is read.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only check the file; the answer has the map in it.
    #[serde(default)]
    dry_run: bool,
    /// The category whose seats are accessible.
    accessible_category: Option<String>,
}

/// What became of the file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportBody {
    /// The version of the map; with `dry_run` the one that it would have.
    map_version: Option<String>,
    seats_total: usize,
    /// How many sections there are.
    sections: usize,
    /// What was noticed, and where.
    #[schema(schema_with = problems)]
    problems: Vec<MapProblem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    map: Option<Arc<SeatMap>>,
}

/// Problems as they are written: what all have, and each code with the names of its values.
fn problems() -> ArrayBuilder {
    let of = |kind| ObjectBuilder::new().schema_type(kind);
    let place = ObjectBuilder::new()
        .property("line", of(Type::Integer))
        .property("seat_id", of(Type::String))
        .property("path", of(Type::String));
    let severities = Some(["error", "warning"]);
    let every = ObjectBuilder::new()
        .property("severity", of(Type::String).enum_values(severities))
        .required("severity")
        .property("where", place)
        .required("where")
        .property("what", of(Type::String))
        .required("what");
    let faults = Fault::CODES.iter().copied().map(fault);
    let any = faults.fold(OneOfBuilder::new(), OneOfBuilder::item);
    ArrayBuilder::new().items(AllOfBuilder::new().item(every).item(any))
}

fn fault((code, names): (&str, &[&str])) -> Object {
    let told = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([code]));
    let fault = ObjectBuilder::new().property("code", told).required("code");
    if names.is_empty() {
        return fault.build();
    }
    let value = || {
        let types = SchemaType::from_iter([Type::String, Type::Number]);
        ObjectBuilder::new().schema_type(types)
    };
    let named =
        |values: ObjectBuilder, name: &&str| values.property(*name, value()).required(*name);
    let values = names.iter().fold(ObjectBuilder::new(), named);
    fault.property("values", values).required("values").build()
}

/// Imports a seat map: a pretix seating plan, a CSV of row ranges, or this API's own JSON.
#[utoipa::path(
    put, operation_id = "admin_import_map", path = "/api/admin/events/{event_id}/map", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path), ImportQuery),
    request_body(content(
        (serde_json::Value = "application/json"),
        (serde_json::Value = "application/vnd.pretix.seating-plan+json"),
        (String = "text/csv")
    )),
    responses((status = 200, body = ImportBody), (status = 409), (status = 415), (status = 422))
)]
pub async fn import(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Json<ImportBody>, Problem> {
    let view = core.means.any_event(&event_id)?;
    let (format, report) = read(request, query.accessible_category).await?;
    let ImportReport { map, problems } = report;
    let Some(map) = map.map(Arc::new) else {
        return Err(unusable(format, problems));
    };
    let seats_total = map.seats().count();
    let mut body = ImportBody {
        map_version: None,
        seats_total,
        sections: map.sections.len(),
        problems,
        map: None,
    };
    if query.dry_run {
        body.map_version = version_of(&map, &view).await?;
        body.map = Some(map);
        return Ok(Json(body));
    }
    let state = core
        .events
        .set_map(view.event_id(), map)
        .await
        .map_err(problem_of)?;
    body.map_version = state.hall.map(|hall| hall.version().to_owned());
    note_done(
        &core,
        "map.import",
        Some(view.event_id()),
        body.map_version.clone(),
    )
    .await;
    Ok(Json(body))
}

/// The version that the map would have, with the event's prices in it.
async fn version_of(map: &Arc<SeatMap>, view: &EventView) -> Result<Option<String>, Problem> {
    let (map, head) = (Arc::clone(map), view.head());
    let made = tokio::task::spawn_blocking(move || Hall::new(&map, &head.settings.prices));
    let hall = made.await.map_err(|_| Problem::internal())?;
    Ok(hall.map(|hall| hall.version().to_owned()))
}

async fn read(
    request: Request,
    accessible_category: Option<String>,
) -> Result<(Format, ImportReport), Problem> {
    let (parts, body) = request.into_parts();
    let media_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let format = media_type.and_then(Format::of_media_type).ok_or_else(|| {
        let wanted = [Format::Pretix, Format::Csv, Format::Json]
            .map(Format::media_type)
            .join(", or ");
        Problem::unsupported_media_type(&wanted)
    })?;
    let bytes = service_kit::extract::read_body(&parts, body).await?;
    if format != Format::Csv {
        service_kit::json::parse_json::<serde::de::IgnoredAny>(&bytes)?;
    }
    // A large map takes a moment: not on a thread that answers others.
    let reading = tokio::task::spawn_blocking(move || {
        read_map(
            format,
            &bytes,
            Options {
                accessible_category: accessible_category.as_deref(),
            },
        )
    });
    reading
        .await
        .map(|report| (format, report))
        .map_err(|_| Problem::internal())
}

fn unusable(format: Format, problems: Vec<MapProblem>) -> Problem {
    let detail = format!(
        "The {} file can't be used; problems says what is wrong and where.",
        format.media_type()
    );
    let problems = serde_json::to_value(problems).unwrap_or_default();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "map_invalid", detail).with("problems", problems)
}
