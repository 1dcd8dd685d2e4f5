use jari_domain::fact::AuditEntry;

use super::*;

/// A writer without a thread, so that a test says what is in a batch.
fn writer(directory: &Path) -> Writer {
    let directory = Directory::lock(directory).unwrap();
    let journal = Journal::open(&directory.database).unwrap();
    let (shop, _) = journal.replay().unwrap();
    Writer {
        shop,
        journal,
        now: Arc::new(|| Timestamp(1)),
        last: Timestamp(0),
        pending: Pending::default(),
        failing: false,
        suspect: false,
        followers: Vec::new(),
        _directory: directory,
    }
}

type Answered = oneshot::Receiver<Result<usize>>;

fn operation(
    run: impl FnOnce(&mut Shop, Timestamp) -> usize + Send + 'static,
) -> (Operation, Answered) {
    let (answer, answered) = oneshot::channel();
    let operation: Operation = Box::new(move |shop, now| {
        let result = run(shop, now);
        Box::new(move |kept| answer.send(kept.map(|()| result)).unwrap())
    });
    (operation, answered)
}

/// Puts something on record; answers how much is there.
fn note(text: String) -> (Operation, Answered) {
    operation(move |shop, now| {
        shop.note(AuditEntry {
            at: now,
            who: "operator".to_owned(),
            action: "test".to_owned(),
            event_id: None,
            detail: Some(text),
        });
        noted(shop)
    })
}

fn noted(shop: &Shop) -> usize {
    shop.audit_before(None, usize::MAX).len()
}

fn answer(answered: &mut Answered) -> Option<Result<usize>> {
    answered.try_recv().ok()
}

#[test]
fn what_panics_loses_its_own_answer_and_nothing_that_was_answered() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = writer(directory.path());
    let (before, mut before_told) = note("before".to_owned());
    let (panics, mut panics_told) = operation(|shop, now| {
        let (half, _) = note("half done".to_owned());
        let _reply = half(shop, now);
        panic!("a bug")
    });
    let (behind, mut behind_told) = note("behind".to_owned());
    writer.batch(vec![before, panics, behind]);
    assert!(matches!(answer(&mut before_told), Some(Ok(1))));
    assert!(answer(&mut panics_told).is_none());
    assert!(matches!(
        answer(&mut behind_told),
        Some(Err(StoreError::Refused(Refusal::Recovering { .. })))
    ));
    let (after, mut after_told) = note("after".to_owned());
    writer.batch(vec![after]);
    assert!(
        matches!(answer(&mut after_told), Some(Ok(2))),
        "what was half done is forgotten"
    );
    assert_eq!(noted(&writer.journal.replay().unwrap().0), 2);
}

#[test]
fn a_full_disk_costs_answers_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = writer(directory.path());
    writer.journal.limit_pages(20);
    let long = "x".repeat(1000);
    let mut kept = 0;
    let refused = loop {
        let (operation, mut told) = note(long.clone());
        writer.batch(vec![operation]);
        match answer(&mut told) {
            Some(Ok(count)) => kept = count,
            Some(Err(StoreError::Unavailable(why))) => break why,
            told => panic!("{told:?}"),
        }
    };
    assert!(
        kept > 10 && refused.contains("no space is left"),
        "{kept} {refused}"
    );
    for _ in 0..100 {
        let (operation, mut told) = note(long.clone());
        writer.batch(vec![operation]);
        assert!(matches!(
            answer(&mut told),
            Some(Err(StoreError::Unavailable(_)))
        ));
    }
    assert_eq!(writer.pending.entries.len(), 1, "memory does not grow");
    assert_eq!(noted(&writer.journal.replay().unwrap().0), kept);
    writer.journal.limit_pages(1000);
    let (operation, mut told) = note(long);
    writer.batch(vec![operation]);
    // The one whose writing failed was not answered, and may be found done.
    assert!(matches!(answer(&mut told), Some(Ok(count)) if count == kept + 2));
    assert_eq!(noted(&writer.journal.replay().unwrap().0), kept + 2);
}

#[test]
fn while_the_disk_is_full_a_panic_is_mended_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = writer(directory.path());
    writer.journal.limit_pages(1);
    let (before, mut before_told) = note("x".repeat(10_000));
    let (panics, mut panics_told) = operation(|_, _| panic!("a bug"));
    writer.batch(vec![before, panics]);
    assert!(matches!(answer(&mut before_told), Some(Err(_))));
    assert!(answer(&mut panics_told).is_none());
    let (panics, mut panics_told) = operation(|_, _| panic!("a bug"));
    writer.batch(vec![panics]);
    assert!(answer(&mut panics_told).is_none(), "and the writer lives");
    writer.journal.limit_pages(1000);
    let (after, mut after_told) = note("after".to_owned());
    writer.batch(vec![after]);
    assert!(matches!(answer(&mut after_told), Some(Ok(2))));
    assert_eq!(noted(&writer.journal.replay().unwrap().0), 2);
}
