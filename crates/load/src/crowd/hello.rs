//! Requests that do nothing, sent as a crowd sends its own: what its speed is compared with.

use hyper::http::uri::PathAndQuery;

use super::lines::{Job, Sent};
use super::{ANSWERS_AT_ONCE, Crowd};
use crate::answer::Answer;
use crate::connection::{Connection, Request};
use crate::numbers::{float, seconds};
use crate::person::Action;
use crate::record::{Broken, Record, Times};

/// A route that does nothing, where `jari serve` has one; the second behind nginx, which knows what is under /api.
const HELLO: [PathAndQuery; 2] = [
    PathAndQuery::from_static("/hello"),
    PathAndQuery::from_static("/api/hello"),
];
/// Connections are opened and memory is got: not counted, in microseconds.
const WARM_UP: u64 = 500_000;
/// For so long they are counted, in microseconds.
const LASTS: u64 = 2_000_000;

impl Crowd<'_> {
    /// Hellos a second, over all connections, each used again as soon as it was answered; nothing where there is no
    /// such route. Of a crowd that nobody is in.
    pub async fn hellos_per_second(&mut self) -> Result<Option<f64>, Broken> {
        for path in &HELLO {
            let request = Request::get(path);
            let told = Connection::to(self.setting.target.clone())
                .send(&request)
                .await;
            if told.is_ok_and(|response| response.status == 200) {
                return self.ask_hello(&request).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn ask_hello(&mut self, request: &Request) -> Result<f64, Broken> {
        let begun = self.clock.now();
        let counted = begun + WARM_UP..begun + WARM_UP + LASTS;
        let mut record = Record::new()?;
        let mut answers = Vec::with_capacity(ANSWERS_AT_ONCE);
        let mut hellos: u64 = 0;
        loop {
            let now = self.clock.now();
            while now < counted.end
                && let Some(connection) = self.lines.free()
            {
                let job = Job {
                    person: 0,
                    // What its answer says is not looked at.
                    action: Action::Leave,
                    due: now,
                    is_copy: false,
                };
                let request = request.clone();
                self.lines.send(connection, Sent { job, request });
            }
            if self.lines.in_flight == 0 {
                return Ok(float(hellos) / seconds(LASTS));
            }
            self.answers.recv_many(&mut answers, ANSWERS_AT_ONCE).await;
            for answered in answers.drain(..) {
                self.lines.in_flight -= 1;
                self.lines.idle.push(answered.connection);
                let times = Times {
                    due: answered.job.due,
                    sent: answered.sent,
                    answered: answered.at,
                };
                record.answered(answered.job.action, times);
                let is_counted = counted.contains(&answered.at);
                hellos += u64::from(is_counted && answered.answer == Answer::Done);
            }
        }
    }
}
