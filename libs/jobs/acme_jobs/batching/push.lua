-- Adds jobs that the queue does not hold yet, as arq's enqueue_job does one by one, and wakes a worker.
-- KEYS: queue, wake-up list. ARGV, for each job: id, score, milliseconds until its body expires, body.
-- Returns how many were added.
local queue, wake = KEYS[1], KEYS[2]
local added = 0
for i = 1, #ARGV, 4 do
  local id = ARGV[i]
  if redis.call('EXISTS', 'arq:job:' .. id, 'arq:result:' .. id) == 0 then
    redis.call('SET', 'arq:job:' .. id, ARGV[i + 3], 'PX', ARGV[i + 2])
    redis.call('ZADD', queue, ARGV[i + 1], id)
    added = added + 1
  end
end
-- One is enough: the claim of who takes it leaves another while work is left. Deferred jobs wake too, for their time must be known.
if redis.call('LLEN', wake) == 0 then
  redis.call('LPUSH', wake, '1')
end
return added
