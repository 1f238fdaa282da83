"""The sample that ships: what it holds, and how it is written out dated up to today."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reader.library import sample
from reader.library.sample import SAMPLE_DAY, opened_sample, write_sample
from reader.records.front_matter import read_record
from reader.records.record import Body, Problem, Record, State
from reader.records.text import fold, repair
from reader.records.urls import normalise

SHIPPED = Path(str(files("reader") / "sample"))
LATER = SAMPLE_DAY + timedelta(days=400)
DATE = re.compile(rb"((?:published|updated)DateTime: *['\"]?)\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")


def read_all(folder: Path) -> dict[str, Record | Problem | None]:
    return {
        path.relative_to(folder).as_posix(): read_record(path.read_bytes(), path.name)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def records_of(folder: Path) -> dict[str, Record]:
    return {name: read for name, read in read_all(folder).items() if isinstance(read, Record)}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Record]:
    return records_of(SHIPPED)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("READER_DATA_DIR", str(folder))
    return folder


# -- what it holds -----------------------------------------------------------------------------
def test_every_file_is_what_it_is_meant_to_be(shipped: dict[str, Record]) -> None:
    kinds = Counter(type(read).__name__ for read in read_all(SHIPPED).values())
    assert kinds == {"Record": 61, "Problem": 1, "NoneType": 1}
    states = Counter(record.state for record in shipped.values())
    assert states == {State.PUBLISHED: 36, State.UNPUBLISHED: 22, State.REJECTED: 3}
    bodies = Counter(record.body_kind for record in shipped.values())
    assert bodies == {Body.NONE: 51, Body.MARKDOWN: 9, Body.HTML: 1}
    folders = Counter(os.path.dirname(name) for name in shipped)
    assert folders == {"_news": 47, "_learning": 6, "_learning/videos": 5, "_communities": 3}


def test_the_one_problem_and_the_one_skipped_file() -> None:
    other = {name: read for name, read in read_all(SHIPPED).items() if not isinstance(read, Record)}
    assert other.pop("README.md") is None
    ((name, problem),) = other.items()
    assert name.endswith("-the-ferry-that-runs-on-gossip.md")
    assert isinstance(problem, Problem)
    assert problem.line == 3


def test_only_the_wrong_typed_record_has_warnings(shipped: dict[str, Record]) -> None:
    warned = {name: record.warnings for name, record in shipped.items() if record.warnings}
    ((name, warnings),) = warned.items()
    assert "ampersand" in name
    assert {each.field for each in warnings} == {
        "heat", "images", "quality", "topics", "updatedDateTime",
    }  # fmt: skip


def test_records_are_complete(shipped: dict[str, Record]) -> None:
    for name, record in shipped.items():
        assert record.title, name
        assert record.url, name
        assert record.published_at, name
        assert record.type, name
        assert record.topics or "ampersand" in name, name
        assert record.provider.name or name.startswith("_communities/"), name
        assert len(record.excerpt or "") <= 300, name
        assert len((record.excerpt or "").encode()) >= 200, name
    assert len({normalise(record.url or "") for record in shipped.values()}) == len(shipped)


def test_topics_providers_and_numbers_vary(shipped: dict[str, Record]) -> None:
    topics = Counter(fold(topic) for record in shipped.values() for topic in record.topics)
    assert len(topics) == 12
    assert max(topics.values()) >= 3 * min(topics.values())
    spellings = {topic for record in shipped.values() for topic in record.topics}
    assert len(spellings) == len(topics) + 1  # one differs in case only
    assert len({record.provider.name for record in shipped.values()} - {None}) == 14
    assert sum(record.data.get("heat") == -1 for record in shipped.values()) == 4
    assert sum((record.heat or 0) > 100 for record in shipped.values()) == 7


def test_about_half_of_the_related_links_resolve_and_none_is_its_own(
    shipped: dict[str, Record],
) -> None:
    pages = {normalise(record.url or "") for record in shipped.values()}
    inside = outside = 0
    for name, record in shipped.items():
        for each in record.related:
            assert each.title, name
            assert each.excerpt, name
            assert each.published_at, name
            assert each.url, name
            assert normalise(each.url) != normalise(record.url or ""), name
            inside, outside = (
                (inside + 1, outside) if normalise(each.url) in pages else (inside, outside + 1)
            )
    assert (inside, outside) == (95, 81)
    assert sum(2 <= len(record.related) <= 4 for record in shipped.values()) > 45


def test_related_links_that_resolve_quote_the_records_title(shipped: dict[str, Record]) -> None:
    titles = {normalise(record.url or ""): record.title for record in shipped.values()}
    for name, record in shipped.items():
        for each in record.related:
            assert titles.get(normalise(each.url or ""), each.title) == each.title, name


def test_amp_links_agree_but_for_one_mismatched_and_one_missing(
    shipped: dict[str, Record],
) -> None:
    mismatched, missing, agreeing = [], [], 0
    for name, record in shipped.items():
        if record.amp_url is None:
            assert record.cdn_amp_url is None, name
            continue
        url = urlsplit(record.amp_url)
        cache = url.netloc.replace("-", "--").replace(".", "-") + ".cdn.ampproject.org"
        if record.cdn_amp_url is None:
            missing.append(name)
        elif record.cdn_amp_url == f"https://{cache}/c/s/{url.netloc}{url.path}":
            agreeing += 1
        else:
            mismatched.append(name)
    assert agreeing == 12
    assert [name[len("_news/2026-11-10-") :] for name in mismatched] == [
        "mapping-a-coast-that-will-not-hold-still.md"
    ]
    assert [name[len("_news/2026-11-22-") :] for name in missing] == [
        "a-typeface-for-tide-tables.md"
    ]


def test_no_address_is_of_a_real_site() -> None:
    hosts = set()
    for path in SHIPPED.rglob("*"):
        if path.is_file():
            hosts.update(re.findall(r"https?://([^/\s\"'<>)?]+)", path.read_text("utf-8")))
            hosts.update(re.findall(r"domain: (\S+)", path.read_text("utf-8")))
    assert len(hosts) > 30
    for host in hosts:
        assert host.endswith((".example", "-example.cdn.ampproject.org")), host


def test_the_hard_cases_are_in_it(shipped: dict[str, Record]) -> None:
    raw = {name: (SHIPPED / name).read_bytes() for name in shipped}
    crlf = [name for name, data in raw.items() if b"\r\n" in data]
    assert len(crlf) == 1
    assert raw[crlf[0]].count(b"\n") == raw[crlf[0]].count(b"\r\n")
    assert sum(data.startswith(b"\xef\xbb\xbf") for data in raw.values()) == 1
    assert sum(b"\n# " in data and b"title: '" in data for data in raw.values()) == 1
    mojibake = [name for name, record in shipped.items() if repair(record.excerpt or "") != record.excerpt]  # fmt: skip
    assert [name.endswith("the-gauge-goes-off-its-scale.md") for name in mojibake] == [True]
    assert sum("の" in (record.title or "") for record in shipped.values()) == 2
    assert sum("é" in (record.title or "") for record in shipped.values()) == 1
    (html,) = (record for record in shipped.values() if record.body_kind is Body.HTML)
    for part in ("<script>", "<li>", "<a href=", "&mdash;", "&amp;"):
        assert part in html.body
    rich = max((r for r in shipped.values() if r.body_kind is Body.MARKDOWN), key=lambda r: len(r.body))  # fmt: skip
    for part in ("\n## ", "\n- ", "\n1. ", "\n> ", "\n```python\n", "\n|---", "](https://"):
        assert part in "\n" + rich.body, part


def test_videos_and_courses_have_fields_of_their_own(shipped: dict[str, Record]) -> None:
    for name, record in shipped.items():
        if name.startswith("_learning/"):
            assert record.length_seconds, name
            assert record.price, name
        if name.startswith("_learning/videos/"):
            assert record.web_url is None, name
            assert record.original_url, name
            assert (record.featured_content or "").startswith("<iframe"), name
        elif name.startswith("_learning/"):
            assert record.rating is not None, name
            assert record.rating_count, name
            assert record.levels, name
            assert record.actions, name


def test_secured_blobs_look_like_the_real_ones() -> None:
    import base64

    count = 0
    for path in SHIPPED.rglob("[!.]*.*"):
        for blob in re.findall(r'(?m)^secured: "([^"]*)"\r?$', path.read_text("utf-8")):
            text, iv = (base64.b64decode(part, validate=True) for part in blob.split(";"))
            assert len(text) % 16 == 0, path
            assert len(iv) == 16, path
            count += 1
    assert count >= 55


def test_the_newest_are_of_the_sample_day_and_most_of_three_months(
    shipped: dict[str, Record],
) -> None:
    ages = [(SAMPLE_DAY - r.published_at.date()).days for r in shipped.values() if r.published_at]
    assert min(ages) == 0
    assert sum(age == 0 for age in ages) == 5
    assert 10 <= sum(age < 7 for age in ages) <= 16
    assert sum(age <= 92 for age in ages) > len(ages) * 0.7
    assert max(ages) > 3 * 365


# -- writing it --------------------------------------------------------------------------------
@pytest.mark.usefixtures("utc")
def test_written_for_its_own_day_it_is_the_shipped_bytes(tmp_path: Path) -> None:
    count = write_sample(tmp_path / "s", SAMPLE_DAY)
    written = {
        p.relative_to(tmp_path / "s"): p.read_bytes() for p in (tmp_path / "s").rglob("[!.]*.*")
    }
    wanted = {p.relative_to(SHIPPED): p.read_bytes() for p in SHIPPED.rglob("[!.]*.*")}
    assert written == wanted
    assert count == len(wanted) == 63


@pytest.mark.usefixtures("utc")
def test_written_for_another_day_all_dates_move_and_nothing_else(tmp_path: Path) -> None:
    write_sample(tmp_path, LATER)
    by = LATER - SAMPLE_DAY
    for path in SHIPPED.rglob("[!.]*.*"):
        name = path.relative_to(SHIPPED).as_posix()
        dated = re.match(r"_news/(\d{4}-\d\d-\d\d)(.*)", name)
        if dated:
            name = f"_news/{date.fromisoformat(dated[1]) + by}{dated[2]}"
        old, new = path.read_bytes(), (tmp_path / name).read_bytes()
        assert DATE.sub(rb"\1", old) == DATE.sub(rb"\1", new), name
        before, after = read_record(old, name), read_record(new, name)
        if isinstance(before, Record):
            assert isinstance(after, Record)
            assert after.published_at == (before.published_at or datetime.min) + by, name
            if before.updated_at:
                assert after.updated_at == before.updated_at + by, name
            for ours, theirs in zip(before.related, after.related, strict=True):
                assert theirs.published_at == (ours.published_at or datetime.min) + by, name


@pytest.mark.parametrize(
    "zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland"], indirect=True
)
def test_todays_articles_are_of_this_morning_in_any_zone(tmp_path: Path, zone: str) -> None:
    write_sample(tmp_path, date(2027, 1, 5))
    morning = [
        record.published_at.astimezone().time()
        for record in records_of(tmp_path).values()
        if record.published_at and record.published_at.astimezone().date() == date(2027, 1, 5)
    ]
    assert len(morning) == 5, zone
    assert max(morning).hour < 2


def test_without_a_day_it_is_today(tmp_path: Path) -> None:
    before = datetime.now().astimezone().date()
    write_sample(tmp_path)
    after = datetime.now().astimezone().date()
    newest = max(r.published_at for r in records_of(tmp_path).values() if r.published_at)
    assert before <= newest.astimezone().date() <= after


def test_a_folder_in_use_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write_sample(tmp_path, SAMPLE_DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("target", ["file", "file/below"])
def test_a_file_in_the_way_is_no_folder(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        write_sample(tmp_path / target, SAMPLE_DAY)


def test_missing_parents_and_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert write_sample(tmp_path / "a" / "b", SAMPLE_DAY) == 63
    (tmp_path / "empty").mkdir()
    assert write_sample(tmp_path / "empty", SAMPLE_DAY) == 63


# -- the reader's own copy ---------------------------------------------------------------------
def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def newest(folder: Path) -> date:
    moments = [r.published_at for r in records_of(folder).values() if r.published_at]
    return max(moments).astimezone().date()


def test_it_is_made_when_missing_and_left_alone_on_the_same_day(data_dir: Path) -> None:
    folder = opened_sample(LATER)
    assert folder == data_dir / "sample"
    assert newest(folder) == LATER
    assert len(records_of(folder)) == 61
    inode = folder.stat().st_ino
    assert opened_sample(LATER) == folder
    assert folder.stat().st_ino == inode
    assert names(data_dir) == ["sample"]


def test_on_a_later_day_an_unchanged_copy_is_made_anew(data_dir: Path) -> None:
    opened_sample(LATER)
    folder = opened_sample(LATER + timedelta(days=3))
    assert newest(folder) == LATER + timedelta(days=3)
    assert len(records_of(folder)) == 61
    assert names(data_dir) == ["sample"]


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "folder", "unmark", "pipe"])
def test_what_the_user_did_is_never_lost(data_dir: Path, change: str) -> None:
    folder = opened_sample(LATER)
    record = next((folder / "_news").iterdir())
    if change == "edit":
        data = record.read_bytes()
        record.write_bytes(data.replace(b"published: ", b"published:  "))
    elif change == "add":
        (folder / "_news" / "note").write_text("")
    elif change == "remove":
        record.unlink()
    elif change == "rename":
        record.rename(record.with_name("mine.md"))
    elif change == "folder":
        (folder / "mine").mkdir()
    elif change == "unmark":
        (folder / ".sample").unlink()
    else:
        os.mkfifo(folder / "pipe")

    def looks() -> dict[str, bytes]:
        entries = folder.rglob("*")
        return {str(p): p.read_bytes() if p.is_file() else b"" for p in entries}

    before = looks()
    assert opened_sample(LATER + timedelta(days=1)) == folder
    assert looks() == before
    assert names(data_dir) == ["sample"]


def test_an_edit_undone_is_no_change(data_dir: Path) -> None:
    folder = opened_sample(LATER)
    record = next((folder / "_news").iterdir())
    data = record.read_bytes()
    record.write_bytes(b"")
    record.write_bytes(data)
    assert newest(opened_sample(LATER + timedelta(days=1))) == LATER + timedelta(days=1)


def test_a_copy_changed_while_it_is_put_aside_is_put_back(data_dir: Path) -> None:
    folder = opened_sample(LATER)
    (folder / "README.md").write_text("changed after the first look")
    assert not sample._put_aside(folder)
    assert (folder / "README.md").read_text() == "changed after the first look"
    assert names(data_dir) == ["sample"]


def test_a_link_to_a_folder_of_the_users_own_is_left_alone(data_dir: Path, tmp_path: Path) -> None:
    opened_sample(LATER).rename(tmp_path / "own")
    (data_dir / "sample").symlink_to(tmp_path / "own")
    folder = opened_sample(LATER + timedelta(days=1))
    assert folder.is_symlink()
    assert newest(folder) == LATER


def test_an_empty_folder_is_filled(data_dir: Path) -> None:
    (data_dir / "sample").mkdir(parents=True)
    assert len(records_of(opened_sample(LATER))) == 61


def test_what_a_killed_reader_left_is_swept_up_but_never_an_edit(data_dir: Path) -> None:
    long_ago = time.time() - 7200
    opened_sample(LATER).rename(data_dir / "sample-old-unchanged")
    opened_sample(LATER).rename(data_dir / "sample-old-edited")
    (data_dir / "sample-old-edited" / "README.md").write_text("mine")
    (data_dir / ".sample-new-half" / "_news").mkdir(parents=True)
    (data_dir / ".sample-new-fresh").mkdir()
    for name in ("sample-old-unchanged", "sample-old-edited", ".sample-new-half"):
        os.utime(data_dir / name, (long_ago, long_ago))
    opened_sample(LATER)
    assert names(data_dir) == [".sample-new-fresh", "sample", "sample-old-edited"]


KILLED = """
import os, sys
from datetime import date
from reader.library.sample import opened_sample

event, left = sys.argv[1], int(sys.argv[2])

def die(name, arguments):
    global left
    left -= name == event
    if not left:
        os._exit(9)

sys.addaudithook(die)
opened_sample(date.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize(
    ("event", "count"),
    [("open", 30), ("open", 300), ("os.rename", 1), ("os.rename", 2), ("shutil.rmtree", 1)],
)
def test_a_kill_leaves_a_whole_sample_or_none(data_dir: Path, event: str, count: int) -> None:
    folder = opened_sample(LATER)
    later = LATER + timedelta(days=1)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, event, str(count), later.isoformat()], check=False
    )
    assert killed.returncode == 9
    if folder.exists():
        assert len(records_of(folder)) == 61
        assert newest(folder) in (LATER, later)
    assert opened_sample(later) == folder
    assert len(records_of(folder)) == 61
    assert newest(folder) == later


@pytest.mark.parametrize("first", [True, False])
def test_many_readers_starting_at_once_all_get_a_whole_sample(data_dir: Path, first: bool) -> None:
    if not first:
        opened_sample(LATER - timedelta(days=1))
    found: list[Path] = []
    start = threading.Barrier(6)

    def open_it() -> None:
        start.wait()
        found.append(opened_sample(LATER))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [data_dir / "sample"] * 6
    assert len(records_of(data_dir / "sample")) == 61
    assert newest(data_dir / "sample") == LATER
    assert names(data_dir) == ["sample"]


@pytest.mark.parametrize("obstacle", ["file for the data folder", "file for the sample"])
def test_without_a_data_folder_it_is_a_temporary_one(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    if obstacle == "file for the data folder":
        data_dir.write_text("in the way")
    else:
        data_dir.mkdir()
        (data_dir / "sample").write_text("in the way")
    folder = opened_sample(LATER)
    assert folder.parent == temporary
    assert len(records_of(folder)) == 61
    assert newest(folder) == LATER


def test_utc_is_what_the_site_writes(tmp_path: Path) -> None:
    write_sample(tmp_path, LATER)
    for record in records_of(tmp_path).values():
        assert record.published_at
        assert record.published_at.tzinfo == UTC
