"""Lives and sizes of the instances of classes."""

from ..._classtracker import ClassTracker, PeriodicThread, track_object_creation, track_object_deletion
from ..._tracked import Snapshot, TrackedObject

__all__ = ["ClassTracker", "PeriodicThread", "Snapshot", "TrackedObject", "track_object_creation", "track_object_deletion"]
