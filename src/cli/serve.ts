/** `qmill serve`: the browser app, on this machine only. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ParameterError } from '../model/parameters.js';
import type { AddCommand } from './command.js';
import { staticFiles } from './staticFiles.js';
import { wholeIn } from './words.js';

const built = fileURLToPath(new URL('../app/', import.meta.url));

/** A browser opens six. */
const MOST_CONNECTIONS = 64;

/**
 * Serves the built app to this machine alone.
 * @param folder where it is
 * @param port 0 for any that is free
 * @throws {ParameterError} when the app was not built, or the port is taken
 */
export async function listening(folder: string, port: number): Promise<Server> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new ParameterError('app', folder, 'built first: npm run build');
  }
  const server = createServer(staticFiles(folder));
  // What is not HTTP is answered, and its connection closed.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(new ParameterError('port', port, `one that is free (${error.code ?? error.message})`)),
    );
    server.listen(port, '127.0.0.1', listening);
  });
  return server;
}

async function runServe({ port }: { port: string }): Promise<number> {
  const allowed = 'an integer from 0 (any that is free) to 65535';
  const server = await listening(built, wholeIn('port', port, [0, 65535], allowed));
  // Before the address is told: whoever waits for it may stop this at once.
  const stopped = new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop));
  process.stdout.write(`http://localhost:${(server.address() as AddressInfo).port}/\n`);
  process.stderr.write('Ctrl-C stops it.\n');
  await stopped;
  server.closeAllConnections();
  server.close();
  return 0;
}

export const addServe: AddCommand = (command, running) => {
  command
    .option('--port <number>', 'port to listen on; 0 for any that is free', '8080')
    .addHelpText(
      'after',
      `
Examples:
  qmill serve                 the app at http://localhost:8080/
  qmill serve --port 0        at any free port, which is printed`,
    )
    .action(running(runServe));
};
