-- Invalidates, and lets nobody fill the key until the write ends. ARGV: token, for how long at most (ms)
local open = writers(ARGV[1])
announce()
local overlapped = #open > 0 and '1' or '0'
open[#open + 1] = ARGV[1] .. ms(now + tonumber(ARGV[2]))
quarantine(open, overlapped)
return 1
