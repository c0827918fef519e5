"""Messages that ask the same, grouped in bulk round a representative."""

from sangto.engine.cluster.grouping import Grouping, groups, reasons

__all__ = ["Grouping", "groups", "reasons"]
