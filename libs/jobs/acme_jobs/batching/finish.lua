-- Records how jobs ended, as arq's finish_job and finish_failed_job do one by one.
-- KEYS: queue, wake-up list. ARGV: owner, then for each job: id, what ('end' or 'again'), a number of ms: for 'end' how long the
-- job still counts as running (a periodic one, so that nobody starts it twice), for 'again' what its score is raised by.
local queue, wake, owner = KEYS[1], KEYS[2], ARGV[1]

-- What is the same for all is asked in few calls: each takes as long as its work does. Of no more than so many, for `unpack`.
local MOST = 1000
local function in_parts(items, call)
  for from = 1, #items, MOST do
    call(from, unpack(items, from, math.min(from + MOST - 1, #items)))
  end
end

local running, holders = {}, {}
for i = 2, #ARGV, 3 do
  running[#running + 1] = 'arq:in-progress:' .. ARGV[i]
end
in_parts(running, function(from, ...)
  for at, holder in ipairs(redis.call('MGET', ...)) do
    holders[from + at - 1] = holder
  end
end)

local ended, obsolete, is_again = {}, {}, false
for at, key in ipairs(running) do
  local id, what, ms = ARGV[3 * at - 1], ARGV[3 * at], tonumber(ARGV[3 * at + 1])
  -- A lease that ran out may be another's by now, and with it the job.
  if not holders[at] or holders[at] == owner then
    if what == 'end' and ms > 0 then
      redis.call('PEXPIRE', key, ms)
    else
      obsolete[#obsolete + 1] = key
    end
    if what == 'end' then
      ended[#ended + 1] = id
      obsolete[#obsolete + 1] = 'arq:retry:' .. id
      obsolete[#obsolete + 1] = 'arq:job:' .. id
    else
      -- What a queue that was emptied has forgotten is not put there again without its body.
      if ms > 0 then redis.call('ZADD', queue, 'XX', 'INCR', ms, id) end
      is_again = true
    end
  end
end
in_parts(obsolete, function(_, ...) redis.call('DEL', ...) end)
in_parts(ended, function(_, ...)
  redis.call('ZREM', 'arq:abort', ...)
  redis.call('ZREM', queue, ...)
end)

if is_again and redis.call('LLEN', wake) == 0 then
  redis.call('LPUSH', wake, '1')
end
return redis.status_reply('OK')
