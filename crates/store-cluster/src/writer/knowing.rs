//! What this instance knows: from the log, from `PostgreSQL`, and what its followers are told of it.

use jari_domain::fact::Recorded;
use jari_domain::sale::Change;
use jari_domain::{Shop, Timestamp};
use jari_store::{Batch, Result, StoreError, tell};
use tokio::time::Instant;

use super::Writer;
use crate::entry::News;
use crate::journal::Written;

impl Writer {
    /// Tells those who count what was kept.
    pub(super) fn count_kept(&self, written: &[Written]) {
        for follower in &self.followers {
            let kept = written.iter();
            kept.for_each(|written| follower.kept(&written.recorded));
        }
    }

    /// Tells those who count how a batch went.
    pub(super) fn count(&self, operations: usize, begun: Instant, failed: Option<&'static str>) {
        let batch = Batch {
            operations,
            took: begun.elapsed(),
            failed,
        };
        for follower in &self.followers {
            follower.batch(&batch);
        }
    }

    /// Follows what another instance did, unless that is known.
    pub(super) async fn hear(&mut self, news: News) {
        if self.suspect || instant(&news.id) <= instant(&self.heard) {
            return;
        }
        if news.after.as_ref() != Some(&self.heard) || news.entry.is_none() {
            tracing::warn!(id = %news.id, "entries of the log were missed, or can't be read");
            self.take_all_for_present(self.last);
        }
        self.heard = news.id;
        let Some(mut entry) = news.entry.filter(|entry| entry.by != self.instance) else {
            return;
        };
        let present = std::mem::take(&mut entry.present);
        let lost_at = entry.lost_at;
        if entry.last > self.seq {
            let known = match entry.facts_after(self.seq) {
                Some(facts) => self.follow(facts.into_iter().map(Recorded::from)),
                None => self.catch_up().await,
            };
            if let Err(error) = known {
                tracing::warn!(%error, "what another instance wrote could not be followed yet");
            }
        }
        for (event_id, present) in present {
            if let Ok(sale) = self.shop.sale_mut(&event_id) {
                sale.seen_elsewhere(&present);
                tell(&self.followers, &[(event_id, Change::Present(present))]);
            }
        }
        if let Some(lost_at) = lost_at {
            self.take_all_for_present(lost_at);
        }
    }

    /// Who was present may not be known any more, or not here: nobody is to lose a place by that.
    pub(super) fn take_all_for_present(&mut self, now: Timestamp) {
        for (_, sale) in self.shop.sales_mut() {
            sale.take_all_for_present(now);
        }
    }

    /// Reads what others have written and we don't know.
    pub(super) async fn catch_up(&mut self) -> Result<()> {
        loop {
            let facts = self.journal.facts_after(self.seq).await?;
            if facts.is_empty() {
                return Ok(());
            }
            self.follow(facts.into_iter())?;
        }
    }

    fn follow(&mut self, facts: impl Iterator<Item = Recorded>) -> Result<()> {
        let mut changes = Vec::new();
        for recorded in facts {
            let (Recorded::Event { at, .. } | Recorded::Shop { at, .. }) = &recorded;
            self.last = self.last.max(*at);
            let Some(told) = self.shop.replay(&recorded) else {
                self.suspect = true;
                return Err(StoreError::Corrupt {
                    table: "journal",
                    row: (self.seq + 1).to_string(),
                    what: "it can't follow what came before it".to_owned(),
                });
            };
            self.seq += 1;
            if let Recorded::Event { event_id, .. } = recorded {
                changes.extend(told.into_iter().map(|change| (event_id.clone(), change)));
            }
        }
        tell(&self.followers, &changes);
        Ok(())
    }

    /// Reads everything from the beginning: when opening, and when the state in memory can't be trusted.
    pub(super) async fn read_anew(&mut self) -> Result<()> {
        let followers = std::mem::take(&mut self.followers);
        (self.shop, self.seq, self.suspect) = (Shop::default(), 0, false);
        let read = self.catch_up().await;
        self.followers = followers;
        self.untold = true;
        if read.is_err() {
            self.suspect = true;
            return read;
        }
        self.shop
            .sales_mut()
            .for_each(|(_, sale)| sale.restarted(self.last));
        for follower in &self.followers {
            self.shop
                .sales()
                .for_each(|(event_id, sale)| follower.begin(event_id, sale.snapshot()));
        }
        Ok(())
    }
}

/// The two numbers of an entry's id, by which the log is in order.
fn instant(id: &str) -> Option<(u64, u64)> {
    let (ms, nth) = id.split_once('-')?;
    Some((ms.parse().ok()?, nth.parse().ok()?))
}
