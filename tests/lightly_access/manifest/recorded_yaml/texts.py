"""Makes texts, asks Pulumi's code what it makes of them, and writes the tables beside this file: see README.md."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ODD = (
    *("yes", "no", "on", "off", "y", "n", "Y", "N", "True", "tRue", "TRUE", "NULL", "nUll", "~", "~~", "null", "false"),
    *(".inf", "+.INF", "-.Inf", ".nan", "+.nan", "..", "=", "+", "+.5", "-.5", ".5", ".5e3", "1.", "1.e3", "0x1p3"),
    *(".1_5", "1_.5", "1__2", "_1", "1_", "Infinity", "+Inf", "nan", "0_7", "1e3", "2024-01-01", "2024_10_31", "0o7"),
    *("0x", "0b-1", "0o+7", "-0b1", "-0o17", "0X1F", "089", "010", "-0", "+7", "1:30", "190:20:30", "1e999", "0x1f_f"),
    *("9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e21", "1e20"),
    *("2024-13-45", "2024-2-9", "0000-01-01", "2024-01-01T1:2:3Z", "2024-01-01 1:2:3", "2001-12-14t21:59:43.10-05:00"),
)
ATOMS = (
    *("a", "b", "cows", "1", "01", "1.5", "true", "'q'", '"d"', "'it''s'", '"\\t\\x41\\u00e9"', "~", "", "x y", "a:b"),
    *("a#b", "a #c", "#c", "&x", "*x", "<<", "- a", "? a", ": b", "{a: 1}", "[a, b]", "{a: b, c}", "{a,b}", "[a: b]"),
    *("{a:b}", '{"a":b}', "|", "|-", ">", "|2", ">+", "%x", "@x", "`x", "!t", "!!str 5", "!!int '5'", "!", "---"),
    *("...", "\t", "é", "\u00a0", "-", "-a", "?a", ":a", "a:", "a: b", "&x a", "<<: *x", "<<: [*x, *y]", "&y {k: 1}"),
    *("&x {j: 2}", "2024-01-01", "2024_1", "yes", "0x1F", "a\tb", "\ta", "a: \tb", "a:\tb", "[a,\tb]", "\ufeff"),
    *("'a\n b'", '"a\n\n  b\\\n c"', "{a: 1,\n b: 2}", "[\n]", "''", "a]", "}", "[", "{", "'", "\x7f", "[b:]", "\r"),
)


def scalars(chosen: random.Random, count: int) -> Iterable[str]:
    """Plain scalars, most of them nearly numbers."""
    yield from ODD
    for _ in range(count):
        size, form = chosen.choice((1, 2, 3, 4, 5, 8, 12, 20)), chosen.random()
        word = "".join(chosen.choice("0123456789_+-.eEx") for _ in range(size))
        if form < 0.3:
            digits = "".join(chosen.choice("01274_9aF") for _ in range(size))
            word = chosen.choice(("", "-", "+")) + chosen.choice(("0x", "0b", "0o", "0", "0X")) + digits
        elif form < 0.5:
            word = str(chosen.randrange(10 ** chosen.randrange(1, 22))) + chosen.choice(("", ".5", "e9", "E+21", "_0"))
        if word.strip(":- ?"):
            yield word


def documents(chosen: random.Random, count: int) -> Iterable[str]:
    """Stack files made of pieces that mean something to YAML."""
    for _ in range(count):
        lines, depth = ["config:", "  lightly-access:x:"], 2
        for _ in range(chosen.choice((1, 1, 2, 2, 3, 4))):
            form, first, then = chosen.random(), chosen.choice(ATOMS), chosen.choice(ATOMS)
            line = f"{first}: {then}" if form < 0.6 else f"- {first}" if form < 0.85 else f"{first}:"
            lines.append("  " * depth + line)
            depth = max(1, min(4, depth + chosen.choice((-1, 0, 0, 1))))
        yield "\n".join(lines) + chosen.choice(("\n", "", "\n\n"))


def main(reader: str) -> None:
    """Write both tables."""
    chosen = random.Random(1)

    def asked(texts: list[str]) -> list[dict[str, Any]]:
        given = "".join(json.dumps(text) + "\n" for text in texts)
        done = subprocess.run([reader], input=given, text=True, capture_output=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def write(name: str, rows: Iterable[list[Any]]) -> None:
        (HERE / name).write_text("".join(json.dumps(row) + "\n" for row in rows))

    words = list(dict.fromkeys(scalars(chosen, 1500)))
    as_config: Callable[[str], str] = "config:\n  lightly-access:x:\n    - {0}\n    - ? {0}\n      : 1\n".format
    rows = []
    for word, said in zip(words, asked([as_config(word) for word in words]), strict=True):
        value, key = (None, None) if "error" in said else json.loads(said["value"]["lightly-access:x"])
        rows.append([word, value, *(key or ())])
    write("scalars.jsonl", rows)
    texts = list(dict.fromkeys(documents(chosen, 6000)))
    read = zip(texts, asked(texts), strict=True)
    pairs = [[text, said.get("value")] for text, said in read]
    good = [pair for pair in pairs if pair[1] is not None]
    write("documents.jsonl", [*good[:600], *[pair for pair in pairs if pair[1] is None][:300]])


if __name__ == "__main__":
    main(sys.argv[1])
