//! The cluster store keeps the promises of every store.

use test_servers::{Redis, RedisCluster};

use super::by_turns::ByTurns;
use super::world::OnServers;
use crate::ClusterStore;

type OnRedis = OnServers<Redis, ClusterStore>;
type OnRedisCluster = OnServers<RedisCluster, ClusterStore>;
type TwoOnRedis = OnServers<Redis, ByTurns>;

jari_store::conformance_suite!(one_redis, super::OnRedis);
jari_store::conformance_suite!(two_instances, super::TwoOnRedis);
jari_store::conformance_suite!(redis_cluster, super::OnRedisCluster);
