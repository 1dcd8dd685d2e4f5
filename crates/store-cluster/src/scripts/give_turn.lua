-- Gives the turn back, and tells all instances what happened in it.
-- KEYS: 1 turn, 2 head, 3 log
-- ARGV: 1 the token of this turn, 2 the number of the newest fact, empty if that is not certain,
--       3 how many entries the log keeps, 4 the entry for the log, empty if there is nothing to tell
-- Replies: the id of the entry, empty if there was nothing to tell; nil if the turn was no longer this one, and nothing
-- was done. An entry names the one before it, so that whoever hears it knows whether there was one it has not heard.
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then
  return false
end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[2], ARGV[2])
else
  redis.call('DEL', KEYS[2])
end
if ARGV[4] == '' then
  return ''
end
local newest = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
local after = newest and newest[1] or '0-0'
return redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'entry', ARGV[4], 'after', after)
