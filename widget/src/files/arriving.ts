// Files that a person drags over the page or pastes into it.

export interface Arriving {
  /** Files hang over the page, or no longer. */
  over(on: boolean): void;
  came(files: readonly File[]): void;
}

/** Answers how to stop. Whatever else is dragged or pasted is left to the browser. */
export function watchFiles(page: Window, { over, came }: Arriving): () => void {
  const stop = new AbortController();
  const listen = <Name extends keyof WindowEventMap>(
    name: Name,
    hear: (event: WindowEventMap[Name]) => void,
  ) => page.addEventListener(name, hear, { signal: stop.signal });

  const hang = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // or the browser would leave the page for the file
    event.dataTransfer.dropEffect = "copy";
    over(true);
  };
  listen("dragenter", hang);
  listen("dragover", hang);
  listen("dragleave", (event) => {
    if (event.relatedTarget === null) over(false);
  });
  listen("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    over(false);
    if (files.length === 0) return;
    event.preventDefault();
    came(files);
  });
  listen("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // A cell of a spreadsheet comes as text and as a picture of itself: the text is meant.
    const hasText = event.clipboardData?.types.includes("text/plain");
    if (files.length === 0 || hasText) return;
    event.preventDefault();
    came(files);
  });
  return () => stop.abort();
}
