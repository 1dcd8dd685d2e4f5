//! Whether every promise was kept.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::asking;
use crate::buyers::EVENT;
use crate::system::System;

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
        let session = asking::get(&system.gateway(), "/staff/session", &self.staff_key);
        if session.as_ref().is_none_or(|session| session.status != 200) {
            return Err(format!("the door is not answered: {session:?}"));
        }
        let database = system.postgres[system.primary].url();
        let audit = system.tool(&["audit", "--json", "--database-url", &database])?;
        let audit: Value = serde_json::from_str(&audit).map_err(|error| error.to_string())?;
        if audit["sound"] != true {
            return Err(format!("a promise was broken: {audit}"));
        }
        Ok(())
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
