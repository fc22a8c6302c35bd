"""The enrichers: their models and their time."""

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from streams.settings.values import Duration


class EntityModel(StrEnum):
    """What finds names in English texts."""

    CRF = "crf"
    SPACY = "spacy"


class EnrichSettings(BaseModel):
    """Which model finds names, and how long an enricher may take."""

    enrich_entities: EntityModel = Field(
        EntityModel.CRF,
        description="The model of English names: `crf` is Liveline's own; `spacy` is spaCy's small one, which takes "
        "some milliseconds a post and needs `liveline-stream[spacy]`. The same on all workers.",
    )
    enrich_timeout: Duration = Field(
        timedelta(seconds=5),
        description="Processor time of one enricher over one entry; an enricher that takes more is left out, which "
        "`enrichment_errors` of the entry says, and for the other entries of its document too. All enrichers together "
        "take 1ms for the median post, and the first use of one loads its data. Long, so that only a fault meets it: "
        "else the same entry would say something else on a busy machine.",
        ge=timedelta(milliseconds=100),
    )
