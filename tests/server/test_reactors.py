"""What the whole service does on facts: every slice that reads them is told of them."""

import asyncio
import io

import httpx2
from PIL import Image

from tests.support.inside import run_inside
from tests.support.sockets import open_staff

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"


async def test_who_is_disabled_has_no_photo_any_more(tmp_path):
    held = io.BytesIO()
    Image.new("RGB", (9, 9)).save(held, "PNG")
    async with run_inside(tmp_path, upload_spare_bytes=0) as house:
        async with open_staff(house, ANN) as ann:
            sent = {"Content-Type": "application/octet-stream"}
            answer = await ann.client.post("/api/me/photo", content=held.getvalue(), headers=sent)
            ((agent, address),) = answer.json()["photos"].items()
        async with httpx2.AsyncClient(base_url=house.origin, trust_env=False) as anybody:
            assert (await anybody.get(address)).status_code == 200
            async with open_staff(house, OWNER) as owner:
                await owner.patch(f"/api/agents/{agent}", {"disabled": True})
            async with asyncio.timeout(30):
                while (await anybody.get(address)).status_code != 404:
                    pass


async def test_no_slice_that_reads_facts_is_left_out(tmp_path):
    async with run_inside(tmp_path) as house:
        reading = {feature.name for feature in house.app.features if feature.reactors}
        timed = {feature.name for feature in house.app.features if feature.on_timer}
        assert {"greetings", "photos", "csat"} <= reading
        assert house.app.runner.slices == reading | timed
