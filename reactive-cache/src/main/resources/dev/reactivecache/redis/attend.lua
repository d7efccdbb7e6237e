-- Notes that a node has a cache open, and forgets those who have not said so for too long.
-- ARGV: node, for how long this holds (ms), 0 if it has it no more
redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
if ARGV[2] == '0' then
  redis.call('ZREM', key, ARGV[1])
else
  redis.call('ZADD', key, now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', key, ARGV[2])
end
return 1
