"""Kaodian: a tutor and an examiner made of a person's own notes."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kaodian")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.0.0"
