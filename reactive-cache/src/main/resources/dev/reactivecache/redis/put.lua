-- Stores a value as it is, unless somebody is writing, who will then leave the key absent.
-- After the deadline, when its sender has given it up, it only invalidates: a newer change may have come before it.
-- ARGV: state (V), payload, stamp, time to live (ms), load time (ms), extension, deadline. Answers 1 if it is stored, else 0.
if state == 'V' and stamp == ARGV[3] then return 1 end -- sent twice
local open = writers('')
announce()
if #open > 0 then
  quarantine(open, '1')
  return 0
end
if now > tonumber(ARGV[7]) then return 0 end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
