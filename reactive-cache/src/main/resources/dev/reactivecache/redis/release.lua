-- Gives the right to fill back. ARGV: token. Answers 1 if it was held, else 0.
if holder ~= ARGV[1] then return 0 end
if state == 'L' then
  redis.call('DEL', key)
else
  redis.call('SETRANGE', key, 5, NONE .. ms(0))
end
return 1
