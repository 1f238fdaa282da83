"""`reader sample`: write the sample collection where one can change it."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from reader.records.json_fields import to_json
from reader.records.text import encodable

from . import DONE, FAILED, USAGE, CommandError
from .output import exact_path, write, write_exact

SUMMARY = "write the sample records into a folder"

EXAMPLES = """\
examples:
  reader sample ~/sample && reader ~/sample
  reader sample /tmp/sample --json

The folder is made; one that exists has to be empty.

output: what was written. --json is {"folder": ..., "files": ...}.

exit codes: 0 done, 2 wrong usage, 3 could not be done.
"""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: Namespace) -> int:
    folder = args.folder
    if not folder or "\0" in folder:
        raise CommandError(
            "name a new folder to write the sample into: `reader sample ~/sample`.", USAGE
        )
    from reader.library.sample import write_sample

    try:
        files = write_sample(Path(folder))
    except (FileExistsError, NotADirectoryError):
        hint = "name a new one."
        kind = "is not empty" if os.path.isdir(folder) else "is no folder"
        raise CommandError(f"{folder} {kind}; {hint}", FAILED) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(f"the sample cannot be written to {folder}: {reason}.") from None
    if args.json:
        write_exact(to_json({"folder": encodable(os.path.abspath(folder)), "files": files}) + "\n")
    else:
        write(f"{files} files written. Read them: reader {exact_path(folder)}")
    return DONE
