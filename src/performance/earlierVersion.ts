/** Another commit of this program, built in a folder of its own with the packages that are installed here. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ParameterError } from '../model/parameters.js';

export interface EarlierVersion {
  readonly commit: string;
  /** Its command line. */
  readonly main: string;
  /** Removes it. */
  remove(): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const git = (...args: readonly string[]) =>
  spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });

/**
 * @param ref a branch, tag or commit
 * @throws {ParameterError} where there is no such commit, or it does not build with these packages
 */
export async function buildEarlier(ref: string): Promise<EarlierVersion> {
  const refuse = (why: string) => new ParameterError('against', ref, why);
  if (!existsSync(join(root, '.git'))) {
    throw refuse(
      "absent here: earlier versions are only in a checkout of this program's repository",
    );
  }
  const { status, stdout } = git(
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  );
  if (status !== 0) throw refuse('a branch, tag or commit of the repository');
  const commit = stdout.trim();
  const folder = mkdtempSync(join(tmpdir(), 'quantum-mill-earlier-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const archive = join(folder, 'earlier.tar');
    const packed = git('archive', '--output', archive, commit);
    if (packed.status !== 0) throw new Error(packed.stderr.trim());
    const { extract } = await import('tar');
    await extract({ file: archive, cwd: folder });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
    const built = spawnSync(
      process.execPath,
      [join(dirname(compiler), 'bin/tsc'), '-p', 'tsconfig.build.json'],
      { cwd: folder, encoding: 'utf8' },
    );
    if (built.status !== 0) {
      const [why] = built.stdout.trim().split('\n');
      throw refuse(`a commit that builds with the packages installed here (${why})`);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { commit, main: join(folder, 'dist/cli/main.js'), remove };
}
