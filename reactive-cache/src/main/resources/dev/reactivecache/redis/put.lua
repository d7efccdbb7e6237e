-- Stores a value as it is, unless somebody is writing, who will then leave the key absent.
-- ARGV: state (V), payload, stamp, time to live (ms), load time (ms), extension. Answers 1 if it is stored, else 0.
if state == 'V' and stamp == ARGV[3] then return 1 end -- sent twice
local open = writers('')
announce()
if #open > 0 then
  quarantine(open, '1')
  return 0
end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
