/** `qmill serve`: the browser app, on this machine only. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { ParameterError } from '../model/parameters.js';
import type { AddCommand } from './command.js';

const built = fileURLToPath(new URL('../app/', import.meta.url));

/**
 * Serves the built app to this machine alone.
 * @param port 0 for any that is free
 * @throws {ParameterError} when the app was not built, or the port is taken
 */
export async function serveApp(port: number): Promise<Server> {
  if (!existsSync(`${built}index.html`)) {
    throw new ParameterError('app', built, 'built first: npm run build');
  }
  const files = sirv(built, { etag: true });
  const server = createServer((request, response) =>
    files(request, response, () => {
      response.statusCode = 404;
      response.end('not found\n');
    }),
  );
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(new ParameterError('port', port, `one that is free (${error.code ?? error.message})`)),
    );
    server.listen(port, '127.0.0.1', listening);
  });
  return server;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535 || text.trim() === '') {
    throw new ParameterError('port', text, 'an integer from 0 (any that is free) to 65535');
  }
  return port;
}

export async function runServe({ port }: { port: string }): Promise<number> {
  const server = await serveApp(readPort(port));
  process.stdout.write(`http://localhost:${(server.address() as AddressInfo).port}/\n`);
  process.stderr.write('Ctrl-C stops it.\n');
  await new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop));
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
