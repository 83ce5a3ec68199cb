import sys
try:
    import _interpreters as interpreters
    run = lambda each: interpreters.run_string(each, code)
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
        run = lambda each: interpreters.run_string(each, code)
    except ImportError:
        interpreters = None
code = "kept = [str(i) for i in range(5000)]\nimport json\njson.dumps(kept)"
if interpreters:
    for _ in range(3):
        each = interpreters.create()
        run(each)
        interpreters.destroy(each)
print("done")
