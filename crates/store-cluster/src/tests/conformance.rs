//! The cluster store keeps the promises of every store.

use test_servers::{Redis, RedisCluster};

use super::by_turns::Pair;
use super::world::Alone;

type OnRedis = Alone<Redis>;
type OnRedisCluster = Alone<RedisCluster>;

jari_store::conformance_suite!(one_redis, super::OnRedis);
jari_store::conformance_suite!(two_instances, super::Pair);
jari_store::conformance_suite!(redis_cluster, super::OnRedisCluster);
