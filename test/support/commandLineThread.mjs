/**
 * Runs the compiled command line, one call after another, in a thread that is started once: to load it costs more
 * than most calls do. What `main.ts` does around a command is done here too.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { commandLine, answered, port } = workerData;
/** Settles before the first call is answered; a failure is told with each answer. */
const loading = Promise.all(
  ['program.js', 'ending.js'].map((name) => import(new URL(name, commandLine))),
);
loading.catch(() => {});

const { dlopen } = process;
process.dlopen = (module, file, ...flags) => {
  if (/dawn/.test(file))
    throw new Error('Dawn crashes in threads: a test on a GPU needs qmillProcess');
  dlopen(module, file, ...flags);
};

/** Ends a call early: by an error beside the command itself, or because the command wants its process to end. */
let stop = () => {};
process.on('uncaughtException', (error) => stop({ error }));
process.exit = (status) => {
  stop({ status });
  throw new Error(`the command ended its process, with status ${status}`);
};

/** @returns what was printed, as it grows */
function captured(stream) {
  const pieces = [];
  stream.write = (piece, encoding, written) => {
    pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
    const done = typeof encoding === 'function' ? encoding : written;
    if (done) process.nextTick(done);
    return true;
  };
  return pieces;
}

async function outcomeOf(args) {
  const [{ run }, { endingOf }] = await loading;
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  process.argv = [process.execPath, 'qmill', ...args];
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  const ran = run(process.argv).then(
    (status) => ({ status }),
    (error) => ({ error }),
  );
  let { status, error } = await Promise.race([ran, stopped]);
  if (error !== undefined) {
    const ending = endingOf(error);
    status = ending.status;
    if (ending.line !== null) stderr.push(`${ending.line}\n`);
  }
  // A command leaves them to the end of its process.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

parentPort.on('message', async (args) => {
  const answer = outcomeOf(args).then(
    (outcome) => ({ outcome }),
    (error) => ({ failure: error.message }),
  );
  port.postMessage(await answer);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
