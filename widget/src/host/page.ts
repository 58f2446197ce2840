// Where the visitor is, and when that changes without a page load.

export function currentPage() {
  return { url: location.href, title: document.title, referrer: document.referrer };
}

// Single-page sites set the title shortly after the address.
const TITLE_MS = 300;

/** No polling and no patched history: the Navigation API, or the events that can come before a move. */
export function watchPage(host: Element, moved: () => void): void {
  let last = location.href;
  const check = () =>
    setTimeout(() => {
      if (!host.isConnected || last === location.href) return;
      last = location.href;
      moved();
    }, TITLE_MS);
  const navigation = (window as { navigation?: EventTarget }).navigation;
  navigation?.addEventListener("navigatesuccess", check);
  for (const name of ["popstate", "click"]) addEventListener(name, check, true);
}
