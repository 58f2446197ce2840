"""A backup that was damaged, or made to do harm, changes nothing."""

import gzip
import hashlib
import io
import json
import tarfile

import pytest

from chatserver.errors import Rejected
from tests.support.keeping import restoring


def spoil_middle(data):
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 255]) + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [spoil_middle, lambda data: data[:-200], lambda data: b"", lambda data: b"no archive at all"],
    ids=["bit", "cut", "empty", "other"],
)
async def test_a_damaged_backup_changes_nothing(backups, elsewhere, clock, tmp_path, spoil):
    archive = await backups.write(tmp_path)
    archive.write_bytes(spoil(archive.read_bytes()))
    with pytest.raises(Rejected, match="backup|damaged"):
        await restoring(elsewhere, clock).run(archive, replace=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def repack(archive, change):
    """The archive with its members changed by `change(name, content)`, whose checksums fit."""
    with tarfile.open(archive) as tar:
        members = [(m.name, tar.extractfile(m).read()) for m in tar]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members:
            name, content = change(name, content)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    archive.write_bytes(gzip.compress(out.getvalue()))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["../evil", "uploads/../../evil", "/evil", "other", "uploads/"])
async def test_an_archive_writes_nowhere_but_where_it_may(
    backups, elsewhere, clock, tmp_path, name
):
    archive = await backups.write(tmp_path)
    repack(archive, lambda n, c: (name if n.startswith("uploads/ab") else n, c))
    with pytest.raises(Rejected, match="no backup"):
        await restoring(elsewhere, clock).run(archive, replace=False)
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_changed_member_is_noticed(backups, elsewhere, clock, tmp_path):
    archive = await backups.write(tmp_path)
    repack(archive, lambda n, c: (n, c + b"!" if n == "secret.key" else c))
    with pytest.raises(Rejected, match=r"damaged: secret\.key"):
        await restoring(elsewhere, clock).run(archive, replace=False)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_backup_of_a_later_format_says_which_version_made_it(
    backups, elsewhere, clock, tmp_path
):
    archive = await backups.write(tmp_path)

    digests: dict[str, str] = {}

    def later(name, content):
        if name == "manifest.json":
            content = json.dumps(json.loads(content) | {"format": 99, "version": "9.9"}).encode()
            digests["manifest.json"] = hashlib.sha256(content).hexdigest()
        if name == "checksums.json":
            content = json.dumps(json.loads(content) | digests).encode()
        return name, content

    repack(archive, later)
    with pytest.raises(Rejected, match=r"version 9\.9"):
        await restoring(elsewhere, clock).run(archive, replace=False)
