"""Records and names that attack: every character that does harm, in every field and name.

Each record carries one piece of it, near the beginning of each field, so that all of it would
reach the screen if nothing stood in its way.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

C0 = [chr(code) for code in (*range(32), 127)]
C1 = [chr(code) for code in range(0x80, 0xA0)]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = [
    chr(code)
    for code in (
        0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
        *range(0x2060, 0x2070), 0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
        *range(0xFFF0, 0xFFFC), 0x1BCA0, 0x1D173, 0xE0001, 0xE0020, 0xE0041, 0xE007F, 0xE0100,
        0xE01EF,
    )
]  # fmt: skip
NO_TEXT = [
    "\u2028",
    "\u2029",
    "\ue000",
    "\uf8ff",
    "\U000f0000",
    "\U0010fffd",
    "\ufffe",
    "\U0001ffff",
]
MARKS = ["\u0300", "\u0338", "\u0489", "\u20dd", "\u20e3", "\u0e31", "\u094d", "\u064b"]
EVERY = [*C0, *C1, *BIDI, *dict.fromkeys(HIDDEN), *NO_TEXT, *MARKS]
"""Every character that is never to be sent, or only in its place."""

SEQUENCES = [
    "\x1b]0;PWNED\x07", "\x1b]2;PWNED\x1b\\", "\x1b]52;c;UFdORUQ=\x07", "\x1b]8;;http://pwned/\x07x",
    "\x1b]1337;File=:AAAA\x07", "\x1b[5;7;35m", "\x1b[2J\x1b[777;1H", "\x1b[?1049l", "\x1b[?25l",
    "\x1b[?2026h", "\x1b[21t", "\x1b[6n", "\x1b[5n", "\x1b[c", "\x1b[>0q", "\x1bP+q504e\x1b\\",
    "\x1bP$qm\x1b\\", "\x1b_Gi=1\x1b\\", "\x1b^x\x1b\\", "\x1bX\x1b\\", "\x1bc", "\x1b(0", "\x1b#8",
    "\x1b%G", "\x1bN", "\x1b[3J", "\x1b[1;5r", "\x1b[4h", "\x1b[20h", "\x1b[1000b",
    "\x9b5;7;35m", "\x9d0;PWNED\x9c", "\x90+q50\x9c", "\x9fG\x9c", "\x8e", "\x0e", "\x07\x08\x7f",
    "[blink]x[/blink][link='x']y", "[/]", "[@click=app.quit]x[/]", ":smiley:", "{title}\\x1b%s",
    "Zalgo" + "".join(map(chr, range(0x300, 0x340))), "x" + "\ufe0f" * 40 + "\u200d" * 40,
    "".join(chr(0xE0100 + each) for each in range(60)), "\U000e0001" + "".join(
        chr(0xE0000 + ord(each)) for each in "hidden"),
    "&#27;[5;7;35m&#x9b;5m&#x202e;&#xad;", "%1b%5b5m",
]  # fmt: skip
"""Whole attacks."""

# All links lead to this machine's own address, which no check ever asks.


def pieces() -> list[str]:
    """Return what the records carry, one each: four single characters, or one whole attack."""
    singles = [
        "".join(f"{chr(97 + at)}{char}" for at, char in enumerate(EVERY[start : start + 4]))
        for start in range(0, len(EVERY), 4)
    ]
    return singles + SEQUENCES


def quoted(text: str) -> str:
    """Return text as YAML's double quotes take all of it."""
    return "".join(f"\\U{ord(char):08x}" for char in text)


def record(number: int, piece: str, *, published: bool = False) -> bytes:
    """Return a record with `piece` in every field, each with a word of its own to find it by."""
    attack = quoted(piece)

    def field(word: str) -> str:
        return f'"{word}{attack}{word} {number}"'

    def url(word: str) -> str:
        return f'"https://127.0.0.1:9/{word}{number}{attack}"'

    provider = f"{{name: {field('Pn')}, domain: {field('Pd')}, images: [{{url: {url('pi')}}}], authors: [{field('Pa')}]}}"
    body = f"# Bh{piece}\n\nBt {piece} `Bc{piece}` [Bl{piece}](https://127.0.0.1:9/{piece}) <b>{piece}</b>\n"
    body += f"\n- {piece}\n\n> {piece}\n\n| {piece} | b |\n|---|---|\n| c | {piece} |\n\n```{piece}\n{piece}\n```\n"
    lines = [
        "---",
        f"category: {field('Ca')}",
        f"title: {field('Ti')}",
        f"excerpt: {field('Ex')}",
        f"publishedDateTime: 2026-06-{1 + number % 28:02}T{number % 24:02}:00:00Z",
        f"webUrl: {url('w')}",
        f"originalUrl: {url('o')}",
        f"ampWebUrl: {url('a')}",
        f'cdnAmpWebUrl: "https://127.0.0.1{attack}/c"',
        f"type: {field('Ty')}",
        f"quality: {number % 100}",
        f"heat: {field('He')}",
        f"published: {'true' if published else 'false'}",
        f"price: {field('Pr')}",
        f"length: {field('Le')}",
        f"levels: [{field('Lv')}]",
        f"items: [{field('It')}]",
        f"ratings: {{count: {field('Rc')}, average: 3}}",
        f"provider: {provider}",
        f"topics: [{field('To')}, Shared]",
        f"images: [{{url: {url('i')}, width: 1, height: 1, title: {field('Im')}}}]",
        f"actions: [{{url: {url('ac')}, type: {field('At')}, title: {field('Ac')}}}]",
        "related:",
        f"  - {{title: {field('Re')}, excerpt: {field('Rx')}, webUrl: {url('r')}, type: {field('Rt')},"
        f" provider: {provider}, publishedDateTime: {field('Rd')}, images: [{{url: {url('ri')}}}]}}",
        f"  - {{title: {field('Rf')}, webUrl: {url(f'w{number}x')}}}",
        f'featuredContent: "<p>Fe{attack}</p><iframe src=\\"https://127.0.0.1:9/f{attack}\\"></iframe>"',
        f"secured: {field('SECRET')}",
        f"{field('Ke')}: {field('Va')}",
        "---",
        body,
    ]
    # Lone surrogates are no UTF-8: such a file is not UTF-8 any more, which is an attack too.
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def file_name(number: int, piece: str) -> bytes:
    """Return a name with the piece in it, as far as a file system takes that."""
    text = piece.replace("\0", "").replace("/", "")[:40]
    return b"%02d" % number + text.encode("utf-8", "surrogatepass")[:150] + b"\xff\x9b.md"


def write_hostile(folder: Path) -> int:
    """Write the collection; return how many records it holds."""
    root = os.fsencode(folder)
    below = os.path.join(root, b"_n\x1b[5;7;35mews\xe2\x80\xae\x9b")
    for name in (root, below):
        os.makedirs(name, exist_ok=True)
    count = 0
    for number, piece in enumerate(pieces()):
        place = below if number % 2 else root
        with open(os.path.join(place, file_name(number, piece)), "wb") as file:
            file.write(record(number, piece, published=number % 5 == 0))
        count += 1
    word = "W" + "x" * 200_000
    long = record(count, "y").replace(b"Tiy", word.encode()).replace(b"Toy", word.encode())
    (folder / "long.md").write_bytes(long.replace(b"Bt", word.encode()))
    for number, piece in enumerate(SEQUENCES[:12]):
        text = f'---\ntitle: "{piece}\n{piece}: [{piece}\n  {quoted(piece)}: {{\n---\n'
        (folder / f"broken{number}.md").write_bytes(text.encode())
    html = (
        f"---\ntitle: Html\n---\n<p>{'</p><p>'.join(pieces())}</p><script>{SEQUENCES[0]}</script>"
    )
    (folder / "page.html").write_bytes(html.encode("utf-8", "surrogatepass"))
    (folder / "text.txt").write_bytes(
        ("---\ntitle: Text\n---\n" + "\n".join(pieces())).encode("utf-8", "surrogatepass")
    )
    return count + 3


def make_hostile_repository(folder: Path) -> None:
    """Make a git work tree of it: branch, author and messages attack, and a hook that fails does."""
    branch = "evil\u202e\u009b5m\u200b"
    name = "Eve\u202e \u009b5m"

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", f"user.name={name}", "-c", "user.email=eve@example.com", *arguments],
            cwd=folder,
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LC_ALL": "C.UTF-8"},
        )

    git("init", "-q", "-b", branch)
    git("config", "user.name", name)
    git("config", "user.email", "eve@example.com")
    git("add", "-A")
    git("commit", "-qm", f"First {SEQUENCES[5]}{''.join(BIDI)}{SEQUENCES[0]}")
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    attack = "".join(f"\\{ord(char):03o}" for char in SEQUENCES[0] + SEQUENCES[5])
    hook.write_text(f"#!/bin/sh\nprintf 'HOOK {attack} said no\\n' >&2\nexit 1\n")
    hook.chmod(0o755)
