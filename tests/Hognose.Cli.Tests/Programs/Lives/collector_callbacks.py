import gc
seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info["generation"])))
gc.disable()
class Node: pass
for _ in range(1000):
    a, b = Node(), Node()
    a.b, b.a = b, a
print(gc.collect() >= 2000, seen, gc.garbage)
