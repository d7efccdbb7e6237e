-- Answers the numbers of a cache's generations. Members of the set and their scores: '!' less the incarnation; '*' the last
-- clear; '^' the newest number; '#' and a tag the last invalidation of that tag, unless there was none, or it was cut off
-- together with older ones, when the whole cache was said to have been cleared then.
-- ARGV: an incarnation, in case there is none; tags
-- Answers, with spaces between: incarnation, newest, last clear, and one number for each tag.
local born = redis.pcall('ZSCORE', key, '!')
if type(born) ~= 'string' then
  redis.call('DEL', key)
  born = '-' .. ARGV[1]
  redis.call('ZADD', key, born, '!')
end
local function number(member)
  return string.format('%.0f', tonumber(redis.call('ZSCORE', key, member) or 0))
end
local answer = string.format('%.0f', -tonumber(born)) .. ' ' .. number('^') .. ' ' .. number('*')
for i = 2, #ARGV do answer = answer .. ' ' .. number('#' .. ARGV[i]) end
return answer
