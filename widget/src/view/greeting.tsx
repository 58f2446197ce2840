// The first thing a visitor reads.

import { useChat } from "./context";

export function Greeting() {
  const { site, t } = useChat();
  return (
    <p class="greeting" dir="auto">
      {site.greeting || t("greeting")}
    </p>
  );
}
