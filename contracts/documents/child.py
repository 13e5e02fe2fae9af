"""Compiles a letter from standard input to standard output: a program of its own, without Django.

Its words are the template and the most seconds of processor time. It runs with an empty
environment, writes no file, and ends by itself when it takes too much.
"""

import resource
import sys
from pathlib import Path
from typing import Any

import typst

MOST_MEMORY = 2**30
NOWHERE = "/nonexistent"


# A character that no font at hand has is no PDF/UA: then it shows as an empty box.
ATTEMPTS: tuple[dict[str, Any], ...] = (
    {"ignore_system_fonts": True, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False},
)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    template, seconds = Path(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    letter = sys.stdin.buffer.read().decode("utf-8")
    for attempt in ATTEMPTS:
        try:
            pdf = compiled(template, letter, attempt)
        except typst.TypstError:
            if attempt is ATTEMPTS[-1]:
                raise
        else:
            sys.stdout.buffer.write(pdf)
            return


def compiled(template: Path, letter: str, attempt: dict[str, Any]) -> bytes:
    pdf: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        sys_inputs={"letter": letter},
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
        format="pdf",
        **attempt,
    )
    return pdf


if __name__ == "__main__":
    main()
