"""The line mode from line to line: what is said, and what it makes of the files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.plain.console import Console
from reader.plain.session import NO_SENSE, Session
from reader.plain.words import OWN
from reader.ui.commands import COMMANDS
from tests.cli_support import write
from tests.corpus import write_collection

Lines = Callable[..., list[str]]
NOW = 1_700_000_000


class Typed(io.StringIO):
    """Lines for a session, as somebody types them."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    for number, (title, state) in enumerate(
        [("Alpha", "false"), ("Beta", "true"), ("Gamma", "false"), ("Delta", "false")]
    ):
        write(
            folder,
            f"_news/{title.lower()}.md",
            f"title: {title}\npublished: {state}\nquality: {80 + number}\n"
            f"publishedDateTime: 2023-11-{10 - number:02}T10:00:00Z\n"
            f"webUrl: https://example.org/{title.lower()}\ntopics: [AI, Radio {number}]\n"
            "related:\n"
            "  - {title: Delta elsewhere, webUrl: 'https://example.org/delta'}\n"
            "  - {title: Outside, webUrl: 'https://аpple.example/x', excerpt: Far away.}",
            f"The body of {title}.\n",
        )
    return folder


@pytest.fixture
def lines(feed: Path, tmp_path: Path) -> Iterator[Lines]:
    """Carry out lines in a session of their own, and return what it said."""
    sessions: list[Collection] = []

    def run(
        *typed: str, rules: Rules | None = None, folder: Path = feed, piped: bool = False
    ) -> list[str]:
        collection = Collection.open(
            folder,
            cache_dir=tmp_path / "cache",
            state_dir=tmp_path / "state",
            now=lambda: NOW + 60 * len(sessions),
        )
        sessions.append(collection)
        said = io.StringIO()
        text = "".join(f"{line}\n" for line in typed)
        console = Console(io.StringIO(text) if piped else Typed(text), said)
        run.code = Session(collection, console, rules or Rules(), []).run()  # type: ignore[attr-defined]
        collection.close()
        assert "\x1b" not in said.getvalue()
        return said.getvalue().splitlines()

    yield run
    for each in sessions:
        each.close()


def text_of(feed: Path, name: str) -> str:
    return (feed / "_news" / f"{name}.md").read_text()


def test_the_start_says_where_one_is(lines: Lines) -> None:
    assert lines() == [
        "feed: 4 records, 3 unpublished.",
        "1. unpublished, 4 days, quality 80: Alpha",
    ]


def test_moving(lines: Lines) -> None:
    said = lines("j", "j", "k", "n", "G", "g", "go 2", "N", "k", "go 9", "j 2", "j x")
    assert [each[:2] for each in said[2:9]] == ["2.", "3.", "2.", "3.", "4.", "1.", "2."]
    assert said[9].startswith("1. unpublished")
    assert said[10] == "This is the first one."
    assert said[11] == "There are 4 records here."
    assert said[12].startswith("3.")
    assert said[13] == "“x” is no number."


def test_listing(lines: Lines) -> None:
    said = lines("j", "list", "list")
    assert said[3].startswith("Here: 2. published")
    assert len(said) == 7
    assert said[-1] == "That was the last one."


def test_reading_an_article(lines: Lines) -> None:
    said = lines("show", "show 2", "w", "links")
    assert "The body of Alpha." in said
    assert "topics AI, Radio 0" in said
    assert "file: _news/alpha.md" in said
    assert "The body of Beta." in said
    assert "2 title: Beta" in said
    assert "1. web: https://example.org/beta" in said
    assert any("(xn--pple-43d.example)" in each for each in said)


def test_what_was_shown_is_read(lines: Lines) -> None:
    assert lines("show", "where")[-1] == "1. unpublished, 4 days, quality 80, read: Alpha"
    assert lines("r", "where")[-1] == "1. unpublished, 4 days, quality 80: Alpha"


def test_deciding_goes_on_to_the_next_undecided(lines: Lines, feed: Path) -> None:
    said = lines("p", "d", "z 3w")
    assert said[2] == "1 published."
    assert said[3].startswith("3. unpublished")
    assert said[4] == "3 rejected."
    assert said[6].startswith("4 deferred until ")
    assert said[7] == "All here is decided."
    assert "published: true" in text_of(feed, "alpha")
    assert "removed: true" in text_of(feed, "gamma")
    assert "published: false" in text_of(feed, "delta")


def test_undo_and_redo_over_sessions(lines: Lines, feed: Path) -> None:
    before = text_of(feed, "alpha")
    lines("p", "s")
    said = lines("u", "u", "u", "U")
    assert "Undo of star." in said
    assert "Undo of publish." in said
    assert "There is nothing to undo." in said
    assert "Redo of publish." in said
    lines("u")
    assert text_of(feed, "alpha") == before


def test_a_refusal_is_said_and_counts_as_wrong(lines: Lines) -> None:
    assert lines("j", "p")[-1] == "It is published already."
    assert lines.code == 1  # type: ignore[attr-defined]
    assert lines("j")[-1].startswith("2. published")
    assert lines.code == 0  # type: ignore[attr-defined]


def test_publish_a_record_whose_published_cannot_be_used(lines: Lines, feed: Path) -> None:
    beta = feed / "_news" / "beta.md"
    beta.write_text(beta.read_text().replace("published: true", "published: maybe"))
    assert "2 published." in lines("j", "p")
    assert "published: true" in beta.read_text()


def test_many_are_decided_after_a_question(lines: Lines, feed: Path) -> None:
    said = lines("mark all", "p", "y")
    assert "1 is so already." in said
    assert said[-2:] == ["Publish 3 records? y or n:", "Publish: 3 done."]
    assert lines("u")[-1] == "Publish: 3 undone."
    said = lines("mark 1-2", "marks", "unmark 2", "p", "n")
    assert said[-1] == "Nothing was changed."
    assert said[3].startswith("1. marked, unpublished")
    assert "published: false" in text_of(feed, "alpha")


def test_more_than_twenty_need_a_whole_word(lines: Lines, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write_collection(folder, 40)
    said = lines("V", "d", "y", folder=folder)
    assert "Answer yes or no." in said
    assert said[-1] == "Nothing was changed."
    assert not any("done" in each for each in said)


def test_marking_by_a_query(lines: Lines) -> None:
    assert lines("* quality:>=82")[-1] == "2 marked."
    assert lines("* nosuch:1")[-1].startswith("The query is wrong at “nosuch”")


def test_views_topics_and_queries(lines: Lines) -> None:
    said = lines("f", "f unpublished", "topic Radio 2", "b", "/ quality:>80", "/", "f 3", "f no")
    assert said[3] == "2. Unpublished, 3 records, 3 unpublished"
    assert "Unpublished: 3 records." in said
    assert "Unpublished, topic Radio 2: 1 record." in said
    assert "Unpublished, that match quality:>80: 2 records." in said
    assert "Published: 1 record." in said
    assert said[-1].startswith("There is no view “no”")


def test_a_wrong_query_keeps_what_is_listed(lines: Lines) -> None:
    said = lines("/ provider:nobody", "where")
    assert said[2].startswith("The query is wrong at")
    assert said[3] == "All: 4 records."


def test_a_query_that_finds_nothing_says_what_to_drop(lines: Lines) -> None:
    said = lines("/ quality:>81 zzzz", "f unpublished", "/ zzzz", "f published", "/ title:Alpha")
    assert said[2] == "All, that match quality:>81 zzzz: 0 records."
    assert said[3] == "Without zzzz: 2 records; / quality:>81 asks that."
    assert said[6] == "Unpublished, that match zzzz: 0 records."
    assert said[7] == "Without zzzz: 3 records; / asks that."
    assert said[-1] == "Published, that match title:Alpha: 0 records."  # the view is in the way


def test_a_suggestion_is_made_once(lines: Lines) -> None:
    said = lines("/ qulity:>70", "* qulity:>70")
    expected = "there is no field qulity. Did you mean quality?"
    assert said[2:] == [f"The query is wrong at “qulity”: {expected}"] * 2


def test_related_links_and_the_way_back(lines: Lines) -> None:
    said = lines("1", "b", "2", "p", "o", "b", "3", "b")
    assert said[2].startswith("4. unpublished")
    assert said[2].endswith("Delta")
    assert said[4].endswith("Alpha")
    assert said[5] == "Not a record here: Outside"
    assert "https://аpple.example/x (xn--pple-43d.example)" in said
    assert "This is a related link, no record here; b returns." in said
    assert "There is no number 3: this record has 2 related links." in said
    assert said[-1] == "You are where you began."


def test_fields_topics_and_quality(lines: Lines, feed: Path) -> None:
    said = lines("set quality=7", "y", "t +New One -AI", "+", "set title=", "set nosuch=1", "e")
    assert "was quality: 80" in said
    assert "will be quality: 7" in said
    assert "Topics +New One, -AI." in said
    assert "1. unpublished, 4 days, quality 8: Alpha" in said
    assert any(each.startswith("title: ") and "empty" in each for each in said)
    assert any("is no field" in each for each in said)
    text = text_of(feed, "alpha")
    assert "quality: 8" in text
    assert "New One" in text


def test_a_pipe_sets_at_once_and_loses_no_line(lines: Lines, feed: Path) -> None:
    said = lines("set quality=7", "set heat=3", "n", piped=True)
    assert said[2:4] == ["was quality: 80", "will be quality: 7"]
    assert "y or n" not in "\n".join(said)
    assert said[-1].startswith("3. unpublished")
    text = text_of(feed, "alpha")
    assert "quality: 7\n" in text
    assert "heat: 3\n" in text
    assert lines.code == 0  # type: ignore[attr-defined]


def test_a_pipe_is_told_what_to_write_instead_of_an_answer(lines: Lines, feed: Path) -> None:
    said = lines("mark 1-3", "p", "n", piped=True)
    assert said[-3].startswith("A pipe is not asked “Publish 2 records? y or n:”: `reader triage p")
    assert said[-2] == "Nothing was changed."
    assert said[-1].startswith("3. marked, unpublished")
    assert "published: false" in text_of(feed, "alpha")
    assert lines.code == 1  # type: ignore[attr-defined]
    file = feed / "_news" / "alpha.md"
    file.write_text(file.read_text().replace("title: Alpha", "title: Alphaâ€™s end"))
    said = lines("mend", "n", piped=True)
    assert said[-3].endswith("`reader triage mend --where _news/alpha.md` does that.")
    assert said[-2] == "Nothing was written."
    assert said[-1].startswith("3. unpublished")


def test_somebody_else_changed_the_field(lines: Lines, feed: Path, tmp_path: Path) -> None:
    collection = Collection.open(
        feed, cache_dir=tmp_path / "cache", state_dir=tmp_path / "state", now=lambda: NOW
    )
    collection.reconcile()

    class Meanwhile(io.StringIO):
        def readline(self, *size: int) -> str:  # type: ignore[override]
            line = super().readline(*size)
            if line == "p\n" and self.tell() == 2:
                file = feed / "_news" / "alpha.md"
                file.write_text(
                    file.read_text().replace("published: false", "published: false\nremoved: true")
                )
            return line

    class Typing(Meanwhile):
        def isatty(self) -> bool:
            return True

    def run(source: Meanwhile) -> str:
        said = io.StringIO()
        Session(collection, Console(source, said), Rules(), []).run()
        return said.getvalue()

    for source in (Typing("p\ntheirs\n"), Meanwhile("p\n")):
        said = run(source)
        assert "changed by someone else meanwhile" in said
        assert "Theirs is kept; nothing was written." in said
        assert "published: true" not in text_of(feed, "alpha")
        file = feed / "_news" / "alpha.md"
        file.write_text(file.read_text().replace("removed: true\n", ""))
    said = run(Meanwhile("p\nR\np\n"))  # as the sentence says
    assert "R, then the same line once more, writes yours." in said
    assert "published: true" in text_of(feed, "alpha")
    collection.close()


def test_reading_only(lines: Lines, feed: Path) -> None:
    said = lines("p", "mark all", "p", "e", rules=Rules(False, "--read-only"))
    assert said.count("Decisions are off (--read-only).") == 4
    assert "published: false" in text_of(feed, "alpha")


def test_every_command_is_answered_with_a_sentence(lines: Lines) -> None:
    for command in COMMANDS:
        if command.id.startswith("check"):
            continue  # below: nothing is asked of a network here
        said = lines(command.id)
        if command.id not in ("leave", "quit"):
            assert len(said) > 2, f"{command.id} says nothing"
        assert not any("Traceback" in each or "object has no attribute" in each for each in said)
        if command.id in NO_SENSE and command.id not in OWN:
            assert said[2] == NO_SENSE[command.id]


def test_checking_links(lines: Lines, feed: Path) -> None:
    file = feed / "_news" / "alpha.md"
    file.write_text(file.read_text().replace("https://example.org/alpha", "https://127.0.0.1:9/a"))
    said = lines("check", "i", "G", "i")  # an address inside is never asked
    assert said[2] == "1 unsafe, not asked."
    assert said[3].startswith("unsafe: https://127.0.0.1:9/a: ")
    assert said[4] == "Checked: 1 unsafe."
    assert said[5] == said[3]
    assert said[-1] == "No link of it was checked yet; check does."


def test_views_of_ones_own(feed: Path, tmp_path: Path) -> None:
    collection = Collection.open(feed, cache_dir=tmp_path / "c", state_dir=tmp_path / "s")
    said = io.StringIO()
    console = Console(Typed("f\nf 11\nf best\n/ view:Best\n"), said)
    Session(collection, console, Rules(), [], views={"Best": "quality:>=82"}).run()
    collection.close()
    text = said.getvalue()
    assert "11. Best: quality:>=82" in text
    assert text.count("All, that match view:Best: 2 records.") == 3


def test_help_names_every_command(lines: Lines) -> None:
    said = "\n".join(lines("help"))
    for command in COMMANDS:
        if command.id not in NO_SENSE and not command.id.startswith(("move.half", "move.page")):
            assert command.label in said
    assert lines("help p")[-1].startswith("publish, p")
    assert lines("help nonsense")[-1].startswith("There is no command")


def test_help_is_true_of_lines(lines: Lines) -> None:
    said = lines("help")[2:]
    text = "\n".join(said)
    for word in ("Esc", "Tab", "cursor", "row", "sidebar", "clipboard", "next v", "Space", "keys"):
        assert word not in text, f"{word} is of the screen"
    assert "/, find, filter: Only what a query asks for" in text
    assert "mark range: Mark those with these numbers: v 3-7." in text
    assert any(each.startswith("b, way back: ") for each in said)
    named = [name for each in said[1:-1] for name in each.partition(": ")[0].split(", ")]
    assert len(named) == len(set(named)), "a name is listed twice"
    for each in said[1:-1]:
        names, _, told = each.partition(": ")
        for name in names.split(", "):
            assert lines(f"help {name}")[-1].endswith(f": {told}"), f"help {name} says otherwise"
    assert "v 3-7" in lines("help v")[-1]


def test_an_empty_folder(lines: Lines, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    said = lines("j", "p", "show", "list", "mark", "n", "1", "topics", "u", folder=empty)
    assert said[0] == "empty: 0 records, 0 unpublished."
    assert len(said) > 9


def test_a_file_that_cannot_be_read(lines: Lines, feed: Path) -> None:
    (feed / "broken.md").write_text("---\ntitle: [never\n---\n")
    said = lines("f problems", "show", "p")
    assert "1 file cannot be read: f problems." in said
    assert any(re.match(r"1\. cannot be read: ", each) for each in said)
    assert any(each.startswith("Line ") for each in said)
    assert said[-1].startswith("This file cannot be read")


def test_lines_too_long_and_bytes_that_are_no_text(lines: Lines) -> None:
    said = lines("x" * 100_000, "\udcff\udcfe", "where")
    assert said[2].startswith("There is no command")
    assert said[3].startswith("There is no command")
    assert said[4] == "All: 4 records."
