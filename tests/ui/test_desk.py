"""The desk, driven by keys on a real collection."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from reader.library.collection import Collection, Progress
from reader.library.editing import Editing
from reader.records.query import Query
from reader.ui.app import ReaderApp
from reader.ui.jobs.upkeep import Progressed
from reader.ui.screens.desk import Desk
from reader.ui.screens.keys import Keys
from reader.ui.screens.link import LinkShown
from reader.ui.screens.raw import RawFile
from tests.until import until

from .conftest import write_record

Open = Callable[..., Collection]


@asynccontextmanager
async def desk_on(
    collection: Collection, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    app = ReaderApp(collection, [])
    async with app.run_test(size=size) as pilot:
        desk = app.screen
        assert isinstance(desk, Desk)
        await until(lambda: bool(desk.list.ids) or not desk.is_looking)
        await pilot.pause()
        yield desk, pilot


def titles(desk: Desk) -> list[str]:
    return [row.title for row in desk.collection.rows(desk.list.ids)]


def text_of(desk: Desk) -> str:
    return "\n".join("".join(p.text for p in line) for line in desk.detail._lines)


def current(desk: Desk) -> str:
    row = desk.list.current
    return row.title if row else ""


async def test_first_screen_has_views_articles_and_the_newest_article(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _):
        assert titles(desk)[:3] == ["Article 00", "Article 01", "Article 02"]
        assert "What Article 00 is about." in text_of(desk)
        labels = [entry.count.label for entry in desk.sidebar._entries if entry.count]
        assert labels[:3] == ["All", "Unpublished", "Published"]
        assert "Tides" in labels  # `tides ` is the same topic


async def test_moving_brings_the_detail_along(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("j", "j")
        await until(lambda: "What Article 02 is about." in text_of(desk))
        await pilot.press("G")
        await until(lambda: "What Article 29 is about." in text_of(desk))
        await pilot.press("g")
        await until(lambda: "What Article 00 is about." in text_of(desk))


async def test_next_and_previous_unpublished(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("n")
        assert current(desk) == "Article 03"
        await pilot.press("n", "N", "N")
        assert current(desk) == "Article 00"
        await pilot.press("N")
        assert "No unpublished" in desk.footer.said


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_the_next_article_from_within_one(
    folder: Path, open_collection: Open, size: tuple[int, int]
) -> None:
    async with desk_on(open_collection(folder), size) as (desk, pilot):
        first, second = titles(desk)[:2]
        await pilot.press("enter", "right_square_bracket")
        await until(lambda: second in text_of(desk).replace("\n", " "))
        assert current(desk) == second
        assert desk.pane is desk.detail
        await pilot.press("left_square_bracket")
        assert current(desk) == first
        await pilot.press("left_square_bracket")
        assert "first article" in desk.footer.said
        assert current(desk) == first
        await pilot.press("q", "G", "right_square_bracket")
        assert "last article" in desk.footer.said


async def test_choosing_in_the_sidebar_filters_at_once(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("h", "j")
        await until(lambda: len(desk.list.ids) == 10)
        assert desk.listing.shown == "view:unpublished"
        await pilot.press("enter", "h")  # settled on: topics narrow this view
        while (entry := desk.sidebar.current) and not (
            entry.count and entry.count.label == "Bread"
        ):
            await pilot.press("j")
        await until(lambda: len(desk.list.ids) == 5)
        assert desk.listing.shown == "view:unpublished topic:Bread"
        await pilot.press("enter")
        assert desk.focused is desk.list
        await pilot.press("escape")
        await until(lambda: len(desk.list.ids) == 10)


async def test_a_section_folds_and_unfolds(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        before = desk.sidebar.line_count
        await pilot.press("h")
        while (entry := desk.sidebar.current) and entry.section != "TOPICS":
            await pilot.press("j")
        await pilot.press("enter")
        assert desk.sidebar.line_count == before - 2
        await pilot.press("enter")
        assert desk.sidebar.line_count == before


async def test_related_by_number_and_the_way_back(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("1")
        assert current(desk) == "Article 05"
        await pilot.press("backspace")
        assert current(desk) == "Article 00"
        await pilot.press("2")
        assert "Not a record of this collection." in text_of(desk)
        await pilot.press("backspace")
        await until(lambda: "What Article 00 is about." in text_of(desk))
        await pilot.press("backspace")
        assert desk.footer.said == "You are where you began."
        await pilot.press("9")
        assert "no number 9" in desk.footer.said


@pytest.mark.parametrize("width", [60, 100])
async def test_the_sidebar_over_the_list_has_an_edge(
    width: int, folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder), (width, 20)) as (desk, pilot):
        await pilot.press("backslash")
        await until(lambda: desk.has_class("-over") and desk.sidebar.display)
        await pilot.pause()
        lines = [strip.text for strip in desk._compositor.render_strips()][1:-1]
        assert {line[30] for line in lines} == {desk.glyphs.rule}
        await pilot.press("backslash")
        await until(lambda: not desk.sidebar.display)


async def test_the_way_back_leads_to_the_row_where_it_stood(
    folder: Path, open_collection: Open
) -> None:
    link = (("Back to the start", "https://harbour.example/_news/article-00"),)
    write_record(folder, "_news/article-20", "Article 20", days=20.5, related=link)
    async with desk_on(open_collection(folder), (120, 16)) as (desk, pilot):
        await pilot.press(*"j" * 20)
        await until(lambda: bool(desk.reading.article.related))
        line = desk.list.line_of_cursor
        assert desk.list.top > 0
        await pilot.press("1")
        assert desk.list.cursor == 0
        await pilot.press("backspace")
        assert current(desk) == "Article 20"
        assert desk.list.line_of_cursor == line


async def test_mentioned_by_leads_to_the_record_that_names_this_one(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("1", "l")
        await until(lambda: "MENTIONED BY" in text_of(desk))
        (line,) = (at for at, target in desk.reading.article.targets.items() if target.record_id)
        while desk.detail.cursor != line:
            await pilot.press("j")
        await pilot.press("enter")
        assert current(desk) == "Article 00"


async def test_a_related_record_outside_the_view_opens_in_all(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.listing.ask("view:unpublished")
        await until(lambda: len(desk.list.ids) == 10)
        await pilot.press("1")
        await until(lambda: current(desk) == "Article 05")
        assert desk.listing.shown == ""
        await pilot.press("backspace")
        await until(lambda: desk.listing.shown == "view:unpublished")
        await until(lambda: current(desk) == "Article 00")


async def test_read_and_star_are_kept(folder: Path, open_collection: Open) -> None:
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):
        await pilot.press("s", "r")
        row = desk.list.current
        assert row is not None
        assert row.starred
        assert row.read
        await pilot.press("s")
        # The star of before may be written, and its row shown once more, only now.
        await until(lambda: not desk.list.current.starred)  # type: ignore[union-attr]
    again = open_collection(folder)
    assert again.rows(again.ids(Query()))[0].read


async def test_two_seconds_of_reading_count_as_read(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, _):
        assert not desk.list.current.read  # type: ignore[union-attr]
        await until(lambda: bool(desk.list.current and desk.list.current.read))


async def test_the_cursor_follows_its_record_when_others_arrive(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("j", "j", "j", "j")
        line = desk.list.cursor - desk.list.top
        await asyncio.sleep(0.5)  # the watch begins after the first look at the tree
        for number in range(3):
            write_record(folder, f"_news/new-{number}", f"Newer {number}", days=0.1)
        await until(lambda: len(desk.list.ids) == 33)
        assert current(desk) == "Article 04"
        assert desk.list.cursor == 7
        assert desk.list.cursor - desk.list.top in (line, 7)  # at the top there is no room above


async def test_a_changed_file_shows_within_a_second(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, _):
        await asyncio.sleep(0.5)
        write_record(folder, "_news/article-00", "Renamed by the crawler", days=0.5)
        start = time.monotonic()
        await until(lambda: "Renamed by the crawler" in text_of(desk))
        assert current(desk) == "Renamed by the crawler"
        assert time.monotonic() - start < 2  # a second, and slack for a busy machine


async def test_a_deleted_record_leaves_the_cursor_on_its_neighbour(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("j", "j")
        await asyncio.sleep(0.5)
        (folder / "_news" / "article-02.md").unlink()
        await until(lambda: len(desk.list.ids) == 29)
        assert current(desk) == "Article 03"


async def test_problems_are_listed_with_line_and_reason(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, _):
        desk.listing.ask("view:problems")
        await until(lambda: titles(desk) == ["_news/broken.md"])
        await until(lambda: "cannot be read as a record" in text_of(desk))
        assert "quotation mark" in text_of(desk)


async def test_first_opening_reads_while_keys_answer(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder, indexed=False)) as (desk, pilot):
        await until(lambda: len(desk.list.ids) == 30)
        await pilot.press("j")
        assert current(desk) == "Article 01"


def test_no_newer_progress_hides_that_rows_have_changed() -> None:
    told, told_nothing = (Progressed(Progress(3, 9, changed=changed)) for changed in (True, False))
    # Asked of the older of two messages: whether the newer may take its place.
    assert not told.can_replace(told_nothing)
    assert told_nothing.can_replace(told)
    assert told_nothing.can_replace(told_nothing)


async def test_what_another_reader_has_just_read_is_listed(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = open_collection(folder, indexed=False), open_collection(folder, indexed=False)
    own = Collection.reconcile

    def after_the_other(self: Collection, *args: object, **more: object) -> object:
        if self is second:
            own(first)
        return own(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Collection, "reconcile", after_the_other)
    async with desk_on(second) as (desk, _):
        await until(lambda: len(desk.list.ids) == 30)


async def test_a_star_under_way_outlasts_a_renewal_and_is_taken_away_by_the_next(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    own = Editing.decide

    def slowly(self: Editing, *args: object, **more: object) -> object:
        assert let_go.wait(20)
        return own(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Editing, "decide", slowly)
    collection = open_collection(folder)
    async with desk_on(collection) as (desk, pilot):
        try:
            await pilot.press("s", "r")
            desk.list.renew(collection.ids(Query()))  # as after any change of any file
            row = desk.list.current
            assert row is not None
            assert row.starred
            assert row.read
            await pilot.press("s")
            desk.list.renew(collection.ids(Query()))
            assert not desk.list.current.starred  # type: ignore[union-attr]
        finally:
            let_go.set()
        await until(lambda: not desk.edits.waiting)
        row = collection.rows(collection.ids(Query()))[0]
        assert (row.starred, row.read) == (False, True)
        desk.list.forget_all()
        assert desk.list.current == row


async def test_an_empty_folder_says_what_to_do(tmp_path: Path, open_collection: Open) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with desk_on(open_collection(empty, indexed=False)) as (desk, pilot):
        await until(lambda: "No records in empty" in " ".join(desk.list.said))
        await pilot.press("j", "enter", "o", "y", "s", "r", "v", "1", "n", "backspace")


async def test_a_folder_of_problems_alone_says_where_they_are(
    tmp_path: Path, open_collection: Open
) -> None:
    root = tmp_path / "broken"
    root.mkdir()
    for name in ("a.md", "b.md"):
        (root / name).write_text('---\ntitle: "never closed\n---\n')
    async with desk_on(open_collection(root, indexed=False)) as (desk, pilot):
        await until(lambda: "2 files cannot be read" in " ".join(desk.list.said))
        assert " f and then o lists them, with what is wrong." in desk.list.said
        await pilot.press("f", "o")
        await until(lambda: len(desk.list.ids) == 2)
        (root / "a.md").unlink()
        await pilot.press("f", "a", "R")
        await until(lambda: "One file cannot be read" in " ".join(desk.list.said))
        (root / "b.md").unlink()
        await pilot.press("R")
        await until(lambda: "cannot be read" not in " ".join(desk.list.said))
        assert desk.list.said[0] == " No records in broken."


async def test_what_an_empty_folder_says_is_whole_at_any_width(
    tmp_path: Path, open_collection: Open
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with desk_on(open_collection(empty), size=(80, 24)) as (desk, _):
        await until(lambda: "No records in empty" in " ".join(desk.list.said))
        lines = [desk.list.render_line(y).text for y in range(desk.list.size.height)]
        assert all(line[:1] == " " for line in lines)
        shown = " ".join(" ".join(lines).split())
        assert all(" ".join(said.split()) in shown for said in desk.list.said)


@pytest.mark.parametrize(
    ("width", "shown"),
    [(120, ["sidebar", "list", "detail"]), (100, ["list", "detail"]), (60, ["list"])],
)
async def test_the_layout_folds(
    folder: Path, open_collection: Open, width: int, shown: list[str]
) -> None:
    async with desk_on(open_collection(folder), (width, 24)) as (desk, _):
        assert [pane.id for pane in desk.moving.panes()] == shown


async def test_on_a_narrow_screen_enter_opens_and_q_leaves(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder), (60, 24)) as (desk, pilot):
        await pilot.press("enter")
        assert [pane.id for pane in desk.moving.panes()] == ["detail"]
        assert desk.focused is desk.detail
        await pilot.press("q")
        assert desk.focused is desk.list
        await pilot.press("backslash")
        assert desk.focused is desk.sidebar
        await pilot.press("escape")
        assert desk.focused is desk.list
        app = desk.app
        await pilot.press("q")
    assert app.return_code == 0


async def test_resizing_never_loses_the_focus(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("l")
        assert desk.focused is desk.detail
        await pilot.resize_terminal(60, 20)  # what is read stays, on the whole screen
        await until(lambda: desk.has_class("-zoom") and desk.focused is desk.detail)
        await pilot.resize_terminal(1, 1)
        await pilot.resize_terminal(200, 50)
        await until(lambda: not desk.has_class("-zoom") and desk.list.display)
        assert desk.focused is desk.detail
        await pilot.press("h", "j")
        assert current(desk) == "Article 01"
        await pilot.press("h")
        assert desk.focused is desk.sidebar
        await pilot.resize_terminal(60, 20)
        await until(lambda: desk.focused is desk.list)


async def test_an_article_opened_in_a_narrow_screen_makes_room_in_a_wide_one(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder), (60, 20)) as (desk, pilot):
        await pilot.press("enter")
        await until(lambda: desk.focused is desk.detail and not desk.list.display)
        await pilot.resize_terminal(120, 24)
        await until(lambda: desk.list.display and desk.detail.display)
        await pilot.press("equals_sign")  # asked for: that stays
        await pilot.resize_terminal(60, 20)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert not desk.list.display


async def test_raw_file_hides_what_is_secured(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("w")
        screen = desk.app.screen
        assert isinstance(screen, RawFile)
        shown = "\n".join("".join(p.text for p in line) for line in screen._lines)
        assert 'title: "Article 00"' in shown
        assert "secured: (not shown)" in shown
        assert "c2VjcmV0" not in shown
        await pilot.press("q")
        assert desk.app.screen is desk


async def test_a_long_line_of_the_raw_file_goes_on_under_its_text(
    folder: Path, open_collection: Open
) -> None:
    long = "".join(f"word{number:04} " for number in range(1000))
    write_record(folder, "_news/article-00", "Article 00", extra=f'note: "{long}end"', body=long)
    async with desk_on(open_collection(folder), (80, 24)) as (desk, pilot):
        await pilot.press("w")
        screen = desk.app.screen
        assert isinstance(screen, RawFile)
        lines = screen.pane._lines
        texts = ["".join(piece.text for piece in line) for line in lines]
        assert all(len(text) < 80 for text in texts)
        at = next(at for at, text in enumerate(texts) if "note:" in text)
        assert [piece.role for piece in lines[at]][:2] == ["pane--dim", "pane--accent"]
        assert texts[at][:8].strip().isdigit()
        assert texts[at + 1].startswith(" " * 8 + "word")
        assert f"{long}end" in "".join(text[8:] for text in texts)
        assert "".join(text[8:] for text in texts).endswith(long)
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        assert all(len("".join(p.text for p in line)) < 60 for line in screen.pane._lines)


async def test_help_lists_every_command(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder), (80, 24)) as (desk, pilot):
        await pilot.press("question_mark")
        assert isinstance(desk.app.screen, Keys)
        await pilot.press("escape")
        assert desk.app.screen is desk


async def test_without_a_browser_the_link_is_shown(
    folder: Path, open_collection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("o")
        screen = desk.app.screen
        assert isinstance(screen, LinkShown)
        assert "https://harbour.example/_news/article-00" in "".join(
            piece.text for line in screen.shown_lines(80, 20) for piece in line
        )


async def test_the_palette_runs_commands(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("colon")
        await until(lambda: desk.app.screen is not desk)
        await pilot.press(*"star")
        await asyncio.sleep(0.5)
        await pilot.press("enter")
        await until(lambda: desk.footer.said.startswith("Starred"))


async def test_a_page_of_no_commands_ends_nothing(folder: Path, open_collection: Open) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("colon", "q", "pagedown", "x", "pagedown", "pageup", "escape", "escape")
        await until(lambda: desk.app.screen is desk)
        assert desk.app.return_code in (None, 0)


async def test_a_key_after_the_one_that_leaves_does_not_count(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        for key in ("w", "question_mark"):
            await pilot.press(key)
            await until(lambda: desk.app.screen is not desk)
            pager = desk.app.screen
            pager.action_run("back")  # type: ignore[attr-defined]  # a pager's
            pager.action_run("back")  # type: ignore[attr-defined]
            await pilot.press("escape", "escape")
            await until(lambda: desk.app.screen is desk)


async def test_the_full_body_comes_when_the_cursor_rests(
    folder: Path, open_collection: Open
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        await pilot.press("j")
        await until(lambda: "Some strong words." in text_of(desk))


@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-dark"])
async def test_the_toolkits_own_themes_will_do(
    folder: Path, open_collection: Open, theme: str
) -> None:
    async with desk_on(open_collection(folder)) as (desk, pilot):
        desk.app.theme = theme
        await pilot.pause(0.1)
        await pilot.press("j")
        assert current(desk) == "Article 01"
