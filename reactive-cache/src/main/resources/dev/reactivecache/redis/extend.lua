-- Gives a value a life from now on, since its source says that it has not changed, and the right to fill it back.
-- The token stays, so that this may be sent twice.
-- ARGV: token, stamp, time to live, and the windows after that as those of put (ms), load time (ms), channel of the
-- notes
-- Answers 1, or 0 if the right does not stand any more, or not over that content.
if state ~= 'V' or holder ~= ARGV[1] or stamp ~= ARGV[2] then return 0 end
local till = ends(state, ARGV[3], ARGV[4], ARGV[5], ARGV[6])
-- to confirm takes less time than to load, and it is the next load that may take long
redis.call('SETRANGE', key, 4, struct.pack('>BBI2c8I6I6I6I6I6I4', ZERO, 0, ext, holder, 0, now, till[1],
  till[2], till[3], math.max(took, load_time(ARGV[7]))))
redis.call('PEXPIRE', key, till[4] - now)
redis.pcall('PUBLISH', ARGV[8], 'E' .. key)
return 1
