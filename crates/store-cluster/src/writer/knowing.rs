//! What this instance knows: from the log, from `PostgreSQL`, and what its followers are told of it.

use jari_domain::Shop;
use jari_domain::fact::Recorded;
use jari_domain::sale::Change;
use jari_store::{Result, StoreError, tell};

use super::Writer;
use crate::entry::Entry;

impl Writer {
    /// Follows what another instance did.
    pub(super) async fn hear(&mut self, entry: &Entry) {
        if entry.by == self.instance || self.suspect {
            return;
        }
        for (event_id, present) in &entry.present {
            if let Ok(sale) = self.shop.sale_mut(event_id) {
                sale.seen_elsewhere(present);
                let change = Change::Present(present.clone());
                tell(&self.followers, &[(event_id.clone(), change)]);
            }
        }
        if entry.last <= self.seq {
            return;
        }
        let known = match entry.clone().facts_after(self.seq) {
            Some(facts) => self.follow(facts.into_iter().map(Recorded::from)),
            None => self.catch_up().await,
        };
        if let Err(error) = known {
            tracing::warn!(%error, "what another instance wrote could not be followed yet");
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
