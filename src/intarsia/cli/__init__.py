"""The command line: `intarsia NOUN VERB`. Answers go to stdout and can be piped, speech goes to stderr."""

from intarsia.cli.app import main, root

__all__ = ["main", "root"]
