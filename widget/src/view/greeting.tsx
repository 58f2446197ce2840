// The first thing a visitor reads: who is here, and a word of welcome, or what led here.

import { useComputed } from "@preact/signals";
import { Avatar } from "./avatar";
import { useChat } from "./context";

export function Greeting() {
  const { session, site, looks, t } = useChat();
  // A conversation remembers the greeting that led to it.
  const led = useComputed(() => {
    const first = session.store.state.value.thread[0];
    return first?.kind === "conversation.opened" ? first.text : session.greeting.value?.text;
  });
  const greeting = led.value || site.greeting || t("greeting");
  const { welcome, team, header_image } = looks;
  return (
    <div class="hero">
      {header_image && <img class="hero-image" src={header_image} alt="" />}
      {team.length > 0 && (
        <ul class="team">
          {team.map(({ name, photo }) => (
            <li key={name + photo} title={name}>
              <Avatar name={name} face={photo} />
              <span class="unseen">{name}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="hero-words" dir="auto">
        {welcome || greeting}
      </p>
      {welcome && (
        <p class="greeting" dir="auto">
          {greeting}
        </p>
      )}
    </div>
  );
}
