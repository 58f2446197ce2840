// How the visitor points.

/** With a finger: then focus in a text field would push the keyboard over what there is to read. */
export function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
