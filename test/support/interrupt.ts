import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { main } from './commandLine.js';

/**
 * Runs `qmill` and interrupts it, as Ctrl-C does, a moment after a file has appeared.
 * @param moment in milliseconds
 * @param asked called when it is interrupted
 */
export const interruptedOnceThereIs = (
  file: string,
  args: readonly string[],
  moment: number,
  asked = () => {},
) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const look = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(look);
      setTimeout(() => {
        child.kill('SIGINT');
        asked();
      }, moment);
    }, 5);
    child.on('close', (code) => {
      clearInterval(look);
      resolve({ code, stdout, stderr });
    });
  });
