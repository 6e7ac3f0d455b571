"""Procedural study areas: relief and soil depth drawn from a seed."""

from .mountains import Mountain, mountain, paper_site

__all__ = ["Mountain", "mountain", "paper_site"]
