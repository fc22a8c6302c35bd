"""Slugline, note to desks, dateline and terms of use, in every format of agencies."""

import pytest

from tests.unit.parse.agency_samples import read

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
BODY = "<p>(Adds details)</p><p>By Ana Reyes</p><p>QUAYSIDE (AFP) - Two people were hurt.</p>"
ESCAPED = BODY.replace("<", "&lt;").replace(">", "&gt;")
TEXT = "QUAYSIDE (AFP) - Two people were hurt."

G2 = f"""<newsItem {NAR} guid="g1" version="1"><rightsInfo><usageTerms>Not for use
after June</usageTerms></rightsInfo><itemMeta><itemClass qcode="ninat:text"/><edNote>With
photos</edNote></itemMeta><contentMeta><headline>Fire</headline><slugline>HARBOUR-FIRE</slugline>
<located><name>Quayside</name></located></contentMeta><contentSet><inlineXML><html><body>{BODY}</body></html>
</inlineXML></contentSet></newsItem>"""
NEWSML = f"""<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>n1</NewsItemId></NewsIdentifier>
<NameLabel>HARBOUR</NameLabel></Identification><NewsComponent><NewsLines><HeadLine>Fire</HeadLine>
<SlugLine>HARBOUR-FIRE</SlugLine><DateLine>Quayside, May 24 (AFP) -</DateLine><RightsLine>Not for use after
June</RightsLine><NewsLine><NewsLineType FormalName="AdvisoryLine"/><NewsLineText>With photos</NewsLineText>
</NewsLine></NewsLines><ContentItem><DataContent>{BODY}</DataContent></ContentItem></NewsComponent></NewsItem>
</NewsML>"""
NITF = f"""<nitf><head><docdata><doc-id id-string="n1"/><ed-msg info="With photos"/><du-key key="HARBOUR-FIRE"/>
<doc.rights type="Not for use after June"/></docdata></head><body><body.head><hedline><hl1>Fire</hl1></hedline>
<dateline><location>QUAYSIDE</location></dateline></body.head><body.content>{BODY}</body.content></body></nitf>"""
RITZAU = f"""<RBNews><NewsID>9a</NewsID><PublishDate>2024-05-01T13:40:00</PublishDate><headline>Fire</headline>
<strapline>HARBOUR-FIRE</strapline><town>Quayside</town><origin>/ritzau/</origin><TilRedaktionen>With
photos</TilRedaktionen><content>{ESCAPED}</content></RBNews>"""
CP = f"""<Publish><ContentItem><ContentItemID>7</ContentItemID><Headline>Fire</Headline><ContentType>Text</ContentType>
<SlugProper>HARBOUR-FIRE</SlugProper><SpecialInstructions>With photos</SpecialInstructions>
<Placeline>Quayside;;Wales</Placeline><CreatedDateTime>2024-05-01T11:40:00</CreatedDateTime>
<ContentText>{ESCAPED}</ContentText></ContentItem></Publish>"""
BELGA = f"""{{"newsObjects": [{{"newsObjectId": 1, "assetType": "Text", "headLine": "Fire", "topic": "HARBOUR-FIRE",
"editorialInfo": "With photos", "city": "Quayside", "newsComponents": [{{"assetType": "Body", "proxies":
[{{"clobData": "{BODY}"}}]}}]}}]}}"""
NINJS = f"""{{"uri": "n1", "type": "text", "headline": "Fire", "slugline": "HARBOUR-FIRE", "ednote": "With photos",
"located": "QUAYSIDE", "usageterms": ["Not for use after June"], "versioncreated": "2024-05-01T12:00:00Z",
"body_html": "{BODY}"}}"""
WIRE = b"""\x01eca062 4 i 211 dpa 061

HARBOUR-FIRE/
\x022ND LEAD
Two hurt in harbour fire
By Ana Reyes, dpa =

   (Adds details)

   QUAYSIDE (dpa) - Two people were hurt in a fire on the quay.

\x03011205 GMT May 24"""


@pytest.mark.parametrize(
    ("document", "content_type", "note", "dateline", "terms"),
    [
        (G2, "application/xml", "With photos Adds details", "QUAYSIDE (AFP)", "Not for use after June"),
        (NEWSML, "application/xml", "With photos Adds details", "QUAYSIDE (AFP)", "Not for use after June"),
        (NITF, "application/xml", "With photos Adds details", "QUAYSIDE (AFP)", "Not for use after June"),
        (RITZAU, "application/xml", "With photos Adds details", "Quayside /ritzau/", None),
        (CP, "application/xml", "With photos Adds details", "QUAYSIDE (AFP)", None),
        (BELGA, "application/json", "With photos Adds details", "QUAYSIDE (AFP)", None),
        (NINJS, "application/json", "With photos Adds details", "QUAYSIDE (AFP)", "Not for use after June"),
        (WIRE, "text/plain", "2ND LEAD Adds details", "QUAYSIDE (dpa)", None),
    ],
)
def test_an_agencys_fields(
    document: bytes | str, content_type: str, note: str, dateline: str, terms: str | None
) -> None:
    """Each has a field of its own; neither note nor byline is in the body."""
    (post,) = read(document, content_type).posts

    assert (post.slugline, post.editorial_note, post.usage_terms) == ("HARBOUR-FIRE", note, terms)
    assert post.dateline == dateline
    assert post.authors == ("Ana Reyes",)
    assert "Adds" not in (post.body_text or "")
    assert "Reyes" not in (post.body_text or "")
    assert (post.body_text or "").startswith("QUAYSIDE (")


def test_a_plain_text_of_ninjs() -> None:
    """A text without HTML is read likewise; an item without a text has its note all the same."""
    texts = (
        '{"uri": "n1", "headline": "Fire", "pubstatus": "usable", "body_text": "(Updates toll)\\n\\nTwo were hurt."}'
    )
    picture = (
        '{"uri": "n2", "type": "picture", "headline": "Quay", "edNote": "No sales", "usageTerms": "For news only", '
        '"located": "Quayside", "pubStatus": "usable"}'
    )

    post, other = read(f"[{texts}, {picture}]", "application/json").posts

    assert (post.body_text, post.editorial_note) == ("Two were hurt.", "Updates toll")
    assert (other.editorial_note, other.usage_terms, other.dateline) == ("No sales", "For news only", None)
