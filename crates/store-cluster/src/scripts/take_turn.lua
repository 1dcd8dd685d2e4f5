-- Takes the turn to write, if it is free and nobody else has waited for it longer; whoever has taken it under this token and
-- was not told has it.
-- KEYS: 1 turn, 2 next, 3 head, 4 log
-- ARGV: 1 the instance, 2 the token of this turn, 3 how long it lasts (ms), 4 how long a wish to be next lasts (ms),
--       5 the id of the newest entry of the log that the instance has heard, 6 how many entries it can be told
-- Replies: {now (ms since 1970), 1 if taken, head, the id of the newest entry of the log, the entries after the one heard};
-- head is empty where it can't be trusted: it is missing, or whoever had the turn before did not give it back.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local until_ms = redis.call('HGET', KEYS[1], 'until')
local holder = redis.call('HGET', KEYS[1], 'holder')
if until_ms and tonumber(until_ms) > now and holder ~= ARGV[2] then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4], 'NX')
  return {now, 0, '', '', {}}
end
local first = redis.call('GET', KEYS[2])
if first and first ~= ARGV[1] then
  return {now, 0, '', '', {}}
end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'holder', ARGV[2], 'until', string.format('%.0f', now + ARGV[3]))
local head = not until_ms and redis.call('GET', KEYS[3])
local newest = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
local unheard = redis.call('XRANGE', KEYS[4], '(' .. ARGV[5], '+', 'COUNT', ARGV[6])
return {now, 1, head or '', newest and newest[1] or '0-0', unheard}
