// Names that nobody else will ever have.

/** 128 random bits. `crypto.randomUUID` would be shorter, but exists on https pages only. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
