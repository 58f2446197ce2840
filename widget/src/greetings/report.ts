// What happened to greetings on this page, told once when it is left.

type Event = "shown" | "dismissed" | "opened";

export interface Report {
  tell(greeting: string, event: Event): void;
}

export function openReport(address: string, site: string, over: AbortSignal): Report {
  let news: { greeting: string; event: Event }[] = [];

  function send(): void {
    if (news.length === 0) return;
    // As text: anything else would be asked for beforehand, and a page that ends has no time for that.
    navigator.sendBeacon?.(address, JSON.stringify({ site, news }));
    news = [];
  }

  addEventListener("pagehide", send, { signal: over });
  document.addEventListener("visibilitychange", () => document.hidden && send(), { signal: over });
  over.addEventListener("abort", send);
  return {
    tell: (greeting, event) => {
      news.push({ greeting, event });
    },
  };
}
