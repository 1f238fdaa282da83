"""Pages that stand between robots and a site: whose they are, told by headers and bodies."""

from __future__ import annotations

from collections.abc import Mapping

from reader.links.pages import Page

_HEADERS = {
    "cf-mitigated": "Cloudflare",
    "x-vercel-mitigated": "Vercel",
    "x-amzn-waf-action": "AWS",
    "x-dd-b": "DataDome",
}
_CHALLENGES = {"challenge", "captcha", "block", "deny", "1", "2"}
_TITLES = (
    ("just a moment...", "Cloudflare"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("ddos-guard", "DDoS-Guard"),
    ("access to this page has been denied", "PerimeterX"),
    ("pardon our interruption", "Imperva"),
    ("vercel security checkpoint", "Vercel"),
)
_WORDS = {
    "are you a robot",
    "are you human",
    "robot or human",
    "robot check",
    "verify you are human",
    "human verification",
    "bot verification",
    "security check",
    "security checkpoint",
    "checking your browser",
    "one moment, please",
    "captcha",
}
_BODIES = (
    ("_cf_chl_opt", "Cloudflare"),
    ("captcha-delivery.com/", "DataDome"),
    ("_pxappid", "PerimeterX"),
    ("px-captcha", "PerimeterX"),
    ("sec-if-cpt-container", "Akamai"),
    ("errors.edgesuite.net", "Akamai"),
    ("incapsula incident id", "Imperva"),
    ("sucuri website firewall", "Sucuri"),
    ("awswafintegration", "AWS"),
    ("gokuprops", "AWS"),
    ("/_guard/", "DDoS-Guard"),
)
_SMALL = 64 * 1024
"""Walls are small pages; a long article that mentions one is none."""


def wall(headers: Mapping[str, str], page: Page) -> str | None:
    """Return who keeps robots out with this answer ("Cloudflare", "a bot wall"), or None."""
    for name, whose in _HEADERS.items():
        if headers.get(name, "").strip().lower() in _CHALLENGES:
            return whose
    if len(page.text) > _SMALL:
        return None
    title = page.title.lower()
    for start, whose in _TITLES:
        if title.startswith(start):
            return whose
    if title.strip(" .?!\u2026") in _WORDS:
        return "a bot wall"
    for mark, whose in _BODIES:
        if mark in page.text:
            return whose
    if "_incapsula_resource" in page.text and len(page.text) < 8192:
        return "Imperva"
    return None
