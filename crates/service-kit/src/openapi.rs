//! `OpenAPI` documents, and a page that shows them without asking any other host for anything.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr};

use crate::etag;

const CACHE_CONTROL: &str = "no-cache";

/// A route that serves a document.
pub fn document(path: &str, api: &OpenApi) -> axum::Router {
    let json = Bytes::from(api.to_pretty_json().unwrap_or_default());
    let digest: [u8; 32] = Sha256::digest(&json).into();
    let tag = u128::from_be_bytes(std::array::from_fn(|at| digest[at]));
    let tag = HeaderValue::from_str(&format!("\"{tag:032x}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    let served = Arc::new((json, tag));
    axum::Router::new().route(
        path,
        get(move |headers: HeaderMap| std::future::ready(serve(&served, &headers))),
    )
}

fn serve((json, tag): &(Bytes, HeaderValue), headers: &HeaderMap) -> Response {
    if etag::none_match(headers, tag.to_str().unwrap_or_default()) {
        return etag::not_modified(tag, CACHE_CONTROL);
    }
    let mut response = ([(header::CONTENT_TYPE, "application/json")], json.clone()).into_response();
    response.headers_mut().insert(header::ETAG, tag.clone());
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(CACHE_CONTROL),
    );
    response
}

/// Says of every response from 400 on that it is a problem, and of every response what its status means, so that
/// endpoints need to name statuses only, and not those that follow from what they take.
pub fn describe_responses(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let names_something = path.contains('{');
        for (changes, operation) in operations_with_writes(item) {
            add_common_responses(operation, names_something, changes);
        }
    }
    let operations = api.paths.paths.values_mut().flat_map(operations);
    for (status, response) in operations.flat_map(|operation| &mut operation.responses.responses) {
        let status = status
            .parse()
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok());
        let (Some(status), RefOr::T(response)) = (status, response) else {
            continue;
        };
        if response.description.is_empty() {
            status
                .canonical_reason()
                .unwrap_or_default()
                .clone_into(&mut response.description);
        }
        if status.is_client_error() || status.is_server_error() {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content.clear();
            response
                .content
                .insert("application/problem+json".to_owned(), problem.into());
        }
    }
}

/// What every endpoint answers that takes a key, a body or a name, or changes something.
fn add_common_responses(operation: &mut Operation, names_something: bool, changes: bool) {
    let statuses = [
        (operation.security.is_some(), &["401", "403"][..]),
        (
            operation.request_body.is_some(),
            &["400", "413", "415", "422"],
        ),
        (names_something, &["404"]),
        (changes, &["503"]),
    ];
    let answered = statuses.into_iter().filter(|(is_so, _)| *is_so);
    for status in answered.flat_map(|(_, statuses)| statuses) {
        let responses = &mut operation.responses.responses;
        responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(utoipa::openapi::Response::new("")));
    }
}

/// Every operation, and whether it changes something.
fn operations_with_writes(path: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = path;
    let reads = get.iter_mut().map(|operation| (false, operation));
    let writes = [put, post, delete, patch].into_iter().flatten();
    reads.chain(writes.map(|operation| (true, operation)))
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// A readable page at `path` for the documents at these addresses (name, address).
pub fn page(path: &'static str, documents: &[(&'static str, &'static str)]) -> axum::Router {
    let urls = documents
        .iter()
        .map(|(name, url)| utoipa_swagger_ui::Url::new(name, url));
    // Its badge would ask a public validator for its opinion of the document.
    let config = utoipa_swagger_ui::Config::new(urls)
        .try_it_out_enabled(true)
        .validator_url("none");
    utoipa_swagger_ui::SwaggerUi::new(path)
        .config(config)
        .into()
}
