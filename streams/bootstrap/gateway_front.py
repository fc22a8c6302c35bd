"""A gateway as a part that goes on by another newsroom: what answers is made anew, what is connected stays."""

from dataclasses import dataclass, replace

from streams.bootstrap.gateway_handlers import Lasting, served_by, visibility_of
from streams.gateway.config import GatewayConfig
from streams.gateway.guarded import Serving
from streams.settings import Settings


@dataclass(slots=True)
class GatewayFront:
    """What a gateway answers with, and by which configuration."""

    config: GatewayConfig
    lasting: Lasting
    serving: Serving

    async def check(self, settings: Settings) -> None:
        """Allow all that the file's own check allows."""

    async def take(self, settings: Settings) -> None:
        """Answer by another newsroom from the next request on; one that is under way ends as it began.

        When other coverages are shown than before, streams end: their clients come back with their cursors, and are
        shown what they may see now. Otherwise nobody notices.
        """
        before = visibility_of(self.config)
        tokens = {str(source): token.get_secret_value() for source, token in settings.tokens.items()}
        self.config = replace(
            self.config, newsroom=settings.newsroom, has_newsroom=settings.has_newsroom, tokens=tokens
        )
        self.serving.now = served_by(self.config, self.lasting)
        if visibility_of(self.config) != before:
            self.lasting.hub.send_away()
        if self.lasting.state is not None:
            await self.lasting.state.keep(settings.newsroom.webhooks)
