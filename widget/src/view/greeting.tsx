// The first thing a visitor reads.

import { Avatar } from "./avatar";
import { useChat } from "./context";

export function Greeting() {
  const { site, t } = useChat();
  return (
    <div class="greeting">
      <Avatar name={site.name} isSite />
      <p class="greeting-text" dir="auto">
        {site.greeting || t("greeting")}
      </p>
    </div>
  );
}
