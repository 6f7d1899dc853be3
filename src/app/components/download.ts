/** Files from the page to the reader's disk. */

export function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the blob once the click is handled; later is safe for slow ones.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export const downloadText = (name: string, type: string, text: string): void =>
  downloadBlob(name, new Blob([text], { type }));
