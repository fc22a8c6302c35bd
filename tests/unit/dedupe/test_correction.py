"""A post that says itself that it corrects is flagged; one that speaks of corrections is not."""

import pytest
from newsdesk import post

from streams.dedupe.revision.correction import is_correction


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("Correction: quay closed until Friday", "The quay is closed."),
        (None, "CORRECTION - The harbour master is called Ode, not Oder."),
        ("Quay closed", "The quay is closed.\n\nThis post was amended at 12:10 to correct the name of the quay."),
        (None, "An earlier version of this post said four people were hurt."),
        (None, "We wrongly reported that the bridge was closed."),
        ("Clarification", "The tram line is the 4."),
        ("Korrektur: Kai bis Freitag gesperrt", "Der Kai ist gesperrt."),
        (None, "In einer früheren Version hieß es, vier Menschen seien verletzt."),
        (None, "Rectificatif : le quai est fermé jusqu'à vendredi."),
        (None, "Une version précédente de cet article indiquait quatre blessés."),
        ("Corrección: el muelle sigue cerrado", None),
        (None, "Una versión anterior de esta entrada decía que hubo cuatro heridos."),
        (None, "Errata corrige: i feriti sono tre."),
        (None, "Correção: são três feridos."),
        (None, "Rectificatie: het zijn drie gewonden."),
        (None, "Corrects spelling of the harbour master's name in the second paragraph."),
        (None, "We earlier reported that the quay was shut. That was wrong."),
        (None, "Anmerkung: Wir haben den Namen des Kais korrigiert."),
        (None, "Cet article a été corrigé : le quai est fermé jusqu'à vendredi."),
        (None, "Esta entrada ha sido corregida: son tres heridos."),
        (None, "Questo post è stato corretto: i feriti sono tre."),
        (None, "Este texto foi corrigido às 10h."),
        (None, "Dit bericht is gecorrigeerd: het zijn drie gewonden."),
        (None, "In een eerdere versie stond dat er vier gewonden waren."),
        (None, "The crew was four strong, not five as we reported earlier; apologies for the error."),
        (None, "My mistake: the tram is the 4."),
        (None, "Sorry, that should have been the north quay."),
        (None, "We've now corrected the spelling of the harbour master's name."),
        (None, "The spelling in earlier posts in this blog will now be corrected."),
        (None, "Typo fixed."),
        (None, "(Updated to correct the number of boats.)"),
        (None, "I misheard the mayor: three boats, not thirty."),
        (None, "The man is Adrian Ode and not Adrian Oder as previously reported."),
        (None, "Pedimos disculpas por el error."),
        (None, "Ci scusiamo per l'errore."),
    ],
)
def test_the_usual_wordings_are_known(headline: str | None, body: str | None) -> None:
    """Labels at the start and sentences about an earlier version, in several languages."""
    assert is_correction(post("p1", body, headline=headline))


@pytest.mark.parametrize(
    "body",
    [
        "The minister corrected his opponent twice during the debate.",
        "Political correctness is on the agenda.",
        "The department of corrections has opened a new prison.",
        "Shares fell in a market correction.",
        "Earlier, police said that the version of events was disputed.",
        "Previous updates said that rain was due by noon.",
        "Die Korrektur der Route kostet Zeit, sagt der Trainer.",
    ],
)
def test_talk_of_corrections_is_none(body: str) -> None:
    """Somebody else's correction is news, not a correction of ours."""
    assert not is_correction(post("p1", body))
