"""The `liveline.yaml` that `liveline config init` writes: what a newsroom begins with, each key with its comment."""

from typing import Final

STARTER: Final = """\
# What this newsroom covers, and from where. `liveline config check` says whether it is right; docs/configuration.md has
# every key. Settings of the process are LIVELINE_* in the environment; secrets never stand in this file.

coverages:
  - id: harbour-fire               # in addresses and topics: letters, digits, dots and dashes; never change it
    title: Harbour fire
    # country: GB                  # resolves places that there are several of
    # public: false                # only with a token; true by default
    # closed: true                 # over: kept and readable
    # names:                       # who and what this story is about, under the names that it goes by
    #   - {type: place, name: Quayside, country: GB, latitude: 53.1, longitude: -1.2}
    sources:
      # Polled, for it has a url. Put in a page or feed of your own; try one with `liveline poll --once URL`.
      - id: evening-post
        url: https://example.org/live/harbour-fire
        every: 15s
        # format: auto             # or a name that `liveline parse --help` lists
        timezone: Europe/London    # for clocks without a zone
        language: en-GB
        # identity: auto           # how a post is known again: id, url, fragment, published+headline, content
        # complete: true           # what is missing from a page is gone
      # Pushed, for it has none: set LIVELINE_TOKEN_RADIO_QUAY to its token, then
      #   curl -H "Authorization: Bearer $LIVELINE_TOKEN_RADIO_QUAY" -H "Content-Type: text/html" \\
      #     --data-binary @page.html http://127.0.0.1:8080/v1/sources/radio-quay/documents
      # - id: radio-quay

# Rules that raise an alert; `liveline alerts test` tries them on what has been published. See docs/alerts.md.
alerts: []
# - id: people-hurt
#   when: 'entry.figures.exists(f, f.kind in ["dead", "injured"])'

# Who is sent entries by webhook; the secret is LIVELINE_WEBHOOK_SECRET_<ID>. See docs/webhooks.md.
webhooks: []
# - id: site
#   url: https://cms.example.org/liveline
#   filter: {coverage: harbour-fire}
"""
