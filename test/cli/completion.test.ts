import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

/** What bash offers after the given words. */
function offered(...words: readonly string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const program = `eval "$1"; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _qmill; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = qmill(['completion', 'bash']);
  const bash = spawnSync('bash', ['-c', program, 'bash', stdout], { encoding: 'utf8' });
  expect(bash.stderr).toBe('');
  return bash.stdout.trim().split('\n');
}

test('bash completes commands, and the options of the one that is called', () => {
  expect(offered('qmill', 's')).toEqual([
    'steady',
    'sensitivity',
    'sweep',
    'slurm',
    'schema',
    'serve',
  ]);
  expect(offered('qmill', 'steady', '--beta')).toEqual(['--beta1', '--beta2', '--betaR']);
  expect(offered('qmill', 'rectify', '--d')).toEqual(['--definition']);
});

test.each(['zsh', 'fish'])('%s has every command with a description', (shell) => {
  const { status, stdout } = qmill(['completion', shell]);
  expect(status).toBe(0);
  for (const name of ['steady', 'evolve', 'completion', 'serve']) expect(stdout).toContain(name);
  expect(stdout).toContain('temperature');
});

test('another shell is refused', () => {
  const { status, stderr } = qmill(['completion', 'csh']);
  expect(status).toBe(2);
  expect(stderr).toContain('shell = "csh": must be one of bash, zsh, fish');
});
