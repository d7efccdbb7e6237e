-- Stores what was loaded, if the right to do so still stands.
-- ARGV: token, state (V or A), payload, stamp, time to live (ms), load time (ms). Answers 1 if it is stored, else 0.
local value = state == 'V' or state == 'A'
if value and stamp == ARGV[4] then return 1 end -- sent twice
if not (value or state == 'L') or holder ~= ARGV[1] then return 0 end
if value then redis.call('DEL', key) end -- it replaces something that others may have copied
put(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
