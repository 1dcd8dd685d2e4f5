//! The connections: some idle, and what waits for one.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::answer::{self, Answer, Failure};
use crate::clock::Clock;
use crate::connection::{Connection, Request, Target, Unanswered};
use crate::person::Action;

/// Something to send.
pub(super) struct Job {
    pub(super) person: u32,
    pub(super) action: Action,
    pub(super) due: u64,
    /// Sent a second time by an impatient finger: the person goes by the first answer.
    pub(super) is_copy: bool,
}

pub(super) struct Sent {
    pub(super) job: Job,
    pub(super) request: Request,
}

pub(super) struct Answered {
    pub(super) job: Job,
    pub(super) connection: usize,
    pub(super) sent: u64,
    pub(super) at: u64,
    pub(super) answer: Answer,
}

/// The connections: some idle, and what waits for one.
pub(super) struct Lines {
    target: Target,
    clock: Clock,
    most: usize,
    senders: Vec<mpsc::Sender<Sent>>,
    pub(super) idle: Vec<usize>,
    pub(super) backlog: VecDeque<Job>,
    answers: mpsc::UnboundedSender<Answered>,
    pub(super) in_flight: usize,
}

impl Lines {
    /// No connection yet: they are made as they are asked for.
    pub(super) const fn new(
        target: Target,
        most: usize,
        clock: Clock,
        answers: mpsc::UnboundedSender<Answered>,
    ) -> Self {
        Self {
            target,
            clock,
            most,
            senders: Vec::new(),
            idle: Vec::new(),
            backlog: VecDeque::new(),
            answers,
            in_flight: 0,
        }
    }

    /// An idle connection, a new one if there may be one more.
    pub(super) fn free(&mut self) -> Option<usize> {
        if let Some(idle) = self.idle.pop() {
            return Some(idle);
        }
        if self.senders.len() >= self.most {
            return None;
        }
        let (sender, jobs) = mpsc::channel(1);
        let number = self.senders.len();
        self.senders.push(sender);
        let connection = Connection::to(self.target.clone());
        tokio::spawn(work(
            connection,
            number,
            jobs,
            self.answers.clone(),
            self.clock,
        ));
        Some(number)
    }

    /// Sends on a connection that was found free.
    pub(super) fn send(&mut self, connection: usize, sent: Sent) {
        // Its channel has room: it is idle. It ends only with this.
        if self.senders[connection].try_send(sent).is_ok() {
            self.in_flight += 1;
        }
    }
}

/// Sends what comes, one after the other.
async fn work(
    mut connection: Connection,
    number: usize,
    mut jobs: mpsc::Receiver<Sent>,
    answers: mpsc::UnboundedSender<Answered>,
    clock: Clock,
) {
    while let Some(Sent { job, request }) = jobs.recv().await {
        let sent = clock.now();
        let response = connection.send(&request).await;
        let answered = clock.now();
        let answer = match response {
            Ok(response) => answer::read(
                job.action,
                response.status,
                response.retry_after,
                &response.body,
            ),
            Err(Unanswered::TimedOut) => Answer::Failed(Failure::TimedOut),
            Err(Unanswered::Broken(_)) => Answer::Failed(Failure::Broken),
        };
        let told = Answered {
            job,
            connection: number,
            sent,
            at: answered,
            answer,
        };
        if answers.send(told).is_err() {
            return;
        }
    }
}
