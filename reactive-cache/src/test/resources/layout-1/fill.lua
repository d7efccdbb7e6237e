-- Stores what was loaded, if the right to do so still stands.
-- ARGV: token, state (V or A), payload, stamp, time to live (ms), load time (ms), extension, channel of the notes, the
-- asking node.
-- Answers 1 if it is stored, else 0.
local value = state == 'V' or state == 'A'
if value and stamp == ARGV[4] then return 1 end -- sent twice
if not (value or state == 'L') or holder ~= ARGV[1] then return 0 end
-- A string that SETRANGE lengthens is given twice the room it needs; one that it creates, just enough. So what stands
-- here goes first. That is announced, and all are told that this one announcement, the very next, is a fill.
redis.pcall('PUBLISH', ARGV[8], state .. ARGV[9] .. key)
redis.call('DEL', key)
put(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
return 1
