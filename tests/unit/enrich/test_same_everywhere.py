"""What the enrichers say of some texts, recorded: on another machine they say the same."""

from collections.abc import Callable
from hashlib import sha256

from schemas import Coverage, Entry
from schemas.entry import EntityType
from schemas.newsroom import KnownName
from streams.enrich import enrich

QUAY = KnownName(type=EntityType.PLACE, name="North Quay", country="GB", latitude=53.1, longitude=-1.2)
COVERAGE = Coverage(id="harbour-fire", country="GB", names=(QUAY,))
TEXTS = (
    (
        "Two firefighters have been taken to hospital from North Quay, says chief fire officer Ada Ruiz. \u201cThey "
        "were lucky,\u201d "
        "Ms Ruiz told the BBC."
    ),
    "At least 12 people were killed and dozens hurt when a warehouse collapsed in Cambridge, police said on Monday.",
    "Moscow said it would not answer. Talks with Tehran go on in Geneva, the White House confirmed.",
    (
        "Mindestens zw\u00f6lf Menschen wurden in Hamburg verletzt, sagte Peter Hansen: \u201eDas Feuer ist "
        "gel\u00f6scht.\u201c"
    ),
    (
        "Au moins trois morts \u00e0 Marseille. \u00abNous sommes sous le choc\u00bb, a d\u00e9clar\u00e9 le maire "
        "Jean Dupont."
    ),
    "La polic\u00eda detuvo a 15 personas en Sevilla. \u00abNadie est\u00e1 herido\u00bb, dijo el alcalde.",
    'Sono almeno 17 i caduti a Gaza. "Faremo il possibile". Lo ha detto il ministro Antonio Rossi.',
    "the prime minister , theresa may , said `` we will rebuild the harbour '' in london on friday .",
    "BREAKING: A magnitude 6.4 earthquake hit Chile, the USGS said. Damage is put at $5m, 12% of it in Santiago.",
    "Harbour Town beat Hill Rovers 2-1 in Paris, Texas.",
)
RECORDED = "947b9ee9127ea0f03adf27ccbfee2a455bfe0bc08bdfbf6ba9f22439e316d047"


def test_the_same_input_gives_the_same_output_on_every_machine(entry: Callable[..., Entry]) -> None:
    """Whoever changes an enricher on purpose records the new hash."""
    digest = sha256()
    for text in TEXTS:
        enriched = enrich(entry(body_text=text, headline=text[:40]), COVERAGE)
        digest.update(enriched.model_copy(update={"enriched_by": None}).to_json())

    assert digest.hexdigest() == RECORDED
