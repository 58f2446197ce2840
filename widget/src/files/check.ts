// Which files may be sent at all. The server looks again, and at the content; here it is about saying so early.

export interface FileLimits {
  /** Of one message; none: the server takes no files. */
  files: number;
  file_bytes: number;
  /** Endings, lower case, with the dot. */
  file_types: readonly string[];
}

export type Refusal = "too_large" | "type" | "empty" | "too_many" | "unreadable";

// What a clipboard or a phone hands over has a type more often than a name.
const ENDINGS: Readonly<Record<string, string>> = {
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/gif": ".gif",
  "image/webp": ".webp",
  "application/pdf": ".pdf",
  "text/plain": ".txt",
};

export function refusalOf(
  file: { name: string; size: number },
  limits: FileLimits,
): Refusal | null {
  if (!limits.file_types.includes(endingOf(file.name))) return "type";
  if (file.size > limits.file_bytes) return "too_large";
  return file.size === 0 ? "empty" : null;
}

/** `.pdf`, in lower case; nothing for a name without one. */
export function endingOf(name: string): string {
  return /\.[^./\\\s]{1,10}$/.exec(name)?.[0].toLowerCase() ?? "";
}

/** The name with an ending, where its type tells which. */
export function nameOf({ name, type }: { name: string; type: string }): string {
  const base = name || "file";
  return endingOf(base) === "" ? base + (ENDINGS[type] ?? "") : base;
}
