// A face: a photo, else letters. The server knows whose photo is whose, by their ids.

import { useChat } from "./context";

interface Props {
  name: string;
  /** An agent's. */
  id?: string | undefined;
  /** Of somebody in the site's team. */
  face?: string;
  isSite?: boolean;
  isHere?: boolean;
}

export function Avatar({ name, id = "", face = "", isSite = false, isHere = false }: Props) {
  const { photos } = useChat();
  const photo = !isSite && (face || photos.value[id]);
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
