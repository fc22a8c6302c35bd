"""`POST /v1/sources/{source}/documents`: a producer's document into Kafka; 202 only once Kafka has it."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import uuid4

import orjson
from aiohttp import web

from schemas.document import Document
from schemas.entry import SourceId
from schemas.newsroom import Newsroom
from streams.exceptions import BrokerError
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.metrics import GatewayMetrics
from streams.ingest.body import CODINGS, BodyCodingError, BodyTooLargeError, read_body
from streams.ingest.idempotency import KeyReusedError, RecentKeys, document_digest, document_id
from streams.ingest.producer import DocumentProducer, Stored
from streams.ingest.tokens import Tokens, Verdict
from streams.ingest.unavailable import KafkaUnavailable
from streams.telemetry.tracing import TRACEPARENT, Tracing, Untraced

_MAX_HEADER: Final = 2048
_MAX_KEY: Final = 255
# With parameters in ASCII alone (RFC 9110, 5.5): it becomes a Kafka header, and others read that.
_MEDIA_TYPE: Final = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+([ \t]*;[\t -~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Push:
    """The route with what it needs."""

    newsroom: Newsroom
    tokens: Tokens
    producer: DocumentProducer
    keys: RecentKeys
    metrics: GatewayMetrics
    clock: Callable[[], datetime]
    max_bytes: int
    body_timeout: float
    retry_after: int
    tracing: Tracing = field(default_factory=Untraced)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a push and count it."""
        began = time.perf_counter()
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            response = await self._answer(request)
            status = response.status
        except Problem as problem:
            status = problem.status.value
            # What was not read must not be taken for the next request.
            problem.close = not request.content.is_eof()
            raise
        else:
            return response
        finally:
            self.metrics.pushes.labels(str(status)).inc()
            self.metrics.push_seconds.observe(time.perf_counter() - began)

    async def _answer(self, request: web.Request) -> web.Response:
        source = request.match_info["source"]
        # 1. Who asks, before anything else is looked at or read.
        self._authorise(source, request.headers.get("Authorization"))
        coverage = self.newsroom.coverage_of(source)
        if coverage is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"source {source!r} is not configured in any coverage")
        # 2. Parameters and headers, before the body is read.
        read_parameters(request, ())
        content_type = _content_type(request)
        key = _header(request, "Idempotency-Key", _MAX_KEY)
        url = _header(request, "Liveline-Url", _MAX_HEADER)
        format_ = _header(request, "Liveline-Format", _MAX_KEY)
        given = request.headers.get("traceparent", "")
        received_at = self.clock()
        # 3. The body, within its bound.
        body = await self._body(request)
        span = self.tracing.start(
            "push",
            given if TRACEPARENT.fullmatch(given) else None,  # anything else is not carried on
            {"liveline.source": source, "liveline.coverage": coverage.id},
            began=received_at.timestamp(),
        )
        document = Document(
            id=document_id(source, key) if key else str(uuid4()),
            source_id=SourceId(source),
            coverage_id=coverage.id,
            received_at=received_at,
            content_type=content_type,
            body=body,
            url=url,
            format=format_,
            traceparent=span.traceparent,
        )
        # 4. Kafka; only what it acknowledged is accepted.
        try:
            stored = await self._store(document, key)
        except Problem as problem:
            span.end(problem.detail)
            raise
        span.end()
        self.metrics.pushed_bytes.inc(len(body))
        answer = {
            "id": document.id,
            "coverage": coverage.id,
            "partition": stored.partition,
            "offset": stored.offset,
        }
        return web.Response(
            status=HTTPStatus.ACCEPTED.value, body=orjson.dumps(answer), content_type="application/json"
        )

    def _authorise(self, source: str, authorization: str | None) -> None:
        match self.tokens.judge(source, authorization):
            case Verdict.UNKNOWN_TOKEN:
                challenge = 'Bearer realm="liveline"' + (', error="invalid_token"' if authorization else "")
                raise Problem(
                    HTTPStatus.UNAUTHORIZED,
                    "a push needs the source's token: Authorization: Bearer ...",
                    {"WWW-Authenticate": challenge},
                )
            case Verdict.OTHER_SOURCE:
                raise Problem(HTTPStatus.FORBIDDEN, f"this token is not for source {source!r}")
            case Verdict.ALLOWED:
                return

    async def _body(self, request: web.Request) -> bytes:
        coding = request.headers.get("Content-Encoding", "").strip().lower()
        coding = "" if coding == "identity" else coding.removeprefix("x-")
        if coding and coding not in CODINGS:
            raise Problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"Content-Encoding {coding!r} is not understood; expected gzip, deflate or none",
                {"Accept-Encoding": ", ".join(CODINGS)},
            )
        too_large = Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a document has at most {self.max_bytes:,} bytes, also inflated"
        )
        if (request.content_length or 0) > self.max_bytes:
            raise too_large
        try:
            async with asyncio.timeout(self.body_timeout):
                body = await read_body(request.content.iter_any(), coding, self.max_bytes)
        except TimeoutError as error:
            raise Problem(
                HTTPStatus.REQUEST_TIMEOUT, f"the body did not come within {self.body_timeout:g} s"
            ) from error
        except BodyTooLargeError as error:
            raise too_large from error
        except BodyCodingError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        if not body:
            raise Problem(HTTPStatus.BAD_REQUEST, "the body is empty; expected the document's bytes")
        return body

    async def _store(self, document: Document, key: str | None) -> Stored:
        try:
            if key is None:
                return await self.producer.send(document)
            digest = document_digest(document)
            return await self.keys.once(document.source_id, key, digest, lambda: self.producer.send(document))
        except KeyReusedError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}; a new document needs a new key") from error
        except KafkaUnavailable as error:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Kafka has not taken the document; send it again, with the same Idempotency-Key if it has one",
                {"Retry-After": str(self.retry_after)},
            ) from error
        except BrokerError as error:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from error


def _content_type(request: web.Request) -> str:
    found = request.headers.get("Content-Type", "")
    if len(found) > _MAX_HEADER or not _MEDIA_TYPE.fullmatch(found):
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE if found else HTTPStatus.BAD_REQUEST,
            "Content-Type is needed: the document's media type, in ASCII, such as application/vnd.liveline.post+json",
        )
    return found


def _header(request: web.Request, name: str, longest: int) -> str | None:
    found = request.headers.get(name)
    if found is None:
        return None
    if not found or len(found) > longest or not found.isprintable():
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is empty, longer than {longest} characters or not printable")
    return found
