"""From a page to findings: the snippet, its key, and what the page's policies do to it. Pure."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from chatserver.features.sitecheck import policy
from chatserver.features.sitecheck.model import Finding, Level, Page, Tag
from chatserver.identity.model import Site


def judge(page: Page, site: Site, widget_origin: str) -> list[Finding]:
    """In the order in which a browser would stumble."""
    return [*_site(site), *_snippet(page, site, widget_origin)]


def _site(site: Site) -> Iterator[Finding]:
    if not site.enabled:
        yield Finding("site_disabled", Level.BAD)


def _snippet(page: Page, site: Site, widget_origin: str) -> Iterator[Finding]:
    ours = [tag for tag in page.tags if _is_loader(tag.src, widget_origin)]
    foreign = [tag for tag in page.tags if tag.site == site.key and tag not in ours]
    fitting = [tag for tag in ours if tag.site == site.key]
    if fitting:
        yield Finding("snippet_found", Level.OK)
        if len(fitting) > 1:
            yield Finding("snippet_twice", Level.WARN, {"count": str(len(fitting))})
    elif ours:
        yield Finding("snippet_other_site", Level.BAD, {"found": ours[0].site[:64] or "—"})
    elif foreign:
        yield Finding("snippet_other_server", Level.BAD, {"found": foreign[0].src[:300]})
    else:
        yield Finding("snippet_missing", Level.BAD)
    if page.address.startswith("https:") and widget_origin.startswith("http:"):
        yield Finding("insecure_server", Level.BAD, {"origin": widget_origin})
    address = f"{widget_origin}/widget.js"
    tag = next(iter(fitting or ours), None) or Tag(src=address, site=site.key)
    yield from _policies(page, tag, widget_origin)


def _is_loader(src: str, widget_origin: str) -> bool:
    parts = urlsplit(src)
    path = parts.path
    is_ours = f"{parts.scheme}://{parts.netloc}" == widget_origin
    return is_ours and path.startswith("/widget") and path.endswith(".js")


def _policies(page: Page, tag: Tag, widget_origin: str) -> Iterator[Finding]:
    """Each of several policies must allow; the first that does not is named."""
    found = policy.split_policies(page.policies)
    wishes = (
        ("csp_script", Level.BAD, policy.SCRIPT, ""),
        ("csp_frame", Level.BAD, policy.FRAME, f"{widget_origin}/frame"),
        ("csp_connect", Level.WARN, policy.CONNECT, f"{widget_origin}/widget/config"),
    )
    is_fine = True
    for code, level, names, address in wishes:
        for one in found:
            rule = policy.governing(one, names)
            if rule is None or _passes(rule[1], tag, address, page.origin):
                continue
            is_fine = False
            if code == "csp_script" and policy.is_strict(rule[1]):
                yield Finding("csp_nonce", level)  # an address would not help there
            else:
                yield Finding(code, level, {"add": widget_origin, **_rule_in_words(names, rule)})
            break
    if is_fine:
        yield Finding("csp_fine" if found else "csp_none", Level.OK)


def _passes(sources: list[str], tag: Tag, address: str, page_origin: str) -> bool:
    if address:
        return policy.allows(sources, address, page_origin)
    return policy.allows_script(sources, tag, page_origin)


def _rule_in_words(names: tuple[str, ...], rule: tuple[str, list[str]]) -> dict[str, str]:
    """What stands there, and what should: a fallback is not widened but written out."""
    name, sources = rule
    wanted = name if name != "default-src" else names[0].removesuffix("-elem")
    return {"directive": wanted, "now": " ".join((name, *sources))[:300]}
