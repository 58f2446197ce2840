// Where our element stands in the page, also when the page takes it away.

const RETURNS = 9; // then the page means it

/** Answers how to look again, after a single-page site has moved on. */
export function place(
  host: HTMLElement,
  spot: string | Element | undefined,
  signal: AbortSignal,
): () => void {
  let returns = RETURNS;

  function put(): void {
    // Below <html>, not <body>: sites that swap the body on navigation keep their chat.
    const parent =
      typeof spot === "string" ? document.querySelector(spot) : (spot ?? document.documentElement);
    if (!signal.aborted && !host.isConnected && returns-- > 0) parent?.appendChild(host);
  }

  put();
  new MutationObserver(put).observe(document.documentElement, { childList: true });
  return put;
}
