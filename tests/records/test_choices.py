"""What a query chooses of the sidebar's lists, in words."""

from __future__ import annotations

import pytest

from reader.records.choices import choose_and, choose_or, views_in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("topic:bread -view:rejected", ""),
        ("view:published", "Published"),
        ("view:PUBLISHED,mine topic:bread", "Published or mine"),
        ("view:published view:rejected", "Published and Rejected"),
        ("view:published,starred view:rejected", "(Published or Starred) and Rejected"),
        ("view:published OR view:starred", "Published or Starred"),
        (
            "view:published sort:heat OR bread view:starred view:mine",
            "Published or Starred and mine",
        ),
        ("(view:published OR view:starred) quality:>60", "Published or Starred"),
        ("(view:published OR view:starred) AND view:mine", "(Published or Starred) and mine"),
        ("view:published OR bread", ""),
        ("view:published OR NOT view:starred", ""),
        ("-(view:published OR view:starred)", ""),
        ("(view:published", ""),
    ],
)
def test_the_views_chosen_are_named_as_the_query_joins_them(text: str, words: str) -> None:
    assert views_in_words(text) == words


def test_a_second_view_is_another_possibility_or_one_more_condition() -> None:
    either = choose_or("view:published", "view", "rejected")
    assert views_in_words(either) == "Published or Rejected"
    both = choose_and("view:published", "view", "rejected")
    assert views_in_words(both) == "Published and Rejected"
