"""Throw millions of texts at the language for a while: `python scripts/fuzz/run.py --seconds 60`.

With atheris (Linux on x86-64, the extra `torture`) the texts are bred towards code that none has reached yet. Elsewhere
the texts of the corpus are changed at random, and the number that chance was begun with is printed.
A text that breaks something is written to .build/fuzz and shown; the program then ends with 77 or 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / ".build" / "fuzz"
LONGEST = 400
"""Bytes of a text; longer ones find nothing that shorter ones do not, and take their time."""

TOLD_EVERY = 2_000
"""Texts after which it is told how far they came."""

sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def seeds() -> list[str]:
    """The texts of the corpus, and of the likely mistakes."""
    from tests.language.corpora import corpus, versions

    mistakes = (ROOT / "tests" / "language" / "mistakes.txt").read_text(encoding="utf-8").split("\n\n")
    texts = [text for version in versions() for text, _ in corpus(version)]
    return texts + [mistake.splitlines()[1][2:] for mistake in mistakes]


def words() -> list[str]:
    """The words and signs that the fuzzer may put in as a whole."""
    from intarsia.language.reading.parse import STARTS
    from intarsia.language.words.meanings import SIGNS, WORDS

    return [*WORDS, *SIGNS, *STARTS, "order", "days", "month", "'x'", "1", "2026-01-31", "EUR", "--", '"x"']


def pieces() -> list[str]:
    """What is put into texts: words, signs, and characters that are easily forgotten."""
    return [*words(), *(chr(code) for code in (0, 9, 34, 39, 0x200C, 0x6F1, 0x1F600, 0xDC80))]


def breed(seconds: int) -> None:
    """Let atheris breed texts; does not return."""
    import atheris

    with atheris.instrument_imports(include=["intarsia"]):
        from scripts.fuzz.probe import probe

    reached: Counter[str] = Counter()
    parts = pieces()

    def once(data: bytes) -> None:
        reached[probe(data.decode("utf-8", "surrogateescape"))] += 1
        if reached.total() % TOLD_EVERY == 0:
            print(f"torture: {reached.total():,} texts: {dict(reached)}", flush=True)

    def bred(data: bytes, most: int, seed: int) -> bytes:
        """Half of the texts are changed by words, the others by bytes."""
        if seed % 2:
            return bytes(atheris.Mutate(data, most))
        text = changed(data.decode("utf-8", "surrogateescape"), parts, random.Random(seed))  # nosec B311
        return text.encode("utf-8", "surrogateescape")[:most]

    found, start = BUILD / "found", BUILD / "seeds"
    for folder in (found, start):
        folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(seeds()):
        (start / f"{number:04}").write_text(text, encoding="utf-8", newline="")
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words())
    dictionary = BUILD / "words.dict"
    dictionary.write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-dict={dictionary}", "-timeout=20"]
    options += [f"-artifact_prefix={BUILD}/", "-print_final_stats=1", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(found), str(start)], once, custom_mutator=bred)
    atheris.Fuzz()


def change(seconds: int, seed: int, probe: Callable[[str], str]) -> Counter[str]:
    """Change texts of the corpus at random for so long; how far how many of them came."""
    chance = random.Random(seed)  # nosec B311
    texts, parts = seeds(), pieces()
    reached: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = changed(chance.choice(texts), parts, chance)
        try:
            reached[probe(text)] += 1
        except Exception:
            BUILD.mkdir(parents=True, exist_ok=True)
            (BUILD / "broken.txt").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
            print(f"torture: seed {seed} broke something with {text!r}")
            raise
    return reached


def changed(text: str, parts: list[str], chance: random.Random) -> str:
    """A text with some pieces taken out, doubled, exchanged or put in."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        begin = chance.randint(0, len(text))
        end = min(len(text), begin + chance.choice((0, 0, 1, 8)))
        piece = chance.choice((chance.choice(parts), text[begin:end] * 2, ""))
        blank = chance.choice(("", " "))
        text = text[:begin] + blank + piece + blank + text[end:]
    return text[:LONGEST]


def main() -> None:
    """Breed, or where atheris is not to be had, change."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=int, default=60, help="for how long")
    reader.add_argument("--seed", type=int, default=1, help="of chance, without atheris")
    reader.add_argument("--without-atheris", action="store_true", help="change at random, even if it is there")
    asked = reader.parse_args()
    try:
        if not asked.without_atheris:
            breed(asked.seconds)
    except ModuleNotFoundError as missing:
        if missing.name != "atheris":
            raise
        print("torture: atheris is not installed (there is one for Linux on x86-64); texts are changed at random")
    from scripts.fuzz.probe import probe

    reached = change(asked.seconds, asked.seed, probe)
    print(f"torture: {reached.total():,} texts with seed {asked.seed}: {dict(reached)}")


if __name__ == "__main__":
    main()
