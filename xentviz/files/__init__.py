"""Disk to core and back; no Qt here. The front doors; the others are the modules' own."""

from xentviz.files.reading import columns_in, meant, read

__all__ = ["columns_in", "meant", "read"]
