-- Deletes the value, voids every right to fill, tells everybody. Writes under way go on, and will leave the key absent.
local open = writers('')
announce()
if #open > 0 then quarantine(open, '1') end
return 1
