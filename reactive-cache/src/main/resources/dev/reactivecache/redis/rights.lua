-- Tries what the other scripts do, on a key of its own, which is gone afterwards.
-- Answers with the commands that the user may not run, each after a '+'.
local missing = {}
local function try(command, ...)
  local answer = redis.pcall(command, ...)
  if type(answer) == 'table' and answer.err and string.find(answer.err, 'user executing the script', 1, true) then
    missing[#missing + 1] = '+' .. string.lower(command)
  end
end
try('GET', key)
try('GETRANGE', key, 0, 0)
try('STRLEN', key)
try('SETRANGE', key, 0, '-')
try('PTTL', key)
try('PEXPIRE', key, 1000)
try('DEL', key)
try('ZADD', key, 0, '-')
try('ZSCORE', key, '-')
try('ZCARD', key)
try('ZRANGEBYSCORE', key, '-inf', '+inf')
try('ZREMRANGEBYSCORE', key, '-inf', -1)
try('ZREM', key, '-')
redis.pcall('DEL', key)
return table.concat(missing, ' ')
