//! What an answer does: it is measured, noted where it must stay, and whoever asked goes on.

use std::cmp::Reverse;

use super::Crowd;
use super::lines::Answered;
use crate::answer::Answer;
use crate::dice::Dice;
use crate::numbers::count;
use crate::person::{Action, Around, Next, Stage};
use crate::record::Times;

/// So long after the end the last answers may still come, in microseconds.
const LAST_ANSWERS: u64 = 35_000_000;

impl Crowd<'_> {
    /// Takes in an answer: measures it, notes what must stay, and lets the person go on.
    pub(super) fn take(&mut self, answered: &Answered) {
        let Answered { job, answer, .. } = answered;
        self.lines.in_flight -= 1;
        self.lines.idle.push(answered.connection);
        let times = Times {
            due: job.due,
            sent: answered.sent,
            answered: answered.at,
        };
        self.record.answered(job.action, times);
        self.ledger.note(job.person, job.action, answer);
        match answer {
            Answer::Refused(refused) => self.record.refused(job.action, &refused.code),
            Answer::Failed(failure) => {
                self.failures += 1;
                self.record.failed(job.action, &failure.kind());
            }
            Answer::Availability(told) => self.setting.hall.update(told),
            Answer::CheckedIn(told) => {
                if let Some(sale) = self.sale_of(job.person) {
                    self.ledger.entered(sale, told);
                }
            }
            Answer::Place(_) | Answer::Held(_) | Answer::Sold(_) | Answer::Done => {}
        }
        let is_gone = matches!(self.people[job.person as usize].stage, Stage::Over(_));
        if !job.is_copy && !is_gone {
            self.go_on(answered);
        }
        self.send_backlog();
    }

    fn go_on(&mut self, answered: &Answered) {
        let Answered { job, answer, .. } = answered;
        let (number, action) = (job.person, job.action);
        if let (Answer::Refused(refused), Some(shopping)) =
            (answer, &self.people[number as usize].shopping)
            && action == Action::Hold
            && refused.code == "seats_unavailable"
        {
            self.setting.hall.taken(&shopping.seats);
        }
        let dice = Dice::of(self.setting.seed, number);
        let around = Around {
            buyers: &self.setting.scenario.buyers,
            hall: &self.setting.hall,
            dice,
            now: answered.at,
        };
        let person = &mut self.people[number as usize];
        let before = person.stage;
        let next = person.answered(action, answer, around);
        let (after, admitted_at) = (person.stage, person.admitted_at);
        person.stage = before;
        self.moved(number, after);
        self.people[number as usize].stage = after;
        if let Next::Do(action, at) = next {
            self.due.push(Reverse((at, number, action)));
        }
        if action == Action::Enter && !matches!(next, Next::Do(Action::Enter, _)) {
            self.entering -= 1;
            self.last_entry = answered.at;
        }
        self.count(answer, before, answered.at, admitted_at);
    }

    fn count(&mut self, answer: &Answer, before: Stage, now: u64, admitted_at: u64) {
        let second = &mut self.record.current;
        match answer {
            Answer::Held(_) => second.holds += 1,
            Answer::Sold(_) if before == Stage::InShop => {
                second.sales += 1;
                self.last_sale = now;
                self.shopping_micros += now.saturating_sub(admitted_at);
            }
            Answer::CheckedIn(told) => second.check_ins += count(told.admitted.len()),
            Answer::Sold(_)
            | Answer::Place(_)
            | Answer::Availability(_)
            | Answer::Done
            | Answer::Refused(_)
            | Answer::Failed(_) => {}
        }
    }

    /// Counts that somebody goes from where they are to another stage.
    pub(super) fn moved(&mut self, person: u32, to: Stage) {
        let from = self.people[person as usize].stage;
        if from == to {
            return;
        }
        match from {
            Stage::InLine => self.in_line = self.in_line.saturating_sub(1),
            Stage::InShop => self.in_shop = self.in_shop.saturating_sub(1),
            Stage::AtDoor | Stage::Over(_) => {}
        }
        match to {
            Stage::InLine => self.in_line += 1,
            Stage::InShop => {
                self.in_shop += 1;
                self.record.current.admitted += 1;
            }
            Stage::Over(end) => *self.ends.entry(end).or_default() += 1,
            Stage::AtDoor => {}
        }
    }

    /// What is under way is still answered; nobody asks anything more.
    pub(super) async fn take_last_answers(&mut self) {
        self.lines.backlog.clear();
        let until = self.clock.instant(self.clock.now() + LAST_ANSWERS);
        while self.lines.in_flight > 0 {
            let Ok(Some(answered)) = tokio::time::timeout_at(until, self.answers.recv()).await
            else {
                return;
            };
            self.take(&answered);
        }
    }
}
