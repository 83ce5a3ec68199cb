# Runs a program with the reading of hognose.gc on. Given by "python -c": arguments are the folder of the package ("": it is installed), the
# youngest generation that is told, and the program's own line. No functions: they would be garbage of ours when the program ends.
import sys

if sys.argv[1]:
    sys.path.insert(0, sys.argv[1])
try:
    from hognose import _collected
except ImportError as error:
    sys.stderr.write("hognose: this Python cannot import the package hognose (%s): install the wheel that './hognose wheel' makes\n" % error)
    sys.exit(2)
if sys.argv[1]:
    sys.path.remove(sys.argv[1])
sys.exit(_collected.run(sys.argv[3:], int(sys.argv[2])))
