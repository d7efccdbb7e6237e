-- Ends a write; stores its value only if nothing else has touched the key since it began.
-- ARGV: token, state (V, or - to store nothing), payload, stamp, time to live (ms), load time (ms), extension
-- Answers 2 if the value is stored, 1 if others are still writing, 0 if the key is left absent.
if state == 'V' and stamp == ARGV[4] then return 2 end -- sent twice
local begun = false
if state == 'W' then
  local tail = redis.call('GETRANGE', key, HEADER, -1)
  for i = 1, #tail, 29 do
    if string.sub(tail, i, i + 15) == ARGV[1] then begun = true end
  end
end
local open = writers(ARGV[1])
announce()
if #open > 0 then
  quarantine(open, '1')
  return 1
end
if begun and overlap == '0' and ARGV[2] ~= '-' then
  put(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
  return 2
end
return 0
