-- Lets a turn last longer.
-- KEYS: 1 turn
-- ARGV: 1 the token of this turn, 2 how long it lasts from now on (ms)
-- Replies: 1; 0 if the turn was no longer this one, and nothing was done.
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[2]))
return 1
