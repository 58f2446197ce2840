"""Small pictures for other slices, drawn as those of messages are: whoever needs one is handed
`draw` by app.py."""

from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from chatserver.errors import FileType
from chatserver.features.uploads import kinds
from chatserver.features.uploads.arriving import write_down
from chatserver.features.uploads.disk import Disk
from chatserver.features.uploads.pictures import Painters
from chatserver.ids import Ids


class Miniatures:
    def __init__(self, *, disk: Disk, painters: Painters, ids: Ids, seconds: float) -> None:
        self._disk = disk
        self._painters = painters
        self._ids = ids
        self._seconds = seconds

    async def draw(self, pieces: AsyncIterator[bytes], size: int) -> bytes:
        """WebP, at most 640 pixels wide and high. Raises FileType, FileTooLarge, BadRequest,
        StorageFull."""
        name = self._ids.new()
        await run_in_threadpool(self._disk.check_room, size)
        raw, drawn, small = (
            self._disk.incoming(f"{name}{ending}") for ending in ("", ".drawn", ".preview")
        )
        try:
            await write_down(pieces, raw, announced=size, seconds=self._seconds)
            if await run_in_threadpool(kinds.identify, raw, ".png") is not kinds.PICTURE:
                raise FileType("this is no picture")
            await self._painters.redraw(raw, drawn, small)
            return await run_in_threadpool(small.read_bytes)
        finally:
            for path in (raw, drawn, small):
                await run_in_threadpool(path.unlink, missing_ok=True)
