"""A worker of arq's that pushes, claims and finishes jobs in batches: ten times as many as arq's own.

Keys, scores and bodies are arq's, so its `Worker`, `Job` and `enqueue_job` work on the same queue. What arq
asks in five calls for one job is asked in one for many: a script each to push, to claim and to finish. The
scripts name keys that nobody declares to them, so the queue is one server, not a cluster.

`make bench-queue` measures it; the decision record on the queue says what an update of arq must be read for.
"""
