/** Puts text into a field as if it had been typed there, so that Ctrl+Z takes it out again. */

export function replaceText(
  field: HTMLTextAreaElement,
  start: number,
  end: number,
  text: string,
): void {
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated without a successor: it alone keeps the browser's undo history.
  if (document.execCommand?.("insertText", false, text)) return;
  const whole = field.value.slice(0, start) + text + field.value.slice(end);
  // The prototype's setter: React watches the element's own and would miss the change.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(field, whole);
  field.setSelectionRange(start + text.length, start + text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
