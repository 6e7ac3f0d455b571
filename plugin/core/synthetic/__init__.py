"""Procedural study areas: relief and soil depth drawn from a seed."""

from .procedural import ProceduralArea, paper_site, procedural_area

__all__ = ["ProceduralArea", "paper_site", "procedural_area"]
