import threading
local = threading.local()
lock = threading.Lock()
total = 0

def short(number):
    global total
    local.kept = [str(number)] * 50 + [number]
    with lock:
        total += len(local.kept)

for _ in range(60):
    threads = [threading.Thread(target=short, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(total)
