"""One process that reads all front matter with PyYAML's C parser and keeps nothing.

python csafe_loop.py FOLDER
"""

import os
import sys

import yaml


def main(folder: str) -> int:
    """Return how many records were read."""
    read = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(parent, name), encoding="utf-8") as file:
                text = file.read()
            end = text.find("\n---", 3)
            yaml.load(text[4:end], Loader=yaml.CSafeLoader)
            read += 1
    return read


if __name__ == "__main__":
    print(main(sys.argv[1]))
