import sys
def deeper(n):
    return [n, deeper(n + 1)]
for limit in (1000, 5000):
    sys.setrecursionlimit(limit)
    try:
        deeper(0)
    except RecursionError as error:
        print(limit, str(error).split(" while")[0])
class Nested:
    def __repr__(self):
        return repr([self])
try:
    repr(Nested())
except RecursionError:
    print("repr too")
