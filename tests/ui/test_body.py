"""Article bodies: what they look like, and that no body can do harm."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from reader.records.record import Body
from reader.ui.body import (
    MAX_HTML,
    BodyLink,
    RenderedBody,
    links_in_body,
    plain_body,
    render_body,
)
from reader.ui.body_links import web_url
from reader.ui.body_wrap import BOLD, Span, cells, chop, wrap

READ = (Body.MARKDOWN, Body.HTML, Body.TEXT)


def lines(body: str, kind: Body = Body.MARKDOWN, width: int = 40) -> list[str]:
    return ["".join(s.text for s in line) for line in render_body(body, kind, width).lines]


def html(body: str, width: int = 40) -> list[str]:
    return lines(body, Body.HTML, width)


def marked(rendered: RenderedBody) -> set[tuple[str, str]]:
    """Return each styled text with its style's name, as Rich writes it."""
    return {(s.text.strip(), str(s.style)) for line in rendered.lines for s in line if s.style}


def check(rendered: RenderedBody, width: int) -> None:
    """Hold what is true of every rendering."""
    for line in rendered.lines:
        assert sum(cell_len(segment.text) for segment in line) <= width
        assert cell_len("".join(segment.text for segment in line)) <= width
        assert not line or not line[-1].text.endswith(" ")
    segments = [segment for line in rendered.lines for segment in line]
    assert not unsafe("".join(segment.text for segment in segments))
    assert all(segment.control is None for segment in segments)
    for style in {segment.style for segment in segments if segment.style}:
        assert not style.color
        assert not style.bgcolor
        assert not style.link
    if rendered.lines:
        assert rendered.lines[0]
        assert rendered.lines[-1]
    for link in rendered.links:
        assert link.url.startswith(("http://", "https://")) or link.url[:4].lower() == "http"
        assert not unsafe(link.text + link.url)
        assert " " not in link.url


def unsafe(text: str) -> list[str]:
    kept = "\u200c\u200d"  # joiners, which some scripts and emoji need
    return [c for c in set(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in kept]


# What it looks like


def test_a_markdown_article() -> None:
    article = """\
# Planar *transformers*

Read the [letter](https://example.org/a) and
again [the letter](https://example.org/a), `code`.

> Quoted words that run over the end of one line.

* one
* two
  1. nested

```python
def f():
    return 1
```

| Part | Price |
|------|------:|
| Core | 12 |
| Coil of wire | 3 |

***

### Notes
"""
    assert lines(article) == [
        "Planar transformers",
        "",
        "Read the letter [1] and again the",
        "letter [1], code.",
        "",
        "│ Quoted words that run over the end of",
        "│ one line.",
        "",
        "• one",
        "• two",
        "  1. nested",
        "",
        "  def f():",
        "      return 1",
        "",
        "Part          Price",
        "────────────  ─────",
        "Core             12",
        "Coil of wire      3",
        "",
        "───",
        "",
        "Notes",
    ]


def test_an_html_article() -> None:
    article = """<html><head><title>Not shown</title><style>p {}</style></head><body>
<h2>Head</h2><p>First <a href="https://example.org/x y">link
text</a> &amp;&nbsp;entity &lt;b&gt; &eacute;</p><script>var a = "<p>no</p>";</script>
<ul><li>one<li>two<ul><li>sub</ul></ul>
<pre>
code  here
</pre><table><tr><th>A<th>B<tr><td>1<td>2</table>
<a href="https://card.example"><h3>Card</h3></a>
1. not # a list<br>a < b <!-- nor this --></body></html>"""
    assert html(article) == [
        "Head",
        "",
        "First link text [1] & entity <b> é",
        "",
        "• one",
        "• two",
        "  • sub",
        "",
        "  code  here",
        "",
        "A  B",
        "─  ─",
        "1  2",
        "",
        "Card [2]",
        "",
        "1. not # a list",
        "a < b",
    ]
    assert links_in_body(article, Body.HTML) == (
        BodyLink(1, "link text", "https://example.org/x%20y"),
        BodyLink(2, "Card", "https://card.example"),
    )


def test_plain_text_is_wrapped_and_keeps_its_lines() -> None:
    assert lines("\n\none two three\n[red]x[/red]\n\n\nlast\n\n", Body.TEXT, 10) == [
        "one two",
        "three",
        "[red]x[/re",
        "d]",
        "",
        "last",
    ]


def test_styles_are_attributes_without_colour() -> None:
    rendered = render_body("# A\n### B\n**c** *d* ~~e~~ [f](http://x.y)\n> g", Body.MARKDOWN, 40)
    assert {("A", "bold"), ("B", "underline"), ("c", "bold"), ("d", "italic")} <= marked(rendered)
    assert {("e", "dim"), ("[1]", "dim"), ("│ g", "dim")} <= marked(rendered)


def test_console_markup_and_escapes_are_text() -> None:
    assert lines("[red]x[/red] \\* [/]") == ["[red]x[/red] * [/]"]
    assert lines("a\x1b[31mb &#27;c") == ["a␛[31mb \ufffdc"]
    check(render_body("&#x1b;[31m &#8238;x &#155;2J", Body.HTML, 40), 40)
    assert not unsafe("".join(html("&#x1b;[31m &#8238;x &#155;2J")))


def test_images_are_named() -> None:
    assert lines("![a *fine* map](x.png) ![](y.png)") == ["[image: a fine map] [image]"]
    assert html('<img src=x alt="A map">b<img src=pixel width="1" height=1>') == ["[image: A map]b"]
    assert lines("[![map](m.png)](https://e.org)") == ["[image: map] [1]"]


def test_raw_html_in_markdown_is_shown_as_text() -> None:
    assert lines("a<br>b <b>c</b> <kbd>d</kbd></kbd> <script>evil()</script> e") == ["a", "b c d e"]
    assert lines("<div><p>in</p></div>\n\n<iframe>\n\nhidden\n\n</iframe>\n\nout") == [
        "in",
        "",
        "out",
    ]
    assert lines("`<script>x</script>`") == ["<script>x</script>"]


def test_what_is_no_text_is_never_shown() -> None:
    for name in ("script", "style", "iframe", "template", "noframes"):
        for shown in (
            f"<{name}>no</{name}>",
            f"<{name} x='>'/>no</{name.upper()} >",
            f"<{name}>no",
        ):
            assert html(f"<p>a</p>{shown}") == ["a"], shown
            assert lines(f"a\n\n{shown}") == ["a"], shown
            assert "no" not in "".join(plain_body(f"a\n\n{shown}", Body.MARKDOWN, 40, 5)), shown
    assert html("<svg/>a<svg><text>no</text></svg>b") == ["ab"]
    assert html("<head><meta x><title>no</title><p>yes") == ["yes"]
    assert html("<head>no</head><body>yes") == ["yes"]


def test_lists_keep_their_numbers_and_marks() -> None:
    assert html("<ol start=9><li>a<li>b<p>c</ol>") == ["9. a", "10. b", "", "    c"]
    assert lines("- a\n- b\n\n  c\n") == ["• a", "", "• b", "", "  c"]


def test_indents_leave_room_for_text() -> None:
    deep = "<ul><li>" * 30 + "word"
    assert all(len(line.lstrip()) for line in html(deep, 10))
    assert html(deep, 10)[-1].strip().endswith("word")


def test_breaks_in_paragraphs_and_code() -> None:
    assert html("<p><br>a<br><br>b<br></p>") == ["a", "", "b"]
    assert html("<pre><div>a</div><div>  b</div></pre>") == ["  a", "    b"]
    assert lines("    " + "x" * 12, width=10) == ["  " + "x" * 8, "  " + "x" * 4]


# Tables


def test_a_table_too_wide_for_columns_is_a_list() -> None:
    table = "|a|b|c|\n|-|-|-|\n|1|2|3|\n|4||6|\n"
    assert lines(table, width=12) == ["a: 1", "b: 2", "c: 3", "", "a: 4", "c: 6"]
    assert lines(table, width=30)[0] == "a  b  c"


def test_table_cells_wrap_in_their_columns() -> None:
    rows = html("<table><tr><td>ab<td>one two three four</table>", 14)
    assert rows == ["ab  one two", "    three four"]


def test_a_layout_table_reads_as_text() -> None:
    assert html("<table><tr><td><p>one</p><ul><li>two</ul></table>") == ["one", "• two"]
    assert html("<table><tr><th>head<tr><td>x</table>") == ["head", "x"]


# Links


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "/a",
        "a",
        "http://",
        "",
        "http://[x",
    ],
)
def test_only_web_urls_are_links(url: str) -> None:
    assert lines(f"[text](<{url}>) more") == ["text more"]
    assert html(f'<a href="{url}">text</a> more') == ["text more"]
    assert web_url(url) is None


def test_numbers_start_where_asked_and_one_url_has_one() -> None:
    rendered = render_body("[a](http://x.y) [b](http://z.y) [c](http://x.y)", Body.MARKDOWN, 80, 7)
    assert [(link.number, link.text) for link in rendered.links] == [(7, "a"), (8, "b")]
    assert "".join(s.text for s in rendered.lines[0]) == "a [7] b [8] c [7]"


def test_urls_are_made_safe() -> None:
    assert (
        web_url(" HTTPS://e.org/\ta b\x1b\u202e<é>#x ")
        == "HTTPS://e.org/a%20b%1B%E2%80%AE%3Cé%3E#x"
    )
    assert web_url("http://e.org/\ud800") == "http://e.org/%3F"
    assert lines("<https://e.org/a?b=1&c=2>") == ["https://e.org/a?b=1&c=2 [1]"]


# Long and hostile bodies


def test_a_long_body_says_what_is_left_out() -> None:
    shown = html("<p>words </p>" * 200_000)
    assert " ".join(shown[-2:]) == "… the rest is not shown (2.4 MB); the file has it"
    shown = lines("word word word\n" * 100_000, width=50)
    assert shown[-2:] == ["", "… the rest is not shown (1.4 MB); the file has it"]
    assert html("x" * MAX_HTML)[-1] == "x" * (MAX_HTML % 40 or 40)
    assert html("<table>" + "<tr><td>word" * 30_000)[0] == "word"


N = 65_000  # what is rendered of Markdown, and a little
HOSTILE = {
    **{name: name * (N // len(name)) for name in (
        ">", "> ", "[", "![", "*", "`", "~", "\\", "<", "\n", " ",
        "[](", "*a_ ", "[[]", "<!--", "a<![CDATA[", "a <a ",
        "<?", "[a]: ", "[a]:\n", "[\n", "-\n", ">\n", "a\n", "a\n-\n", "1. a\n", "```\n",
        "<div>", "<div>x", "<p>x", "<ul><li>x", "<li>x", "<blockquote>x", "<td>x",
        "<table><tr><td>x", "<pre>", "<pre>x\n</pre>", "<script>", "<svg>",
        "<i><b></i></b>", "<br>", "<hr>", "<a \"'", "<a '\"'\"", "<a x=\"",
        "&nbsp;", "&#27;", "<a href=http://x.y>x", "漢字", "👩\u200d🚀\ufe0f", "e\u0301\u0301",
        "\x1b[31m\x00", "word ",
    )},
    "brackets": "[" * (N // 2) + "]" * (N // 2),
    "images": "![" * 20_000 + "](a)" * 20_000,
    "backticks": "".join("e" + "`" * i for i in range(340)),
    "lazy quote": "> " * 15 + "\n" + "a\n" * 30_000,
    "stairs": "".join("  " * i + "- a\n" for i in range(250)),
    "wide table": "|a" * 8_000 + "|\n" + "|-" * 8_000 + "|\n" + "|\n" * 16_000,
    "long table": "a|b\n-|-\n" + "c|d\n" * 15_000,
    "divs": "<div>" * 50_000 + "x" + "</div>" * 50_000,
    "cells": "<table><tr>" + "<td>x" * 40_000,
    "link round all": "<a href=http://x.y>" + "<p>x" * 45_000,
    "deep siblings": "<ul>" + "<i>" * 190 + "<li>x" * 38_000,
    "digits": "&#" + "9" * 100_000 + ";",
    "attributes": "<a " + "x=y " * 49_000 + ">",
    "quotes": "<a " + 'href="' * 33_000 + ">",
}  # fmt: skip


@pytest.mark.parametrize("kind", [Body.MARKDOWN, Body.HTML])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=map(repr, HOSTILE))
def test_hostile_bodies_are_rendered_in_bounded_time(body: str, kind: Body) -> None:
    # A tenth of that where it is measured alone; what this guards against takes 1 to 100 s.
    begin = time.thread_time()
    rendered = render_body(body, kind, 50)
    assert time.thread_time() - begin < 1
    begin = time.thread_time()
    quick = plain_body(body, kind, 50, 40)
    assert time.thread_time() - begin < 0.1
    check(rendered, 50)
    assert len(rendered.lines) < 10_000
    assert all(cell_len(line) <= 50 and not unsafe(line) for line in quick)


def test_text_nested_too_deep_is_shown_as_it_is_written() -> None:
    shown = lines("> " * 30 + "word")
    assert shown[0].startswith("Shown as it is written")
    assert shown[-1].endswith("word")
    assert html("<div><i>" * 5_000 + "word") == ["word"]


# Whatever there is

tangle = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "<a",
            "href='http://x.y/é'>",
            "</a>",
            "<ul>",
            "<ol>",
            "<li>",
            "</ul>",
            "<pre>",
            "</pre>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "</table>",
            "<br>",
            "<hr>",
            "<script>",
            "</script>",
            "<blockquote>",
            "</blockquote>",
            "<!--",
            "-->",
            "<head>",
            "<svg/>",
            "<q>",
            "<dl>",
            "<dd>",
            "&#27;",
            "&#8238;",
            "&zwj;",
            "&nbsp;",
            "\n",
            "\n\n",
            "*",
            "**",
            "_",
            "`",
            "```",
            "[",
            "](",
            ")",
            "![",
            ">",
            "#",
            "-",
            "1.",
            "|",
            "|-|-|",
            "\\",
            "~~",
            "漢字",
            "é",
            "é",
            "👩\u200d🚀",
            "❤️",
            "️",
            "\x1b[31m",
            "\x9b",
            "\u202e",
            "�",
            "word",
            "supercalifragilistic",
        ]
    ).map(lambda part: part if part in "\n" else part + " ")
    | st.sampled_from(["<td>", "|", "**", "  ", "\t"])
    | st.text(max_size=5),
    max_size=40,
).map("".join)


@given(body=tangle | st.text(), kind=st.sampled_from(READ), width=st.integers(10, 60))
@example(body="<pre>a<p>b", kind=Body.HTML, width=10)
@example(body=" " * 12 + "<p> ", kind=Body.MARKDOWN, width=10)
@example(body="❤\ufe0f" * 20, kind=Body.TEXT, width=11)
@example(body="a&#8232;b&#133;c", kind=Body.HTML, width=11)
def test_any_text_renders_within_its_width_and_safely(body: str, kind: Body, width: int) -> None:
    check(render_body(body, kind, width), width)
    quick = plain_body(body, kind, width, 5)
    assert len(quick) <= 5
    assert all(cell_len(line) <= width and not unsafe(line) for line in quick)


@example(text="\u0301漢\u0301a", width=2)
@given(text=st.text("ab é漢❤\ufe0f\u200d\u0301\n"), width=st.integers(2, 12))
def test_wrapping_keeps_every_word(text: str, width: int) -> None:
    wrapped = wrap([Span(text[:5], 0), Span(text[5:], BOLD)], width)
    joined = ["".join(span.text for span in line) for line in wrapped]
    assert "".join(joined).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(sum(cells(span.text) for span in line) <= width for line in wrapped)
    assert "".join(chop(text, width)) == text


@pytest.mark.parametrize(
    "first", ["-", "~", "\xa0", "\u02ff", "\u0370", "\u2010", "\u20ac", "\u2500"]
)
def test_text_said_to_be_plain_takes_a_cell_each(first: str) -> None:
    following = [chr(ord(first) + step) for step in range(-8, 9)]
    for character in following:
        if character.isprintable():
            assert cells(character) >= cell_len(character)


# The quick look


def test_a_quick_look_reads_like_the_article() -> None:
    article = (
        "# Title *here*\n\nA [letter](https://e.org/a_(b)) and\n`code` ![map](x) 5 \\* 6,"
        " snake_case.\n\n- one\n- <b>two</b>\n\n> said\n\n" + "more " * 100
    )
    assert plain_body(article, Body.MARKDOWN, 30, 9) == [
        "Title here",
        "",
        "A letter and code [image: map]",
        "5 * 6, snake_case.",
        "",
        "• one",
        "• two",
        "",
        "said",
    ]
    page = (
        "<head><title>no</title></head><p>a <a href='http://x.y'>b</a>&amp;c<p>d<script>no</script>"
    )
    assert plain_body(page, Body.HTML, 30, 5) == ["a b&c", "d"]
    assert plain_body("one\ntwo", Body.TEXT, 30, 5) == ["one", "two"]
    assert plain_body("", Body.MARKDOWN, 30, 5) == []


def test_a_quick_look_at_a_megabyte_is_quick() -> None:
    for body in (
        "<p>word</p> **x** &amp; é\n" * 40_000,
        "x" * 1_000_000,
        "<img src='" + "x" * 999_999,
    ):
        for kind in READ:
            begin = time.thread_time()
            plain_body(body, kind, 50, 40)
            assert time.thread_time() - begin < 0.05


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    heavy = "rich.markdown", "pygments", "markdown_it", "bs4", "textual", "rich.console"
    program = (
        "import sys, reader.ui.body as b; from reader.records.record import Body\n"
        f"assert not [m for m in {heavy} if m in sys.modules]\n"
        "b.render_body('```python\\nx\\n```', Body.MARKDOWN, 50)\n"
        f"assert not [m for m in {heavy[:2]} if m in sys.modules]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
