// A producer and a worker of BullMQ's, as a process that takes orders on stdin: see queueing/python_side.py, which takes the same.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { Queue, Worker } from 'bullmq';

const url = new URL(process.argv[2]);
const connection = { host: url.hostname, port: Number(url.port), password: url.password, db: Number(url.pathname.slice(1)) };
const NAME = 'bench';
const OPTIONS = { removeOnComplete: true, removeOnFail: true };
const now = () => Number(process.hrtime.bigint());
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let queue, worker, seen;
const seconds = (from) => (now() - from) / 1e9;

async function add({ ids, at_once }) {
  queue ??= new Queue(NAME, { connection });
  await queue.waitUntilReady();
  const left = [...ids].reverse();
  const from = now();
  const lane = async () => {
    for (let id = left.pop(); id; id = left.pop()) await queue.add('noop', { id }, { jobId: id, ...OPTIONS });
  };
  await Promise.all(Array.from({ length: at_once }, lane));
  return { seconds: seconds(from) };
}

async function trickle({ ids, every_ms }) {
  queue ??= new Queue(NAME, { connection });
  await queue.waitUntilReady();
  const at = {};
  for (const id of ids) {
    at[id] = now();
    await queue.add('noop', { id }, { jobId: id, ...OPTIONS });
    await pause(every_ms * (0.5 + Math.random()));
  }
  return { at };
}

function start() {
  seen = [];
  worker = new Worker(NAME, async (job) => void seen.push([job.data.id, now()]), { connection, concurrency: 50, autorun: false });
}

const orders = {
  add,
  trickle,
  versions: async () => ({ text: `Node ${process.version}, BullMQ ${createRequire(import.meta.url)('bullmq/package.json').version}` }),
  async drain({ count }) {
    start();
    await worker.waitUntilReady();
    let left = count;
    const done = new Promise((resolve) => worker.on('completed', () => --left === 0 && resolve()));
    const from = now();
    worker.run();
    await done;
    const took = seconds(from);
    await worker.close();
    return { seconds: took, seen };
  },
  async listen() {
    start();
    worker.run();
    await worker.waitUntilReady();
    await pause(300);
    return {};
  },
  async heard({ count }) {
    for (let tries = 0; seen.length < count && tries < 3000; tries++) await pause(10);
    await worker.close();
    return { seen };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await orders[order.do](order))}\n`);
}
process.exit(0);
