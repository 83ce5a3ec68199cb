"""A drop-in for pympler 1.1, with hognose's exact sizes. ``docs/compatibility.md`` lists where they differ from pympler's."""

__version__ = "1.1"
