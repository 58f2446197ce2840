// Listeners on what is the page's: gone with the chat that set them.

export type Hear = (
  target: EventTarget | null | undefined,
  names: readonly string[],
  work: (event: Event) => void,
) => void;

export function openHearing(signal: AbortSignal): Hear {
  return (target, names, work) => {
    for (const name of names) target?.addEventListener(name, work, { capture: true, signal });
  };
}
