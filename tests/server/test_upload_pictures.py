"""Pictures are drawn anew: nothing but pixels passes, and none takes more than its share."""

import asyncio
import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageSequence, PngImagePlugin

from chatserver.errors import FileTooLarge, FileType
from chatserver.features.uploads.pictures import Painters
from tests.support.uploads import opened, picture

MOST_PIXELS = 1_000_000
SECRET = b"47.3769N 8.5417E"
SCRIPT = b"<?php system($_GET['c']); ?><script>alert(1)</script>"


@pytest.fixture
def easel(tmp_path):
    return Easel(tmp_path)


class Easel:
    """Draws a picture and looks at what came out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.painters = Painters(most_pixels=MOST_PIXELS)

    async def draw(self, content: bytes):
        (self.folder / "source").write_bytes(content)
        return await self.painters.redraw(
            *(self.folder / name for name in ("source", "target", "preview"))
        )

    @property
    def target(self) -> bytes:
        return (self.folder / "target").read_bytes()

    @property
    def preview(self) -> bytes:
        return (self.folder / "preview").read_bytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    )


def camera_jpeg(orientation: int = 1) -> bytes:
    """As a telephone makes it: where, when, with what; and words of somebody else behind it."""
    image, exif = Image.new("RGB", (40, 20), (200, 10, 10)), Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=SECRET, xmp=SECRET, icc_profile=SECRET * 9)
    return buffer.getvalue() + SCRIPT


def talking_png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Location", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return picture("PNG", pnginfo=words, icc_profile=SECRET * 9, exif=b"Exif\0\0" + SECRET) + SCRIPT


def frames(content: bytes) -> int:
    return sum(1 for _ in ImageSequence.Iterator(Image.open(io.BytesIO(content))))


def moving(kind: str, count: int, size=(20, 10)) -> bytes:
    pictures = [Image.new("RGB", size, (n * 7 % 256, 20, 30)) for n in range(count)]
    buffer = io.BytesIO()
    rest = pictures[1:]
    pictures[0].save(buffer, kind, save_all=True, append_images=rest, duration=50, loop=0)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
async def test_a_picture_stays_the_picture_it_is(easel, kind, mode):
    drawn = await easel.draw(picture(kind, (300, 200), mode=mode))
    assert (drawn.kind, drawn.width, drawn.height) == (kind, 300, 200)
    shown = opened(easel.target)
    assert (shown.format, shown.size) == (kind, (300, 200))
    before = opened(picture(kind, (300, 200), mode=mode)).convert("RGB").getpixel((150, 100))
    after = shown.convert("RGB").getpixel((150, 100))
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 6
    assert opened(easel.preview).format == "WEBP"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("P", "GIF")],
)
async def test_rare_kinds_of_colour_can_be_shown_too(easel, mode, kind):
    image = Image.new("RGB", (30, 20), (128, 128, 128))
    image = Image.new("I;16", (30, 20), 32768) if mode == "I;16" else image.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind)
    grey = 128 if mode == "I;16" else image.convert("RGB").getpixel((15, 10))[0]
    await easel.draw(buffer.getvalue())
    for content in (easel.target, easel.preview):
        for part in opened(content).convert("RGB").getpixel((15, 10)):
            assert abs(part - grey) <= 6


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_what_is_see_through_stays_so(easel, kind):
    image = Image.new("RGBA", (30, 20), (0, 0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    await easel.draw(buffer.getvalue())
    for content in (easel.target, easel.preview):
        assert opened(content).convert("RGBA").getpixel((15, 10))[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        camera_jpeg(),
        talking_png(),
        picture("WEBP", exif=b"Exif\0\0" + SECRET, xmp=SECRET, icc_profile=SECRET * 9) + SCRIPT,
        picture("GIF", comment=SECRET) + SCRIPT,
        moving("GIF", 3) + SCRIPT,
    ],
    ids=["JPEG", "PNG", "WEBP", "GIF", "moving GIF"],
)
async def test_nothing_but_pixels_is_left(easel, content):
    """Where it was taken, what was written into it, and what hides behind its end."""
    assert SECRET in content or SCRIPT in content
    await easel.draw(content)
    for drawn in (easel.target, easel.preview):
        for word in (SECRET, SCRIPT, b"php", b"script", b"Exif", b"XML", b"ICCP", b"iCCP"):
            assert word not in drawn
        assert not opened(drawn).getexif()


async def test_a_picture_stands_upright_although_nothing_says_so_any_more(easel):
    drawn = await easel.draw(camera_jpeg(orientation=6))
    assert (drawn.width, drawn.height) == (20, 40)
    assert opened(easel.target).size == (20, 40)


async def test_a_large_photograph_is_made_smaller(easel):
    drawn = await easel.draw(picture("JPEG", (3000, 2400)))
    assert MOST_PIXELS / 4 < drawn.width * drawn.height <= MOST_PIXELS
    assert drawn.width / drawn.height == 3000 / 2400


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_what_moves_keeps_moving_within_bounds(easel, kind):
    await easel.draw(moving(kind, 5))
    assert frames(easel.target) == 5
    assert frames(easel.preview) == 1


# Too much

BOMBS = {
    "50,000 × 50,000 in a few bytes": png_header(50_000, 50_000)
    + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    + chunk(b"IEND", b""),
    "2³¹ × 1": png_header(2**31 - 1, 1) + chunk(b"IEND", b""),
    "a JPEG's header alone": picture("JPEG", (8, 8)).replace(
        b"\x00\x08\x00\x08", b"\xff\xff\xff\xff", 1
    ),
    "a GIF's screen": b"GIF89a\xff\xff\xff\xff" + picture("GIF")[10:],
    "a WebP of 16,383": picture("WEBP", (1300, 1000), lossless=True),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
async def test_a_bomb_is_refused_by_its_header(easel, content):
    with pytest.raises(FileTooLarge):
        await easel.draw(content)
    assert not (easel.folder / "target").exists()


async def test_ten_thousand_frames_become_one(easel):
    """Nobody counts them to the end."""
    await easel.draw(moving("GIF", 10_000, (2, 2)))
    assert frames(easel.target) == 1


async def test_words_that_unpack_to_gigabytes_are_not_unpacked(easel):
    bomb = zlib.compress(b"a" * 100_000_000)
    content = picture("PNG")
    at = content.index(b"IDAT") - 4
    content = content[:at] + chunk(b"zTXt", b"Comment\0\0" + bomb) + content[at:]
    with pytest.raises(FileType):
        await easel.draw(content)


async def test_the_painter_ends_at_its_bounds_of_memory(tmp_path):
    """Where the header is believed, the system's own limit stands behind it."""
    easel = Easel(tmp_path)
    easel.painters = Painters(most_pixels=10**10)
    pixels = zlib.compress(b"\0" * (3 * 30_000 + 1) * 100)
    content = png_header(30_000, 30_000) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    with pytest.raises((FileTooLarge, FileType)):
        await easel.draw(content)


@pytest.mark.slow
async def test_the_painter_ends_at_its_bounds_of_time(tmp_path):
    """Minutes of work for a decoder that is let: it is stopped by the seconds it has used."""
    easel = Easel(tmp_path)
    easel.painters = Painters(most_pixels=10**9)
    with pytest.raises(FileTooLarge):
        await easel.draw(endless_work())


def endless_work() -> bytes:
    """A progressive JPEG with thousands of scans over one large picture, each a few bytes."""
    whole = picture("JPEG", (3500, 3500), progressive=True)
    end = whole.rindex(b"\xff\xd9")
    scan = whole[whole.rindex(b"\xff\xda", 0, end) : end]
    return whole[:end] + scan * 4000 + b"\xff\xd9"


async def test_many_at_once_wait_for_their_turn_and_all_are_drawn(tmp_path):
    painters = Painters(most_pixels=MOST_PIXELS)

    async def draw(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        easel = Easel(folder)
        easel.painters = painters
        return await easel.draw(picture())

    assert len(await asyncio.gather(*(draw(number) for number in range(6)))) == 6


# Nonsense

SEEDS = {
    "PNG": talking_png(),
    "JPEG": camera_jpeg(),
    "GIF": moving("GIF", 3),
    "WEBP": moving("WEBP", 3),
    "progressive": picture("JPEG", (60, 40), progressive=True),
}


@pytest.mark.parametrize("kind", SEEDS)
async def test_broken_pictures_end_in_an_answer(easel, kind):
    """The same thousands of wrong bytes in every run; whatever a decoder does with them, it does it
    in another process and within its bounds."""
    chance = random.Random(kind)
    for _ in range(12):
        content = bytearray(SEEDS[kind])
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(6, len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(20, len(content)) :]
        try:
            drawn = await easel.draw(bytes(content))
        except (FileType, FileTooLarge):
            continue
        assert opened(easel.target).size == (drawn.width, drawn.height)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"BM" + b"\0" * 60, b"II*\0" + b"\0" * 60]
)
async def test_what_is_no_picture_of_ours_is_refused(easel, content):
    """Among it pictures of kinds whose decoders we do not let run."""
    with pytest.raises(FileType):
        await easel.draw(content)
