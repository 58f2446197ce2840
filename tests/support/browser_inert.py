"""Whether what people wrote stayed text: no script ran, nothing was asked for from elsewhere, and
the page is built of the same kinds of elements as before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Frame, Page

from tests.support.browser import Browsers, open_person

# Nobody who writes two hundred payloads at once is told to slow down.
FAST = {
    "visitor_rate": "9999",
    "visitor_burst": "9999",
    "agent_rate": "9999",
    "agent_burst": "9999",
}

# Before any script of a page: what payloads call, and what would interrupt the reader.
WATCH = """
window.ranHere = [];
window.ran = () => window.ranHere.push(new Error("ran").stack);
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = window.ran;
"""
# The kinds of elements, as `a[href rel target]`, without what only says in which state they are; an
# attribute's value is nobody's code, but for addresses, handlers and styles, which are looked at by
# themselves.
SHAPES = """
() => {
  const shapes = new Set();
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const names = [...element.attributes].map(({ name }) => name)
        .filter((name) => !/^(class$|role$|aria-|data-)/.test(name)).sort();
      shapes.add(`${element.localName}[${names.join(" ")}]`);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return [...shapes];
}
"""
ACTIVE = """
() => {
  const found = [...window.ranHere];
  const safe = (address) => ["http:", "https:", "mailto:", "blob:"].includes(address.protocol);
  const own = (address) => address.protocol === "blob:" || address.hostname.endsWith("localhost")
    || address.hostname === "127.0.0.1";
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "srcdoc" || name === "formaction")
          found.push(`${element.localName} has ${name}=${value}`);
        if (name === "style" && /url\\(|expression\\(|@import/i.test(value))
          found.push(`${element.localName} has style=${value}`);
        if (!["href", "xlink:href", "src", "data", "action", "poster"].includes(name)) continue;
        // Where there is no such port or host, a click leads nowhere.
        if (!URL.canParse(value, document.baseURI) && /^https?:/.test(value)) continue;
        const address = new URL(value, document.baseURI);
        const isLink = element.localName === "a";
        if (!safe(address) || (!isLink && !own(address)))
          found.push(`${element.localName} leads to ${value}`);
        const isAway = isLink && !own(address) && address.protocol !== "mailto:";
        if (isAway && !/noopener/.test(element.rel))
          found.push(`a link that tells where it was followed from: ${value}`);
      }
    }
  };
  walk(document);
  return found;
}
"""
EVIL = "evil.invalid"


@dataclass
class Watch:
    """One browser context. `asked` is what it wanted from elsewhere, `opened` its pop-ups."""

    asked: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    shapes: dict[str, set[str]] = field(default_factory=dict)

    async def know(self, place: Page | Frame, name: str, *more: str) -> None:
        """The page as it is with harmless content: of that may come more, and of `more`."""
        found: list[str] = await place.evaluate(SHAPES)
        self.shapes.setdefault(name, set(more)).update(found)

    async def check(self, place: Page | Frame, name: str, said: str = "") -> None:
        """Fails when anything of what was written since is alive; `said` is what was written."""
        found: list[str] = await place.evaluate(ACTIVE)
        new = set(await place.evaluate(SHAPES)) - self.shapes[name]
        troubles = [*found, *(f"a new kind of element: {shape}" for shape in sorted(new))]
        troubles += [f"asked for {address}" for address in self.asked]
        troubles += [f"opened {address}" for address in self.opened]
        assert troubles == [], f"{name}, {said!r}:\n" + "\n".join(troubles)


async def watch(context: BrowserContext) -> Watch:
    """Before the first page of the context."""
    watching = Watch()
    await context.add_init_script(WATCH)
    context.on(
        "request",
        lambda request: watching.asked.append(request.url) if EVIL in request.url else None,
    )
    context.on("page", lambda page: page.on("popup", lambda it: watching.opened.append(it.url)))
    return watching


@asynccontextmanager
async def watched(browsers: Browsers) -> AsyncIterator[tuple[Page, Watch]]:
    """Somebody's page, and what becomes alive in it."""
    # A chat that the inbox does not list yet is asked for among the transcripts.
    async with open_person(
        browsers.blocking, forgives=("404",), reduced_motion="reduce", accept_downloads=True
    ) as person:
        watching = await watch(person.context)
        yield await person.page(), watching
