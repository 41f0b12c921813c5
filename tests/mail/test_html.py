"""Nothing a sender writes reaches out of their mail, and what they meant to show is still there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.mail import html, tags
from tests.mail.hostile import HOSTILE

OURS = re.compile(
    r"<(?:script|style|link|meta|base|iframe|object|embed|form|input|svg|math|video|audio|source|template)\b", re.I
)


@pytest.mark.parametrize(("name", "source"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_html_calls_nobody_and_runs_nothing(name: str, source: str) -> None:
    cleaned = html.clean(source, cid={}).html
    assert not OURS.search(cleaned)
    without_links = re.sub(r"<a [^>]*>", "", cleaned)
    assert "evil.example" not in without_links
    for tag in tags.read(cleaned):
        for attribute, value in tags.attributes(tag.attributes).items():
            assert not attribute.startswith("on")
            assert "url(" not in value and "position" not in value
            assert not re.match(r"\s*(?:javascript|vbscript|data:text)", value, re.I)
            assert attribute not in (
                "srcset",
                "background",
                "name",
                "id",
                "action",
                "formaction",
                "poster",
                "autofocus",
            )


def test_there_are_at_least_thirty_two_kinds() -> None:
    assert len({name for name, _ in HOSTILE}) == len(HOSTILE) >= 32


def test_remote_images_wait_behind_a_placeholder_and_are_counted() -> None:
    cleaned = html.clean(
        '<img src="https://shop.fr/logo.png"><img src="//shop.fr/b.png"><img src="cid:x">',
        cid={"X": "/api/attachments/7"},
    )
    assert cleaned.remote_images == 2
    assert cleaned.html.count(html.PLACEHOLDER) == 2
    assert 'src="/api/attachments/7"' in cleaned.html
    assert "shop.fr" not in cleaned.html


def test_with_a_proxy_the_images_come_through_us() -> None:
    cleaned = html.clean(
        '<img src="http://shop.fr/logo.png?a=1&amp;b=2">', cid={}, image_proxy=lambda url: f"/api/images?of={len(url)}"
    )
    assert cleaned == html.Cleaned('<img src="/api/images?of=31">', 1)


def test_links_open_elsewhere_and_tell_nothing() -> None:
    cleaned = html.clean('<a href="//client.fr/a">a</a><a href="tel:+33 1">b</a><a href="ftp://x">c</a>', cid={}).html
    assert 'href="https://client.fr/a"' in cleaned
    assert 'href="tel:+33 1"' in cleaned
    assert "ftp" not in cleaned
    assert cleaned.count('target="_blank"') == cleaned.count('rel="noopener noreferrer"') == 3


def test_what_a_mail_means_to_look_like_survives() -> None:
    source = (
        '<table width="600" bgcolor="#eee"><tr><td style="color:#c00;padding:4px;font-family:Arial" colspan="2">'
        '<b>Réf.</b> <font color="red">4410-B</font></td></tr></table><blockquote class="gmail_quote x">avant</blockquote>'
    )
    cleaned = html.clean(source, cid={}).html
    for kept in (
        'width="600"',
        'bgcolor="#eee"',
        "color:#c00",
        "padding:4px",
        'colspan="2"',
        "<b>Réf.</b>",
        'color="red"',
    ):
        assert kept in cleaned
    assert 'class="gmail_quote"' in cleaned


def test_a_style_loses_only_what_is_not_safe() -> None:
    cleaned = html.clean(
        '<p style="color:red;background:url(http://evil.example);color:rgb(1, 2, 3);behavior:x">x', cid={}
    ).html
    assert cleaned == '<p style="color:red;color:rgb(1, 2, 3)">x</p>'


BOMBS = {
    "nested": "<div>" * 100_000,
    "attributes": "<a " + " ".join(f"a{index}=1" for index in range(100_000)) + ">x",
    "attributes_behind_a_quote": "<a x='>' " + " a" * 200_000 + ">x",
    "reopened_formatting": "".join(f"<font size={index}>" for index in range(2_000)) + "<p>" * 100_000,
    "false_closings": "<b></div>" * 100_000,
    "misnested": "<a><div>" * 1_000 + "</a>" * 50_000,
    "tables": "<table><td>" * 50_000,
    "quotations": "<blockquote>x" * 50_000,
    "unclosed_raw_text": "<style>" * 100_000,
    "unclosed_comments": "<!--" * 200_000,
    "less_than": "<" * 1_000_000,
    "equals": "<a" + " =" * 400_000,
    "too_long": "<p>mot " * 1_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.timeout(10)
def test_a_bomb_is_shown_as_text_in_bounded_time(name: str) -> None:
    html.to_text(BOMBS[name])
    assert len(html.clean(BOMBS[name], cid={}).html) <= 8_000_000


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Bonjour&nbsp;Paul,</p><p>Merci<br>Marie</p>", "Bonjour Paul,\n\nMerci\nMarie"),
        ("<div>un</div><div>deux</div><div><br></div><div>trois</div>", "un\ndeux\n\ntrois"),
        ("<style>p{}</style><title>non</title><p>oui</p><script>1<2</script>", "oui"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("Oui<blockquote>avant<blockquote>encore</blockquote></blockquote>", "Oui\n\n> avant\n>\n>> encore"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<table><tr><td>Réf</td><td>12</td></tr><tr><td>Qté</td><td>3</td></tr></table>", "Réf 12\nQté 3"),
        ('<div style="display:none">caché</div>vu', "vu"),
        ("a &lt;b&gt; 1 < 2", "a <b> 1 < 2"),
        ("sans balise", "sans balise"),
        ('<img alt="Logo" src="x">', "[Logo]"),
    ],
)
def test_html_reads_as_text(source: str, text: str) -> None:
    assert html.to_text(source) == text


@given(st.text(alphabet="<>/ab!-='\" &;#x\n", max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_html_breaks_the_reader_or_the_cleaner(source: str) -> None:
    html.to_text(source)
    assert not OURS.search(html.clean(source, cid={}).html)


def test_the_page_is_white_paper_with_its_own_direction() -> None:
    page = html.page("<p>x</p>")
    assert page.startswith("<!doctype html>")
    assert "background:#fff" in page and '<body dir="auto"><p>x</p></body>' in page
