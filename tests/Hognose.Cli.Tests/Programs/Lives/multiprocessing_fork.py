import multiprocessing

def work(number):
    return sum(len(str(i)) for i in range(number))

if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore", DeprecationWarning)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(pool.map(work, [1000] * 20) == [work(1000)] * 20)
