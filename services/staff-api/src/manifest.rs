//! `GET /staff/events/{event_id}/manifest`

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jari_contract::problem_of;
use jari_domain::code;
use jari_domain::hall::Hall;
use jari_domain::id::{Digest, SeatIndex};
use jari_store::ManifestEntry;
use jari_store::views::EventView;
use jari_token::{EntrySigner, Salt, digest, salted_hash};
use serde::Serialize;
use service_kit::{Problem, etag};

use crate::Api;
use crate::auth::AtDoor;
use crate::look_up::code_digits;

/// A device asks again each time, and is told that nothing has changed; nobody in between keeps a copy.
const CACHE_CONTROL: &str = "private, no-cache";
/// Goes before the event's number when its salt is made.
const SALT_LABEL: &[u8] = b"jari manifest salt\n";
/// Characters of the version in the `ETag`: 64 bits.
const TAG_LENGTH: usize = 16;

/// What a device needs to go on without a network, and proof of where it comes from.
///
/// `signature` is Ed25519 over `"jari manifest\n"` followed by `manifest` as canonical JSON (RFC 8785: members
/// sorted by name, no spaces), in UTF-8; its bytes are the ones in this body. The key is `public_key`.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SignedManifest {
    manifest: Manifest,
    /// Base64url without padding.
    signature: String,
}

// Members stand in the order of their names here and below: that is what makes the JSON canonical.
/// What a device needs to go on without a network. A salted hash is SHA-256 over the 16 bytes of the salt
/// followed by the text.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Manifest {
    /// How many digits the event's codes have.
    code_digits: u8,
    event_id: String,
    /// The number of the event in its entry tokens: 16 hexadecimal digits.
    #[schema(example = "0123456789abcdef")]
    event_uid: String,
    /// The key that entry tokens and this manifest are signed with: Ed25519, 32 bytes in base64url.
    public_key: String,
    /// In the order of confirming, cancelled ones too. Where a code stands twice, the later reservation has it.
    reservations: Vec<ManifestReservation>,
    /// 32 hexadecimal digits; the same as long as the event lives.
    salt: String,
}

/// What a device needs to know of one reservation: no names.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ManifestReservation {
    /// The ids of the seats that are in.
    checked_in: Vec<String>,
    /// Salted hash of the code with its leading zeros, in hexadecimal.
    #[schema(value_type = String)]
    code_hash: Digest,
    /// Salted hash of the reservation's id as the entry token names it: 36 characters, lower case, in hexadecimal.
    #[schema(value_type = String)]
    reservation_id_hash: Digest,
    /// The ids of its seats.
    seats: Vec<String>,
    /// `confirmed`, `cancelled` or `checked_in`.
    state: &'static str,
}

/// What a device needs to go on without a network, signed.
#[utoipa::path(
    get, path = "/staff/events/{event_id}/manifest", tag = "door",
    operation_id = "show_manifest", security(("staff_key" = [])),
    params(("event_id" = String, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = SignedManifest), (status = 304), (status = 401), (status = 403)
    )
)]
pub async fn show(
    State(api): Api,
    AtDoor { view, .. }: AtDoor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entries = api
        .door
        .manifest(view.event_id())
        .await
        .map_err(problem_of)?;
    // Some tens of thousands of hashes: not for a thread that serves everybody.
    let made = tokio::task::spawn_blocking(move || {
        answer(&view, &entries, &api.means.entry_signer, &headers)
    });
    made.await.unwrap_or_else(|_| Err(Problem::internal()))
}

fn answer(
    view: &EventView,
    entries: &[ManifestEntry],
    signer: &EntrySigner,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let manifest = canonical(&manifest(view, entries, signer))?;
    let version = hexadecimal(&digest(manifest.as_bytes()).0);
    let tag = HeaderValue::from_str(&format!("\"{}\"", &version[..TAG_LENGTH]))
        .map_err(|_| Problem::internal())?;
    if etag::none_match(headers, tag.to_str().unwrap_or_default()) {
        return Ok(etag::not_modified(&tag, CACHE_CONTROL));
    }
    let signature = signer.sign_manifest(manifest.as_bytes());
    let body = format!("{{\"manifest\":{manifest},\"signature\":\"{signature}\"}}");
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(CACHE_CONTROL),
        ),
        (header::ETAG, tag),
    ];
    Ok((headers, body).into_response())
}

/// Members are declared in the order of their names, there are no numbers but small integers, and texts are
/// escaped as RFC 8785 wants it: nothing else is left to do.
fn canonical(manifest: &Manifest) -> Result<String, Problem> {
    serde_json::to_string(manifest).map_err(|_| Problem::internal())
}

fn manifest(view: &EventView, entries: &[ManifestEntry], signer: &EntrySigner) -> Manifest {
    let (head, hall, digits) = (view.head(), view.hall(), code_digits(view));
    let salt = salt_of(head.uid);
    let reservations = entries.iter().map(|entry| ManifestReservation {
        checked_in: seat_ids(hall.as_deref(), &entry.checked_in),
        code_hash: salted_hash(&salt, &code::as_text(entry.code, digits)),
        reservation_id_hash: salted_hash(&salt, &entry.reservation_id.to_string()),
        seats: seat_ids(hall.as_deref(), &entry.seats),
        state: entry.state.as_str(),
    });
    Manifest {
        code_digits: digits,
        event_id: view.event_id().as_str().to_owned(),
        event_uid: format!("{:016x}", head.uid),
        public_key: signer.public_key().to_string(),
        reservations: reservations.collect(),
        salt: hexadecimal(&salt),
    }
}

/// Each event has a salt of its own that never changes, so that an unchanged manifest has an unchanged version.
fn salt_of(event_uid: u64) -> Salt {
    let hash = digest(&[SALT_LABEL, &event_uid.to_be_bytes()].concat());
    let mut salt = Salt::default();
    salt.copy_from_slice(&hash.0[..size_of::<Salt>()]);
    salt
}

fn seat_ids(hall: Option<&Hall>, seats: &[SeatIndex]) -> Vec<String> {
    hall.map_or_else(Vec::new, |hall| {
        let seats = seats.iter().map(|seat| hall.map().seat(*seat));
        seats.map(|seat| seat.seat_id.as_str().to_owned()).collect()
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use jari_token::{EntryVerifier, PublicKey, salted_hash};
    use serde_json::{Value, json};

    use crate::testing::{Bought, KEY, TestDoor};

    const PATH: &str = "/staff/events/gala/manifest";

    fn hash(salt: &Value, text: &str) -> Value {
        let salt = u128::from_str_radix(salt.as_str().unwrap(), 16).unwrap();
        serde_json::to_value(salted_hash(&salt.to_be_bytes(), text)).unwrap()
    }

    fn expected(salt: &Value, bought: &Bought, checked_in: &[&str], state: &str) -> Value {
        json!({
            "code_hash": hash(salt, &bought.code), "state": state, "checked_in": checked_in,
            "reservation_id_hash": hash(salt, &bought.reservation_id.to_string()),
            "seats": bought.seats,
        })
    }

    #[tokio::test]
    async fn a_manifest_has_every_reservation_and_no_names() {
        let door = TestDoor::open().await;
        let inside = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let cancelled = door.buy("gala", &["A-1-3"]).await;
        let waiting = door.buy("gala", &["A-2-1"]).await;
        door.cancel(&cancelled).await;
        door.check_in(KEY, json!({ "code": inside.code, "seats": ["A-1-2"] }))
            .await;
        let answer = door.get(KEY, PATH).await;
        let manifest = &answer.body["manifest"];
        let salt = &manifest["salt"];
        let reservations = json!([
            expected(salt, &inside, &["A-1-2"], "checked_in"),
            expected(salt, &cancelled, &[], "cancelled"),
            expected(salt, &waiting, &[], "confirmed"),
        ]);
        assert_eq!(manifest["reservations"], reservations);
        assert_eq!(
            (&manifest["event_id"], &manifest["code_digits"]),
            (&json!("gala"), &json!(4))
        );
        assert_eq!(
            manifest["event_uid"],
            format!("{:016x}", door.event_uid("gala"))
        );
        assert!(!answer.text.contains("Lovelace") && !answer.text.contains("010"));
    }

    #[tokio::test]
    async fn the_signature_is_over_the_manifest_as_canonical_json_and_as_it_stands_in_the_body() {
        let door = TestDoor::open().await;
        door.buy("gala", &["A-1-1"]).await;
        let answer = door.get(KEY, PATH).await;
        let manifest = &answer.body["manifest"];
        let key = PublicKey::parse(manifest["public_key"].as_str().unwrap()).unwrap();
        let verifier = EntryVerifier::new(key, None);
        let signature = answer.body["signature"].as_str().unwrap();
        // serde_json keeps the members of a value sorted by name.
        let canonical = manifest.to_string();
        assert_eq!(
            verifier.verify_manifest(canonical.as_bytes(), signature),
            Ok(())
        );
        assert!(
            answer
                .text
                .starts_with(&format!("{{\"manifest\":{canonical},"))
        );
        assert_eq!(key, door.public_key());
    }

    #[tokio::test]
    async fn a_device_that_has_the_manifest_is_told_so_until_something_happens() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let first = door.get(KEY, PATH).await;
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        door.clock.advance(1000);
        let again = door.get_if_none_match(KEY, PATH, &tag).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        assert_eq!(again.headers["etag"].to_str().unwrap(), tag);
        assert_eq!(door.get(KEY, PATH).await.text, first.text);
        door.check_in(KEY, json!({ "code": bought.code })).await;
        let changed = door.get_if_none_match(KEY, PATH, &tag).await;
        assert_eq!(changed.status, 200);
        assert_ne!(changed.headers["etag"].to_str().unwrap(), tag);
    }

    #[tokio::test]
    async fn the_same_code_looks_different_in_every_event() {
        let door = TestDoor::open().await;
        let gala = door.get(KEY, PATH).await;
        assert_ne!(
            gala.body["manifest"]["salt"],
            super::hexadecimal(&super::salt_of(2))
        );
    }
}
