import tracemalloc
tracemalloc.start(5)
kept = [bytes(1000) for _ in range(1000)]
current, peak = tracemalloc.get_traced_memory()
statistic = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)]).statistics("lineno")[0]
tracemalloc.stop()
print(statistic.traceback[0].lineno, statistic.count >= 1000, current >= 1000000)
