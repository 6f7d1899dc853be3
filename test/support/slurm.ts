/** A real Slurm on this machine, for one test: slurmctld, slurmd and munged, in a folder of their own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Slurm {
  /** For its commands. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs one of its commands and returns what that prints. */
  readonly run: (program: string, ...args: readonly string[]) => string;
  readonly stop: () => Promise<void>;
}

const CPUS = 8;
const START_SECONDS = 60;
/** Debian keeps its daemons where not every user's PATH leads. */
const PATH = `${process.env.PATH}:/usr/sbin`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Why Slurm cannot be started, or null. */
function missing(): string | null {
  if (process.getuid?.() !== 0) return 'slurmd needs root';
  for (const program of ['munged', 'slurmctld', 'slurmd', 'sbatch']) {
    const { error } = spawnSync(program, ['--version'], { env: { ...process.env, PATH } });
    if (error !== undefined) return `${program} is not installed (Debian: slurm-wlm, munge)`;
  }
  return null;
}

async function configuration(folder: string, host: string): Promise<string> {
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Starts it, or says why it cannot be. */
export async function startSlurm(): Promise<Slurm | { readonly missing: string }> {
  const why = missing();
  if (why !== null) return { missing: why };
  const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  writeFileSync(join(folder, 'slurm.conf'), await configuration(folder, hostname().split('.')[0]));
  const env = { ...process.env, PATH, SLURM_CONF: join(folder, 'slurm.conf') };
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: readonly string[]) => {
    const daemon = spawn(program, args, { env, stdio: 'ignore' });
    daemon.on('error', () => {});
    daemons.push(daemon);
  };
  const run = (program: string, ...args: readonly string[]): string => {
    const { stdout, stderr, status } = spawnSync(program, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout;
  };
  const stop = async () => {
    spawnSync('scancel', ['--full', '--signal=KILL', '--user=root'], { env });
    for (const daemon of daemons.reverse()) {
      daemon.kill('SIGTERM');
      await Promise.race([new Promise((ended) => daemon.on('exit', ended)), sleep(3000)]);
      daemon.kill('SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };

  start(
    'munged',
    '--foreground',
    '--force',
    `--socket=${folder}/munge.socket`,
    `--key-file=${folder}/munge.key`,
    `--pid-file=${folder}/munge.pid`,
    `--log-file=${folder}/munge.log`,
    `--seed-file=${folder}/munge.seed`,
  );
  start('slurmctld', '-D', '-i');
  start('slurmd', '-D');
  for (let waited = 0; waited < START_SECONDS; waited += 0.2) {
    const { stdout } = spawnSync('sinfo', ['--noheader', '--format=%t'], { env, encoding: 'utf8' });
    if (stdout?.trim() === 'idle') return { env, run, stop };
    await sleep(200);
  }
  const log = ['slurmctld.log', 'slurmd.log', 'munge.log'].map((name) => {
    try {
      return readFileSync(join(folder, name), 'utf8').trim().split('\n').slice(-2).join(' | ');
    } catch {
      return `no ${name}`;
    }
  });
  await stop();
  return { missing: `Slurm is installed but does not start here: ${log.join('; ')}` };
}
