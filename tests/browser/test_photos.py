"""An agent's own photo: brought in the profile, seen by visitors, taken away by the owner."""

import io

import pytest
from PIL import Image
from playwright.async_api import Locator, expect

from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_fit import check
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
# The panel asks for what was there a moment ago, and finds it gone.
GONE = ("404",)


def face() -> bytes:
    held = io.BytesIO()
    Image.linear_gradient("L").resize((300, 400)).convert("RGB").save(held, "JPEG")
    return held.getvalue()


async def loaded(photo: Locator) -> None:
    await expect(photo).to_be_visible()
    await expect(photo).to_have_js_property("naturalWidth", 300)


async def test_a_photo_goes_from_the_profile_to_the_visitor(
    browsers: Browsers, demo: Running
) -> None:
    async with (
        open_person(browsers.blocking) as agent,
        open_person(browsers.blocking) as owner,
        open_person(browsers.blocking, forgives=GONE) as visitor,
    ):
        ann = Console(await agent.page(), demo.origin)
        await ann.sign_in(ANN)
        await ann.go("profile")
        main = ann.page.get_by_role("main")
        async with ann.page.expect_file_chooser() as chooser:
            await ann.button("profile.photo.choose").click()
        file = {"name": "ann.jpg", "mimeType": "image/jpeg", "buffer": face()}
        await (await chooser.value).set_files(file)
        await loaded(main.locator("img"))
        await loaded(ann.page.get_by_role("navigation").locator("img"))

        widget = Widget(await visitor.page())
        await widget.page.goto(demo.shop)
        await widget.open()
        await widget.say("Is the kettle safe?")
        await ann.go("inbox")
        await ann.open("Is the kettle safe?")
        await ann.take()
        await ann.answer("It is.")
        await expect(widget.message("It is.")).to_be_visible()
        for place in (".header", ".event", ".message"):
            await loaded(widget.panel.locator(f"{place} img.avatar-photo"))

        olivia = Console(await owner.page(), demo.origin)
        await olivia.sign_in(OWNER)
        await olivia.go("people")
        taken = olivia.page.get_by_role(
            "button", name=olivia.t("people.photo.removeOf", name="Ann")
        )
        await taken.click()
        await expect(taken).to_have_count(0)
        await widget.page.reload()
        await expect(widget.message("It is.")).to_be_visible()
        await expect(widget.panel.locator("img.avatar-photo")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
async def test_the_profile_suits_everybody(
    browsers: Browsers, demo: Running, scheme: str, size: dict[str, object]
) -> None:
    looks = size | {"color_scheme": scheme, "reduced_motion": "reduce"}
    async with open_person(browsers.blocking, **looks) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        await console.go("profile")
        await expect(console.button("profile.photo.choose")).to_be_visible()
        await check(console.page, "profile")
