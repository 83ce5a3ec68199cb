import os
os.umask(0o077)
os.chdir("/")
print(os.getcwd(), oct(os.umask(0)), len([str(i) for i in range(1000)]))
