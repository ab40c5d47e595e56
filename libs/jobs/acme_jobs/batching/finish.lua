-- Records how jobs ended, as arq's finish_job and finish_failed_job do one by one.
-- KEYS: queue, wake-up list. ARGV: owner, then for each job: id, what ('end' or 'again'), a number of ms: for 'end' how long the
-- job still counts as running (a periodic one, so that nobody starts it twice), for 'again' what its score is raised by.
local queue, wake, owner = KEYS[1], KEYS[2], ARGV[1]
local is_again = false
for i = 2, #ARGV, 3 do
  local id, ms = ARGV[i], tonumber(ARGV[i + 2])
  local running = 'arq:in-progress:' .. id
  local holder = redis.call('GET', running)
  -- A lease that ran out may be another's by now, and with it the job.
  if not holder or holder == owner then
    if ARGV[i + 1] == 'end' and ms > 0 then
      redis.call('PEXPIRE', running, ms)
    else
      redis.call('DEL', running)
    end
    if ARGV[i + 1] == 'end' then
      redis.call('DEL', 'arq:retry:' .. id, 'arq:job:' .. id)
      redis.call('ZREM', 'arq:abort', id)
      redis.call('ZREM', queue, id)
    else
      -- What a queue that was emptied has forgotten is not put there again without its body.
      if ms > 0 then redis.call('ZADD', queue, 'XX', 'INCR', ms, id) end
      is_again = true
    end
  end
end
if is_again and redis.call('LLEN', wake) == 0 then
  redis.call('LPUSH', wake, '1')
end
return redis.status_reply('OK')
