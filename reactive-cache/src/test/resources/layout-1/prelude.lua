-- Comes before every script. One key, one entry: a header of 100 characters, an extension, then the tail.
--   0  2  'rc'
--   2  1  version of this layout
--   3  1  state: V value, A known to be absent, L somebody loads, W somebody writes
--   4  1  W only: 1 if anything else has changed the key since the first of its writers began
--   5 16  token of the one who may fill the key, or dashes
--  21 13  until when he may, in ms of this server's clock, like all times here
--  34 13  until when the value is fresh
--  47 13  until when it may be served
--  60 13  when it was stored
--  73  8  how long the source took, in ms
--  81 16  stamp: differs for every content
--  97  3  length of the extension, in hexadecimal
-- Extension: the generations that a value belongs to, which no script reads.
-- Tail: V the payload; W each writer's token (16) and deadline (13).
-- Only SETRANGE and PEXPIRE are used for bookkeeping, because nobody listens for them; where copies elsewhere must go,
-- a DEL is made to happen, also of a key that was not there.
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local HEADER = 100
local NONE = '----------------'
-- what a header of this version looks like
local ID = string.rep('[%x%-]', 16)
local FORM = '^rc1[VALW][01]' .. ID .. string.rep('%d', 60) .. ID .. '%x%x%x$'

local head = redis.pcall('GETRANGE', key, 0, HEADER - 1)
local state, overlap, holder, deadline, served, stamp = '', '0', NONE, 0, 0, NONE
if type(head) ~= 'string' or (head ~= '' and string.sub(head, 1, 2) ~= 'rc') then
  state = '?' -- not ours
elseif #head == HEADER and string.sub(head, 3, 3) ~= '1' then
  state = '+' -- ours, of another version
elseif head ~= '' and not string.find(head, FORM) then
  state = '?'
elseif head ~= '' and redis.call('STRLEN', key) < HEADER + tonumber(string.sub(head, 98, 100), 16) then
  state = '?'
elseif head ~= '' then
  state = string.sub(head, 4, 4)
  overlap = string.sub(head, 5, 5)
  holder = string.sub(head, 6, 21)
  deadline = tonumber(string.sub(head, 22, 34))
  served = tonumber(string.sub(head, 48, 60))
  stamp = string.sub(head, 82, 97)
end

local function ms(n) return string.format('%013.0f', n) end

local function header(st, ov, tok, till, fresh, served, stored, took, stmp, extension)
  return 'rc1' .. st .. ov .. tok .. ms(till) .. ms(fresh) .. ms(served) .. ms(stored)
    .. string.format('%08.0f', math.min(took, 99999999)) .. stmp .. string.format('%03x', #extension) .. extension
end

-- the writers whose quarantine has not ended, but for one of them
local function writers(except)
  local found = {}
  if state == 'W' then
    local tail = redis.call('GETRANGE', key, HEADER, -1)
    for i = 1, #tail, 29 do
      local token, till = string.sub(tail, i, i + 15), string.sub(tail, i + 16, i + 28)
      if token ~= except and (tonumber(till) or 0) > now then found[#found + 1] = token .. till end
    end
  end
  return found
end

-- the first DEL also gets a key to announce past the memory limit, which only the first write of a script has to keep
local function announce()
  if redis.call('DEL', key) == 0 then
    redis.call('SETRANGE', key, 0, 'z')
    redis.call('DEL', key)
  end
end

local function quarantine(open, overlapped)
  local till = now + 1
  for _, writer in ipairs(open) do till = math.max(till, tonumber(string.sub(writer, 17))) end
  redis.call('SETRANGE', key, 0, header('W', overlapped, NONE, 0, 0, 0, now, 0, NONE, '') .. table.concat(open))
  redis.call('PEXPIRE', key, till - now)
end

local function put(st, payload, stmp, ttl, took, extension)
  local till = now + tonumber(ttl)
  redis.call('SETRANGE', key, 0, 
    header(st, '0', NONE, 0, till, till, now, tonumber(took), stmp, extension) .. payload)
  redis.call('PEXPIRE', key, ttl)
end
