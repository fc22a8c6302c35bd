"""The live page, and where it may be embedded."""

from pydantic import BaseModel, Field

from streams.settings.values import Hosts, Sites


class PageSettings(BaseModel):
    """Whose pictures are shown, and who may embed a coverage."""

    page_pictures: Hosts = Field(
        (),
        description="Hosts whose pictures the live page shows, between commas (`media.example.org, *.example.net`; "
        "`*`: any). Pictures of others are links: a picture tells its host who reads.",
    )
    embed_sites: Sites = Field(
        (),
        description="Origins of web pages, between commas (`https://www.example.org`; `*`: any), that may hold a "
        "coverage in an iframe; the gateway's own may anyway.",
    )
