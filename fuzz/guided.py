"""Search by coverage: `python -m fuzz.guided READER FOLDER` is libFuzzer (through atheris) on a reader."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
_DONE = re.compile(r"Done (\d+) runs|stat::number_of_executed_units:\s*(\d+)")


def available() -> bool:
    """Whether atheris is installed: it has wheels for Linux and CPython."""
    return importlib.util.find_spec("atheris") is not None


def search(name: str, for_s: int, seed: int) -> tuple[int, str]:
    """Search one reader so long; return how many inputs it took, and what was found, "" for nothing."""
    from fuzz.readers import readers

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, data in enumerate(readers()[name].seeds):
            (corpus / str(number)).write_bytes(data)
        limits = [
            f"-max_total_time={for_s}",
            f"-seed={seed}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-max_len=65536",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "fuzz.guided", name, str(corpus), *limits, f"-artifact_prefix={folder}/"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        told = _DONE.findall(done.stderr)
        inputs = int(next(filter(None, told[-1]))) if told else 0
        if done.returncode == 0:
            return inputs, ""
        crashes = [file.read_bytes()[:300].hex() for file in Path(folder).glob("*-*") if file.is_file()]
        return inputs, f"{name} (by coverage): {done.stderr[-600:]} {crashes}"


def main() -> None:
    """Be libFuzzer."""
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(
        include=["app.codecs", "app.devices.adapters", "app.dispatch", "app.sheets"]
    ):
        from fuzz.readers import readers
    reader = readers()[name]

    def one(data: bytes) -> None:
        try:
            reader.read(data)
        except reader.refuses:
            return

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
