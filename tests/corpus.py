"""Collections made up for tests and measurements: deterministic, as large as one likes.

    python -m tests.corpus FOLDER COUNT [SEED]

Every record has the shape a crawler writes: front matter of 2 to 3 kB with a provider, one to
three topics, images, two related entries, AMP links and a `secured` blob. Words, names and
domains are invented; a third of the related entries name another record of the collection.
"""

from __future__ import annotations

import base64
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

NEWEST = datetime(2026, 6, 30, 18, 0, tzinfo=UTC)
"""The date of record 0. All others are older, by their number."""
YEARS = 4
SECTIONS = (
    ("_news", "article", 60),
    ("_learning/videos", "video", 12),
    ("_learning/courses", "course", 6),
    ("_research", "article", 10),
    ("_events", "event", 4),
    ("_releases", "article", 8),
)
"""Folder, type of its records, and its share of all records in percent."""
_TOPIC_NAMES = """Robotics, Computer Vision, Language Models, Open Data, Databases, Compilers,
Typography, Maps, Batteries, Weather, Satellites, Bicycles, Public Transport, Water, Forests,
Archives, Libraries, Cryptography, Privacy, Networks, Browsers, Accessibility, Keyboards,
Terminals, Spreadsheets, Simulation, Statistics, Genomics, Chemistry, Optics, Acoustics, Music,
Photography, Printing, Radio, Sailing, Gardening, Bread, Chess, Timetables"""
TOPICS = tuple(name.strip() for name in _TOPIC_NAMES.split(","))
"""From the most frequent to the rarest."""
PROVIDERS = tuple(
    (f"{name} {kind}", f"{name.lower()}-{kind.lower()}.example")
    for kind in ("Courier", "Review", "Wire", "Notes", "Weekly")
    for name in ("Harbour", "Lantern", "Meadow", "Orchard", "Quarry", "Signal", "Thistle", "Vale")
)
FILE_FORMAT = 1
"""Raised when the same count and seed come to give other files: caches are made anew then."""

_PLAIN_WORDS = """the a of to and in for with from that this new small open early late common quiet
bright public local long short first second every after before without between against over
report study team city school river garden engine signal letter window paper model table system
reader editor record link page index people workers makers plan proposal result question answer
shows finds opens closes builds learns keeps turns moves makes holds brings adds drops fixes
"""
_ONSETS = ("b", "br", "c", "d", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st")
_NUCLEI = ("a", "e", "i", "o", "u", "ea", "ou", "ai")
_CODAS = ("n", "r", "l", "m", "t", "", "", "")


class Head(NamedTuple):
    """What other records, and measurements, need to know of a record."""

    number: int
    title: str
    url: str
    provider: tuple[str, str]
    published_at: datetime


class Generator:
    """Makes record after record of a collection of `count`; the same for the same seed."""

    def __init__(self, count: int, seed: int = 0) -> None:
        self.count = count
        self.seed = seed
        self._titles, self._sentences, self._noise = _pools(seed)
        self._topic_weights = list(accumulate(1 / (rank + 1) for rank in range(len(TOPICS))))
        self._provider_weights = list(accumulate(1 / (rank + 3) for rank in range(len(PROVIDERS))))
        self._section_weights = list(accumulate(share for _, _, share in SECTIONS))
        self._step = timedelta(days=365.25 * YEARS) / max(count, 1)
        self._rng = random.Random()

    def head(self, number: int) -> Head:
        """Return title, link, provider and date of a record, without making the rest."""
        rng = self._rng
        rng.seed(self.seed * 1_000_003 + number)
        words = [self._titles[int(rng.random() * len(self._titles))] for _ in range(7)]
        title = " ".join(words).capitalize()
        provider = rng.choices(PROVIDERS, cum_weights=self._provider_weights)[0]
        when = NEWEST - self._step * number
        slug = "-".join(words[:5])
        url = f"https://www.{provider[1]}/{when:%Y/%m/%d}/{number}/{slug}"
        return Head(number, title, url, provider, when)

    def record(self, number: int) -> tuple[str, str]:
        """Return the record's path below the collection, and its text."""
        others = [self._related(number, place) for place in (1, 2)]
        head = self.head(number)
        rng = self._rng  # goes on from where the head left it
        folder, kind, _ = rng.choices(SECTIONS, cum_weights=self._section_weights)[0]
        topics = rng.choices(
            TOPICS, cum_weights=self._topic_weights, k=rng.choices((1, 2, 3), (5, 3, 2))[0]
        )
        chance = rng.random()
        decided = (
            "published: false\nremoved: true"
            if chance < 0.02
            else f"published: {'false' if chance < 0.32 else 'true'}"
        )
        heat = -1 if rng.random() < 0.5 else int(rng.random() * 110)
        bare = head.url.removeprefix("https://")
        cdn = f"https://{bare.split('/')[0].replace('.', '-')}.amp.example/c/s/{bare}/amp/"
        images = "".join(self._image(head.title) for _ in range(1 if rng.random() < 0.8 else 2))
        listed = "".join(f"  - {topic}\n" for topic in dict.fromkeys(topics))
        text = (
            f'---\ncategory: {folder[1:].split("/")[0]}\ntitle: "{head.title}"\n'
            f'excerpt: "{self._prose(4)}"\n'
            f"publishedDateTime: {head.published_at:%Y-%m-%dT%H:%M:%SZ}\n"
            f'webUrl: "{head.url}"\nampWebUrl: "{head.url}/amp/"\ncdnAmpWebUrl: "{cdn}"\n'
            f"type: {kind}\nquality: {int(rng.random() * 105)}\nheat: {heat}\n{decided}\n\n"
            f"provider:\n  name: {head.provider[0]}\n  domain: {head.provider[1]}\n\n"
            f"topics:\n{listed}\nimages:\n{images}\nrelated:\n{others[0]}{others[1]}\n"
            f'secured: "{self._secured()}"\n---\n'
        )
        if rng.random() < 0.2:
            text += self._body()
        slug = head.url.rsplit("/", 1)[1]
        month = f"{head.published_at:%Y-%m}"
        return f"{folder}/{month}/{head.published_at:%Y-%m-%d}-{slug}-{number}.md", text

    def _prose(self, sentences: int) -> str:
        rng, pool = self._rng, self._sentences
        return " ".join([pool[int(rng.random() * len(pool))] for _ in range(sentences)])

    def _image(self, title: str, indent: str = "") -> str:
        number = int(self._rng.random() * 1e9)
        return (
            f'{indent}  - url: "https://pictures.example/{number}/wide.jpg?w=1200"\n'
            f"{indent}    width: 1200\n{indent}    height: 675\n{indent}    isCached: true\n"
            + (f'{indent}    title: "{title}"\n' if title else "")
        )

    def _related(self, number: int, place: int) -> str:
        rng = self._rng
        rng.seed((self.seed * 1_000_003 + number) * 4 + place)
        other = int(rng.random() * self.count)
        inside = rng.random() < 1 / 3
        head = self.head(other)
        url = head.url if inside else f"https://elsewhere.example/{number}/{place}"
        return (
            f'  - title: "{head.title}"\n    excerpt: "{self._prose(3)}"\n'
            f"    publishedDateTime: {head.published_at:%Y-%m-%dT%H:%M:%SZ}\n"
            f'    webUrl: "{url}"\n    type: article\n'
            f"    provider:\n      name: {head.provider[0]}\n      domain: {head.provider[1]}\n"
            f"    quality: {int(rng.random() * 100)}\n    images:\n{self._image('', '    ')}"
        )

    def _secured(self) -> str:
        """Noise in the form of the crawler's ciphertext and initialisation vector."""
        start = int(self._rng.random() * 19_000) * 4
        return f"{self._noise[start : start + 640]};{self._noise[start + 640 : start + 662]}=="

    def _body(self) -> str:
        first, second = self._prose(3), self._prose(4)
        return (
            f"\n## {self._prose(1)[:-1]}\n\n{first}\n\n"
            f"- *{self._prose(1)}*\n- [{self._prose(1)}](https://elsewhere.example/)\n\n{second}\n"
        )


@lru_cache(maxsize=4)
def _pools(seed: int) -> tuple[list[str], list[str], str]:
    """Return the words of titles, the sentences and the noise that records are made of."""
    pool = random.Random(seed)
    words = _PLAIN_WORDS.split() + sorted({_word(pool) for _ in range(1500)})
    weights = list(accumulate(1 / (rank + 4) for rank in range(len(words))))
    sentences = [pool.choices(words, cum_weights=weights, k=9) for _ in range(4000)]
    noise = base64.b64encode(pool.randbytes(60_000)).decode()
    return words, [" ".join(sentence).capitalize() + "." for sentence in sentences], noise


def _word(rng: random.Random) -> str:
    return "".join(
        rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS)
        for _ in range(rng.choice((1, 2, 2)))
    )


def heads(count: int, first: int, seed: int = 0) -> Iterator[Head]:
    """Yield the heads of the `first` newest records of a collection, newest first."""
    generator = Generator(count, seed)
    return (generator.head(number) for number in range(min(first, count)))


def write_collection(folder: Path, count: int, seed: int = 0) -> None:
    """Write a collection of `count` records below `folder` (made if need be)."""
    generator = Generator(count, seed)
    made: set[str] = set()
    for number in range(count):
        path, text = generator.record(number)
        parent = path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(os.path.join(folder, parent), exist_ok=True)
            made.add(parent)
        descriptor = os.open(os.path.join(folder, path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


if __name__ == "__main__":
    write_collection(Path(sys.argv[1]), int(sys.argv[2]), int((*sys.argv, "0")[3]))
