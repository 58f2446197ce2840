"""Pictures of what has come to rest, named by state first, so that one stands beside itself."""

from pathlib import Path

from playwright.async_api import Page

# Some things come slowly, a line on a lost connection a second late; a frame that grew is painted
# a moment later. What turns for ever is not waited for.
SETTLED = """
async () => {
  const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
  const moving = document.getAnimations().filter(ends);
  await Promise.all(moving.map((one) => one.finished.catch(() => {})));
  await new Promise((resolve) => setTimeout(resolve, 50));
}
"""


class Camera:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def take(self, page: Page, state: str, look: str) -> None:
        for frame in page.frames:
            await frame.evaluate(SETTLED)
        name = state.replace(" ", "-").replace("/", "-")
        await page.screenshot(path=self._folder / f"{name}--{look}.png")
