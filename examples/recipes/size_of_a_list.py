# The shallow size that every tutorial begins with, and what it leaves out.
import sys

import hognose

numbers = list(range(1000))
print("sys.getsizeof(numbers)     ", sys.getsizeof(numbers))
print("hognose.sizeof(numbers)    ", hognose.sizeof(numbers))
print("hognose.deepsizeof(numbers)", hognose.deepsizeof(numbers))
