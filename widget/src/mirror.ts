// Other tabs of this browser: what was read or begun in one holds in all.

export type News =
  | { kind: "read"; conversation: string; seq: number }
  | { kind: "began"; conversation: string };

export interface Mirror {
  tell(news: News): void;
}

export function openMirror(name: string, onNews: (news: News) => void): Mirror {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = (event: MessageEvent<News>) => onNews(event.data);
    return { tell: (news) => channel.postMessage(news) };
  } catch {
    return { tell: () => {} }; // forbidden here; then each tab learns it when it reconnects
  }
}
