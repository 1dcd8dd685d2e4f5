//! Whether every promise was kept.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::asking;
use crate::buyers::EVENT;
use crate::system::System;

/// Once for each connection to ticketing-core that may have broken, and once more.
const ASKED_AT_THE_DOOR: usize = 5;

/// Everything that was answered, and how to ask at the door.
#[derive(Debug)]
pub struct Verdict {
    /// The key of somebody at the door.
    pub staff_key: String,
    reservations: Vec<Value>,
}

impl Verdict {
    /// Of a sale at whose door this key is known.
    pub const fn new(staff_key: String) -> Self {
        Self {
            staff_key,
            reservations: Vec::new(),
        }
    }

    /// These were answered, too.
    pub fn add<'a>(&mut self, reservations: impl Iterator<Item = &'a Value>) {
        self.reservations.extend(reservations.cloned());
    }

    /// How many were answered.
    pub const fn count(&self) -> usize {
        self.reservations.len()
    }

    /// What was broken, if anything was.
    pub fn of(&self, system: &System) -> Result<(), String> {
        for field in ["reservation_id", "code", "seats"] {
            self.are_different(field)?;
        }
        for core in system.cores() {
            self.are_known(&core)?;
        }
        self.is_known_at_the_door(&system.gateway())?;
        let database = system.postgres[system.primary].url();
        let audit = system.tool(&["audit", "--json", "--database-url", &database])?;
        let audit: Value = serde_json::from_str(&audit).map_err(|error| error.to_string())?;
        if audit["sound"] != true {
            return Err(format!("a promise was broken: {audit}"));
        }
        Ok(())
    }

    /// What staff-api asks over a connection that broke meanwhile fails once, and is to be asked again.
    fn is_known_at_the_door(&self, gateway: &str) -> Result<(), String> {
        let mut told = None;
        for _ in 0..ASKED_AT_THE_DOOR {
            told = asking::get(gateway, "/staff/session", &self.staff_key);
            if told.as_ref().is_some_and(|told| told.status == 200) {
                return Ok(());
            }
        }
        Err(format!("the door is not answered: {told:?}"))
    }

    fn are_different(&self, field: &str) -> Result<(), String> {
        let all: BTreeSet<String> = self
            .reservations
            .iter()
            .map(|reservation| reservation[field].to_string())
            .collect();
        if all.len() == self.count() {
            return Ok(());
        }
        Err(format!("two were answered with the same {field}"))
    }

    /// Each was kept as it was answered, and nothing else was.
    fn are_known(&self, core: &str) -> Result<(), String> {
        for reservation in &self.reservations {
            let text = |field: &str| reservation[field].as_str().unwrap_or_default();
            let path = format!("/api/reservations/{}", text("reservation_id"));
            let told = asking::get(core, &path, text("receipt_token"));
            let kept = told.as_ref().is_some_and(|told| {
                told.status == 200
                    && told.body["code"] == reservation["code"]
                    && told.body["seats"] == reservation["seats"]
            });
            if !kept {
                let id = text("reservation_id");
                return Err(format!("{id} was answered, and {core} says {told:?}"));
            }
        }
        let availability = format!("/api/events/{EVENT}/availability");
        let told = asking::get(core, &availability, "").map(|told| told.body);
        let told = told.unwrap_or_default();
        if told["sold"] == self.count() && told["held"] == 0 {
            return Ok(());
        }
        let (sold, held) = (&told["sold"], &told["held"]);
        let count = self.count();
        Err(format!(
            "{count} were answered; {core} has {sold} sold and {held} held"
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_seat_that_two_were_told_is_theirs_is_found() {
        let mut verdict = Verdict::new(String::new());
        let one = json!({ "reservation_id": "a", "code": "1234", "seats": ["Stalls-A-1"] });
        let mut other = json!({ "reservation_id": "b", "code": "5678", "seats": ["Stalls-A-2"] });
        verdict.add([&one, &other].into_iter());
        assert_eq!(verdict.are_different("seats"), Ok(()));
        other["seats"] = one["seats"].clone();
        verdict.add([&other].into_iter());
        let told = verdict.are_different("seats").unwrap_err();
        assert_eq!(told, "two were answered with the same seats");
    }
}
