//! Redis in every form in which it is run, with the program on it: a sale from the operator to the ticket.

use serde_json::json;
use test_servers::{Postgres, RedisCluster, RedisSentinel, RedisTls};

use crate::server::{Server, jari};

fn put_on_sale(server: &Server) {
    server
        .asker()
        .put_on_sale(&json!({}), "Stalls,A,1-40,R,1000");
}

fn buy(server: &Server) {
    let directory = tempfile::tempdir().unwrap();
    let output = jari()
        .args(["buy", "--event", "gala", "--quantity", "2"])
        .current_dir(directory.path())
        .env("JARI_URL", &server.url)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Stalls, row A"));
}

#[test]
fn a_redis_cluster() {
    let (redis, postgres) = (RedisCluster::start(), Postgres::start());
    let server = Server::start_on_stores(&redis.url(), &postgres.url(), &[]);
    put_on_sale(&server);
    buy(&server);
}

#[test]
fn a_master_that_a_sentinel_replaces() {
    let (mut redis, postgres) = (RedisSentinel::start(), Postgres::start());
    let server = Server::start_on_stores(&redis.url(), &postgres.url(), &[]);
    put_on_sale(&server);
    buy(&server);
    redis.fail_over();
    buy(&server);
}

#[test]
fn a_redis_that_speaks_tls() {
    let (redis, postgres) = (RedisTls::start(), Postgres::start());
    let certificate = redis.certificate().display().to_string();
    let trusted = [("SSL_CERT_FILE", certificate.as_str())];
    let server = Server::start_on_stores(&redis.url(), &postgres.url(), &trusted);
    put_on_sale(&server);
    buy(&server);
}
