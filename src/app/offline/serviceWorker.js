/**
 * Keeps the page for when there is no network. Built with VERSION, which changes with any file, and FILES,
 * the page's own. A newer version waits until no page of the old one is open, so that a page never gets
 * files of two versions.
 */
/* global VERSION, FILES */
const PREFIX = 'quantum-mill ';
const CACHE = PREFIX + VERSION;

/** Files with a hash in their name never change; the others are asked of the host and not of its caches. */
const asked = (file) => new Request(file, file.startsWith('assets/') ? {} : { cache: 'reload' });

async function store() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map(asked));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What was stored, or else the network's. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(request.mode === 'navigate' ? 'index.html' : request, {
    ignoreSearch: request.mode === 'navigate',
  });
  if (stored !== undefined) return stored;
  const fresh = await fetch(request);
  if (fresh.ok && request.url.includes('/assets/')) await cache.put(request, fresh.clone());
  return fresh;
}

addEventListener('install', (event) => event.waitUntil(store()));
addEventListener('activate', (event) =>
  event.waitUntil(forgetOthers().then(() => clients.claim())),
);
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const here = new URL(registration.scope);
  if (request.method !== 'GET' || origin !== here.origin) return;
  const isPage = pathname === here.pathname || pathname === `${here.pathname}index.html`;
  if (request.mode !== 'navigate' || isPage) event.respondWith(answer(request));
});
