-- Gives the right to fill back. ARGV: token, channel of the notes, the asking node. Answers 1 if it was held, else 0.
if holder ~= ARGV[1] then return 0 end
if state == 'L' then
  redis.pcall('PUBLISH', ARGV[2], state .. ARGV[3] .. key) -- as in a fill: what the asker keeps for itself does not go
  redis.call('DEL', key)
else
  redis.call('SETRANGE', key, 5, NONE .. ms(0))
end
return 1
