-- Ends the generations of a tag, or of the whole cache, with a number above all before it, and not below this server's
-- time, so that one which a failover has lost is not given again. See generation.lua for the set.
-- ARGV: an incarnation, in case there is none; '*', or '#' and the tag
local LIMIT = 10000
-- the first write also gets the others past the memory limit
if type(redis.pcall('ZREM', key, '~')) ~= 'number' then redis.call('DEL', key) end
if not redis.call('ZSCORE', key, '!') then redis.call('ZADD', key, '-' .. ARGV[1], '!') end
local newest = tonumber(redis.call('ZSCORE', key, '^') or 0)
local number = string.format('%.0f', math.max(newest + 1, clock[1] * 1000000 + clock[2]))
redis.call('ZADD', key, number, ARGV[2])
redis.call('ZADD', key, number, '^')
if redis.call('ZCARD', key) > LIMIT then -- a tenth goes, and with it what was stored before the last of them
  local cut = redis.call('ZRANGEBYSCORE', key, 0, '+inf', 'WITHSCORES', 'LIMIT', LIMIT / 10, 1)[2]
  local cleared = math.max(tonumber(cut), tonumber(redis.call('ZSCORE', key, '*') or 0))
  redis.call('ZREMRANGEBYSCORE', key, 0, cut)
  redis.call('ZADD', key, string.format('%.0f', cleared), '*')
end
return 1
