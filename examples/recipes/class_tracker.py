# How many instances of a class there are, and what they hold, over time. Run it by "python -m hognose.compat".
from pympler.classtracker import ClassTracker


class Session:
    def __init__(self, user):
        self.user = user
        self.rows = [0] * 1000


tracker = ClassTracker()
tracker.track_class(Session)
sessions = [Session("user %d" % number) for number in range(20)]
tracker.create_snapshot("all logged in")
del sessions[5:]
tracker.create_snapshot("most logged out")
tracker.close()
tracker.stats.print_summary()
