//! Instants as RFC 3339 texts in UTC with milliseconds, and back.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, written as `2026-11-23T06:36:41.123Z`: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub i64);

/// The earliest and the latest instant that is written with a year of four digits.
const FIRST_MS: i64 = -62_167_219_200_000;
const LAST_MS: i64 = 253_402_300_799_999;

impl Utc {
    /// Reads an RFC 3339 text with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        // jiff reads more than RFC 3339 allows: a date alone, or an offset with seconds.
        let bytes = text.as_bytes();
        let instant: jiff::Timestamp = is_rfc_3339(bytes).then(|| text.parse().ok())??;
        let ms = instant.as_millisecond();
        // An offset can carry an instant out of the years that can be written back.
        (FIRST_MS..=LAST_MS).contains(&ms).then_some(Self(ms))
    }

    /// The text.
    pub fn to_text(self) -> String {
        let mut out = [0u8; 24];
        self.write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// Civil date from days by Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date
    /// Algorithms"): several times faster than a general formatter, and this is in every answer.
    fn write(self, out: &mut [u8; 24]) {
        let ms = self.0.clamp(FIRST_MS, LAST_MS);
        let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        out.copy_from_slice(b"0000-00-00T00:00:00.000Z");
        let mut put = |at: usize, digits: usize, mut value: i64| {
            for place in (at..at + digits).rev() {
                out[place] = b'0' + u8::try_from(value % 10).unwrap_or_default();
                value /= 10;
            }
        };
        put(0, 4, year);
        put(5, 2, month);
        put(8, 2, day);
        put(11, 2, of_day / 3_600_000);
        put(14, 2, of_day / 60_000 % 60);
        put(17, 2, of_day / 1000 % 60);
        put(20, 3, of_day % 1000);
    }
}

/// Whether the text has the form of RFC 3339's `date-time`; what its numbers may be is left to the calendar.
fn is_rfc_3339(text: &[u8]) -> bool {
    let matches = |text: &[u8], form: &[u8]| {
        text.len() == form.len()
            && text.iter().zip(form).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                form => byte.eq_ignore_ascii_case(form),
            })
    };
    let Some((date_time, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let offset = match rest.split_first() {
        Some((b'.', fraction)) => {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            &fraction[digits..]
        }
        _ => rest,
    };
    let is_offset =
        matches(offset, b"Z") || matches(offset, b"+00:00") || matches(offset, b"-00:00");
    matches(date_time, b"0000-00-00T00:00:00") && is_offset
}

/// An instant as the clocks of a place show it: `2026-12-24 19:30 (Asia/Seoul)`; in UTC if the zone is unknown.
pub fn in_zone(ms: i64, time_zone: &str) -> String {
    let instant =
        jiff::Timestamp::from_millisecond(ms.clamp(FIRST_MS, LAST_MS)).unwrap_or_default();
    match instant.in_tz(time_zone) {
        Ok(local) => local
            .strftime(&format!("%Y-%m-%d %H:%M ({time_zone})"))
            .to_string(),
        Err(_) => instant.strftime("%Y-%m-%d %H:%M (UTC)").to_string(),
    }
}

/// Whether this is the name of an IANA time zone.
pub fn is_time_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok()
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = [0u8; 24];
        self.write(&mut out);
        serializer.serialize_str(std::str::from_utf8(&out).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("not an RFC 3339 instant such as 2026-11-23T06:36:41.123Z")
        })
    }
}

impl utoipa::PartialSchema for Utc {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples([serde_json::json!("2026-11-23T06:36:41.123Z")])
            .into()
    }
}

impl utoipa::ToSchema for Utc {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_a_general_formatter_writes_them() {
        for ms in [
            0,
            1,
            951_782_400_000,
            1_709_164_800_123,
            -1,
            4_102_444_799_999,
            1_795_415_801_123,
        ] {
            let instant = jiff::Timestamp::from_millisecond(ms).unwrap();
            assert_eq!(Utc(ms).to_text(), format!("{instant:.3}"), "{ms}");
        }
        assert_eq!(Utc(i64::MAX).to_text(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn any_offset_is_read_and_anything_less_than_an_instant_is_not() {
        assert_eq!(Utc::parse("1970-01-01T09:00:00+09:00"), Some(Utc(0)));
        assert_eq!(Utc::parse("1970-01-01T00:00:00.5Z"), Some(Utc(500)));
        for bad in [
            "",
            "1970-01-01",
            "1970-01-01T00:00:00",
            "soon",
            "1970-13-01T00:00:00Z",
            "1970-01-01 00:00:00Z",
            "1970-01-01T00:00Z0000",
            "1970-01-01T00:00:00,5Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00+09",
            "1970-01-01T00:00:00+0900",
            "1970-01-01T00:00:00+09:00:00",
            "1970-01-01T00:00:00Z[UTC]",
            "+001970-01-01T00:00:00Z",
            "0000-01-01T00:00:00+23:00",
        ] {
            assert_eq!(Utc::parse(bad), None, "{bad}");
        }
    }
}
