"""``python -m memory_profiler``"""

from ._running import main

if __name__ == "__main__":
    main()
