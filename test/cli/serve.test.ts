import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listening } from '../../src/cli/serve.js';
import { ParameterError } from '../../src/model/parameters.js';
import { main } from '../support/commandLine.js';
import { servedPage } from '../support/servedPage.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
const site = join(folder, 'site');
const page = `<!doctype html><title>page</title>${'<p>text</p>'.repeat(500)}`;
mkdirSync(join(site, 'assets'), { recursive: true });
mkdirSync(join(site, 'docs'));
writeFileSync(join(site, 'docs/index.html'), 'documents');
writeFileSync(join(folder, 'secret'), 'secret');
writeFileSync(join(site, 'index.html'), page);
writeFileSync(join(site, 'assets/main-AbCd1234.js'), 'export const x = 1;');
writeFileSync(join(site, 'a b.svg'), '<svg/>');
writeFileSync(join(site, 'font.woff2'), Buffer.alloc(4000));

let server: Awaited<ReturnType<typeof listening>>;
let port: number;
beforeAll(async () => {
  server = await listening(site, 0);
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    sent.on('error', reject).end();
  });

/** Bytes as they are, and what comes back before the connection ends. */
async function raw(bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => {});
  socket.end(bytes);
  await once(socket, 'close');
  return answer;
}

describe('an ordinary request', () => {
  test('gets the file, with the headers of a careful server', async () => {
    const { status, headers, body } = await ask('/');
    expect(status).toBe(200);
    expect(body.toString()).toBe(page);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(page.length),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("'unsafe-");
  });

  test('gets the page of a folder, and of the documents with what their generator needs', async () => {
    const { body, headers } = await ask('/docs/');
    expect(body.toString()).toBe('documents');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self' 'unsafe-inline'");
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain("'unsafe-eval'");
  });

  test('finds names as they are spelt in an address', async () => {
    expect((await ask('/a%20b.svg?x=1#y')).headers['content-type']).toBe('image/svg+xml');
    expect((await ask('/index.html')).body.toString()).toBe(page);
  });

  test('is answered once only: what has not changed, and what never changes', async () => {
    const { headers } = await ask('/');
    const again = await ask('/', { 'If-None-Match': `"x", W/${headers.etag}` });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const script = await ask('/assets/main-AbCd1234.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test('is compressed as it asks for', async () => {
    const br = await ask('/', { 'Accept-Encoding': 'gzip, deflate, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.body).toString()).toBe(page);
    const gzip = await ask('/', { 'Accept-Encoding': 'br;q=0, gzip;q=0.5' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toBe(page);
    expect(new Set([br, gzip, await ask('/')].map(({ headers }) => headers.etag)).size).toBe(3);
    for (const small of ['/font.woff2', '/a%20b.svg']) {
      const { headers } = await ask(small, { 'Accept-Encoding': 'br' });
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  test('of HEAD has the headers alone', async () => {
    const { status, headers, body } = await ask('/', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, `${page.length}`, 0]);
  });
});

describe('a hostile request', () => {
  test.each([
    'bytes=5-2',
    'bytes=0-10',
    'bytes=-1',
    'bytes=99999999999999999999-',
    'bytes=0-1,2-3,-5',
    'x',
  ])('Range: %s gets the whole', async (Range) => {
    const { status, body } = await ask('/', { Range });
    expect([status, body.toString()]).toEqual([200, page]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])(
    '%s is refused',
    async (method) => {
      const { status, headers } = await ask('/', {}, method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    },
  );

  test.each(['evil.example', `evil.example:1`, '127.0.0.1.evil.example', 'localhost@evil'])(
    'of the host %j, another name for this machine, is refused',
    async (Host) => {
      expect((await ask('/', { Host })).status).toBe(421);
    },
  );

  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1:1234', '[::1]:8080'])(
    'of the host %s is one of ours',
    async (Host) => {
      expect((await ask('/', { Host })).status).toBe(200);
    },
  );

  test.each([
    '/../secret',
    '/..%2fsecret',
    '/%2e%2e/secret',
    '/assets/../../secret',
    '/..\\secret',
    '/%00',
    '/index.html%00.js',
    '/__proto__',
    '/constructor',
    '//etc/passwd',
    '/assets',
    '/assets/',
    'http://evil.example/',
    '*',
  ])('for %s finds nothing', async (path) => {
    const { status, headers, body } = await ask(path);
    expect(status).toBe(404);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.toString()).toBe('not found\n');
  });

  test('for what is no path is refused', async () => {
    for (const path of ['/%', '/%E0%A4%A', '/%zz']) expect((await ask(path)).status).toBe(400);
  });

  test('that is not HTTP is answered, and the server goes on', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const words = fc
      .array(
        fc.constantFrom('GET', ' ', '/', 'HTTP/1.1', '\r\n', 'Host: localhost', ':', '\0', 'x'),
        { maxLength: 20 },
      )
      .map((parts) => Buffer.from(`${parts.join('')}\r\n\r\n`));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, words), async (message) => {
        const answer = await raw(Buffer.from(message));
        expect(answer === '' || /^HTTP\/1\.1 (200|400|404|405|421|431|505)/.test(answer)).toBe(
          true,
        );
      }),
      { numRuns: 150 },
    );
    expect(await raw('GET / HTTP/1.1\r\nHost:\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
    expect(await raw(`GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4/,
    );
    expect((await ask('/')).status).toBe(200);
  });
});

test('files that leave the folder after the start are still there; a link out of it is as its file was', async () => {
  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'index.html'), 'old');
  symlinkSync('/nonexistent', join(other, 'broken.html'));
  const second = await listening(other, 0);
  rmSync(other, { recursive: true });
  const { port: at } = second.address() as { port: number };
  const response = await fetch(`http://localhost:${at}/`);
  expect(await response.text()).toBe('old');
  second.closeAllConnections();
  second.close();
});

test('a folder without a page, and a port in use, are refused in one line', async () => {
  await expect(listening(join(folder, 'nothing'), 0)).rejects.toThrow('built first: npm run build');
  await expect(listening(site, port)).rejects.toThrow(ParameterError);
});

test('who waits for a page that is not served is told why', async () => {
  await expect(servedPage(main, ['serve', '--port', 'none'])).rejects.toThrow(
    /qmill serve --port none ended with 2: .*an integer from 0/s,
  );
});
