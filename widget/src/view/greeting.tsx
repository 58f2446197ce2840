// The first thing a visitor reads: who is here, and a word of welcome.

import { Avatar } from "./avatar";
import { useChat } from "./context";

export function Greeting() {
  const { site, looks, t } = useChat();
  const greeting = site.greeting || t("greeting");
  const { welcome, team, header_image } = looks;
  return (
    <div class="hero">
      {header_image && <img class="hero-image" src={header_image} alt="" />}
      {team.length > 0 && (
        <ul class="team">
          {team.map(({ name }) => (
            <li key={name} title={name}>
              <Avatar name={name} />
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
