"""The magics, in IPython itself; and a notebook executed, where there is nbclient."""
import base64
import contextlib
import html
import io
import os
import re
import sys
import tempfile
import xml.etree.ElementTree

try:
    from IPython.core.interactiveshell import InteractiveShell
except ImportError:
    print("skipped: this Python has no IPython\nok")
    raise SystemExit

shell = InteractiveShell.instance(colors="NoColor")


def cell(text):
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        shell.run_cell(text)
    return output.getvalue()


assert cell("%load_ext hognose") == ""
cell("def f(n):\n    a = [0] * n\n    b = a * 2\n    return len(b)\n")
memit = r"^peak memory: \d+\.\d\d MiB, increment: -?\d+\.\d\d MiB\n$"
assert re.match(memit, cell("%memit f(1000000)"))
assert re.match(memit, cell("%%memit n = 1000\nf(n)"))
assert cell("r = %memit -o -q -r 2 f(1000)\nprint(type(r).__name__, len(r.mem_usage))") == "MemitResult 2\n"
table = cell("%mprun -f f f(100000)")
assert "Line #    Mem usage    Increment  Occurrences   Line Contents" in table and "b = a * 2" in table, table
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "table.txt")
    text = cell("p = %%mprun -r -T %s -f f f(10)\nprint(type(p).__name__)" % path)
    assert "saved to text file" in text and text.endswith("LineProfiler\n"), text
    with open(path) as file:
        assert "b = a * 2" in file.read()
# What is defined in the cell is decorated with the profiler; the cell follows the statement; one table knows nothing of another.
defined = cell("%%mprun n = 1000\n@profile\ndef g(n):\n    return [0] * n\ng(n)")
assert "@profile" in defined and re.search(r" 1 +return \[0\] \* n", defined), defined
assert "NameError" in cell("profile")
usages = [float(re.search(r"(\d+\.\d) MiB .*b = a \* 2", cell("%%mprun -f f f(%d)" % count)).group(1)) for count in (5000000, 10)]
assert usages[0] - usages[1] > 50, usages
assert "is no function" in cell("%mprun -f nope f(1)") and "give one" in cell("%memit")
assert "no lines" in cell("%mprun -f len len('')")
assert re.match(r"^list: \d+ B own, \d+ B with all that it holds\n$", cell("%sizeof [1, [2, 3]]"))
report = cell("%%hognose\nx = [bytes(1000) for _ in range(1000)]\nprint('in cell')")
assert report.startswith("in cell\n") and "High-water mark" in report and "Next " not in report, report
assert "ZeroDivisionError" in cell("%%hognose\n1 / 0")
sampled = cell("%%hognose -s 64k -a\nx = [bytes(1000) for _ in range(1000)]")
assert "one allocation in 64.0 KiB" in sampled, sampled
mapped = cell("%%hognose -n\nimport mmap\nm = mmap.mmap(-1, 50000000)")
assert re.search(r"High-water mark +4[78]\.\d MiB", mapped), mapped
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "cell.alloc")
    body = "import subprocess, sys\nstatus = subprocess.call([sys.executable, '-c', 'pass'])"
    assert "hognose show" in cell("%%%%hognose -o %s --no-children\n%s" % (path, body)) and os.listdir(folder) == ["cell.alloc"]
    assert "other process" in cell("%%%%hognose -o %s\n%s" % (path, body)) and len(os.listdir(folder)) == 2
assert "not recognized" in cell("%%hognose --wrong\n1")
for rows in "0", "x", "-1":
    refused = cell("%%hognose -l " + rows + "\nprint('it ran')")
    assert "-l takes a number of lines from 1 on" in refused and "it ran" not in refused, refused

# A cell that goes to another folder.
with tempfile.TemporaryDirectory() as folder:
    before = os.getcwd()
    os.chdir(folder)
    os.mkdir("elsewhere")
    moved = cell("%%hognose -o relative.alloc\nimport os\nos.chdir('elsewhere')")
    os.chdir(before)
    assert "High-water mark" in moved and sorted(os.listdir(folder)) == ["elsewhere", "relative.alloc"], moved

try:
    import nbclient
    import nbformat
except ImportError:
    print("no nbclient: the notebook was not executed\nok")
    raise SystemExit

book = nbformat.v4.new_notebook()
book.cells = [
    nbformat.v4.new_code_cell("import sys; sys.path[:0] = %r\n%%load_ext hognose" % sys.path),
    nbformat.v4.new_code_cell("%%hognose\nx = [bytes(1000) for _ in range(1000)]"),
    nbformat.v4.new_code_cell("%memit sum([1, 2])"),
]
nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
(shown,) = [output for output in book.cells[1].outputs if output.output_type == "display_data"]
page, text = shown.data["text/html"], shown.data["text/plain"]
image, table = re.match(r'^<img [^>]*src="data:image/svg\+xml;base64,([^"]*)"><pre [^>]*>(.*)</pre>$', page, re.DOTALL).groups()
drawn = xml.etree.ElementTree.fromstring(base64.b64decode(image))
words = " ".join("".join(drawn.itertext()).split())
assert "time (s)" in words and "high-water mark" in words and "RSS, at most" in words, words
assert drawn.tag.endswith("svg") and len(list(drawn.iter("{http://www.w3.org/2000/svg}path"))) >= 2
# The table is that of the text, without the chart that the terminal has; the line of the cell that allocated stands in it.
assert "Held most at the high-water mark" in table and "Heap and RSS over time" not in table and "Heap and RSS over time" in text, table
assert all(line in table for line in html.escape(text).split("\n") if "#" in line and "%" in line and "|" not in line), table
assert "peak memory" in book.cells[2].outputs[0].text
print("ok")
