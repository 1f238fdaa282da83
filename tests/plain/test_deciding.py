"""Decisions, on one record and on many."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.library.rules import Rules
from reader.plain.console import Console
from reader.plain.session import Session
from tests.corpus import write_collection

from .conftest import NOW, Lines, text_of


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


def test_a_refusal_is_said_and_counts_as_wrong(lines: Lines) -> None:
    assert lines("j", "p")[-1] == "It is published already."
    assert lines.code == 1
    assert lines("j")[-1].startswith("2. published")
    assert lines.code == 0


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


def test_a_pipe_is_told_what_to_write_instead_of_an_answer(lines: Lines, feed: Path) -> None:
    said = lines("mark 1-3", "p", "n", piped=True)
    assert said[-3].startswith("A pipe is not asked “Publish 2 records? y or n:”: `reader triage p")
    assert said[-2] == "Nothing was changed."
    assert said[-1].startswith("3. marked, unpublished")
    assert "published: false" in text_of(feed, "alpha")
    assert lines.code == 1
    file = feed / "_news" / "alpha.md"
    file.write_text(file.read_text().replace("title: Alpha", "title: Alphaâ€™s end"))
    said = lines("mend", "n", piped=True)
    assert said[-3].endswith("`reader triage mend --where _news/alpha.md` does that.")
    assert said[-2] == "Nothing was written."
    assert said[-1].startswith("3. unpublished")


@pytest.mark.parametrize("wrong", ["mark 90-99", "mark zzz", "90", "filter nosuch:"])
def test_in_a_pipe_nothing_is_decided_where_the_line_before_chose_nothing(
    lines: Lines, feed: Path, wrong: str
) -> None:
    before = (feed / "_news/alpha.md").read_bytes()
    said = lines(wrong, "list", "d", piped=True)
    assert said[-1] == f"Nothing is decided: “{wrong}” chose no record."
    assert (feed / "_news/alpha.md").read_bytes() == before
    assert lines.code == 1
    lines(wrong, "G", "d", piped=True)
    assert (feed / "_news/alpha.md").read_bytes() == before
    assert "removed: true" in (feed / "_news/delta.md").read_text()
    said = lines(wrong, "d")  # by somebody who reads what is said
    assert not any(each.startswith("Nothing is decided") for each in said)


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
        assert "You saw: unpublished\nNow it is: rejected\n" in said
        assert "Theirs is kept; nothing was written." in said
        assert "published: true" not in text_of(feed, "alpha")
        file = feed / "_news" / "alpha.md"
        file.write_text(file.read_text().replace("removed: true\n", ""))
    said = run(Meanwhile("p\nR\np\n"))  # as the sentence says
    assert "R, then the same line once more, writes yours." in said
    assert "published: true" in text_of(feed, "alpha")
    collection.close()
