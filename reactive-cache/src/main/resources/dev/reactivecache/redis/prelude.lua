-- Comes before every script. One key, one entry: a header of 58 bytes, an extension, then the tail. Numbers are
-- big-endian, times are ms of this server's clock.
--   0  2  'rc'
--   2  1  version of this layout, '2'
--   3  1  state: V value, A known to be absent, L somebody loads, W somebody writes
--   4  1  '0' and more. V, A: how many refreshes in a row have failed. W: 1 if anything else has changed the key since
--         the first of its writers began
--   5  1  unused
--   6  2  length of the extension
--   8  8  token of the one who may fill the key; zeros: nobody
--  16  6  until when that one may: zero once it has extended the value. Nobody: until when nobody is to refresh it
--  22  6  when it was stored, or its source last confirmed it
--  28  6  until when the value is fresh
--  34  6  until when it may be served while it is refreshed
--  40  6  until when it may be served if the source fails
--  46  4  how long the source took, in ms
--  50  8  stamp: differs for every content
-- Extension: the generations that a value belongs to, which no script reads.
-- Tail: V the payload; W each writer's token (8) and deadline (6).
-- Only SETRANGE and PEXPIRE are used for bookkeeping, because nobody listens for them; where copies elsewhere must go,
-- a DEL is made to happen, also of a key that was not there.
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local HEADER = 58
local WRITER = 14
local NONE = string.rep('\0', 8)
local ZERO = 48 -- '0'
local LATEST = now + 10000 * 86400000 -- no time of ours is later: no ttl and no window is above 1,000 days

local head = redis.pcall('GETRANGE', key, 0, HEADER - 1)
local state, value, flag, ext, holder, deadline = '', false, ZERO, 0, NONE, 0
local fresh, revalidate, onerror, took, stamp = 0, 0, 0, 0, NONE
if type(head) ~= 'string' or (head ~= '' and (#head < HEADER or string.sub(head, 1, 2) ~= 'rc')) then
  state = '?' -- not ours
elseif head ~= '' and string.sub(head, 3, 3) ~= '2' then
  state = '+' -- ours, of another version
elseif head ~= '' then
  local spare, stored
  state, flag, spare, ext, holder, deadline, stored, fresh, revalidate, onerror, took, stamp =
    struct.unpack('>c1BBI2c8I6I6I6I6I6I4c8', head, 4)
  value = state == 'V' or state == 'A'
  if not (value and stamp ~= NONE or state == 'L' or state == 'W')
    or math.max(deadline, fresh, revalidate, onerror) > LATEST
    or (ext > 0 and redis.call('STRLEN', key) < HEADER + ext) then
    state, value, holder = '?', false, NONE
  end
end

local function header(st, fl, token, till, ends, load, stmp, extension)
  return struct.pack('>c4BBI2c8I6I6I6I6I6I4c8', 'rc2' .. st, fl, 0, #extension, token, till, now, ends[1], ends[2],
    ends[3], load, stmp) .. extension
end
local NEVER = { 0, 0, 0 }

-- when what is stored now ends: to be fresh, to be served while it is refreshed, to be served if the source fails, to
-- be there at all. First for how long it is fresh (ms), then the windows after that, which are for values only
local function ends(st, ttl, while_refreshed, if_failed, for_refresher)
  local till = now + tonumber(ttl)
  if st ~= 'V' then return { till, till, till, till } end
  while_refreshed, if_failed, for_refresher = tonumber(while_refreshed), tonumber(if_failed), tonumber(for_refresher)
  return { till, till + while_refreshed, till + if_failed, till + math.max(while_refreshed, if_failed, for_refresher) }
end

local function load_time(ms) return math.min(tonumber(ms), 4294967295) end

-- whether the right to fill the key stands
local function held_by(token) return (value or state == 'L') and holder == token and deadline > 0 end

local function hold(token, till, fl)
  redis.call('SETRANGE', key, 4, struct.pack('>BBI2c8I6', fl, 0, ext, token, till))
end

-- what somebody loads is there until the load ends
local function outlive(span)
  local left = redis.call('PTTL', key)
  if left >= 0 and left < span then redis.call('PEXPIRE', key, span) end
end

-- the writers whose quarantine has not ended, but for one of them
local function writers(except)
  local found = {}
  if state == 'W' then
    local tail = redis.call('GETRANGE', key, HEADER, -1)
    for i = 1, #tail - WRITER + 1, WRITER do
      local token, till = struct.unpack('>c8I6', tail, i)
      if token ~= except and till > now and till <= LATEST then found[#found + 1] = { token = token, till = till } end
    end
  end
  return found
end

-- Redis refuses only the first write of a script past the memory limit. So a script that would store after an
-- announcement asks before it, by a write of nothing. Answers the refusal, or nil
local function refusal()
  local answer = redis.pcall('SETRANGE', key, 0, '')
  return type(answer) == 'table' and answer.err and string.find(answer.err, 'OOM', 1, true) and answer or nil
end

-- the first DEL also gets a key to announce past the memory limit, which only the first write of a script has to keep
local function announce()
  if redis.call('DEL', key) == 0 then
    redis.call('SETRANGE', key, 0, 'z')
    redis.call('DEL', key)
  end
end

local function quarantine(open, overlapped)
  local till, tail = now + 1, ''
  for _, writer in ipairs(open) do
    till = math.max(till, writer.till)
    tail = tail .. struct.pack('>c8I6', writer.token, writer.till)
  end
  redis.call('SETRANGE', key, 0, header('W', overlapped and ZERO + 1 or ZERO, NONE, 0, NEVER, 0, NONE, '') .. tail)
  redis.call('PEXPIRE', key, till - now)
end

-- Stores what nine arguments say, from this one on: state (V or A), payload, stamp, time to live, and for how long
-- after that it may be served while it is refreshed, if its source fails, and is kept for the refresher (ms), load time
-- (ms), extension
local function put(first)
  local st, payload, stmp, ttl, while_refreshed, if_failed, for_refresher, load, extension =
    unpack(ARGV, first, first + 8)
  local till = ends(st, ttl, while_refreshed, if_failed, for_refresher)
  redis.call('SETRANGE', key, 0, header(st, ZERO, NONE, 0, till, load_time(load), stmp, extension) .. payload)
  redis.call('PEXPIRE', key, till[4] - now)
end
