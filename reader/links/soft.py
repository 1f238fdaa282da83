"""Answers that say 200 and mean something else: pages not found, front pages, parked domains,
gates."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from reader.links.pages import Page
from reader.records.urls import host_of, normalise

_PHRASES = frozenset(
    """
404
error 404
404 error
404 not found
404 page not found
404 page
http 404
http 404 not found
page 404
not found
page not found
the page was not found
page cannot be found
page could not be found
the page could not be found
the page cannot be found
this page could not be found
sorry page not found
oops page not found
page doesn t exist
page does not exist
this page does not exist
this page doesn t exist
this page isn t available
this page is not available
page unavailable
page not available
page no longer available
page no longer exists
the page you requested could not be found
the page you are looking for could not be found
the page you were looking for doesn t exist
the requested page could not be found
we can t find that page
we couldn t find that page
content not found
article not found
post not found
story not found
file not found
nothing found
410 gone
seite nicht gefunden
seite wurde nicht gefunden
die seite wurde nicht gefunden
fehler 404
404 fehler
404 seite nicht gefunden
nicht gefunden
artikel nicht gefunden
page introuvable
page non trouvee
erreur 404
404 erreur
cette page n existe pas
cette page est introuvable
oups page introuvable
pagina no encontrada
pagina no encontrada 404
error 404 pagina no encontrada
no se encontro la pagina
no encontrado
pagina nao encontrada
pagina non trovata
errore 404
pagina niet gevonden
niet gevonden
sidan hittades inte
sidan kunde inte hittas
siden blev ikke fundet
siden ble ikke funnet
siden findes ikke
sivua ei loytynyt
strona nie zostala znaleziona
nie znaleziono strony
nie znaleziono
stranka nenalezena
stranka nebyla nalezena
az oldal nem talalhato
pagina nu a fost gasita
sayfa bulunamadi
страница не найдена
страница не существует
ошибка 404
сторінку не знайдено
η σελιδα δεν βρεθηκε
ページが見つかりません
お探しのページは見つかりませんでした
お探しのページが見つかりません
页面不存在
页面未找到
找不到页面
找不到頁面
頁面不存在
您访问的页面不存在
페이지를 찾을 수 없습니다
הדף לא נמצא
الصفحة غير موجودة
khong tim thay trang
halaman tidak ditemukan
""".strip().splitlines()
)
_WORD = re.compile(r"\w+")
_PARTS = re.compile(r"\s[-–—|•·»«:/]+\s|\s*[|»«·•]\s*|:\s|[!.?…]+\s")
_PARKED_TEXTS = (
    "sedoparking.com",
    "parkingcrew.net",
    "bodis.com",
    "parklogic.com",
    "hugedomains.com/domain_profile",
    "dan.com/buy-domain",
    "afternic.com/forsale",
    "parking-lander",
    "domainmarket.com",
    "this domain is for sale",
    "this domain may be for sale",
    "buy this domain",
    "the domain has expired",
    "this domain has expired",
    "diese domain steht zum verkauf",
    "ce nom de domaine est a vendre",
)
_PARKED_HINTS = ("park", "domain", "bodis.com", "afternic.com")
"""Each of those texts has one of these: most pages have none."""
_PARKED_TITLE = re.compile(
    r"(?:^|\s)(?:is for sale|is available for purchase|domain for sale|parked domain|domain parked"
    r"|steht zum verkauf|is parked)\b"
)
_PARKED_HOSTS = ("hugedomains.com", "sedo.com", "dan.com", "afternic.com", "undeveloped.com")
_SHORTENERS = frozenset(
    [
        "bit.ly",
        "t.co",
        "goo.gl",
        "tinyurl.com",
        "ow.ly",
        "buff.ly",
        "lnkd.in",
        "is.gd",
        "dlvr.it",
        "ift.tt",
        "aka.ms",
        "trib.al",
        "fb.me",
        "j.mp",
        "rb.gy",
        "cutt.ly",
        "t.ly",
    ]
)
_LANGUAGES = (  # ISO 639-1, those that sites are written in, and a few countries as sites write them
    "af|ar|az|be|bg|bn|bs|ca|cs|cy|da|de|el|en|es|et|eu|fa|fi|fr|ga|gl|gu|he|hi|hr|hu|hy|id|is|it|ja"
    "|ka|kk|km|kn|ko|lt|lv|mk|ml|mn|mr|ms|my|nb|ne|nl|nn|no|pa|pl|pt|ro|ru|si|sk|sl|sq|sr|sv|sw|ta|te"
    "|th|tr|uk|ur|uz|vi|zh|au|at|br|ch|cn|cz|dk|gb|gr|ie|jp|kr|mx|nz|tw|us|za"
)
_FRONT = re.compile(
    rf"/?(?:(?:(?:{_LANGUAGES})(?:[-_][a-zA-Z]{{2}})?/?)?(?:index|default|home)?(?:\.[a-z]{{3,5}})?/?)?"
)
_NOT_FOUND_PATH = re.compile(
    r"/(?:404|page-?404|404-?(?:error|page)|error-?404|errors?/404|(?:page-?)?not-?found)(?:\.[a-z]{3,5})?/?",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|account/login|users?/sign_in|wp-login)(?:\.[a-z]{3,5})?/?$",
    re.IGNORECASE,
)
_LOGIN_HOSTS = ("accounts.", "login.", "auth.", "signin.", "sso.")
_CONSENT_HOSTS = ("consent.", "guce.")
_SMALL = 32 * 1024


def _folded(text: str) -> str:
    text = text.lower()
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        plain = (each for each in parts if not unicodedata.combining(each) or each > "\u3000")
        text = unicodedata.normalize("NFC", "".join(plain))
    return " ".join(_WORD.findall(text))


_FOLDED = frozenset(_folded(phrase) for phrase in _PHRASES)


def says_not_found(page: Page) -> str | None:
    """Return the title or heading that says the page is not there, or None.

    A part of a title has to be such a phrase as a whole: an article about error 404 is one.
    """
    for text in (page.title, *page.headings):
        if text and any(_folded(part) in _FOLDED for part in (text, *_PARTS.split(text))):
            return text
    return None


def is_parked(page: Page, final_url: str) -> bool:
    """Whether a page is what dealers show for a domain without a site."""
    host = host_of(final_url).removeprefix("www.")
    if host.endswith(_PARKED_HOSTS) or _PARKED_TITLE.search(page.title.lower()):
        return True
    if len(page.text) > _SMALL:
        return False
    text = page.text
    for hint in _PARKED_HINTS:
        if hint in text:
            return any(mark in text for mark in _PARKED_TEXTS)
    return False


def leads_to_front(url: str, final_url: str) -> bool:
    """Whether a link to a page of a site ended at a front page."""
    asked, reached = urlsplit(url), urlsplit(final_url)
    if (asked.hostname or "").removeprefix("www.") in _SHORTENERS:
        return False
    # A query that only tracks where readers come from is gone in the normalised form.
    deep = not _FRONT.fullmatch(asked.path) or "?" in (normalise(url) or "")
    return deep and not reached.query and _FRONT.fullmatch(reached.path) is not None


def leads_to_not_found(final_url: str) -> bool:
    """Whether a redirect ended at a site's page for what is not found."""
    return _NOT_FOUND_PATH.fullmatch(urlsplit(final_url).path) is not None


def gate(url: str, final_url: str) -> str | None:
    """Return what a redirect ended at instead of the page: "a login", "a question of consent";
    None where it is neither. Who passes it sees the page: that a program does not says nothing."""
    asked, reached = urlsplit(url), urlsplit(final_url)
    host = reached.hostname or ""
    if asked.hostname == host and asked.path == reached.path:
        return None
    if host.startswith(_CONSENT_HOSTS):
        return "a question of consent"
    foreign = host != asked.hostname and host.startswith(_LOGIN_HOSTS)
    if foreign or (_LOGIN_PATH.search(reached.path) and not _LOGIN_PATH.search(asked.path)):
        return "a login"
    return None
