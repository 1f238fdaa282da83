"""`E`: the user's own editor, here a shell script, on the file of the record under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from reader.library.collection import Collection
from reader.ui.app import ReaderApp
from reader.ui.screens.desk import Desk
from reader.ui.screens.pager import Pager
from reader.ui.screens.question import Question
from reader.ui.screens.review import Review
from tests.until import until

from .test_triage import article, desk_on, settled

Open = Callable[..., Collection]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor called vim: each test writes what it does with the last of its arguments."""
    path = tmp_path / "vim"
    path.touch(0o755)
    monkeypatch.setenv("VISUAL", str(path))
    monkeypatch.setattr(ReaderApp, "suspend", lambda _: nullcontext())  # there is no terminal
    return path


def does(editor: Path, *lines: str) -> None:
    editor.write_text(
        "\n".join(['#!/bin/sh\nfor file; do :; done\necho "$@" > "$0.called"', *lines])
    )


def sed(editor: Path, change: str) -> None:
    does(editor, f"sed -i '{change}' \"$file\"")


def asked(desk: Desk) -> str:
    """The question that is open, in one line."""
    screen = desk.app.screen
    if not isinstance(screen, Question):
        return ""
    text = screen.text
    return " ".join(
        "".join(piece.text for piece in text.line(at, 100, at_cursor=False)).strip()
        for at in range(text.line_count)
    )


async def test_it_opens_a_problem_at_its_line(
    folder: Path, open_collection: Open, editor: Path
) -> None:
    does(editor)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("f", "o")
        await until(lambda: desk.listing.shown == "view:problems" and len(desk.list.ids) == 1)
        await pilot.press("E")
        await until(lambda: desk.footer.said == "Nothing was changed.")
        assert Path(f"{editor}.called").read_text().startswith("+2 /")
        sed(editor, 's/"never closed/"closed"/')
        await pilot.press("E")
        await settled(desk, pilot)
        await until(lambda: "Edited" in desk.footer.said)
        assert 'title: "closed"' in (folder / "_news" / "broken.md").read_text()


async def test_a_text_that_is_no_record_is_offered_again(
    folder: Path, open_collection: Open, editor: Path
) -> None:
    before = article(folder, 0).read_text()
    async with desk_on(open_collection(folder)) as (desk, pilot):
        sed(editor, "s/^quality: .*/quality: [7/")
        await pilot.press("E")
        await until(lambda: "would be no record" in asked(desk))
        await pilot.press("escape")
        await until(lambda: isinstance(desk.app.screen, Pager))
        await pilot.press("escape", "E")
        await until(lambda: "is kept, and not in the file" in asked(desk))
        assert "So it would be no record: line " in asked(desk)
        assert "changed since" not in asked(desk)
        await pilot.press("escape", "j", "E")  # of another record there is none
        await until(lambda: "would be no record" in asked(desk))
        await pilot.press("x", "k", "E")
        await until(lambda: "is kept" in asked(desk))
        sed(editor, "s/\\[7/7/")
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, Review))
        assert article(folder, 0).read_text() == before
        await pilot.press("escape")
        assert desk.footer.said == "The file is as it was. Your text is kept: E offers it."
        does(editor)
        await pilot.press("E")
        await until(lambda: "is kept" in asked(desk))
        await pilot.press("e")
        await until(lambda: isinstance(desk.app.screen, Review))
        await pilot.press("y")
        await settled(desk, pilot)
        assert article(folder, 0).read_text() == before.replace("quality: 56", "quality: 7")
        await pilot.press("E")
        await until(lambda: desk.footer.said == "Nothing was changed.")


async def test_a_text_is_kept_when_the_file_has_changed_meanwhile(
    folder: Path, open_collection: Open, editor: Path
) -> None:
    file = article(folder, 0)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        does(
            editor,
            f"sed -i 's/^heat: .*/heat: 5/' '{file}'",
            "sed -i 's/^quality: .*/quality: 7/' \"$file\"",
        )
        await pilot.press("E")
        await until(lambda: "Not edited" in desk.footer.said)
        assert desk.footer.said.endswith(
            "The file was changed by someone else while it was in the editor."
            " Your text is kept: E offers it."
        )
        does(editor)
        await pilot.press("E")
        await until(lambda: "changed since" in asked(desk))
        await pilot.press("f")  # the file itself
        await until(lambda: desk.footer.said == "Nothing was changed.")
        await pilot.press("E")
        await until(lambda: "changed since" in asked(desk))
        await pilot.press("x")
        await until(lambda: desk.footer.said == "Nothing was changed.")
        await pilot.press("E")
        assert desk.app.screen is desk
    assert "heat: 5\n" in file.read_text()
    assert "quality: 56\n" in file.read_text()


async def test_what_an_editor_leaves_that_ends_badly_is_kept(
    folder: Path, open_collection: Open, editor: Path
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        does(editor, 'echo more >> "$file"; exit 1')
        await pilot.press("E")
        await until(lambda: "vim ended with 1; nothing was changed." in desk.footer.said)
        assert desk.footer.said.endswith("Your text is kept: E offers it.")
        does(editor, "exit 1")
        await pilot.press("j", "E")  # nothing was typed
        await until(lambda: desk.footer.said.endswith("vim ended with 1; nothing was changed."))
