"""Files to be uploaded, and a browser's way of uploading them."""

import io
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx2
from PIL import Image

_numbers = count(1)
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (32, 16), *, mode: str = "RGB", **options: Any
) -> bytes:
    """A real one, of one colour."""
    buffer = io.BytesIO()
    Image.new(
        mode, size, 120 if mode in ("L", "P", "1") else (10, 120, 200, 128)[: len(mode)]
    ).save(buffer, kind, **options)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@dataclass
class Uploader:
    """Somebody's browser: `side` is visitor or agent, `client` shows who it is."""

    client: httpx2.AsyncClient
    side: str

    async def post(
        self, content: Any, name: str = "cup.png", *, upload_id: str | None = None, **more: str
    ) -> httpx2.Response:
        headers = {
            "Content-Type": "application/octet-stream",
            "X-File-Name": quote(name, safe=""),
            "X-Upload-Id": upload_id or f"u{next(_numbers)}",
            **{key.replace("_", "-"): value for key, value in more.items()},
        }
        return await self.client.post(f"/uploads/{self.side}", content=content, headers=headers)

    async def add(self, content: bytes | None = None, name: str = "cup.png") -> dict[str, Any]:
        """The file, which is taken."""
        answer = await self.post(content or picture(), name)
        assert answer.status_code == 201, answer.text
        file: dict[str, Any] = answer.json()["file"]
        return file

    async def links(self, *ids: str) -> dict[str, Any]:
        answer = await self.client.post(f"/uploads/{self.side}/links", json={"files": list(ids)})
        assert answer.status_code == 200, answer.text
        links: dict[str, Any] = answer.json()["links"]
        return links

    async def get(self, file_id: str, variant: str = "url") -> httpx2.Response:
        """The file by a new link."""
        return await self.client.get((await self.links(file_id))[file_id][variant])


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
