-- Prolongs the right to fill the key. ARGV: token, for how much longer (ms). Answers 1, or 0 if it does not stand any
-- more.
if not held_by(ARGV[1]) then return 0 end
hold(holder, now + tonumber(ARGV[2]), flag)
outlive(tonumber(ARGV[2]))
return 1
