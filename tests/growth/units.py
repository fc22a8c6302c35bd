"""What grows: pieces of text and markup of which a hostile or broken document repeats one, a hundred thousand times."""

from typing import Final

NUMBER: Final = "\ue000"
"""In a unit: the place of a number that each repetition has anew."""

TEXT: Final = (
    "word ", "Word ", "WORD ", "x", "X", "7", "7 ", "1,", "1.", "1,000 ", " ", "\n", "\t", "\r", "\r\n", "\u00a0", "\n\n", "x\n",
    "x\n\n", "\n x", "\n  x\n", "(", ")", "[", "]", "{", "}", "((x) ", "[x]", '"', "'", "\u201c", "\u2019", "\u00ab", ".", ". ",
    ",", ", ", ":", ": ", ";", "-", " - ", "\u2014", "*", "* x\n", "- x\n", "#", "_", "~", "|", " | ", "/", "\\", "@", "%", "+",
    "=", "!", "?", "...", "\u2026", "&", "&amp;", "&#65;", "&#x", "&copy", "&nbsp;", "$1 million ", "one hundred ", "a.", "A.",
    "A. ", "a.b ", "a@b.c ", "http://a.b/", "http://a.b/c ", "www.a.b ", "12:34 ", "12:34", "12.34 ", "12:34 x\n",
    "12:34 PM\n\n", "12:34 PM\n\nx\n\n", "12:34 PM Fire\n\nBody.\n\n", "1 May 2024 ", "May 1, 2024\n", "1 May 2024 12:34\n\nx\n\n",
    "2024-05-01T12:34:00Z ", "3 min ago\n", "Updated ", "By ", "By Ann Lee\n", "By Ann Lee and ", "Ann Lee ", "Ann Lee, ",
    "and ", "Mr. ", "van ", "O'", "Photo: x ", "Photo: x\n", "(AP Photo) ", "(Photo by Ann Lee/AP)\n", "(Reuters) - ",
    "LONDON (Reuters) - ", "Read more: ", "Read more: x\n", "Key events\n", "correction ", "CORRECTION: ", "advert ",
    "not ", "n't ", "five ", "twenty-", "$", "\u20ac", "1-0 ", "Monday ", "th ", "1st ", "\u00e9", "e\u0301", "\u0301", "\u00c3\u00a9", "\u00e2\u20ac",
    "\u200b", "\U0001f600", "\u65e5", "\u3002", "\u0639\u0631\u0628 ", "\ufffd", "0", "00", "x" * 79 + "\n", "x" * 30 + "\n", "Fire \u2013 ",
    "<", ">", "< ", "</", "x;", "a\u2019s ", "N\u0336", "1/2 ", "word-", "Word\u2019", "a b, ", "a@", "Ab.Cd",
)  # fmt: skip
"""Pieces of running text: words, marks, clocks, dates, bylines, captions, credits, entities, scripts."""

MARKUP: Final = (
    "<p>", "<p>x</p>", "</p>", "<br>", "<br>x", "<b>", "<b>x", "<b>x</b>", "</b>", f"<b id=a{NUMBER}></x><p>",
    f"<b id=a{NUMBER}>", f"<b id=a{NUMBER}><object></b></object><p>x", "<b><i></b></i>", "<b><p></b></p>", "<a><p></a>",
    f'<a href="http://a.b/{NUMBER}">x</a>', f'<a href="http://a.b/{NUMBER}">', "<i><p>x", "<font><p>x", "<nobr><p>",
    "<div>", "</div>", "<div>x</div>", "<div><!--</div>-->", "<x><div></x></div>", "<span>x", "<span>x</span>",
    "<span></span>", "<li>", "<li>x", "<ul><li>x</ul>", "<table>", "<table><td>", "<tr><td>x", "<table><b>", "<td>",
    f'<img src="http://a.b/{NUMBER}.jpg">', '<img src="http://a.b/1.jpg"><sup>x</sup>', "<img>", "<hr>", "<h2>x</h2>", "<h2>",
    f'<figure><img src="http://a.b/{NUMBER}.jpg"><figcaption>x</figcaption></figure>', "<figure>", "<figcaption>x",
    "<time>12:34</time>", f'<time datetime="2024-05-01T12:34:00Z">x</time><p>Fire {NUMBER}</p>', "<span>12:34</span>",
    "<p>12:34", "<p>12:34 x</p>", "<p><strong>12:34</strong> Fire breaks out</p>", '<p class="time">12:34</p>',
    f'<div id="p{NUMBER}"><time>12:34</time><h3>Fire</h3><p>A hall burns in the harbour, and all are out of it.</p></div>',
    '<span class="author">Ann Lee</span>', '<div class="ad">x</div>', '<div class="ad">', '<div class="date">',
    "<!--", "<!-- x -->", "<!>", "<!-", "-->", "<![CDATA[", "<![CDATA[x", "<![CDATA[x]]>", "]]>", "]]", "<?", "<?x?>", "<!DOCTYPE ",
    "<script>", "<script>x</script>", '<script type="application/ld+json">{"a":1}</script>', "<style>", "<style>x</style>",
    "<script>var a = {</script>", "<svg>", "<svg><path/></svg>", "<svg><p>", "<math><mi>", "<select>", "<option>", "<textarea>", "<title>",
    "<template>", "<form>", "<button>", "<object>", "<iframe>", '<iframe src="http://a.b/c"></iframe>', "<noscript>",
    f'<blockquote class="twitter-tweet"><p>x</p><a href="https://twitter.com/a/status/{NUMBER}">y</a></blockquote>',
    "<blockquote>", "<p>https://twitter.com/a/status/1</p>", "<x:y>", "<x:y/>", "<x-y>x</x-y>", "<a", "<a ", "<a b", '<a b="', "<a b='",
    "<a/b=", "<p a=b", f"<p a{NUMBER}=b>x", "&lt;b&gt;", "&lt;p&gt;x&lt;/p&gt;", "&lt;", "&x;", "&#xD800;", "&#0;", "&CounterClockwiseContourIntegral;",
    '<div itemprop="liveBlogUpdate" itemscope itemtype="http://schema.org/BlogPosting"><p itemprop="articleBody">Fire</p></div>',
    "<div itemscope>", '<span itemprop="headline">x</span>', "<gu-island props='{}'></gu-island>", "<main>", "<article>x</article>",
)  # fmt: skip
"""Pieces of markup: elements, misnested ones, unclosed ones, comments, CDATA, scripts, players, escaped markup."""

INSIDE_TAG: Final = (
    " a", f" a{NUMBER}", f" a{NUMBER}=b", f' a{NUMBER}="b"', f" a{NUMBER}='b'", ' a="b"', "/", "=", " =", '"', "'", "\n", " class=x", "<", f' data-a{NUMBER}="12:34"',
    f' xmlns:a{NUMBER}="b"',
)  # fmt: skip
"""Pieces of a tag: attributes alike and different, quoted and not."""

JSON: Final = (
    "[", "]", "{", '{"a":', '{"a":[', "[[],", "1,", "null,", '"",', '"a",', "{},", '{"a":1},', f'{{"id":"{NUMBER}"}},',
    f'{{"id":"{NUMBER}","title":"Fire","body":"A hall burns","published_at":"2024-05-01T12:34:00Z"}},', "0", "-", ",", '"', "\\",
)  # fmt: skip
"""Pieces of JSON between its brackets."""

CSV: Final = ('"', '""', '"x', '"\n', ",", ",,\n", "x,y\n", '"x\n', "\n", ";", "\t", "\x00", "a,b,c,d,e,f\n", '","')
"""Pieces of a table: quotes, separators, lines."""


def grown(unit: str, size: int) -> str:
    """Return a unit repeated to a size in characters, numbered where it asks for that."""
    if NUMBER not in unit:
        return unit * max(1, size // len(unit))
    count = max(1, size // (len(unit) + 3))
    return "".join(unit.replace(NUMBER, str(number)) for number in range(count))
