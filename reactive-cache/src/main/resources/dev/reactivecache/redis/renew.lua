-- Prolongs the right to fill the key. ARGV: token, for how much longer (ms). Answers 1, or 0 if it does not stand any more.
if state == 'W' or state == '+' or state == '?' or holder ~= ARGV[1] then return 0 end
redis.call('SETRANGE', key, 21, ms(now + tonumber(ARGV[2])))
if state == 'L' then redis.call('PEXPIRE', key, ARGV[2]) end
return 1
