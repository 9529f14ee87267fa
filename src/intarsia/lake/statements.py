"""Our own SQL written by hand: a commented `.sql` file beside its Python, parted into named statements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_HEAD = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements(path: Path) -> Mapping[str, str]:
    """The statements of a `.sql` file by name, in its order; each begins below a line `-- name: NAME`.

    What stands above the first name is for readers of the file.
    """
    parts = _HEAD.split(path.read_text(encoding="utf-8"))
    return MappingProxyType(dict(zip(parts[1::2], parts[2::2], strict=True)))
