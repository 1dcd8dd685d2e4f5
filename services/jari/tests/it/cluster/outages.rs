//! What breaks between the services and their stores, and what the people who buy through the gateway see of it.
//!
//! In each of these sales one person has bought and is gone, one holds two seats, one has a pass, and two wait behind them:
//! the shop has room for two.

use std::time::Duration;

use local_cluster::Cluster;
use serde_json::{Value, json};
use tempfile::TempDir;
use test_servers::{Proxy, Silence};
use tokio::runtime::Runtime;

use super::{AVAILABILITY, asker, sound};
use crate::asking::{Asker, Stream, Told};
use crate::server::{Client, start_cluster_on};

const STATUS: &str = "/api/queue/status?event_id=gala";
const HOLDS: &str = "/api/events/gala/holds";
const RESERVATIONS: &str = "/api/events/gala/reservations";
/// What is sent of a sale, and of nothing else.
const CONFIRMED: &str = "\"confirmed\":";
/// Late, and well within what is waited for.
const LATE: Duration = Duration::from_millis(40);

/// A sale, and the people in it.
struct Sale {
    // Ends before its data.
    cluster: Cluster,
    _data: TempDir,
    network: Runtime,
    to_redis: Proxy,
    to_postgres: Proxy,
    buyers: Asker,
    /// Who bought: the ticket and the reservation.
    gone: (String, Value),
    /// Who holds two seats: the wish to buy them.
    purchase: Value,
    /// Who has a pass.
    pass: String,
    /// Who waits: the tickets, and what the first of them is told.
    waiting: [String; 2],
    first_in_line: Stream,
    _second_in_line: Stream,
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}

fn enter(buyers: &Asker) -> Value {
    let event = json!({ "event_id": "gala" });
    buyers.post("/api/queue/enter", "", &event).json(201)
}

fn hold(buyers: &Asker, pass: &str, seats: &[&str]) -> Told {
    buyers.post(HOLDS, pass, &json!({ "seats": seats }))
}

fn purchase(hold: &Value) -> Value {
    let buyer = json!({ "name": "Kim Min-ji", "contact": "010" });
    json!({ "hold_token": hold["hold_token"], "buyer": buyer })
}

fn buy(buyers: &Asker, purchase: &Value) -> Told {
    let key = [("Idempotency-Key", "the key of a purchase")];
    buyers.with_json("POST", RESERVATIONS, "", &key, purchase)
}

/// Everything until something breaks.
fn sale() -> Sale {
    let network = Runtime::new().unwrap();
    let mut between = None;
    let (data, cluster) = start_cluster_on(|redis, postgres| {
        let to_redis = network.block_on(Proxy::before(redis.port()));
        let to_postgres = network.block_on(Proxy::before(postgres.port()));
        let redis_url = format!("redis://127.0.0.1:{}", to_redis.port());
        let database_url = postgres.url_at(to_postgres.port());
        between = Some((to_redis, to_postgres));
        (redis_url, database_url)
    });
    let (to_redis, to_postgres) = between.unwrap();
    let buyers = Asker::at(&cluster.url);
    let settings =
        json!({ "hold_seconds": 3600, "queue": { "capacity": 2, "pass_seconds": 3600 } });
    buyers.put_on_sale(&settings, "Stalls,A,1-40,R,1000");
    let place = enter(&buyers);
    let held = hold(&buyers, &text(&place, "pass"), &["Stalls-A-1"]).json(201);
    let key = [("Idempotency-Key", "an earlier one")];
    let bought = buyers.with_json("POST", RESERVATIONS, "", &key, &purchase(&held));
    let gone = (text(&place, "ticket"), bought.json(201));
    let place = enter(&buyers);
    let seats = ["Stalls-A-2", "Stalls-A-3"];
    let held = hold(&buyers, &text(&place, "pass"), &seats).json(201);
    let pass = text(&enter(&buyers), "pass");
    let waiting = [enter(&buyers), enter(&buyers)].map(|place| text(&place, "ticket"));
    // Who listens is present.
    let queue = asker(&cluster.queues[0]);
    let listen = |ticket: &String| queue.stream("/api/queue/stream?event_id=gala", ticket);
    let [first_in_line, second_in_line] = waiting.each_ref().map(listen);
    Sale {
        cluster,
        _data: data,
        network,
        to_redis,
        to_postgres,
        buyers,
        gone,
        purchase: purchase(&held),
        pass,
        waiting,
        first_in_line,
        _second_in_line: second_in_line,
    }
}

impl Sale {
    fn status(&self, ticket: &str) -> Value {
        self.buyers.get(STATUS, ticket).json(200)
    }

    /// Nothing is sold, held or begun, and everybody is told to ask again; what can be seen is seen all the same.
    fn stands_still(&self) {
        let event = json!({ "event_id": "gala" });
        for told in [
            buy(&self.buyers, &self.purchase),
            hold(&self.buyers, &self.pass, &["Stalls-A-4"]),
            self.buyers.post("/api/queue/enter", "", &event),
        ] {
            told.refused(503, "unavailable");
            assert_eq!(told.header("retry-after"), "1");
        }
        assert_eq!(self.status(&self.waiting[0])["position"], 1);
        let seats = self.buyers.get(AVAILABILITY, "").json(200);
        assert_eq!((&seats["sold"], &seats["held"]), (&json!(1), &json!(2)));
    }

    /// After whatever happened: at the first try the hold is bought, once, and the pass holds seats; the next person is let
    /// in, and only that one; what was answered before is as it was, and who was gone stays gone.
    fn goes_on(mut self) {
        let bought = buy(&self.buyers, &self.purchase).json(201);
        assert_eq!(bought["seats"].as_array().unwrap().len(), 2);
        assert_eq!(buy(&self.buyers, &self.purchase).json(201), bought);
        hold(&self.buyers, &self.pass, &["Stalls-A-4"]).json(201);
        for taken in ["Stalls-A-1", "Stalls-A-2"] {
            let told = hold(&self.buyers, &self.pass, &[taken]);
            told.refused(409, "seats_unavailable");
        }
        while self.first_in_line.next().2["state"] != "admitted" {}
        // Of the same instance, which has heard of it.
        let told = asker(&self.cluster.queues[0]).get(STATUS, &self.waiting[1]);
        let second = told.json(200);
        assert_eq!(
            (&second["state"], &second["position"]),
            (&json!("waiting"), &json!(1))
        );
        self.kept(&bought);
    }

    /// What must be in the stores, whichever instance tells it.
    fn kept(&self, bought: &Value) {
        let (ticket, before) = &self.gone;
        assert_eq!(self.status(ticket)["state"], "done");
        let id = text(before, "reservation_id");
        let receipt = text(before, "receipt_token");
        let shown = self
            .buyers
            .get(&format!("/api/reservations/{id}"), &receipt);
        assert_eq!(shown.json(200)["code"], before["code"]);
        assert_ne!(bought["code"], before["code"]);
        let event = json!({ "event_id": "gala" });
        let again = self.buyers.post("/api/queue/enter", ticket, &event);
        assert_eq!(again.json(201)["position"], 2, "behind all who wait");
        let told = self
            .buyers
            .operate("GET", "/events/gala/stats", &Value::Null);
        let stats = told.json(200);
        assert_eq!(
            (&stats["queue"]["admitted"], &stats["seats"]["sold"]),
            (&json!(2), &json!(3))
        );
        sound(&self.cluster);
    }
}

#[test]
fn while_postgres_is_gone_nothing_is_sold_and_then_all_goes_on() {
    let mut sale = sale();
    sale.cluster.postgres.kill();
    sale.stands_still();
    sale.cluster.postgres.restart();
    sale.goes_on();
}

#[test]
fn while_redis_is_gone_nothing_is_sold_and_a_new_one_without_data_is_as_good() {
    let mut sale = sale();
    sale.cluster.redis.kill();
    sale.stands_still();
    sale.cluster.redis.restart();
    sale.goes_on();
}

#[test]
fn a_network_that_is_cut_and_mended_costs_nothing() {
    let sale = sale();
    sale.to_redis.cut();
    sale.to_postgres.cut();
    sale.stands_still();
    sale.to_redis.through();
    sale.to_postgres.through();
    sale.goes_on();
}

#[test]
fn a_network_that_is_slow_delays_and_refuses_nothing() {
    let sale = sale();
    sale.to_redis.delay(LATE);
    sale.to_postgres.delay(LATE);
    sale.goes_on();
}

#[test]
fn a_redis_that_says_nothing_is_given_up() {
    let sale = sale();
    sale.to_redis.silence();
    let told = buy(&sale.buyers, &sale.purchase);
    told.refused(503, "unavailable");
    sale.to_redis.through();
    sale.goes_on();
}

#[test]
fn a_redis_that_loses_everything_is_not_noticed() {
    let sale = sale();
    assert_eq!(sale.cluster.redis.command(&["FLUSHALL"]), "OK");
    sale.goes_on();
}

/// The first instance is asked to sell, and is at this point of it.
fn selling(sale: &Sale, proxy: &Proxy, silence: Silence, sent: &str) {
    proxy.silence_at(silence, sent);
    let url = format!("http://{}", sale.cluster.cores[0].address);
    let wish = sale.purchase.clone();
    let asked = sale.network.spawn_blocking(move || {
        let client = Client::at(&url);
        client.post(RESERVATIONS, "", "the key of a purchase", &wish)
    });
    sale.network.block_on(async {
        tokio::select! {
            () = proxy.has_fallen_silent() => {}
            told = asked => panic!("it has gone through: {told:?}"),
        }
    });
}

fn killed_when_selling(proxy: fn(&Sale) -> &Proxy, silence: Silence, sent: &str, sold: &str) {
    let mut sale = sale();
    selling(&sale, proxy(&sale), silence, sent);
    sale.cluster.cores[0].kill();
    let count = "select count(*) from reservations";
    assert_eq!(sale.cluster.postgres.query(count), sold);
    sale.goes_on();
}

const fn to_redis(sale: &Sale) -> &Proxy {
    &sale.to_redis
}

const fn to_postgres(sale: &Sale) -> &Proxy {
    &sale.to_postgres
}

#[test]
fn an_instance_killed_before_it_writes_has_sold_nothing() {
    killed_when_selling(to_postgres, Silence::Before, CONFIRMED, "1");
}

#[test]
fn an_instance_killed_before_its_commit_has_sold_nothing() {
    killed_when_selling(to_postgres, Silence::Before, "COMMIT", "1");
}

#[test]
fn an_instance_killed_after_its_commit_has_sold() {
    killed_when_selling(to_postgres, Silence::After, "COMMIT", "2");
}

#[test]
fn an_instance_killed_before_it_tells_the_others_has_sold() {
    killed_when_selling(to_redis, Silence::Before, CONFIRMED, "2");
}

#[test]
fn an_instance_killed_before_it_answers_has_sold() {
    killed_when_selling(to_redis, Silence::After, CONFIRMED, "2");
}

fn postgres_killed_when_selling(silence: Silence, sold: &str) {
    let mut sale = sale();
    selling(&sale, &sale.to_postgres, silence, "COMMIT");
    sale.cluster.postgres.restart();
    let count = "select count(*) from reservations";
    assert_eq!(sale.cluster.postgres.query(count), sold);
    sale.goes_on();
}

#[test]
fn a_postgres_killed_before_the_commit_has_sold_nothing() {
    postgres_killed_when_selling(Silence::Before, "1");
}

#[test]
fn a_postgres_killed_after_the_commit_has_sold() {
    postgres_killed_when_selling(Silence::After, "2");
}
