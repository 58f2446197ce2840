"""Export: all that one workspace is, in a form that other programs read."""

from chatserver.features.export.making import Exports

__all__ = ["Exports"]
