//! What each action asks over HTTP.

use std::sync::Arc;

use hyper::http::uri::{InvalidUri, PathAndQuery};

use crate::connection::Request;
use crate::dice::{Dice, Purpose};
use crate::hall::Hall;
use crate::ledger::Sale;
use crate::person::{Action, Person};
use crate::scenario::Wish;

/// The paths of one event.
#[derive(Debug, Clone)]
pub struct Paths {
    event_id: String,
    enter: PathAndQuery,
    status: PathAndQuery,
    leave: PathAndQuery,
    availability: String,
    holds: PathAndQuery,
    reservations: PathAndQuery,
    check_ins: PathAndQuery,
}

impl Paths {
    /// Those of this event.
    pub fn of(event_id: &str) -> Result<Self, InvalidUri> {
        let event = format!("/api/events/{event_id}");
        Ok(Self {
            event_id: event_id.to_owned(),
            enter: PathAndQuery::from_static("/api/queue/enter"),
            status: format!("/api/queue/status?event_id={event_id}").parse()?,
            leave: PathAndQuery::from_static("/api/queue/leave"),
            availability: format!("{event}/availability"),
            holds: format!("{event}/holds").parse()?,
            reservations: format!("{event}/reservations").parse()?,
            check_ins: format!("/staff/events/{event_id}/check-ins").parse()?,
        })
    }
}

/// What a request is made of.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    /// Where.
    pub paths: &'a Paths,
    /// What people ask for.
    pub wish: Wish,
    /// The seats.
    pub hall: &'a Hall,
    /// The keys of the people at the door.
    pub staff_keys: &'a [Arc<str>],
}

impl Maker<'_> {
    /// What this person asks; nothing if they have gone on since, or nothing is to be sent.
    pub fn request(
        &self,
        action: Action,
        person: &Person,
        dice: Dice,
        ticket: Option<&Sale>,
    ) -> Option<Request> {
        let paths = self.paths;
        match action {
            Action::Enter => {
                let body = format!(
                    "{{\"event_id\":\"{}\",\"visitor\":\"{}\"}}",
                    paths.event_id,
                    secret(dice, 0)
                );
                Some(Request::post(&paths.enter, body))
            }
            Action::Status => Some(Request::get(&paths.status).bearer(person.ticket.as_ref()?)),
            Action::Look => Some(Request::get(&self.availability()?)),
            Action::Hold => self.hold(person, dice),
            Action::Confirm => self.confirm(person, dice),
            Action::Leave => {
                let body = format!("{{\"event_id\":\"{}\"}}", paths.event_id);
                Some(Request::post(&paths.leave, body).bearer(person.ticket.as_ref()?))
            }
            Action::CheckIn | Action::ShowAgain => self.check_in(action, dice, ticket?),
            Action::Vanish => None,
        }
    }

    /// What has changed since somebody last asked, if anybody did.
    fn availability(&self) -> Option<PathAndQuery> {
        let path = &self.paths.availability;
        let path = match self.hall.version() {
            Some(version) => format!("{path}?since={version}"),
            None => path.clone(),
        };
        path.parse().ok()
    }

    fn hold(&self, person: &Person, dice: Dice) -> Option<Request> {
        let shopping = person.shopping.as_ref()?;
        let body = match self.wish {
            Wish::BestAvailable => format!(
                "{{\"best_available\":{{\"quantity\":{}}}}}",
                person.quantity
            ),
            Wish::Seats | Wish::HotSeat => {
                let seats = shopping.seats.iter().map(|index| self.hall.seat_id(*index));
                let seats = serde_json::to_string(&seats.collect::<Vec<_>>()).ok()?;
                format!("{{\"seats\":{seats}}}")
            }
        };
        let key = format!("hold-{}", person.tries);
        let request = Request::post(&self.paths.holds, body).bearer(shopping.pass.as_ref()?);
        // Within one pass: others may use the same words.
        Some(request.idempotency_key(format!("{key}-{:x}", dice.number(Purpose::Secret, 9))))
    }

    fn confirm(&self, person: &Person, dice: Dice) -> Option<Request> {
        let hold_token = person.shopping.as_ref()?.hold_token.as_ref()?;
        let body = format!(
            "{{\"hold_token\":\"{hold_token}\",\"buyer\":{{\"name\":\"Somebody in a crowd\",\"contact\":\"{:x}@crowd.example\"}}}}",
            dice.number(Purpose::Secret, 8)
        );
        let request = Request::post(&self.paths.reservations, body);
        Some(request.idempotency_key(format!("buy-{}-{}", person.tries, secret(dice, 4))))
    }

    /// Half of all type the code, the others scan.
    fn check_in(&self, action: Action, dice: Dice, sale: &Sale) -> Option<Request> {
        let nonce = format!(
            "{}-{}",
            action.name().replace(' ', "-"),
            sale.reservation_id
        );
        let (field, value) = if dice.number(Purpose::Choosing, 0).is_multiple_of(2) {
            ("code", &sale.code)
        } else {
            ("entry_token", &sale.entry_token)
        };
        let body = serde_json::json!({ field: value, "nonce": nonce });
        let gate = dice.one(Purpose::Choosing, 1, self.staff_keys)?;
        Some(Request::post(&self.paths.check_ins, body.to_string()).bearer(gate))
    }
}

/// What makes asking again safe: 128 bits.
fn secret(dice: Dice, nth: u32) -> String {
    let half = |n| dice.number(Purpose::Secret, n);
    format!("{:016x}{:016x}", half(nth), half(nth + 1))
}
