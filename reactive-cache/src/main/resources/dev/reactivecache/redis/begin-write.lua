-- Invalidates, and lets nobody fill the key until the write ends. ARGV: token, for how long at most (ms)
local open = writers(ARGV[1])
local overlapped = #open > 0
announce()
open[#open + 1] = { token = ARGV[1], till = now + tonumber(ARGV[2]) }
quarantine(open, overlapped)
return 1
