-- Gives the right to fill the key, or answers what stands in the way.
-- ARGV: token, how long it may be held (ms), stamp of a value that the asker could not read
-- Answers the whole entry if there is a value, else one character: L granted, W being written, O another has it, and
-- behind the O for how much longer (ms).
local token, span, unreadable = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if state == '+' then return 'W' end
if state == 'W' and #writers('') > 0 then return 'W' end
local value = state == 'V' or state == 'A'
if state == 'W' or state == '?' or (value and served <= now) then
  redis.call('DEL', key)
  state, value = '', false
end
if value and stamp ~= unreadable then return redis.call('GET', key) end
if state ~= '' and holder ~= NONE and holder ~= token and deadline > now then return 'O' .. ms(deadline - now) end
if value then
  redis.call('SETRANGE', key, 5, token .. ms(now + span))
else
  redis.call('SETRANGE', key, 0, header('L', '0', token, now + span, 0, 0, now, 0, NONE, ''))
  redis.call('PEXPIRE', key, span)
end
return 'L'
