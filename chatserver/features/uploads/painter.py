"""Draws a picture anew, so that nothing of the original but its pixels is left: no place where it
was taken, no script behind its end. A program of its own: what a decoder can be made to do by a
made-up picture ends with this process, within its bounds of memory and time.

It imports nothing of the house and is run by path: `painter.py SOURCE TARGET PREVIEW MOST_PIXELS`.
It answers with one line of JSON; its exit code says why it could not.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from math import ceil, log2, sqrt
from typing import Any

MEMORY_BYTES = 256 * 1024 * 1024
CPU_SECONDS = 5
# Of a drawing: more than the largest picture takes that is drawn at all.
FILE_BYTES = 256 * 1024 * 1024
NOT_A_PICTURE = 3
TOO_LARGE = 4
PREVIEW_PIXELS = 640
# How much of the bound each kind may have: a photograph of a good camera is made smaller while it
# is decoded, which costs nothing; the codec of WebP holds its picture many times over.
FACTORS = {"PNG": 1, "GIF": 1, "JPEG": 8, "WEBP": 0.5}
# What moves keeps moving within these; beyond them its first picture stands for it.
# Packing a larger one well takes longer than we wait.
QUICK_PIXELS = 4_000_000
# Writing WebP with a see-through part takes 30 bytes a pixel.
MOST_WEBP_PIXELS = 3_000_000
MOST_FRAMES = 120
MOST_MOVING_PIXELS = 20_000_000
FRAME_MS = 100


def main(source: str, target: str, preview: str, most_pixels: str) -> int:
    limit()
    from PIL import Image  # behind the limits

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the bound is ours
    try:
        said = redraw(source, target, preview, int(most_pixels))
    except MemoryError:
        return TOO_LARGE
    except Exception:  # a decoder raises what it likes at bytes that are no picture
        return NOT_A_PICTURE
    if said is None:
        return TOO_LARGE
    sys.stdout.write(json.dumps(said))
    return 0


def limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: whoever started us still watches the clock
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def redraw(source: str, target: str, preview: str, most_pixels: int) -> dict[str, object] | None:
    """What was drawn; None: too large, as its header says."""
    from PIL import Image

    with Image.open(source, formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        excess = picture.width * picture.height / most_pixels
        if excess > FACTORS[kind]:
            return None
        if excess > 1:
            scale = 2 ** ceil(log2(sqrt(excess)))
            picture.draft("RGB", (picture.width // scale, picture.height // scale))
        return draw(picture, kind, target, preview)


def draw(picture: Any, kind: str, target: str, preview: str) -> dict[str, object]:
    from PIL import Image

    frames = moving(picture) if kind in ("GIF", "WEBP") else 1
    if frames > 1:
        first = clean(picture)
        save_moving(picture, frames, kind, target)
    else:
        first = clean(upright(picture))
        kind = kept_as(first, kind)
        save(first, kind, target)
    said = {"kind": kind, "width": first.width, "height": first.height}
    if first.mode == "1":
        first = first.convert("L")
    first.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS), Image.Resampling.LANCZOS)
    first.save(preview, "WEBP", quality=80, method=4)
    return said


def clean(picture: Any) -> Any:
    """Pixels alone, in a mode that every encoder takes, with what is see-through kept so."""
    picture.load()
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.convert("I").point(lambda value: value / 256)
        picture = picture.convert("L")
    elif picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGB")
    picture.info = {}
    return picture


def upright(picture: Any) -> Any:
    """As the camera was held: what says so goes with the rest. Every copy costs 100 MB."""
    from PIL import ImageOps

    with suppress(Exception):  # what the camera says may be broken where its picture is not
        ImageOps.exif_transpose(picture, in_place=True)
    return picture


def kept_as(picture: Any, kind: str) -> str:
    """Its own kind, where that can be written within our bounds."""
    if kind != "WEBP" or picture.width * picture.height <= MOST_WEBP_PIXELS:
        return kind
    return "PNG" if "A" in picture.mode else "JPEG"


def save(picture: Any, kind: str, target: str) -> None:
    if kind == "JPEG":
        flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        flat.save(target, "JPEG", quality=88)
    elif kind == "PNG":
        level = 1 if picture.width * picture.height > QUICK_PIXELS else 6
        picture.save(target, "PNG", compress_level=level)
    elif kind == "WEBP":
        picture.save(target, "WEBP", quality=85, method=2)
    else:
        picture.save(target, "GIF")


def moving(picture: Any) -> int:
    """How many frames are kept: all, or one where there are too many. Looks no further than it
    must: a file of a few kilobytes may promise a million frames."""
    pixels = picture.width * picture.height
    most = min(MOST_FRAMES, MOST_MOVING_PIXELS // pixels)
    frames = 1
    try:
        while frames <= most:
            picture.seek(frames)
            frames += 1
    except EOFError:
        pass
    picture.seek(0)
    return frames if frames <= most else 1


def save_moving(picture: Any, frames: int, kind: str, target: str) -> None:
    durations: list[int] = []
    drawn = list(each_frame(picture, frames, durations))
    drawn[0].save(
        target,
        kind,
        save_all=True,
        append_images=drawn[1:],
        duration=durations,
        loop=0,
        **({"disposal": 2} if kind == "GIF" else {"quality": 80, "method": 0}),
    )


def each_frame(picture: Any, frames: int, durations: list[int]) -> Iterator[Any]:
    for number in range(frames):
        picture.seek(number)
        durations.append(int(picture.info.get("duration") or FRAME_MS))
        frame = picture.convert("RGBA")
        frame.info = {}
        yield frame


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
