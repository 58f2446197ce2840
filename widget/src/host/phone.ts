// On a phone the panel is the whole screen: as high as the keyboard leaves it, with a page that stays still.

/** Answers how to undo it, exactly. */
export function fillPhone(element: HTMLElement): () => void {
  if (!matchMedia("(width<=480px),(height<=480px)").matches) return () => {};
  const page = document.documentElement.style;
  const before = page.overflow;
  const view = window.visualViewport;
  const over = new AbortController();
  const fit = () => {
    element.style.cssText = `height:${view?.height}px;top:${view?.offsetTop}px`;
  };
  page.overflow = "hidden";
  for (const event of ["resize", "scroll"]) view?.addEventListener(event, fit, over);
  fit();
  return () => {
    over.abort();
    page.overflow = before;
    element.style.cssText = "";
  };
}
