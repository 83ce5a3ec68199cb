import threading
started = threading.Barrier(5)
def forever():
    started.wait()
    while True:
        kept = [{"n": str(i)} for i in range(100)]
for _ in range(4):
    threading.Thread(target=forever, daemon=True).start()
started.wait()
kept = [str(i) for i in range(50000)]
print("leaving four busy daemons behind", flush=True)
