"""`make bench`: our speed as a ratio to peers that do the same on the same machine in the same minute.

`python run.py small` measures the small shop, and the hundred segments over a hundred thousand people; `large` the
hundred over a million; `tiny` over ten thousand, and writes nothing: for those who change the bench. Nothing here
passes or fails by speed. It fails where two ways of asking give different answers.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import page
import shop_results
from engine import measure
from engine.sizes import SIZES
from processes import HERE, say


def main(size: str = "small") -> None:
    """Measure, print the results and write them to `bench/results.md`."""
    if size not in SIZES:
        sys.exit(f"SIZE is one of {', '.join(SIZES)}, not {size}")
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        sections = shop_results.measure(folder) if size == "small" else {}
        kept = os.environ.get("BENCH_FOLDER")
        sections |= measure.hundred_segments(Path(kept).absolute() if kept else folder, size)
    print(page.replaced("", sections))
    if size != "tiny":
        page.write(sections)
        say(f"written to {page.RESULTS.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
