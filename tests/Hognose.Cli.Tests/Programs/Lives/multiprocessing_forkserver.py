import multiprocessing

def work(number):
    return sum(len(str(i)) for i in range(number))

if __name__ == "__main__":
    with multiprocessing.get_context("forkserver").Pool(2) as pool:
        print(pool.map(work, [1000] * 6) == [work(1000)] * 6)
