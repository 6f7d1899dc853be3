/**
 * A lock that a process holds on a name, by a folder of that name which says who holds it.
 *
 * The folder is prepared under another name and renamed: that fails where the name is taken, and who comes
 * first is decided by the file system itself, a network's server included. What a holder writes lies in its
 * folder until it is whole. Whoever takes over from a dead holder moves its folder away, and with it what it
 * had not finished: a holder that was only believed dead can then no longer publish anything.
 *
 * Written here because proper-lockfile, the library for this, knows no owner (a killed process blocks for
 * its stale time), compares the clocks of two machines, and lets two processes remove one stale lock.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk } from './disk.js';
import { codeOf, StoreError } from './errors.js';
import { makeFolders } from './files.js';
import { isAbandoned, isRunning, type Owner, ownerSchema, thisProcess } from './owner.js';

export interface LockOptions {
  /** What is locked, for messages. */
  readonly what: string;
  /** Whether to wait for a living holder, and not to refuse. */
  readonly wait: boolean;
  /** Names that must not be held at the same time. */
  readonly conflicts?: (name: string) => boolean;
  /** Told what is being waited for, once for each holder. */
  readonly waiting?: (message: string) => void;
  /** Milliseconds between two signs of life of a holder. */
  readonly beat?: number;
  /** Milliseconds without one after which a holder on another machine is believed dead. */
  readonly patience?: number;
}

const BEAT_MS = 5_000;
const PATIENCE_MS = 30_000;
/** Milliseconds between two looks at a holder. */
const LOOK_MS = 200;
/** How often two that are in each other's way try again before they refuse. */
const ATTEMPTS = 6;
/** How often a name may be taken by others between two looks. */
const MOST_VAIN = 100;

const OWNER = 'owner.json';
const BEAT = 'beat';
/** Beginnings of names that no lock has. */
const PREPARED = '.new-';
const BURIED = '.dead-';
const RELEASED = '.old-';

/** What the system answers where a folder of that name exists: always, and on Windows. */
const TAKEN = ['ENOTEMPTY', 'EEXIST'];
const PERHAPS_TAKEN = ['EPERM', 'EACCES', 'EBUSY'];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

type Verdict = 'alive' | 'dead' | 'gone';

/** The locks of one folder, seen by one process. */
class Locks {
  private readonly said = new Set<string>();
  /** Folders of dead holders that this process has moved away. */
  readonly graves: string[] = [];

  constructor(
    private readonly disk: Disk,
    private readonly folder: string,
    readonly options: LockOptions,
  ) {}

  /** The holder of a name, or null where nobody holds it. */
  async holder(name: string): Promise<Owner | null> {
    const path = join(this.folder, name, OWNER);
    const bytes = await this.disk.read(path);
    if (bytes === undefined) return null;
    let content: unknown;
    try {
      content = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      content = null;
    }
    const owner = ownerSchema.safeParse(content);
    if (owner.success) return owner.data;
    throw new StoreError(
      `${path} is damaged: where no other process writes here, remove ${this.folder}`,
    );
  }

  private async beatOf(name: string, { token }: Owner): Promise<string | null> {
    const bytes = await this.disk.read(join(this.folder, name, token, BEAT));
    return bytes === undefined ? null : new TextDecoder().decode(bytes);
  }

  /** Whether a holder lives. One on another machine has to show it; no two clocks are compared. */
  private async judge(name: string, owner: Owner): Promise<Verdict> {
    const running = isRunning(owner);
    if (running !== null) return running ? 'alive' : 'dead';
    this.say(
      owner,
      `waiting: does ${describe(owner)}, which writes ${this.options.what}, still run?`,
    );
    const { patience = PATIENCE_MS } = this.options;
    const before = await this.beatOf(name, owner);
    for (let waited = 0; waited < patience; waited += LOOK_MS) {
      await sleep(LOOK_MS);
      if ((await this.holder(name))?.token !== owner.token) return 'gone';
      if ((await this.beatOf(name, owner)) !== before) return 'alive';
    }
    return 'dead';
  }

  /** Moves a dead holder's folder away. Its grave stays, so that no other process does so a second time. */
  private async bury(name: string, { token }: Owner): Promise<void> {
    const { disk, folder } = this;
    const grave = `${BURIED}${token}`;
    try {
      await disk.rename(join(folder, name), join(folder, grave));
    } catch (error) {
      const code = codeOf(error);
      const isBuried = TAKEN.includes(code) || (await this.holder(name))?.token !== token;
      if (code === 'ENOENT' || isBuried) return;
      throw error;
    }
    if ((await this.holder(grave))?.token === token) this.graves.push(grave);
    // Another process had buried it and taken the name between the look and the rename.
    else await disk.rename(join(folder, grave), join(folder, name)).catch(() => {});
  }

  private say({ token }: Owner, message: string): void {
    if (this.said.has(message + token)) return;
    this.said.add(message + token);
    this.options.waiting?.(message);
  }

  /** The holder that lives, or null where the name is free. */
  async livingHolder(name: string): Promise<Owner | null> {
    for (;;) {
      const owner = await this.holder(name);
      if (owner === null) return null;
      const verdict = await this.judge(name, owner);
      if (verdict === 'alive') return owner;
      if (verdict === 'dead') await this.bury(name, owner);
    }
  }

  /** Those that hold names in conflict with the given one. */
  async livingConflict(own: string): Promise<Owner | null> {
    for (const name of (await this.disk.list(this.folder)) ?? []) {
      if (name === own || name.startsWith('.') || !this.options.conflicts?.(name)) continue;
      const owner = await this.livingHolder(name);
      if (owner !== null) return owner;
    }
    return null;
  }

  /** Takes a name that is free. @returns null where it is not, or was taken meanwhile */
  async take(name: string): Promise<Owner | null> {
    const { disk, folder } = this;
    const owner = thisProcess();
    const prepared = join(folder, `${PREPARED}${owner.token}`);
    await makeFolders(disk, folder);
    try {
      await disk.makeFolder(prepared);
      await disk.makeFolder(join(prepared, owner.token));
      await disk.create(join(prepared, OWNER), [encode(JSON.stringify(owner))]);
      await disk.scribble(join(prepared, owner.token, BEAT), '0');
      await disk.syncFolder(prepared);
      await disk.rename(prepared, join(folder, name));
      return owner;
    } catch (error) {
      // A network file system may report a failure of what it did.
      if ((await this.holder(name))?.token === owner.token) return owner;
      await disk.removeFolder(prepared).catch(() => {});
      const code = codeOf(error);
      // Of a folder that vanished: the last of other holders has removed it.
      if (TAKEN.includes(code) || code === 'ENOENT') return null;
      if (PERHAPS_TAKEN.includes(code) && (await this.holder(name)) !== null) return null;
      throw error;
    }
  }

  /** Who is waited for, or the refusal. @throws {StoreError} where it is not to be waited for */
  async refuse(owner: Owner): Promise<void> {
    if (!this.options.wait) {
      throw new StoreError(`${this.options.what} is in use: ${describe(owner)} writes it`);
    }
    this.say(owner, `waiting: ${describe(owner)} writes ${this.options.what}`);
    await sleep(LOOK_MS * (0.5 + Math.random()));
  }
}

const describe = ({ pid, host }: Owner): string => `process ${pid} on ${host}`;

/** A lock that this process holds. */
export class Lock {
  private beats = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly disk: Disk,
    private readonly folder: string,
    private readonly name: string,
    private readonly owner: Owner,
    private readonly locks: Locks,
    beat: number,
  ) {
    this.timer = setInterval(() => this.showLife(), beat);
    this.timer.unref();
  }

  /**
   * Takes the lock of a name in a folder, which is made where it does not exist.
   * @throws {StoreError} where a living process holds it, unless it is to be waited for
   */
  static async acquire(
    disk: Disk,
    folder: string,
    name: string,
    options: LockOptions,
  ): Promise<Lock> {
    const locks = new Locks(disk, folder, options);
    let vain = 0;
    for (let attempt = 1; ; attempt++) {
      const holder = await locks.livingHolder(name);
      if (holder !== null) {
        await locks.refuse(holder);
        continue;
      }
      const owner = await locks.take(name);
      if (owner === null) {
        if (++vain > MOST_VAIN) {
          throw new StoreError(`${join(folder, name)} is in the way, and is no lock: remove it`);
        }
        continue;
      }
      const lock = new Lock(disk, folder, name, owner, locks, options.beat ?? BEAT_MS);
      // Each of two names in conflict is taken first and looked for then: one of them sees the other.
      const other = await locks.livingConflict(name);
      if (other === null) return lock;
      await lock.release();
      if (options.wait || attempt >= ATTEMPTS) await locks.refuse(other);
      else await sleep(LOOK_MS * Math.random());
    }
  }

  /** A folder for what is not yet whole, which goes with the lock. */
  get scratch(): string {
    return join(this.folder, this.name, this.owner.token);
  }

  private showLife(): void {
    this.beats++;
    // Where it cannot be written the next write of results will say so.
    this.disk.scribble(join(this.scratch, BEAT), String(this.beats)).catch(() => {});
  }

  /** @throws {StoreError} where another process has taken over */
  async check(): Promise<void> {
    if ((await this.locks.holder(this.name))?.token === this.owner.token) return;
    throw new StoreError(
      `${this.locks.options.what}: another process has taken over from this one, which showed no life for too long`,
    );
  }

  /** Gives it back; what is in its scratch folder is lost. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    const { disk, folder, name, owner } = this;
    const away = join(folder, `${RELEASED}${owner.token}`);
    if ((await this.locks.holder(name))?.token === owner.token) {
      await disk.rename(join(folder, name), away);
    }
    await disk.removeFolder(away);
    for (const left of (await disk.list(folder)) ?? []) {
      const isMine = this.locks.graves.includes(left);
      if (isMine || this.isLeftover(left)) await disk.removeFolder(join(folder, left));
    }
    // Fails where others hold locks.
    await disk.removeEmptyFolder(folder).catch(() => {});
  }

  /** Whether a folder is what a dead process of this machine left. */
  private isLeftover(name: string): boolean {
    const begin = [PREPARED, BURIED, RELEASED].find((prefix) => name.startsWith(prefix));
    return begin !== undefined && isAbandoned(name.slice(begin.length));
  }
}
