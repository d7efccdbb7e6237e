-- Stores what was loaded, if the right to do so still stands.
-- ARGV: token, the nine of put, channel of the notes, the asking node. Answers 1 if it is stored, else 0.
if value and stamp == ARGV[4] then return 1 end -- sent twice
if not held_by(ARGV[1]) then return 0 end
-- A string that SETRANGE lengthens is given twice the room it needs; one that it creates, just enough. So what stands
-- here goes first. That is announced, and all are told that this one announcement, the very next, is a fill.
redis.pcall('PUBLISH', ARGV[11], state .. ARGV[12] .. key)
redis.call('DEL', key)
put(2)
return 1
