# What a piece of code leaves behind: pympler's recipe as it is. Run it by "python -m hognose.compat".
from pympler import tracker

memory = tracker.SummaryTracker()
words = ["word %d" % number for number in range(10000)]
pairs = {word: (word, len(word)) for word in words}
memory.print_diff()
