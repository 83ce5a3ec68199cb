import os, signal, time
seen = 0
def on_alarm(number, frame):
    global seen
    seen += 1
    [str(i) for i in range(50)]

signal.signal(signal.SIGALRM, on_alarm)
signal.signal(signal.SIGPROF, on_alarm)
signal.signal(signal.SIGUSR1, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
end = time.process_time() + 0.3
count = 0
while time.process_time() < end:
    live = [{"n": i, "s": str(i)} for i in range(300)]
    count += 1
    if count % 50 == 0:
        os.kill(os.getpid(), signal.SIGUSR1)
signal.setitimer(signal.ITIMER_REAL, 0)
signal.setitimer(signal.ITIMER_PROF, 0)
print(seen > 20, count > 20)
