-- Answers the nodes that have a cache open, one after another.
return table.concat(redis.call('ZRANGEBYSCORE', key, now + 1, '+inf'))
