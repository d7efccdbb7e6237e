-- Gives the right to fill back.
-- ARGV: token, channel of the notes, the asking node, for how long the value is to rest after the first of some
-- failures in a row, and at most (ms; 0: there was no failure), and '-' if the value is to go, since the source has
-- none any more
-- Answers 0 if the right does not stand any more, else 1 and for how long the value rests.
if not held_by(ARGV[1]) then return 0 end
if state == 'L' then
  redis.pcall('PUBLISH', ARGV[2], state .. ARGV[3] .. key) -- as in a fill: what the asker keeps for itself does not go
  redis.call('DEL', key)
  return 1
end
if ARGV[6] == '-' then
  redis.call('DEL', key)
  return 1
end
local first, longest = tonumber(ARGV[4]), tonumber(ARGV[5])
local rest = math.floor(math.min(longest, first * 2 ^ math.max(0, flag - ZERO)))
hold(NONE, rest > 0 and now + rest or 0, first > 0 and math.min(flag + 1, ZERO + 99) or flag)
redis.pcall('PUBLISH', ARGV[2], 'E' .. key)
return 1 + rest
