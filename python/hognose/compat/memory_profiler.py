"""A drop-in for memory_profiler 0.61."""
