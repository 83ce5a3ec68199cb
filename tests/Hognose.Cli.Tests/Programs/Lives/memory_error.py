import resource, sys
try:
    bytearray(1 << 60)
except (MemoryError, OverflowError) as error:
    print(type(error).__name__)
try:
    [0] * (1 << 59)
except MemoryError as error:
    print("list", type(error).__name__)
print(len([str(i) for i in range(1000)]))
