-- Claims the jobs that are due, the oldest first, as arq's start_jobs and the head of its run_job do one by one.
-- KEYS: queue, wake-up list. ARGV: now in ms, most to claim, owner, lease in ms, seconds that tries are remembered,
-- 1 if jobs may be aborted.
-- Returns the score of the next job that is not due ('' if there is none), and a list of {id, score, body, try, aborted}.
local queue, wake = KEYS[1], KEYS[2]
local now, most, owner, lease, tries_kept, may_abort = unpack(ARGV)
most = tonumber(most)

-- Only what was tried before has such a key, which then counts.
local function count_try(id)
  local tries = 'arq:retry:' .. id
  if redis.call('SET', tries, '1', 'NX', 'EX', tries_kept) then return 1 end
  local try = redis.call('INCR', tries)
  redis.call('EXPIRE', tries, tries_kept)
  return try
end

local PAGE = 100
local claimed, bodies, offset, is_left = {}, {}, 0, false
local page
repeat
  -- What runs stays in the queue, in front: it is passed over.
  page = redis.call('ZRANGEBYSCORE', queue, '-inf', now, 'WITHSCORES', 'LIMIT', offset, PAGE)
  for i = 1, #page, 2 do
    local id = page[i]
    if #claimed == most then
      is_left = redis.call('EXISTS', 'arq:in-progress:' .. id) == 0
      if is_left then break end
    elseif redis.call('SET', 'arq:in-progress:' .. id, owner, 'NX', 'PX', lease) then
      local aborted = may_abort == '1' and redis.call('ZREM', 'arq:abort', id) or 0
      claimed[#claimed + 1] = {id, page[i + 1], false, count_try(id), aborted}
      bodies[#bodies + 1] = 'arq:job:' .. id
    end
  end
  offset = offset + PAGE
until is_left or #page < 2 * PAGE

-- All in one call, or in some: `unpack` has its limit.
for from = 1, #bodies, 1000 do
  for at, body in ipairs(redis.call('MGET', unpack(bodies, from, math.min(from + 999, #bodies)))) do
    claimed[from + at - 1][3] = body
  end
end

if not is_left then
  redis.call('DEL', wake)
elseif redis.call('LLEN', wake) == 0 then
  redis.call('LPUSH', wake, '1')
end
local later = redis.call('ZRANGEBYSCORE', queue, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return {later[2] or '', claimed}
