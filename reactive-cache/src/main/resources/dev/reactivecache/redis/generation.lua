-- Answers the numbers of a cache's generations. Members of the set and their scores: '!' less the incarnation; '*' the
-- last clear; '^' the newest number; '#' and a tag the last invalidation of that tag, unless there was none, or it was
-- cut off together with older ones, when the whole cache was said to have been cleared then.
-- A set with a score that no script has given counts as lost.
-- ARGV: an incarnation, in case there is none; tags
-- Answers, with spaces between: incarnation, newest, last clear, and one number for each tag.
local LARGEST = 9007199254740992 -- a score is exact up to here
local born = redis.pcall('ZSCORE', key, '!')
local members = { '^', '*' }
for i = 2, #ARGV do members[#members + 1] = '#' .. ARGV[i] end
local lost = type(born) ~= 'string'
local answer = ''

local function add(number)
  if not (number >= 0 and number <= LARGEST and number == math.floor(number)) then lost = true end
  answer = answer .. ' ' .. string.format('%.0f', number)
end

if not lost then add(-tonumber(born)) end
for i = 1, lost and 0 or #members do add(tonumber(redis.call('ZSCORE', key, members[i]) or 0)) end
if lost then
  redis.call('DEL', key)
  redis.call('ZADD', key, '-' .. ARGV[1], '!')
  answer = ' ' .. ARGV[1] .. string.rep(' 0', #members)
end
return string.sub(answer, 2)
