"""axe-core on a page: what a machine can find of WCAG 2.0 to 2.2 A and AA and of good practice."""

from pathlib import Path

from playwright.async_api import Frame, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = """
async (tags) => {
  await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
  const found = await axe.run(document, { runOnly: tags, iframes: false, elementRef: true });
  // A list that a text field moves through is scrolled by the field's arrows. axe knows this of
  // comboboxes, but a field of several lines may not be called one.
  const isMovedByField = ({ element }) =>
    document.querySelector(`[aria-controls="${element.id}"][aria-activedescendant]`) !== null;
  const isReal = (rule, node) => rule !== "scrollable-region-focusable" || !isMovedByField(node);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes
      .filter((node) => isReal(id, node))
      .map(({ target, html, failureSummary: why }) => `${id} (${help}): ${target} ${html} ${why}`),
  );
}
"""


async def violations(place: Page | Frame) -> list[str]:
    """One line for each element that breaks a rule."""
    if not await place.evaluate("typeof axe === 'object'"):
        await place.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: list[str] = await place.evaluate(RUN, TAGS)
    return found
