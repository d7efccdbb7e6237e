-- Stores a value as it is, unless somebody is writing, who will then leave the key absent.
-- After the deadline, when its sender has given it up, it only invalidates: a newer change may have come before it.
-- Past the memory limit, too; and then it answers what Redis says of that.
-- ARGV: the nine of put, deadline. Answers 1 if it is stored, else 0.
if state == 'V' and stamp == ARGV[3] then return 1 end -- sent twice
local open, full = writers(''), refusal()
announce()
if #open > 0 then
  quarantine(open, true)
  return 0
end
if full then return full end
if now > tonumber(ARGV[10]) then return 0 end
put(1)
return 1
