"""A file that was taken survives a power cut: it is on the disk, then in its place, then its place
is on the disk, then its row; only then is whoever sent it told."""

import re
from pathlib import Path

import httpx2
import pytest

from tests.support.running import run_service
from tests.support.sockets import open_visitor, site_key
from tests.support.tracing import require_strace, traced
from tests.support.uploads import PDF, Uploader

CALLS = "rename,renameat,renameat2,fsync,fdatasync,write,writev,sendto,sendmsg"


@pytest.mark.slow
async def test_the_disk_has_a_file_before_its_row_and_its_row_before_the_answer(
    tmp_path: Path,
) -> None:
    require_strace()
    with run_service(tmp_path / "data") as service:
        async with open_visitor(service, await site_key(service)) as wire:
            bearer = {"Authorization": f"Bearer {wire.welcome['token']}"}
            own = {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}
            async with httpx2.AsyncClient(
                base_url=service.origin, headers=own | bearer, trust_env=False
            ) as client:
                with traced(service, tmp_path / "trace", CALLS) as trace:
                    file = await Uploader(client, "visitor").add(PDF, "a.pdf")
    steps = steps_of(trace.read_text(), file["id"])
    assert steps == [
        "file on the disk",
        "file in its place",
        "place on the disk",
        "row on the disk",
        "told",
    ]


def steps_of(trace: str, file_id: str) -> list[str]:
    """What happened up to the answer, in order. A synchronisation counts when it has returned; its
    end may be told apart from its beginning, which named the file."""
    steps: list[str] = []
    syncing: dict[str, str] = {}
    for line in trace.splitlines():
        found = re.match(r"^(\d+) +(?:<\.\.\. )?(\w+)(\(| resumed>)(.*)$", line)
        if found is None:
            continue
        thread, call, begins, rest = found.groups()
        if call in ("fsync", "fdatasync"):
            syncing[thread] = rest if begins == "(" else syncing.get(thread, "")
            if rest.endswith("= 0"):
                steps.append(step_of(syncing[thread], file_id))
        elif call.startswith("rename") and file_id in rest:
            steps.append("file in its place")
        elif file_id in rest and "incoming" not in rest:  # the answer
            steps.append("told")
            break
    # Others write rows all the time; the one that counts comes behind the place.
    place = steps.index("place on the disk")
    early = [step for step in steps[:place] if step != "row on the disk"]
    return [step for step in dict.fromkeys([*early, *steps[place:]]) if step]


def step_of(rest: str, file_id: str) -> str:
    if f"incoming/{file_id}>" in rest:
        return "file on the disk"
    if f"/{file_id[-2:]}>" in rest:
        return "place on the disk"
    return "row on the disk" if "-wal>" in rest else ""
