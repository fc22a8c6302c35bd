"""XML that one agency or another has for itself: Canadian Press, Ritzau, press releases of NTB and STT."""

from datetime import UTC, datetime

import pytest

from schemas import Media, Subject
from tests.unit.parse.agency_samples import read

TEXT = """<Publish><PublishID>1</PublishID><PublishDateTime>2024-05-01T11:41:00</PublishDateTime><ContentItem>
<ContentItemID>73</ContentItemID><SystemSlug>aa11</SystemSlug><Headline>Two hurt in harbour fire</Headline>
<Byline>Ana Reyes</Byline><ContentType>Text</ContentType><Language>1</Language><RankingValue>2</RankingValue>
<IndexCode>International</IndexCode><EmbargoTime>{embargo}</EmbargoTime><HoldFlag>{hold}</HoldFlag>
<TrashFlag>{trash}</TrashFlag><UpdatedDateTime>2024-05-01T08:05:30.5-04:00</UpdatedDateTime>
<CreatedDateTime>2024-05-01T11:40:00.25</CreatedDateTime>
<ContentText>&lt;p&gt;Two people were
            hurt.&lt;/p&gt;&lt;p&gt;Six engines came.&lt;/p&gt;</ContentText></ContentItem></Publish>"""
PHOTO = """<Publish><ContentItem><ContentItemID>74</ContentItemID><Byline>Jo Mason</Byline>
<ContentRef>q.jpg</ContentRef>
<Credit>EVENING POST</Credit><ContentType>Photo</ContentType><CreatedDateTime>2024-05-01T11:40:00</CreatedDateTime>
<EnglishCaption>Firefighters on the quay</EnglishCaption><ContentText/></ContentItem></Publish>"""
RELEASE = """<release id="17" lang="no"><longurl>https://example.org/r?releaseId=17</longurl>
<body>&lt;p&gt;Brann p&amp;aring; kaia.&lt;/p&gt;</body><embargo>{embargo}</embargo><leadtext>To skadd.</leadtext>
<publicationDate>01.05.2024 13:40</publicationDate><title>Brann i havna</title>
<images><image id="1"><url>https://example.org/q.jpg</url><caption>Kaia</caption></image><image/></images>
<categories><category id="3"><label>Ulykke</label></category></categories></release>"""
NEWS = """<RBNews><NewsID>9a69</NewsID><PublishDate>2024-05-01T13:40:00</PublishDate><headline>{headline}</headline>
<version>1</version><content>&lt;p&gt;To kom til skade.&lt;/p&gt;</content><Priority>3</Priority>
<Annuleret>{gone}</Annuleret><byLine>Ana Reyes</byLine></RBNews>"""
NEVER = "0001-01-01T00:00:00"


def test_a_text_of_the_canadian_press() -> None:
    """A time without an offset is UTC; the year 1 is no embargo."""
    (post,) = read(TEXT.format(embargo=NEVER, hold="false", trash="false"), "application/xml").posts

    assert (post.id, post.headline, post.language, post.urgency) == ("aa11", "Two hurt in harbour fire", "en", 2)
    assert post.published_at == datetime(2024, 5, 1, 11, 40, 0, 250_000, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 1, 12, 5, 30, 500_000, tzinfo=UTC)
    assert (post.time_basis, post.status, post.embargo_until) == ("exact", "usable", None)
    assert post.body_text == "Two people were hurt.\n\nSix engines came."
    assert (post.authors, post.subjects) == (("Ana Reyes",), (Subject(name="International"),))


@pytest.mark.parametrize(
    ("embargo", "hold", "trash", "status"),
    [
        (NEVER, "true", "false", "withheld"),
        ("2024-05-01T18:00:00", "false", "false", "withheld"),
        (NEVER, "true", "true", "canceled"),
    ],
)
def test_flags_of_the_canadian_press(embargo: str, hold: str, trash: str, status: str) -> None:
    """What is held or embargoed is withheld, what is in the bin is gone."""
    said = TEXT.format(embargo=embargo, hold=hold, trash=trash)

    assert read(said, "application/xml").posts[0].status == status


def test_a_photo_of_the_canadian_press() -> None:
    """A photo is its caption and credit, without a body or a made-up headline."""
    (post,) = read(PHOTO, "application/xml").posts

    assert (post.id, post.headline, post.body_text) == ("74", None, None)
    assert post.media == (Media(type="image", caption="Firefighters on the quay", credit="EVENING POST"),)


@pytest.mark.parametrize(("headline", "gone", "status"), [("Brand", "false", "usable"), ("", "true", "canceled")])
def test_ritzau(headline: str, gone: str, status: str) -> None:
    """An item of Ritzau's, with and without a headline, alive and annulled."""
    (post,) = read(NEWS.format(headline=headline, gone=gone), "application/xml").posts

    assert (post.id, post.headline, post.status, post.body_text) == (
        "9a69",
        headline or None,
        status,
        "To kom til skade.",
    )
    assert (post.published_at, post.time_basis) == (datetime(2024, 5, 1, 13, 40, tzinfo=UTC), "zone_assumed")


def test_a_list_of_ritzaus() -> None:
    """Items in one envelope are a post each."""
    one, two = NEWS.format(headline="Brand", gone="false"), NEWS.format(headline="Ild", gone="false")

    parsed = read(f"<ArrayOfRBNews>{one}{two}</ArrayOfRBNews>", "application/xml")

    assert (parsed.format, [post.headline for post in parsed.posts]) == ("ritzau", ["Brand", "Ild"])


@pytest.mark.parametrize(("embargo", "status"), [("", "usable"), ("02.05.2024 08:00", "withheld")])
def test_a_press_release(embargo: str, status: str) -> None:
    """Its HTML is unescaped once more where it was escaped twice."""
    (post,) = read(RELEASE.format(embargo=embargo), "application/xml").posts

    assert (post.id, post.headline, post.summary) == ("17", "Brann i havna", "To skadd.")
    assert (post.body_text, post.language, post.status) == ("Brann p\u00e5 kaia.", "no", status)
    assert post.url == "https://example.org/r?releaseId=17"
    assert post.published_at == datetime(2024, 5, 1, 13, 40, tzinfo=UTC)
    assert post.media == (Media(type="image", url="https://example.org/q.jpg", caption="Kaia"),)
    assert post.subjects == (Subject(name="Ulykke", code="3"),)
