"""This machine: key, folders, disk, backups, and settings that do not fit each other."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from chatserver.config import Settings
from chatserver.doctor.finding import Finding, fail, ok, warn
from chatserver.features.backup.manifest import made_at
from chatserver.parts import SECRET_FILE

MEGABYTE = 1 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OTHERS = 0o077


def key(settings: Settings) -> Finding:
    if settings.secret_key:
        keys = len(settings.secret_key.split(","))
        return ok("key", f"{keys} in CHATSERVER_SECRET_KEY" + (", rotating" if keys > 1 else ""))
    path = Path(settings.data_dir) / SECRET_FILE
    if not path.exists():
        return ok("key", f"none yet: the first start makes {path}")
    if path.stat().st_mode & OTHERS:
        return fail("key", f"others may read {path}: chmod 600")
    return ok("key", f"in {path}")


def folder(settings: Settings) -> Finding:
    path = Path(settings.data_dir)
    if not path.exists():
        return warn("data", f"there is no {path} yet; the first start makes it")
    if not os.access(path, os.W_OK | os.X_OK):
        return fail("data", f"this user may not write to {path}: run as the service's user")
    if path.stat().st_mode & OTHERS:
        return warn("data", f"others may look into {path}: chmod 700")
    return ok("data", f"{path}, closed to others")


def disk(settings: Settings) -> Finding:
    path = Path(settings.data_dir)
    there = next(one for one in (path.resolve(), *path.resolve().parents) if one.exists())
    free = shutil.disk_usage(there).free // MEGABYTE
    if free < settings.disk_warn_mb:
        return fail("disk", f"{free} MB free, less than CHATSERVER_DISK_WARN_MB")
    return ok("disk", f"{free} MB free")


def proxies(settings: Settings) -> Finding:
    """Behind a proxy that nobody believes, all visitors have one address, and share its limits."""
    public = urlsplit(settings.public_origin)
    is_direct = public.hostname in LOOPBACK or public.port == settings.port
    if settings.trusted_proxies:
        return ok("proxies", f"X-Forwarded-For is believed of {settings.trusted_proxies}")
    if is_direct:
        return ok("proxies", "none, and PUBLIC_URL leads straight here")
    return fail("proxies", "PUBLIC_URL is another port: name the proxy in TRUSTED_PROXIES")


def backups(settings: Settings, now: datetime) -> Finding:
    path = Path(settings.backup_dir)
    if not settings.backup_dir:
        return warn("backups", "CHATSERVER_BACKUP_DIR is empty: the service makes none by itself")
    found = [made_at(one.name) for one in path.iterdir()] if path.is_dir() else []
    last = max((at for at in found if at is not None), default=None)
    if last is None:
        return warn("backups", f"none in {path}")
    hours = round((now - last) / timedelta(hours=1), 1)
    late = settings.backup_hours and hours > 2 * settings.backup_hours
    words = f"the newest in {path} is {hours} hours old"
    return fail("backups", words) if late else ok("backups", words)
