"""`intarsia` and `python -m intarsia`: a process of its own for one command."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

from intarsia.cli import main


class _WithoutPandas(MetaPathFinder):
    """Lets nobody load pandas: where it is installed pyarrow does so at its first array, for half a second."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002 - a finder's
        """Nothing of any other name."""
        if fullname == "pandas":
            raise ModuleNotFoundError("no command needs it", name=fullname)


def run() -> None:
    """Run the command line; ends the process with the exit status."""
    sys.meta_path.insert(0, _WithoutPandas())
    main()


if __name__ == "__main__":
    run()
