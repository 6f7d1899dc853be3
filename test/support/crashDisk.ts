/**
 * A disk in memory that fails, delays or crashes at any operation. After a crash it holds what a real one may
 * hold: what was synced, and of the rest, decided by chance, all, a part or nothing.
 */
import { basename, dirname } from 'node:path';
import type { Disk } from '../../src/storage/disk.js';

/** One file's bytes, as the program sees them and as they are on the disk. */
interface Content {
  bytes: Uint8Array;
  synced: Uint8Array | null;
}
type Entry = Content | 'folder';

class Crash extends Error {
  override readonly name = 'Crash';
}

const fail = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};

export class CrashDisk implements Disk {
  /** By path: what the program sees, and the names that are on the disk. */
  private entries = new Map<string, Entry>([['/', 'folder']]);
  private durable = new Map<string, Entry>([['/', 'folder']]);
  /** Operations that change something, so far. */
  operations = 0;
  private crashed = false;

  /**
   * @param before called before each changing operation with its number and name; may throw, or wait
   * @param random numbers from 0 to 1, for what a crash leaves
   */
  constructor(
    private readonly before: (operation: number, name: string) => void | Promise<void>,
    private readonly random: () => number = Math.random,
  ) {}

  private async change(name: string): Promise<void> {
    if (this.crashed) throw new Crash();
    this.operations++;
    // The next operation never begins: the program has ended.
    await this.before(this.operations, name);
    if (this.crashed) throw new Crash();
  }

  /** The machine stops: no operation works any more, until `restarted`. */
  crash(): never {
    this.crashed = true;
    throw new Crash();
  }

  /** What the disk holds when the machine is up again. */
  restarted(
    before: (operation: number, name: string) => void | Promise<void> = () => {},
  ): CrashDisk {
    const next = new CrashDisk(before, this.random);
    const paths = [...new Set([...this.entries.keys(), ...this.durable.keys()])].sort();
    for (const path of paths) {
      const [now, synced] = [this.entries.get(path), this.durable.get(path)];
      // A change of a name that was not synced may have reached the disk, or not.
      const kept = now === synced || this.random() < 0.5 ? now : synced;
      if (kept === undefined || next.entries.get(dirname(path)) !== 'folder') continue;
      const left = kept === 'folder' ? kept : this.afterCrash(kept);
      next.entries.set(path, left);
      next.durable.set(path, left);
    }
    return next;
  }

  private afterCrash({ bytes, synced }: Content): Content {
    const chance = this.random();
    let left = synced ?? new Uint8Array(0);
    if (synced !== bytes && chance < 0.7) {
      left = bytes.slice();
      // Blocks that never reached the disk read as zeros.
      if (chance < 0.5) left.fill(0, Math.floor(this.random() * left.length));
      if (chance < 0.2) left = left.slice(0, Math.floor(this.random() * left.length));
    }
    return { bytes: left, synced: left };
  }

  private file(path: string): Content {
    const entry = this.entries.get(path);
    if (entry === undefined) return fail('ENOENT');
    return entry === 'folder' ? fail('EISDIR') : entry;
  }

  private below(path: string): string[] {
    const begin = path === '/' ? path : `${path}/`;
    return [...this.entries.keys()].filter((other) => other !== path && other.startsWith(begin));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    if (this.crashed) throw new Crash();
    return this.entries.has(path) ? this.file(path).bytes.slice() : undefined;
  }

  async create(path: string, parts: readonly Uint8Array[]): Promise<void> {
    await this.change('create');
    if (this.entries.get(dirname(path)) !== 'folder') fail('ENOENT');
    if (this.entries.has(path)) fail('EEXIST');
    const content: Content = { bytes: new Uint8Array(0), synced: null };
    this.entries.set(path, content);
    for (const part of parts) {
      await this.change('write');
      content.bytes = Buffer.concat([content.bytes, part]);
    }
    await this.change('sync');
    content.synced = content.bytes;
  }

  async scribble(path: string, text: string): Promise<void> {
    await this.change('scribble');
    if (this.entries.get(dirname(path)) !== 'folder') fail('ENOENT');
    const synced = this.entries.has(path) ? this.file(path).synced : null;
    this.entries.set(path, { synced, bytes: new TextEncoder().encode(text) });
  }

  async sync(path: string): Promise<void> {
    await this.change('sync');
    const content = this.file(path);
    content.synced = content.bytes;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.change('rename');
    const moved = this.entries.get(from);
    if (moved === undefined || this.entries.get(dirname(to)) !== 'folder') return fail('ENOENT');
    const there = this.entries.get(to);
    if (there === 'folder' && (moved !== 'folder' || this.below(to).length > 0)) fail('ENOTEMPTY');
    for (const path of [from, ...this.below(from)]) {
      const entry = this.entries.get(path) as Entry;
      this.entries.delete(path);
      this.entries.set(`${to}${path.slice(from.length)}`, entry);
    }
    if (moved !== 'folder') return;
    // What is synced in a folder goes with it; its own new name is to be synced yet.
    for (const [path, entry] of [...this.durable]) {
      if (path.startsWith(`${from}/`)) this.durable.set(`${to}${path.slice(from.length)}`, entry);
    }
  }

  async makeFolder(path: string): Promise<void> {
    await this.change('makeFolder');
    if (this.entries.get(dirname(path)) !== 'folder') fail('ENOENT');
    if (this.entries.has(path)) fail('EEXIST');
    this.entries.set(path, 'folder');
  }

  async syncFolder(path: string): Promise<void> {
    await this.change('syncFolder');
    if (this.entries.get(path) !== 'folder') fail('ENOENT');
    for (const other of new Set([...this.entries.keys(), ...this.durable.keys()])) {
      if (dirname(other) !== path || other === path) continue;
      const entry = this.entries.get(other);
      if (entry === undefined) this.durable.delete(other);
      else this.durable.set(other, entry);
    }
  }

  async remove(path: string): Promise<void> {
    await this.change('remove');
    this.entries.delete(path);
  }

  async removeFolder(path: string): Promise<void> {
    await this.change('removeFolder');
    for (const other of [path, ...this.below(path)]) this.entries.delete(other);
  }

  async removeEmptyFolder(path: string): Promise<void> {
    await this.change('removeEmptyFolder');
    if (this.below(path).length > 0) fail('ENOTEMPTY');
    this.entries.delete(path);
  }

  async list(path: string): Promise<string[] | undefined> {
    if (this.crashed) throw new Crash();
    const entry = this.entries.get(path);
    if (entry === undefined) return undefined;
    if (entry !== 'folder') return fail('ENOTDIR');
    return this.below(path)
      .filter((other) => dirname(other) === path)
      .map((other) => basename(other));
  }

  /** Every file that the program sees, for comparison. */
  contents(): Map<string, string> {
    const files = [...this.entries].flatMap(([path, entry]) =>
      entry === 'folder' ? [] : ([[path, Buffer.from(entry.bytes).toString('hex')]] as const),
    );
    return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Changes a file behind the program's back. */
  put(path: string, bytes: Uint8Array): void {
    this.entries.set(path, { bytes, synced: bytes });
  }
}
