"""`liveline switch`: another generation goes live, or the first one again."""

from pathlib import Path

import click
import orjson

from streams.bootstrap.bounds import rules_of_generation, version_of_code
from streams.bootstrap.process import start
from streams.bootstrap.reprocess import Part, Reprocess
from streams.bootstrap.wiring import run
from streams.cli.generation_name import generation_name
from streams.cli.newsroom_option import config_option, newsroom_of
from streams.cli.output.errors import tell
from streams.cli.real_kafka import real_kafka
from streams.generations.control import read_generations
from streams.generations.record import Generation, Live, Offsets
from streams.generations.switch import CatchUp, Switch, SwitchRefusedError, change_rules, follows, has_all, keep_as_live
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings
from streams.topology import LIVE, Names


def _name(ctx: click.Context, parameter: click.Parameter, value: str) -> str | None:
    return LIVE if value == LIVE else generation_name(ctx, parameter, value)


@click.command(epilog="Example:  liveline switch new-rules; and back:  liveline switch live")
@click.argument("name", callback=_name)
@config_option
@click.option("--yes", is_flag=True, help="Also one that does not follow: it is brought up to date here first.")
def switch(name: str, config: Path | None, *, yes: bool) -> None:
    """Make the generation NAME live: workers write its topics from there on; gateways, alerts and webhooks read them.

    Nothing is alerted or delivered twice. `liveline switch live` goes back to the first one, after it has processed
    what came meanwhile, by the rules of this machine's liveline.yaml or --config.
    """
    settings = start(newsroom_of(config))
    connection, names = real_kafka(settings, "liveline switch"), Names(settings.topic_prefix, name)
    generations = read_generations(connection, names)
    if name != LIVE and name not in generations.others:
        raise click.UsageError(f"{name}: there is no such generation; `liveline reprocess --list` has them")
    if generations.live.generation == name:
        _say(_live_already(settings, connection, names, generations.live))
        return
    if name == LIVE:
        rules, catch_up = rules_of_generation(settings), _catch_up(settings, connection, names, None)
    else:
        found = generations.others[name]
        rules, catch_up = found.newsroom, None
        if not follows(connection, names, settings.application):
            if not yes:
                raise SwitchRefusedError(
                    f"{name}: does not follow; run `liveline reprocess {name} --follow` until it has all, or give --yes"
                )
            _need_rules(settings, found)
            catch_up = _catch_up(settings, connection, names, found)
        elif not yes and not has_all(connection, names, settings.application, found.begins):
            raise SwitchRefusedError(
                f"{name}: has not processed all that {names.raw} holds; wait for it, or give --yes"
            )
    _say(Switch(connection, names, settings.application, rules, catch_up).run())


def _live_already(settings: Settings, connection: KafkaConnection, names: Names, live: Live) -> Live:
    """Put right what a switch that was killed has left, and take over this machine's rules."""
    keep_as_live(connection, names)
    rules = rules_of_generation(settings)
    if live.newsroom in (None, rules):
        tell(f"{names.generation}: is live already")
        return live
    tell(f"{names.generation}: is live, and goes on by these rules ({rules}); workers with others stop")
    return change_rules(connection, names, rules)


def _need_rules(settings: Settings, found: Generation) -> None:
    if (found.newsroom, found.code) != (rules_of_generation(settings), version_of_code()):
        raise SwitchRefusedError(
            f"{found.name}: was made by other rules or another Liveline, so it can't be brought up to date here; give "
            "the --config that it was begun with"
        )


def _catch_up(settings: Settings, connection: KafkaConnection, names: Names, found: Generation | None) -> CatchUp:
    def catch_up(until: Offsets) -> None:
        async def main() -> bool:
            begins = found.begins if found else {}
            work = Reprocess(settings, connection, Part(names, begins, found.since if found else None, until))
            return await work.run(lambda _: None)

        if not run(main()):
            raise SwitchRefusedError(f"{names.generation}: was stopped before it had all; what was live goes on")

    return catch_up


def _say(live: Live) -> None:
    ends = {str(partition): offset for partition, offset in live.ends.items()}
    click.echo(orjson.dumps({"generation": live.generation, "rules": live.newsroom, "ends": ends}))
