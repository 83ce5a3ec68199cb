# Imports the package hognose. Given by "python -c": arguments are its folder ("": it is installed), whether its stand-ins come first or last,
# and what the lines that follow these take. No functions: they would be garbage of ours when the program ends.
import sys

if sys.argv[1]:
    sys.path.insert(0, sys.argv[1])
try:
    import hognose.compat
except ImportError as error:
    sys.stderr.write("hognose: %s cannot import the package hognose (%s): install the wheel there, or choose another Python with --python\n" % (sys.executable, error))
    sys.exit(2)
if sys.argv[1]:
    sys.path.remove(sys.argv[1])
hognose.compat.install(first=sys.argv[2] == "first")
del sys.argv[1:3]
