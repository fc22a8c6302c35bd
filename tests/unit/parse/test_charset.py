"""From bytes to text: what the bytes prove, then header, declaration, then detection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.parse.payload.charset import decode

POLISH = (
    "W Marowie strażacy gasili pożar składu paliw. Mieszkańcy usłyszeli głośny wybuch; służby proszą o spokój. " * 3
)
RUSSIAN = "Пожар на складе топлива потушен, пять человек пострадали. " * 3


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("café".encode(), "", "café"),
        ("café".encode(), "text/plain; charset=iso-8859-1", "café"),
        ("café “q”".encode("cp1252"), "", "café “q”"),
        ("café “q”".encode("cp1252"), "text/plain; charset=ISO-8859-1", "café “q”"),
        ("café".encode("latin-1"), "text/plain; charset=utf-8", "café"),
        ("日本語".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語"),
        ("日本語".encode("iso2022_jp"), "text/html; charset=ISO-2022-JP", "日本語"),
        (("日本語のニュースです。" * 5).encode("euc_jp"), "", "日本語のニュースです。" * 5),
        ("héllo".encode("utf-16"), "", "héllo"),
        ("héllo, harbour".encode("utf-16-le"), "", "héllo, harbour"),
        ("héllo".encode("utf-32"), "", "héllo"),
        (b"\xef\xbb\xbfhello", "", "hello"),
        (b'<meta charset="windows-1251">' + "Пожар".encode("cp1251"), "", '<meta charset="windows-1251">Пожар'),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>' + "żółć".encode("iso8859_2"), "",
         '<?xml version="1.0" encoding="iso-8859-2"?>żółć'),
        (POLISH.encode("cp1250"), "", POLISH),
        (RUSSIAN.encode("koi8_r"), "", RUSSIAN),
        ("price €5 and café".encode()[:-1] + b" on", "", "price €5 and caf\ufffd on"),
        (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
        (b"abc", "text/plain; charset=rot13", "abc"),
    ],
)  # fmt: skip
def test_the_text_behind_the_bytes_is_found(body: bytes, content_type: str, text: str) -> None:
    """Marks and valid UTF-8 beat a wrong header; a right header, a declaration and detection do the rest."""
    assert decode(body, content_type) == text


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_bytes_and_no_header_make_it_fail(body: bytes, charset: str) -> None:
    """Whatever comes in, text comes out."""
    assert isinstance(decode(body, f"text/plain; charset={charset}"), str)
