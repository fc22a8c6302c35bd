"""HTML made safe and read as text."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.exceptions import ParseError
from streams.parse.html.safe import html_to_text, images_of, links_of, safe_html

ATTACKS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<img src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><input type=submit formaction='javascript:alert(1)'></form>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<textarea><script>alert(1)</script></textarea>",
    "<xmp><script>alert(1)</script></xmp>",
    "<title><script>alert(1)</script></title>",
    "<p id=x name=y class=z>ok</p>",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_survives(attack: str) -> None:
    """Handlers, scripts, styles and odd addresses are gone, whatever their spelling."""
    safe = safe_html(f"<p>Before</p>{attack}<p>After</p>")

    assert not re.search(
        r"(?i)<(?!/?(?:p|a|img|div)\b)|\son\w+=|javascript:|vbscript:|data:|style=|srcdoc|\b(?:id|class|name)=", safe
    )
    assert "Before" in html_to_text(safe)


@given(st.text(alphabet="<>/ =\"'&;aoniscriptmgxsv:!-", max_size=200))
def test_no_markup_of_any_kind_gets_a_script_or_handler_through(html: str) -> None:
    """What sanitising left is left by sanitising again, and holds no script."""
    safe = safe_html(html)

    assert safe_html(safe) == safe
    assert not re.search(r"(?i)<script|<svg|<[a-z][^>\"]*\son\w+\s*=", safe)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>bold</b> word.</p>\n<p>Two<br>lines.</p>", "One bold word.\n\nTwo\nlines."),
        ("<div>one<div>two</div>three</div>", "one\n\ntwo\n\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<p>Text</p><figure><img src=x><figcaption>Caption</figcaption></figure><p>more</p>", "Text\n\nmore"),
        ("<p>a</p><script>var b</script><style>c</style><button>Share</button>", "a"),
        ("<p>3 &lt; 5 &amp;lt;b&amp;gt; &amp; it&amp;#39;s</p>", "3 < 5 &lt;b&gt; & it's"),
        ("No tags &amp; entities", "No tags & entities"),
        ("<p>a < b</p>", "a < b"),
        ("<p>half <b>open", "half open"),
        ("", ""),
    ],
)
def test_text_keeps_its_paragraphs(html: str, text: str) -> None:
    """Blocks are paragraphs, breaks are line breaks, captions and buttons are no text."""
    assert html_to_text(html) == text


def test_links_are_read_once_and_in_order() -> None:
    """Only web addresses are links, whoever wrote the markup."""
    html = (
        "<a href='https://a.example/?x=1&amp;y=2'>a</a>"
        "<a title='b > c' href=\"https://b.example\">b</a><a href=mailto:x>c</a>"
    )

    assert links_of(html) == links_of(safe_html(html)) == ("https://a.example/?x=1&y=2", "https://b.example")


def test_pictures_come_with_caption_and_alternative_text() -> None:
    """A figure's caption belongs to its picture; a tracking pixel is none."""
    html = (
        "<figure><img src='https://a.example/1.jpg' alt='Quay'><figcaption>The quay</figcaption></figure>"
        "<img src='https://t.example/p.gif' width=1 height=1><img src='data:image/gif;base64,x'>"
    )

    assert images_of(html) == [{"url": "https://a.example/1.jpg", "alt": "Quay", "caption": "The quay"}]


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<ul><li>", "<svg>", "<x>", "<div><p>"])
def test_markup_nested_too_deep_is_refused(unit: str) -> None:
    """A hundred thousand levels are an error, not a stack overflow."""
    with pytest.raises(ParseError, match=r"nested deeper than 200|tags; at most|leaves too many"):
        html_to_text(unit * 100_000)
    with pytest.raises(ParseError, match="nested deeper than 200"):
        safe_html(unit * 400)


@pytest.mark.parametrize(
    "unit", ["<p>", "<li>", "<br>", "<p>a</p>", "<div></div>", "&amp;", "<", "<!--", "<a href='x'>y</a>"]
)
def test_long_flat_markup_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    """Ten times the markup takes about ten times as long, not a hundred times."""

    def seconds(count: int) -> float:
        started = time.process_time()
        html_to_text(unit * count)
        links_of(safe_html(unit * count))
        return time.process_time() - started

    small = min(seconds(2_000) for _ in range(3))

    assert min(seconds(20_000) for _ in range(2)) < 50 * max(small, 0.002)
