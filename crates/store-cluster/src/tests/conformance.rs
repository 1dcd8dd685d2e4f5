//! The cluster store keeps the promises of every store.

use test_servers::{Redis, RedisCluster};

use super::world::Alone;

type OnRedis = Alone<Redis>;
type OnRedisCluster = Alone<RedisCluster>;

jari_store::conformance_suite!(one_redis, super::OnRedis);
jari_store::conformance_suite!(redis_cluster, super::OnRedisCluster);
