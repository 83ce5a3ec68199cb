"""Texts for objects, sizes and times."""

from ...._texts import pp, pp_timestamp, safe_repr, trunc

__all__ = ["pp", "pp_timestamp", "safe_repr", "trunc"]
