// A face: the photo that the site has of somebody in its team, else their own, else letters.

import { useChat } from "./context";

interface Props {
  name: string;
  /** An agent's. */
  id?: string | undefined;
  isSite?: boolean;
  isHere?: boolean;
}

export function Avatar({ name, id = "", isSite = false, isHere = false }: Props) {
  const { looks, photos } = useChat();
  const known = looks.team.find((mate) => mate.name === name)?.photo || photos.value[id];
  const photo = !isSite && known;
  const kind = isSite ? "avatar avatar-site" : "avatar";
  return (
    <span class={isHere ? `${kind} avatar-here` : kind} aria-hidden="true">
      {initials(name)}
      {photo && <img key={photo} class="avatar-photo" src={photo} alt="" onError={hide} />}
    </span>
  );
}

/** The letters below it do as well. */
function hide(event: Event): void {
  (event.currentTarget as HTMLElement).hidden = true;
}

/** One letter for each of the first two words; of a Chinese name the last character, as is the custom. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  // No sign among the words stands for a name: "Lamps & Sons".
  const [first = words[0] ?? "", second = ""] = words.filter((word) => /^[\p{L}\p{N}]/u.test(word));
  if (/\p{Script=Han}/u.test(first)) return [...first].at(-1) ?? "";
  return [first, second]
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
