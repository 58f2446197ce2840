"""Backup: a whole installation as one file, made while it runs, and put back elsewhere."""

from chatserver.features.backup.making import Backups
from chatserver.features.backup.schedule import Schedule

__all__ = ["Backups", "Schedule"]
