import threading
results = []

def work(seed):
    live = {}
    for i in range(20000):
        live[i % 997] = [seed, str(i), bytearray(i % 700)]
    results.append(len(live))

threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(results)
