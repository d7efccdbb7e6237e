-- Gives the right to fill the key, or answers what stands in the way.
-- ARGV: token, how long it may be held (ms), a stamp, and what the asker can do with the value that has it: '-' for
-- nothing; else it could answer with it, and would replace it if it is fresh for no longer than this (ms)
-- Answers the whole entry if there is another value; else one character, and what stands behind it:
--   R  granted, over the value with that stamp     L  granted, over anything else, or nothing
--   W  being written                               O  another has it; for how much longer (ms)
-- and only to who could answer with the value:
--   F  it is fresh for longer; its header          B  it rests, since refreshes have failed; for how much longer (ms)
--   N  it is not there, or may not be served any more
local token, span, known = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local within = ARGV[4] ~= '-' and tonumber(ARGV[4])
if state == '+' then return 'W' end
if state == 'W' and #writers('') > 0 then return 'W' end
if state == 'W' or state == '?' then
  redis.call('DEL', key)
  state = ''
end
if within and not value then return 'N' end
local served = value and math.max(fresh, revalidate, onerror) > now
if served and stamp ~= known then return redis.call('GET', key) end
if served and within and fresh - now > within then return 'F' .. head end
local left = string.format('%.0f', math.max(0, deadline - now))
if holder ~= NONE and holder ~= token and deadline > now then return 'O' .. left end
if within and not served then return 'N' end
if within and holder == NONE and deadline > now then return 'B' .. left end
if value then
  hold(token, now + span, flag)
  outlive(span)
  return stamp == known and 'R' or 'L'
end
redis.call('SETRANGE', key, 0, header('L', ZERO, token, now + span, NEVER, 0, NONE, ''))
redis.call('PEXPIRE', key, span)
return 'L'
