"""`liveline push`: files into Liveline, straight into Kafka or through a gateway."""

import asyncio
from collections.abc import Iterable
from uuid import uuid4

import aiohttp
import click
import orjson
import structlog

from schemas.document import Document
from streams.bootstrap.process import start
from streams.bootstrap.wiring import connection_to, run
from streams.cli.files.documents import Given, read_documents
from streams.cli.files.options import FILES, About, about_options
from streams.cli.output.errors import Failures
from streams.client.push import GatewayClient, PushError
from streams.exceptions import BrokerError
from streams.ingest.producer import DocumentProducer, Stored
from streams.ingest.unavailable import KafkaUnavailable
from streams.settings import Settings
from streams.settings.variables import token_variable
from streams.topology import Names


@click.command(
    epilog="Example:  liveline push --source evening-post --gateway http://127.0.0.1:8080 page.html",
)
@FILES
@about_options(coverage=False)
@click.option("--gateway", metavar="URL", help="Push over HTTP to this gateway instead of straight into Kafka.")
@click.option("--token", help="The source's token for --gateway; LIVELINE_TOKEN_<SOURCE ID> otherwise.")
@click.pass_context
def push(ctx: click.Context, files: tuple[str, ...], about: About, gateway: str | None, token: str | None) -> None:
    """Push documents in the order given and print where each stands, as JSON, once Kafka has it.

    A .jsonl file holds documents, one a line; so does `-`, standard input, unless --content-type says otherwise. The
    source must be configured in liveline.yaml: that is where its coverage is known.
    """
    settings = start()
    failures = Failures()
    given = read_documents(files, about, failures)

    async def main() -> None:
        if gateway:
            await _to_gateway(given, gateway, token, settings, failures)
        else:
            await _to_kafka(given, settings, failures)

    run(main())
    ctx.exit(failures.exit_code)


async def _to_gateway(
    documents: Iterable[Given], gateway: str, token: str | None, settings: Settings, failures: Failures
) -> None:

    async with aiohttp.ClientSession() as session:
        client = GatewayClient(session, gateway)
        for given in documents:
            document = given.document
            known = settings.tokens.get(document.source_id)
            used = token or (known.get_secret_value() if known else None)
            if used is None:
                failures.add(given.place, f"no token; expected --token or {token_variable(document.source_id)}")
                continue
            try:
                id_ = await client.push(
                    document.source_id,
                    used,
                    document.body,
                    document.content_type,
                    url=document.url,
                    form=document.format,
                )
            except PushError as error:
                failures.add(given.place, str(error))
            else:
                _print(given, id=id_)


async def _to_kafka(documents: Iterable[Given], settings: Settings, failures: Failures) -> None:

    connection = connection_to(settings)
    producer = DocumentProducer(
        connection.aiokafka(), Names(settings.topic_prefix).raw, log=structlog.get_logger("liveline")
    )
    await producer.start()
    try:
        for given in documents:
            coverage = settings.newsroom.coverage_of(given.document.source_id)
            if coverage is None:
                source = given.document.source_id
                failures.add(given.place, f"source {source!r} is not configured in {settings.config}")
                continue
            # A document that is pushed again, later, is another event: its id is not the file's name.
            document = given.document.model_copy(update={"id": str(uuid4()), "coverage_id": coverage.id})
            try:
                stored = await _patiently(producer, document)
            except BrokerError as error:
                failures.add(given.place, str(error))
            else:
                _print(given, id=document.id, partition=stored.partition, offset=stored.offset)
    finally:
        await producer.stop()


async def _patiently(producer: DocumentProducer, document: Document) -> Stored:
    """Send, and wait for the connection that `start` has only begun."""
    for _ in range(100):
        try:
            return await producer.send(document)
        except KafkaUnavailable:
            await asyncio.sleep(0.1)
    return await producer.send(document)


def _print(given: Given, **stands: object) -> None:

    click.echo(orjson.dumps({"document": given.place, **stands}))
