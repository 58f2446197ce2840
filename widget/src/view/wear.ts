// Styles that come with late code. A sheet of our own needs no permission of the page's content policy, and no request.

export function wear(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
