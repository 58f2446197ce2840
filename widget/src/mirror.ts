// Other tabs of the same visitor: what was read or begun in one holds in all.

export type News =
  | { kind: "read"; conversation: string; seq: number }
  | { kind: "began"; conversation: string };

export interface Mirror {
  /** Whose tabs these are: only theirs may hear of it. Known once the server has said who we are. */
  belongTo(visitor: string): void;
  tell(news: News): void;
}

export function openMirror(onNews: (news: News) => void): Mirror {
  let owner: string | null = null;
  let channel: BroadcastChannel | null = null;
  return {
    belongTo: (visitor) => {
      if (visitor === owner) return;
      owner = visitor;
      channel?.close();
      channel = openChannel(`chat:${visitor}`);
      if (channel) channel.onmessage = (event: MessageEvent<News>) => onNews(event.data);
    },
    tell: (news) => channel?.postMessage(news),
  };
}

function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null; // forbidden here; then each tab learns it when it reconnects
  }
}
