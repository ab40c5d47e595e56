-- Prolongs the leases of jobs that are still run. What is another's by now, or has ended meanwhile, is left alone.
-- ARGV: owner, lease in ms, then the ids.
local owner, lease = ARGV[1], ARGV[2]
for i = 3, #ARGV do
  local running = 'arq:in-progress:' .. ARGV[i]
  if redis.call('GET', running) == owner then
    redis.call('PEXPIRE', running, lease)
  end
end
return redis.status_reply('OK')
