"""Takes a file: from a body to a place on disk, then to a row. The row comes last, so that what has
one is whole; what has none is swept."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.concurrency import run_in_threadpool

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.conversation.files import StoredFile
from chatserver.errors import (
    BadRequest,
    FileTooLarge,
    FileType,
    RateLimited,
    Rejected,
    StorageFull,
)
from chatserver.features.uploads import kinds, naming, store
from chatserver.features.uploads.arriving import write_down
from chatserver.features.uploads.disk import Disk
from chatserver.features.uploads.model import Principal
from chatserver.features.uploads.pictures import Painters
from chatserver.ids import Ids
from chatserver.storage.database import Database
from chatserver.web.limits import Pace

DAY = timedelta(days=1)
HOUR_SECONDS = 3600
# An office shares an address; whoever asks for new visitors' tokens all the time does too.
ADDRESS_FACTOR = 10


class Announced(Struct, frozen=True):
    """What a client says of a file before it sends it."""

    upload_id: str
    name: str
    bytes: int


class Uploads:
    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        disk: Disk,
        settings: Settings,
        buckets: Buckets,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._disk = disk
        self._settings = settings
        self._endings = kinds.check_endings(settings.upload_endings)
        self.painters = Painters(most_pixels=settings.upload_pixels)
        self._busy: Counter[str] = Counter()
        minute = settings.upload_minute
        self._pace = Pace(buckets, "uploads of one", rate=minute / 60, burst=minute)
        crowd = minute * ADDRESS_FACTOR
        self._pace_of_addresses = Pace(
            buckets, "uploads from one address", rate=crowd / 60, burst=crowd
        )
        self.taken_files = 0
        self.taken_bytes = 0

    async def take(
        self, who: Principal, address: str, said: Announced, pieces: AsyncIterator[bytes]
    ) -> tuple[StoredFile, bool]:
        """The file, and whether it is new: the same `upload_id` of the same author answers the
        first file, whatever is sent now. Raises FileType, FileTooLarge, RateLimited, StorageFull,
        BadRequest, Rejected."""
        ending = self._check(said)
        if self._settings.upload_minute:
            await self._pace.take(who.key)
            if who.is_visitor:
                await self._pace_of_addresses.take(address)
        async with self._database.read() as connection:
            first = await store.by_upload(connection, who, said.upload_id)
            if first is not None:
                return first, False
            await self._check_quota(connection, who, said.bytes)
        await run_in_threadpool(self._disk.check_room, said.bytes)
        with self._one_of_few(who):
            return await self._arrive(who, said, ending, pieces)

    def _check(self, said: Announced) -> str:
        """The ending, when a file like this is taken."""
        settings, ending = self._settings, naming.ending_of(said.name)
        if not settings.upload_files:
            raise Rejected("this installation takes no files")
        if said.bytes > settings.upload_bytes:
            raise FileTooLarge(f"a file has at most {settings.upload_bytes} bytes")
        if not said.bytes:
            raise BadRequest("the file is empty")
        if ending not in self._endings:
            raise FileType(f"taken are {' '.join(settings.upload_endings)}")
        return ending

    async def _check_quota(self, connection: AsyncConnection, who: Principal, size: int) -> None:
        settings = self._settings
        if who.is_visitor:
            since = self._clock.now() - DAY
            count, used = await store.used_by(connection, who, since)
            most_files, most_bytes = settings.upload_visitor_day, settings.upload_visitor_day_bytes
            if (most_files and count >= most_files) or (most_bytes and used + size > most_bytes):
                raise RateLimited("too many files in a day", retry_after=HOUR_SECONDS)
        most = settings.upload_workspace_bytes
        if most and await store.used_in(connection, who.workspace_id) + size > most:
            raise StorageFull("the workspace has no room left", retry_after=HOUR_SECONDS)

    @contextmanager
    def _one_of_few(self, who: Principal) -> Iterator[None]:
        """As many at a time as one message carries: quotas are compared before a file arrives, so
        this bounds by how much they are missed."""
        if self._busy[who.key] >= self._settings.upload_files:
            raise RateLimited("too many uploads at a time", retry_after=1)
        self._busy[who.key] += 1
        try:
            yield
        finally:
            self._busy[who.key] -= 1
            self._busy += Counter()  # forgets who has none

    async def _arrive(
        self, who: Principal, said: Announced, ending: str, pieces: AsyncIterator[bytes]
    ) -> tuple[StoredFile, bool]:
        file_id = self._ids.new()
        desk = await run_in_threadpool(self._desk, file_id)
        try:
            seconds = self._settings.upload_seconds
            await write_down(pieces, desk.raw, announced=said.bytes, seconds=seconds)
            file = await self._examine(who, said, ending, file_id, desk)
            is_picture = file.width is not None
            await run_in_threadpool(
                self._disk.keep,
                file.workspace_id,
                file.id,
                desk.drawn if is_picture else desk.raw,
                desk.preview if is_picture else None,
            )
            return await self._enter(who, file)
        finally:
            await run_in_threadpool(desk.clear)

    def _desk(self, file_id: str) -> "_Desk":
        names = (file_id, f"{file_id}.drawn", f"{file_id}.preview")
        return _Desk(*(self._disk.incoming(name) for name in names))

    async def _examine(
        self, who: Principal, said: Announced, ending: str, file_id: str, desk: "_Desk"
    ) -> StoredFile:
        """What has arrived, as it will be kept."""
        kind = await run_in_threadpool(kinds.identify, desk.raw, ending)
        name, media_type, size, preview_bytes = said.name, kind.type, said.bytes, 0
        width = height = None
        if kind is kinds.PICTURE:
            drawn = await self.painters.redraw(desk.raw, desk.drawn, desk.preview)
            media_type, true_ending = kinds.PICTURES[drawn.kind]
            name = naming.with_ending(name, true_ending)
            width, height = drawn.width, drawn.height
            size, preview_bytes = await run_in_threadpool(desk.sizes)
        return StoredFile(
            id=file_id,
            workspace_id=who.workspace_id,
            author_kind=who.actor.kind.value,
            author_id=who.actor.id or "",
            upload_id=said.upload_id,
            name=name,
            type=media_type,
            bytes=size,
            preview_bytes=preview_bytes,
            created_at=self._clock.now(),
            width=width,
            height=height,
        )

    async def _enter(self, who: Principal, file: StoredFile) -> tuple[StoredFile, bool]:
        """Writes the row. The same upload may have ended elsewhere meanwhile: that one counts."""
        try:
            async with self._database.write() as connection:
                await store.add(connection, file)
            self.taken_files += 1
            self.taken_bytes += file.bytes + file.preview_bytes
            return file, True
        except IntegrityError:
            await run_in_threadpool(self._disk.remove, file.workspace_id, file.id)
            async with self._database.read() as connection:
                first = await store.by_upload(connection, who, file.upload_id)
            if first is None:
                raise
            return first, False


class _Desk(Struct, frozen=True):
    """Where one file lies while it arrives."""

    raw: Path
    drawn: Path
    preview: Path

    def sizes(self) -> tuple[int, int]:
        return self.drawn.stat().st_size, self.preview.stat().st_size

    def clear(self) -> None:
        for path in (self.raw, self.drawn, self.preview):
            path.unlink(missing_ok=True)
