"""`python .ci/vnu.py FOLDER`: put the Nu HTML checker into FOLDER, unless it is there, and print where it is.

It needs Java 11 or newer. By hand: `VNU_JAR=$(python .ci/vnu.py /tmp) make test PYTEST_ARGS=tests/test_markup.py`.
"""

import hashlib
import io
import sys
import tarfile
import urllib.request
from pathlib import Path

VERSION = "26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"  # of the jar
ADDRESS = f"https://registry.npmjs.org/vnu-jar/-/vnu-jar-{VERSION}.tgz"


def is_whole(jar: bytes) -> bool:
    return hashlib.sha256(jar).hexdigest() == SHA256


def downloaded() -> bytes:
    """The jar out of the package, which is not unpacked before it has been looked at."""
    with urllib.request.urlopen(ADDRESS, timeout=120) as answer:
        package = answer.read()
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        file = archive.extractfile("package/build/dist/vnu.jar")
        jar = file.read() if file else b""
    if not is_whole(jar):
        sys.exit(f"{ADDRESS} has another jar than the one that is pinned.")
    return jar


path = Path(sys.argv[1]) / f"vnu-{VERSION}.jar"
if not (path.is_file() and is_whole(path.read_bytes())):
    path.write_bytes(downloaded())
print(path)
