//! Answers that are kept ready: the map of each version, and the availability of each version of the seats.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use jari_domain::hall::Hall;
use jari_domain::id::EventId;
use jari_store::views::EventView;
use parking_lot::RwLock;

/// A seat map as it is sent.
#[derive(Debug)]
pub struct ServedMap {
    /// Its version.
    pub version: String,
    /// JSON.
    pub plain: Bytes,
    /// JSON, gzipped once for everybody.
    pub gzip: Bytes,
}

/// An availability as it is sent.
#[derive(Debug, Clone)]
pub struct ServedAvailability {
    /// The version of the seats.
    pub version: u64,
    map_version: String,
    /// JSON.
    pub json: Bytes,
}

/// The newest answers, by event.
#[derive(Debug, Default)]
pub struct Served {
    maps: RwLock<HashMap<EventId, Arc<ServedMap>>>,
    availabilities: RwLock<HashMap<EventId, ServedAvailability>>,
}

impl Served {
    /// The map of this hall.
    pub fn map(&self, event_id: &EventId, hall: &Hall) -> Arc<ServedMap> {
        if let Some(served) = self
            .maps
            .read()
            .get(event_id)
            .filter(|served| served.version == hall.version())
        {
            return Arc::clone(served);
        }
        let served = Arc::new(encode_map(hall));
        self.maps
            .write()
            .insert(event_id.clone(), Arc::clone(&served));
        served
    }

    /// The seats as they are now; `None` without a map.
    pub fn availability(&self, view: &EventView) -> Option<ServedAvailability> {
        let known = self.availabilities.read().get(view.event_id()).cloned();
        let current = view.with_seats(|seen| {
            let hall = seen.hall.as_ref()?;
            let same = |served: &ServedAvailability| {
                served.version == seen.seats.version() && served.map_version == hall.version()
            };
            known
                .filter(same)
                .map(Ok)
                .or_else(|| Some(Err(encode_availability(hall, &seen.seats))))
        })?;
        Some(match current {
            Ok(known) => known,
            Err(fresh) => {
                self.availabilities
                    .write()
                    .insert(view.event_id().clone(), fresh.clone());
                fresh
            }
        })
    }
}

fn encode_map(hall: &Hall) -> ServedMap {
    let version = hall.version().to_owned();
    let mut plain = format!("{{\"map_version\":\"{version}\",").into_bytes();
    plain.extend_from_slice(hall.json().get(1..).unwrap_or_default());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail; an empty body would be noticed at once.
    let _ = encoder.write_all(&plain);
    let gzip = encoder.finish().unwrap_or_default().into();
    ServedMap {
        version,
        plain: plain.into(),
        gzip,
    }
}

fn encode_availability(hall: &Hall, seats: &jari_domain::seats::Seats) -> ServedAvailability {
    let counts = seats.counts();
    let json = format!(
        "{{\"full\":true,\"version\":{},\"map_version\":\"{}\",\"seats_total\":{},\"free\":{},\"held\":{},\
         \"sold\":{},\"blocked\":{},\"states\":\"{}\"}}",
        seats.version(),
        hall.version(),
        seats.total(),
        counts.free,
        counts.held,
        counts.sold,
        counts.blocked,
        STANDARD.encode(seats.packed()),
    );
    ServedAvailability {
        version: seats.version(),
        map_version: hall.version().to_owned(),
        json: json.into(),
    }
}
