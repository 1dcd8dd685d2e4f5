//! The fields of an event, as operators send them: all mistakes are told at once.

use std::collections::BTreeMap;
use std::mem::take;

use jari_domain::Timestamp;
use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::id::EventId;
use serde::{Deserialize, Deserializer};
use service_kit::extract::line;
use service_kit::time::{Utc, is_time_zone};
use service_kit::{FieldErrors, Problem};

/// Names of events and venues.
const NAME_AT_MOST: usize = 200;
/// A description.
const DESCRIPTION_AT_MOST: usize = 10_000;
/// Far more than any seat costs, and far from overflowing when seats are added up.
const PRICE_AT_MOST: i64 = 10_000_000_000;
/// Categories with a price of the event's own.
const PRICES_AT_MOST: usize = 200;

/// A field that may be absent, null or set.
#[derive(Debug, Clone, Default)]
pub enum Field<T> {
    /// Not mentioned: stays as it is.
    #[default]
    Absent,
    /// Cleared.
    Null,
    /// Set.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Set))
    }
}

/// The fields of an event: all of them when one is made, some of them when one is changed.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct EventForm {
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "spring-gala")]
    pub event_id: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub name: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub venue: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Utc>)]
    pub starts_at: Field<Utc>,
    #[serde(default)]
    #[schema(value_type = Option<String>, default = "Asia/Seoul")]
    pub time_zone: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Utc>)]
    pub sale_opens_at: Field<Utc>,
    #[serde(default)]
    #[schema(value_type = Option<Utc>)]
    pub sale_closes_at: Field<Utc>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "KRW")]
    pub currency: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 3600, default = 300)]
    pub hold_seconds: Field<u32>,
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 50, default = 4)]
    pub max_seats_per_buyer: Field<u32>,
    #[serde(default)]
    #[schema(value_type = Option<u8>, minimum = 4, maximum = 8)]
    pub code_digits: Field<u8>,
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, i64>>)]
    pub prices: Field<BTreeMap<String, i64>>,
    #[serde(default)]
    #[schema(value_type = Option<QueueForm>)]
    pub queue: Field<QueueForm>,
}

/// How the line lets people in.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct QueueForm {
    #[serde(default)]
    #[schema(value_type = Option<u32>, default = 100)]
    pub capacity: Field<u32>,
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 86400, default = 600)]
    pub pass_seconds: Field<u32>,
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, default = 50)]
    pub max_admitted_per_second: Field<u32>,
}

impl EventForm {
    /// The settings of a new event.
    pub fn create(self) -> Result<EventSettings, Problem> {
        let mut errors = FieldErrors::default();
        for (field, missing) in [
            ("/event_id", !matches!(self.event_id, Field::Set(_))),
            ("/name", matches!(self.name, Field::Absent)),
            ("/venue", matches!(self.venue, Field::Absent)),
            ("/starts_at", matches!(self.starts_at, Field::Absent)),
            ("/currency", matches!(self.currency, Field::Absent)),
        ] {
            errors.require(!missing, field, || "this field is needed".to_owned());
        }
        let event_id = match &self.event_id {
            Field::Set(text) => errors.take("/event_id", EventId::parse(text)),
            Field::Absent | Field::Null => None,
        };
        let placeholder = EventId::parse("x").map_err(|_| Problem::internal())?;
        let mut settings = blank(event_id.unwrap_or(placeholder));
        self.write(&mut settings, &mut errors);
        check_order(&settings, &mut errors);
        errors.finish()?;
        Ok(settings)
    }

    /// Whether the changes fit the settings there are; gives the settings as they would be.
    pub fn change(self, settings: &EventSettings) -> Result<EventSettings, Problem> {
        let mut errors = FieldErrors::default();
        let same = match &self.event_id {
            Field::Absent => true,
            Field::Null => false,
            Field::Set(event_id) => event_id == settings.event_id.as_str(),
        };
        errors.require(same, "/event_id", || {
            "the id of an event can't be changed".to_owned()
        });
        let mut changed = settings.clone();
        self.write(&mut changed, &mut errors);
        check_order(&changed, &mut errors);
        errors.finish()?;
        Ok(changed)
    }

    fn write(mut self, settings: &mut EventSettings, errors: &mut FieldErrors) {
        self.write_limits(settings, errors);
        required(self.name, "/name", &mut settings.name, errors, |name| {
            line(name, NAME_AT_MOST)
        });
        required(self.venue, "/venue", &mut settings.venue, errors, |venue| {
            line(venue, NAME_AT_MOST)
        });
        optional(
            self.description,
            "/description",
            &mut settings.description,
            errors,
            |text| length(text, DESCRIPTION_AT_MOST),
        );
        instant(
            &self.starts_at,
            "/starts_at",
            &mut settings.starts_at,
            errors,
        );
        required(
            self.time_zone,
            "/time_zone",
            &mut settings.time_zone,
            errors,
            |zone| {
                is_time_zone(zone)
                    .then_some(())
                    .ok_or_else(|| "not an IANA time zone such as Asia/Seoul".to_owned())
            },
        );
        optional_instant(&self.sale_opens_at, &mut settings.sale_opens_at);
        optional_instant(&self.sale_closes_at, &mut settings.sale_closes_at);
        required(
            self.currency,
            "/currency",
            &mut settings.currency,
            errors,
            |code| {
                let well_formed = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
                well_formed
                    .then_some(())
                    .ok_or_else(|| "three capital letters (ISO 4217) are needed".to_owned())
            },
        );
    }

    fn write_limits(&mut self, settings: &mut EventSettings, errors: &mut FieldErrors) {
        required(
            take(&mut self.hold_seconds),
            "/hold_seconds",
            &mut settings.hold_seconds,
            errors,
            |n| within(*n, 1, 3600),
        );
        let limit = &mut settings.max_seats_per_buyer;
        required(
            take(&mut self.max_seats_per_buyer),
            "/max_seats_per_buyer",
            limit,
            errors,
            |n| within(*n, 1, 50),
        );
        optional(
            take(&mut self.code_digits),
            "/code_digits",
            &mut settings.code_digits,
            errors,
            |n| within(u32::from(*n), 4, 8),
        );
        match take(&mut self.prices) {
            Field::Absent => {}
            Field::Null => settings.prices.clear(),
            Field::Set(prices) => {
                check_prices(&prices, errors);
                settings.prices = prices;
            }
        }
        match take(&mut self.queue) {
            Field::Absent => {}
            Field::Null => settings.queue = QueueSettings::default(),
            Field::Set(queue) => queue.write(&mut settings.queue, errors),
        }
    }
}

impl QueueForm {
    fn write(self, queue: &mut QueueSettings, errors: &mut FieldErrors) {
        required(
            self.capacity,
            "/queue/capacity",
            &mut queue.capacity,
            errors,
            |_| Ok(()),
        );
        required(
            self.pass_seconds,
            "/queue/pass_seconds",
            &mut queue.pass_seconds,
            errors,
            |n| within(*n, 1, 86_400),
        );
        let per_second = &mut queue.max_admitted_per_second;
        required(
            self.max_admitted_per_second,
            "/queue/max_admitted_per_second",
            per_second,
            errors,
            |n| within(*n, 1, u32::MAX),
        );
    }
}

fn blank(event_id: EventId) -> EventSettings {
    EventSettings {
        event_id,
        name: String::new(),
        venue: String::new(),
        description: None,
        starts_at: Timestamp::default(),
        time_zone: "Asia/Seoul".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: String::new(),
        hold_seconds: 300,
        max_seats_per_buyer: 4,
        code_digits: None,
        prices: BTreeMap::new(),
        queue: QueueSettings::default(),
    }
}

/// A field that has a value always: null is a mistake.
fn required<T>(
    field: Field<T>,
    name: &str,
    slot: &mut T,
    errors: &mut FieldErrors,
    check: impl Fn(&T) -> Result<(), String>,
) {
    match field {
        Field::Absent => {}
        Field::Null => errors.push(name, "this field can't be null"),
        Field::Set(value) => {
            errors.take(name, check(&value));
            *slot = value;
        }
    }
}

/// A field that may be empty: null clears it.
fn optional<T>(
    field: Field<T>,
    name: &str,
    slot: &mut Option<T>,
    errors: &mut FieldErrors,
    check: impl Fn(&T) -> Result<(), String>,
) {
    match field {
        Field::Absent => {}
        Field::Null => *slot = None,
        Field::Set(value) => {
            errors.take(name, check(&value));
            *slot = Some(value);
        }
    }
}

fn instant(field: &Field<Utc>, name: &str, slot: &mut Timestamp, errors: &mut FieldErrors) {
    match field {
        Field::Absent => {}
        Field::Null => errors.push(name, "this field can't be null"),
        Field::Set(at) => *slot = Timestamp(at.0),
    }
}

fn optional_instant(field: &Field<Utc>, slot: &mut Option<Timestamp>) {
    match field {
        Field::Absent => {}
        Field::Null => *slot = None,
        Field::Set(at) => *slot = Some(Timestamp(at.0)),
    }
}

fn check_order(settings: &EventSettings, errors: &mut FieldErrors) {
    if let (Some(opens), Some(closes)) = (settings.sale_opens_at, settings.sale_closes_at) {
        errors.require(opens < closes, "/sale_closes_at", || {
            "the sale must close after it opens".to_owned()
        });
    }
}

fn check_prices(prices: &BTreeMap<String, i64>, errors: &mut FieldErrors) {
    errors.require(prices.len() <= PRICES_AT_MOST, "/prices", || {
        format!("at most {PRICES_AT_MOST} prices")
    });
    for (category, price) in prices {
        let pointer = format!("/prices/{}", category.replace('~', "~0").replace('/', "~1"));
        errors.require((0..=PRICE_AT_MOST).contains(price), &pointer, || {
            format!("a price in minor units from 0 to {PRICE_AT_MOST} is needed")
        });
    }
}

fn length(text: &str, most: usize) -> Result<(), String> {
    let fits = text.chars().count() <= most;
    fits.then_some(())
        .ok_or_else(|| format!("at most {most} characters are needed"))
}

fn within(value: u32, least: u32, most: u32) -> Result<(), String> {
    (least..=most)
        .contains(&value)
        .then_some(())
        .ok_or_else(|| format!("a number from {least} to {most} is needed"))
}
