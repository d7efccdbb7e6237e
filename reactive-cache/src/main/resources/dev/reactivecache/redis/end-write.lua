-- Ends a write; stores its value only if nothing else has touched the key since it began, and not past the memory
-- limit.
-- ARGV: token, the nine of put, the first of them '-' to store nothing
-- Answers 2 if the value is stored, 1 if others are still writing, 0 if the key is left absent.
if state == 'V' and stamp == ARGV[4] then return 2 end -- sent twice
local begun = false
if state == 'W' then
  local tail = redis.call('GETRANGE', key, HEADER, -1)
  for i = 1, #tail - WRITER + 1, WRITER do
    if string.sub(tail, i, i + 7) == ARGV[1] then begun = true end
  end
end
local open, full = writers(ARGV[1]), refusal()
announce()
if #open > 0 then
  quarantine(open, true)
  return 1
end
if begun and flag == ZERO and ARGV[2] ~= '-' and not full then
  put(2)
  return 2
end
return 0
