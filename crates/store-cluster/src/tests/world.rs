//! Servers and instances under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jari_domain::Timestamp;
use jari_domain::fact::Buyer;
use jari_domain::id::{EventId, HoldId, PlaceNumber, ReservationId};
use jari_domain::line::LineCounts;
use jari_domain::sale::{Confirm, Enter, PlaceHold, Wanted};
use jari_store::conformance::Harness;
use jari_store::conformance::world::{BEGINNING, done, key, map, seat_id, settings};
use jari_store::views::{EventView, Views};
use jari_store::{Events, Follower, Line, Store, StoreError};
use test_servers::{Postgres, Proxy, Redis, RedisCluster};
use uuid::Uuid;

use crate::link::{Address, Link, REDIS_TIMEOUT};
use crate::{Clock, ClusterSettings, ClusterStore, Now};

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(super) struct Standing(Arc<AtomicI64>);

impl Standing {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING.0)))
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    pub(super) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let clock = self.clone();
        let now: Now = Arc::new(move || clock.now());
        Clock::Given(now)
    }
}

static INSTANCES: AtomicU64 = AtomicU64::new(0);

/// Opens an instance.
pub(super) fn open(redis_url: &str, database_url: &str, clock: &Standing) -> Arc<ClusterStore> {
    let settings = ClusterSettings {
        redis_url: redis_url.to_owned(),
        database_url: database_url.to_owned(),
        migrate: true,
        instance: INSTANCES.fetch_add(1, Ordering::SeqCst).to_string(),
        clock: clock.clock(),
    };
    match ClusterStore::open(settings) {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    }
}

/// Some kind of Redis.
pub(super) trait Kind: Send + Sync + 'static {
    fn start() -> Self;
    fn address(&self) -> String;
}

impl Kind for Redis {
    fn start() -> Self {
        Self::start()
    }

    fn address(&self) -> String {
        self.url()
    }
}

impl Kind for RedisCluster {
    fn start() -> Self {
        Self::start()
    }

    fn address(&self) -> String {
        self.url()
    }
}

/// What is asked: one instance, or several behind one door.
pub(super) trait Instances: Store {
    fn start(redis_url: &str, database_url: &str, clock: &Standing) -> Arc<Self>;
}

impl Instances for ClusterStore {
    fn start(redis_url: &str, database_url: &str, clock: &Standing) -> Arc<Self> {
        open(redis_url, database_url, clock)
    }
}

/// Instances on servers of their own.
pub(super) struct OnServers<R, S> {
    store: Option<Arc<S>>,
    clock: Standing,
    redis: R,
    postgres: Postgres,
}

impl<R: Kind, S: Instances> Harness for OnServers<R, S> {
    fn fresh() -> Self {
        let (redis, postgres, clock) = (R::start(), Postgres::start(), Standing::new());
        let store = Some(S::start(&redis.address(), &postgres.url(), &clock));
        Self {
            store,
            clock,
            redis,
            postgres,
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        match &self.store {
            Some(store) => Arc::clone(store) as Arc<dyn Store>,
            None => panic!("the store is open"),
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn advance(&self, ms: i64) {
        self.clock.advance(ms);
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(S::start(
            &self.redis.address(),
            &self.postgres.url(),
            &self.clock,
        ));
    }
}

/// Two instances on the same servers, with a network between that can be broken, and an event on sale.
pub(super) struct Two {
    pub(super) first: Arc<ClusterStore>,
    pub(super) second: Arc<ClusterStore>,
    pub(super) views: [Arc<Views>; 2],
    pub(super) event: EventId,
    pub(super) to_redis: Proxy,
    pub(super) to_postgres: Proxy,
    pub(super) redis: Redis,
    pub(super) postgres: Postgres,
    pub(super) clock: Standing,
}

impl Two {
    pub(super) async fn on_sale() -> Self {
        let (redis, postgres, clock) = (Redis::start(), Postgres::start(), Standing::new());
        let to_redis = Proxy::before(redis.port()).await;
        let to_postgres = Proxy::before(postgres.port()).await;
        let redis_url = format!("redis://127.0.0.1:{}", to_redis.port());
        let database_url = postgres.url_at(to_postgres.port());
        let one = || {
            let (redis_url, database_url, clock) =
                (redis_url.clone(), database_url.clone(), clock.clone());
            async move {
                let opened =
                    tokio::task::spawn_blocking(move || open(&redis_url, &database_url, &clock));
                let store = opened.await.unwrap_or_else(|error| panic!("{error}"));
                let views = Arc::new(Views::default());
                follow(&store, &views).await;
                (store, views)
            }
        };
        let ((first, seen_first), (second, seen_second)) = (one().await, one().await);
        let settings = settings();
        let event = settings.event_id.clone();
        done(first.create(settings, 7).await);
        done(first.set_map(&event, Arc::new(map())).await);
        done(first.open(&event).await);
        Self {
            first,
            second,
            views: [seen_first, seen_second],
            event,
            to_redis,
            to_postgres,
            redis,
            postgres,
            clock,
        }
    }

    /// One more instance.
    pub(super) async fn another(&self) -> Arc<ClusterStore> {
        let (redis_url, database_url, clock) =
            (self.redis.url(), self.postgres.url(), self.clock.clone());
        let opened = tokio::task::spawn_blocking(move || open(&redis_url, &database_url, &clock));
        opened.await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Somebody enters at the first instance and has a pass.
    pub(super) async fn admitted(&self) -> PlaceNumber {
        let number = done(self.first.enter(&self.event, Enter::default()).await).number;
        done(self.first.collect(&self.event, number).await);
        number
    }

    /// A wish to hold these seats.
    pub(super) fn wish(number: PlaceNumber, id: u128, seats: &[&str]) -> PlaceHold {
        PlaceHold {
            hold_id: HoldId(Uuid::from_u128(id)),
            number,
            wanted: Wanted::Seats(seats.iter().map(|seat| seat_id(seat)).collect()),
            key: Some(key(&format!("hold {id}"), "same")),
        }
    }

    /// A wish to buy what is held.
    pub(super) fn purchase(hold: u128, id: u128) -> Confirm {
        Confirm {
            hold_id: HoldId(Uuid::from_u128(hold)),
            reservation_id: ReservationId(Uuid::from_u128(id)),
            random: 7,
            buyer: Buyer {
                name: "Kim".to_owned(),
                contact: "010".to_owned(),
            },
            key: key("purchase", "same"),
        }
    }

    /// How many rows a table has.
    pub(super) fn count(&self, table: &str) -> String {
        self.postgres
            .query(&format!("select count(*) from {table}"))
    }

    /// Both views show the same, as soon as each has heard of what the other's instance did.
    pub(super) async fn agree(&self) {
        let [first, second] = self.views.each_ref().map(|views| event(views, &self.event));
        let (mut seats, mut lines) = (
            [first.seats_changes(), second.seats_changes()],
            [first.line_changes(), second.line_changes()],
        );
        while shown(&first) != shown(&second) {
            let [first_seats, second_seats] = &mut seats;
            let [first_line, second_line] = &mut lines;
            let changed = tokio::select! {
                changed = first_seats.changed() => changed,
                changed = second_seats.changed() => changed,
                changed = first_line.changed() => changed,
                changed = second_line.changed() => changed,
            };
            assert!(changed.is_ok(), "the views live");
        }
    }
}

/// The seats with their version, and the line.
fn shown(view: &EventView) -> (Vec<u8>, u64, (LineCounts, u32)) {
    let (packed, version) =
        view.with_seats(|seen| (seen.seats.packed().to_vec(), seen.seats.version()));
    (packed, version, view.line_counts(BEGINNING))
}

fn event(views: &Views, id: &EventId) -> Arc<EventView> {
    views
        .event(id)
        .unwrap_or_else(|| panic!("the view knows the event"))
}

async fn follow(store: &Arc<ClusterStore>, views: &Arc<Views>) {
    let (store, views) = (Arc::clone(store), Arc::clone(views) as Arc<dyn Follower>);
    let told = tokio::task::spawn_blocking(move || store.follow(views)).await;
    assert!(told.is_ok(), "following began");
}

/// A connection to Redis of the store's own kind.
pub(super) async fn link_to(redis_url: &str) -> Link {
    let address = Address::parse(redis_url).unwrap_or_else(|error| panic!("{error}"));
    let connected = address.connect(REDIS_TIMEOUT).await;
    connected.unwrap_or_else(|error| panic!("{error}"))
}

/// Asserts that the store said that it can't answer now.
pub(super) fn unavailable<T: std::fmt::Debug>(answer: jari_store::Result<T>) {
    match answer {
        Err(StoreError::Unavailable(_)) => {}
        other => panic!("unavailable was expected, not {other:?}"),
    }
}
