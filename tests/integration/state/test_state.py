"""What the state database promises, the same in SQLite and in PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from schemas.webhook import DeliveryStatus, FixedWebhook, WebhookEvent, WebhookStatus
from streams.archive.state import (
    Acknowledgement,
    Acknowledgements,
    Deliveries,
    Lease,
    LeaseLostError,
    Leases,
    MuteKind,
    Mutes,
    NewDelivery,
    Outcome,
    Positions,
    Seen,
    SeenEntries,
    SinkDeliveries,
    SinkDelivery,
    SinkState,
    SinkStates,
    SinkStatus,
    State,
    StateError,
    StoredWebhook,
    Webhooks,
    open_state,
)
from streams.archive.state.deliveries import MessageKind
from streams.archive.state.migrate import NewerStateError
from streams.archive.state.tables import METADATA
from streams.exceptions import SettingsError

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def webhook(webhook_id: str = "w1", **fields: object) -> StoredWebhook:
    """Return a webhook of which a test says what matters."""
    return StoredWebhook(
        **{  # type: ignore[arg-type]
            "id": webhook_id, "url": "https://example.org/in", "filter": {"coverage": ("a", "b"), "key_event": True},
            "events": (WebhookEvent.ENTRY, WebhookEvent.ALERT), "created_at": NOW, "since": NOW, "secret": "whsec_x",
        }
        | fields
    )  # fmt: skip


def message(entry: str, revision: int, offset: int = 0) -> NewDelivery:
    """Return the message of a revision."""
    return NewDelivery(
        f"{entry}:{revision}", entry, MessageKind.ENTRY, b"{}", revision, ("liveline.entries", 0), offset
    )


def queue(state: State, *messages: NewDelivery, to: str = "w1", at: datetime = NOW) -> None:
    """Queue messages in a transaction of their own."""
    with state.write() as connection:
        Deliveries.add(connection, to, messages, at)


def record(state: State, *outcomes: Outcome, of: str = "w1") -> None:
    """Keep outcomes in a transaction of their own."""
    with state.write() as connection:
        Deliveries.record(connection, {each.seq: (of, each) for each in outcomes})


def due(state: State, at: datetime = NOW) -> list[str]:
    """Return the ids of the messages that are due."""
    return [each.message_id for each in Deliveries(state).due("w1", at, 100)]


def seqs(state: State, at: datetime = NOW) -> dict[str, int]:
    """Return the numbers of the deliveries that are due, by message."""
    return {each.message_id: each.seq for each in Deliveries(state).due("w1", at, 100)}


def succeeded(seq: int, at: datetime = NOW) -> Outcome:
    """Return the outcome of a delivery that went well."""
    return Outcome(seq, DeliveryStatus.SUCCEEDED, 1, at, http_status=204)


def failed(seq: int, *, next_at: datetime, at: datetime = NOW) -> Outcome:
    """Return the outcome of an attempt that is to be repeated."""
    return Outcome(seq, DeliveryStatus.PENDING, 1, at, next_at, 500, "answered 500")


def test_migrations_lead_to_the_tables_as_the_code_has_them(state: State) -> None:
    """What Alembic makes from nothing is what the code reads and writes."""
    with state.write() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "liveline_state_version"})
        assert compare_metadata(context, METADATA) == []


def test_what_is_kept_is_there_after_reopening(url: str) -> None:
    """Migrations run at each start and take nothing."""
    first = open_state(url)
    Webhooks(first).add(webhook())
    first.close()

    again = open_state(url)
    assert Webhooks(again).all() == [webhook()]
    again.close()


def test_processes_that_start_together_wait_for_one_another(url: str) -> None:
    """Each of several that open an empty database finds it in its present form."""
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: open_state(url), range(4)))

    for each in states:
        assert Webhooks(each).all() == []
        each.close()


def test_a_newer_database_is_refused(url: str) -> None:
    """A form that a newer Liveline made is not written to."""
    state = open_state(url)
    with state.write() as connection:
        connection.execute(text("UPDATE liveline_state_version SET version_num = '9999'"))
    state.close()

    with pytest.raises(NewerStateError, match="9999"):
        open_state(url)


@pytest.mark.parametrize("damage", ["no database", "a broken page"])
def test_a_corrupt_file_is_an_error_and_stays_where_it_is(tmp_path: Path, damage: str) -> None:
    """Nothing replaces what the state database holds: it is never set aside."""
    path = tmp_path / "state.db"
    state = open_state(f"sqlite:///{path}")
    queue(state, *(message(f"e{number}", 1) for number in range(500)))
    with state.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    state.close()
    data = bytearray(path.read_bytes())
    if damage == "no database":
        data[:100] = b"x" * 100
    else:
        data[4096 * 3 :] = b"\xff" * (len(data) - 4096 * 3)
    path.write_bytes(data)

    with pytest.raises(StateError, match=r"LIVELINE_STATE.*corrupt"):
        open_state(f"sqlite:///{path}")
    assert path.read_bytes() == data


@pytest.mark.parametrize("wrong", ["mysql://x/y", "sqlite://", "nonsense"])
def test_another_kind_of_url_is_refused(wrong: str) -> None:
    """The error names the setting and what was expected."""
    with pytest.raises(SettingsError, match=r"LIVELINE_STATE.*expected sqlite"):
        open_state(wrong)


def test_an_unreachable_server_is_an_error_without_the_password(tmp_path: Path) -> None:
    """The message says which database, and no secret."""
    with pytest.raises(StateError) as caught:
        open_state(f"postgresql://user:hidden@/db?host={tmp_path}")
    assert "hidden" not in str(caught.value)


def test_a_lease_has_one_holder_until_it_expires(state: State) -> None:
    """Another process gets it when its time is over, or when it is let go."""
    leases = Leases(state)
    one, two = Lease("deliver", "one"), Lease("deliver", "two")

    assert leases.acquire(one, NOW, 10 * SECOND)
    assert not leases.acquire(two, NOW + 9 * SECOND, 10 * SECOND)
    assert leases.acquire(one, NOW + 9 * SECOND, 10 * SECOND)
    assert leases.holder("deliver", NOW + 18 * SECOND) == "one"
    assert not leases.acquire(two, NOW + 18 * SECOND, 10 * SECOND)
    assert leases.acquire(two, NOW + 19 * SECOND, 10 * SECOND)
    leases.release(one)  # not its own any more
    assert leases.holder("deliver", NOW + 20 * SECOND) == "two"
    leases.release(two)
    assert leases.acquire(one, NOW + 20 * SECOND, 10 * SECOND)


def test_who_lost_the_lease_writes_nothing(state: State) -> None:
    """A process that slept through its lease finds out within its transaction."""
    leases = Leases(state)
    one, two = Lease("deliver", "one"), Lease("deliver", "two")
    leases.acquire(one, NOW, SECOND)
    leases.acquire(two, NOW + SECOND, SECOND)

    with pytest.raises(LeaseLostError):
        _move(state, one)

    assert Positions(state).of("webhook:w1", "log") == {}


def _move(state: State, lease: Lease) -> None:
    with state.write() as connection:
        Positions.put(connection, "webhook:w1", "log", {("t", 0): 5})
        lease.need(connection)


def test_positions_count_in_their_log_alone(state: State) -> None:
    """Offsets of another log are worth nothing."""
    with state.write() as connection:
        Positions.put(connection, "webhook:w1", "log-a", {("t", 0): 5, ("t", 1): 7})
    with state.write() as connection:
        Positions.put(connection, "webhook:w1", "log-a", {("t", 0): 6})

    assert Positions(state).of("webhook:w1", "log-a") == {("t", 0): 6, ("t", 1): 7}
    assert Positions(state).of("webhook:w1", "log-b") == {}
    assert Positions(state).of("sinks", "log-a") == {}


def test_later_revisions_wait_behind_one_that_fails(state: State) -> None:
    """One entry's revisions come in order; other entries don't wait."""
    queue(state, message("a", 1), message("b", 1), message("a", 2))
    assert due(state) == ["a:1", "b:1"]

    record(state, failed(seqs(state)["a:1"], next_at=NOW + 5 * SECOND))
    queue(state, message("a", 3), message("c", 1))
    assert due(state) == ["b:1", "c:1"]
    assert Deliveries(state).next_at("w1") == NOW

    record(state, succeeded(seqs(state, NOW + 5 * SECOND)["a:1"], NOW + 5 * SECOND))
    assert due(state, NOW + 5 * SECOND) == ["b:1", "c:1", "a:2"]
    record(state, succeeded(seqs(state, NOW + 5 * SECOND)["a:2"], NOW + 5 * SECOND))
    assert "a:3" in due(state, NOW + 5 * SECOND)


def test_the_log_is_paged_newest_first(state: State) -> None:
    """A page says where the next one begins; what became of a delivery stands in it."""
    queue(state, message("a", 1), message("a", 2), message("b", 1))
    record(state, failed(seqs(state)["a:1"], next_at=NOW + 5 * SECOND), succeeded(seqs(state)["b:1"]))
    deliveries = Deliveries(state)

    page, following = deliveries.page("w1", None, 2)
    rest, end = deliveries.page("w1", following, 2)

    assert [(each.entry_id, each.revision, each.status) for each in [*page, *rest]] == [
        ("b", 1, DeliveryStatus.SUCCEEDED),
        ("a", 2, DeliveryStatus.PENDING),
        ("a", 1, DeliveryStatus.PENDING),
    ]
    assert end is None
    assert page[0].http_status == 204
    assert page[1].next_at is None
    assert (rest[0].next_at, rest[0].error, rest[0].attempt) == (NOW + 5 * SECOND, "answered 500", 1)


def test_what_is_over_is_forgotten_after_a_while_and_what_is_pending_is_not(state: State) -> None:
    """Pruning never takes what is still to be delivered."""
    queue(state, message("a", 1), message("b", 1))
    record(state, succeeded(seqs(state)["a:1"]), failed(seqs(state)["b:1"], next_at=NOW))

    with state.write() as connection:
        assert Deliveries.prune(connection, NOW + SECOND) == 1

    assert due(state) == ["b:1"]


def test_a_recovery_takes_back_what_it_will_read_again(state: State) -> None:
    """So that an entry's revisions still come in order; outcomes of what was under way count no more."""
    queue(state, message("a", 1, offset=1), message("a", 2, offset=5), message("b", 1, offset=6))
    under_way = seqs(state)

    with state.write() as connection:
        Deliveries.take_back(connection, "w1", {("liveline.entries", 0): 5})
    record(state, succeeded(under_way["b:1"]))

    assert due(state) == ["a:1"]
    assert Deliveries(state).pending("w1") == 1


def test_an_outcome_disables_its_webhook(state: State) -> None:
    """The reason stands beside the status."""
    Webhooks(state).add(webhook())
    queue(state, message("a", 1))
    gone = Outcome(seqs(state)["a:1"], DeliveryStatus.FAILED, 1, NOW, http_status=410, disable="it answered 410 Gone")

    record(state, gone)

    found = Webhooks(state).get("w1")
    assert found is not None
    assert (found.status, found.disabled_reason) == (WebhookStatus.DISABLED, "it answered 410 Gone")


def test_a_removed_webhook_leaves_nothing(state: State) -> None:
    """Its deliveries, positions and what it was given go with it."""
    Webhooks(state).add(webhook())
    queue(state, message("a", 1))
    with state.write() as connection:
        Positions.put(connection, "webhook:w1:0", "log", {("t", 0): 5})
        SeenEntries.put(connection, "w1", {"a": Seen(1, None)}, NOW)

    assert Webhooks(state).remove("w1")

    assert not Webhooks(state).remove("w1")
    assert due(state) == []
    assert Positions(state).of("webhook:w1:0", "log") == {}
    with state.read() as connection:
        assert SeenEntries.of(connection, "w1", ["a"]) == {}


def test_fixed_webhooks_follow_the_file(state: State) -> None:
    """What the file changes, changes; status and position stay; what it lists no more goes, others stay."""
    webhooks = Webhooks(state)
    webhooks.add(webhook("made"))
    webhooks.keep_fixed([FixedWebhook(id="desk", url="https://a.example/")], NOW, complete=True)
    webhooks.keep_fixed([FixedWebhook(id="desk", url="https://b.example/")], NOW + SECOND, complete=True)

    assert [(each.id, each.url, each.created_at) for each in webhooks.all() if each.fixed] == [
        ("desk", "https://b.example/", NOW)
    ]
    webhooks.keep_fixed([], NOW, complete=False)
    assert len(webhooks.all()) == 2
    webhooks.keep_fixed([], NOW, complete=True)
    assert [each.id for each in webhooks.all()] == ["made"]


def test_what_an_entry_was_is_remembered(state: State) -> None:
    """The newest word replaces the one before; what never fitted is forgotten after a while."""
    with state.write() as connection:
        SeenEntries.put(connection, "w1", {"a": Seen(1, None), "b": Seen(2, 2), "c": Seen(1, None)}, NOW)
        SeenEntries.put(connection, "w1", {"a": Seen(1, 3)}, NOW + SECOND)
        assert SeenEntries.of(connection, "w1", ["a", "b", "d"]) == {"a": Seen(1, 3), "b": Seen(2, 2)}
        assert SeenEntries.prune(connection, NOW + SECOND) == 1
        assert SeenEntries.of(connection, "w1", ["a", "b", "c"]) == {"a": Seen(1, 3), "b": Seen(2, 2)}


def test_the_first_acknowledgement_counts(state: State) -> None:
    """A second one changes nothing."""
    acknowledgements = Acknowledgements(state)
    first = acknowledgements.add(Acknowledgement("alert-1", NOW, "Ada"))

    assert acknowledgements.add(Acknowledgement("alert-1", NOW + SECOND, "Bo")) == first
    assert acknowledgements.of(["alert-1", "alert-2"]) == {"alert-1": Acknowledgement("alert-1", NOW, "Ada")}


def test_a_mute_stands_until_its_time_or_its_end(state: State) -> None:
    """The one that ends first is first."""
    mutes = Mutes(state)
    late = mutes.add(MuteKind.COVERAGE, "harbour-fire", until=NOW + 20 * SECOND, now=NOW)
    soon = mutes.add(MuteKind.STORY, "s1", until=NOW + 10 * SECOND, now=NOW, by="Ada")

    assert mutes.standing(NOW) == [soon, late]
    assert mutes.standing(NOW + 10 * SECOND) == [late]
    assert mutes.end(late.id)
    assert not mutes.end(late.id)
    assert mutes.standing(NOW) == [soon]


def test_a_sink_has_one_word_on_each_revision(state: State) -> None:
    """A later word replaces an earlier one; what is not over is open, in its order."""
    sinks = SinkDeliveries(state)
    sinks.put(SinkDelivery("desk", "alert-1", 1, SinkStatus.PENDING, NOW, 1, NOW + 5 * SECOND, "timed out"))
    sinks.put(SinkDelivery("phone", "alert-1", 1, SinkStatus.LATE, NOW))

    assert [each.error for each in sinks.open("desk")] == ["timed out"]
    assert sinks.open("phone") == []
    sinks.put(SinkDelivery("desk", "alert-1", 1, SinkStatus.SENT, NOW + 6 * SECOND, 2))
    assert [(each.sink, each.status) for each in sinks.of_alert("alert-1")] == [
        ("desk", SinkStatus.SENT),
        ("phone", SinkStatus.LATE),
    ]
    assert sinks.open("desk") == []
    assert sinks.sinks_of(["alert-1"]) == {"alert-1": {"desk", "phone"}}
    assert sinks.counts() == {"desk": {SinkStatus.SENT: 1}, "phone": {SinkStatus.LATE: 1}}


def test_a_revision_comes_to_a_sink_once(state: State) -> None:
    """What is read again from the log changes nothing of what is there."""
    sinks = SinkDeliveries(state)
    first = SinkDelivery("desk", "alert-1", 1, SinkStatus.PENDING, NOW, next_at=NOW, value=b"{}", gathers="e:1")
    with state.write() as connection:
        SinkDeliveries.add(connection, [first])
        SinkDeliveries.change(connection, [1], status=SinkStatus.SENT, at=NOW + SECOND, attempt=1)
        SinkDeliveries.add(connection, [first])

    assert [(each.status, each.value) for each in sinks.of_alert("alert-1")] == [(SinkStatus.SENT, b"{}")]
    assert sinks.told("desk", ["alert-1", "alert-2"]).keys() == {"alert-1"}
    assert sinks.told("phone", ["alert-1"]) == {}


def test_what_was_being_sent_at_the_end_of_a_process_is_in_doubt(state: State) -> None:
    """It is sent again, under the same message, and says so; a message counts once an hour, whatever it holds."""
    sinks = SinkDeliveries(state)
    for alert in ("a", "b"):
        sinks.put(SinkDelivery("desk", alert, 1, SinkStatus.SENDING, NOW, 1, message="a:1"))
    assert sinks.sent_since("desk", NOW - SECOND) == [NOW]

    with state.write() as connection:
        assert SinkDeliveries.doubt(connection, NOW + SECOND) == 2

    assert [(each.status, each.in_doubt, each.message) for each in sinks.open("desk")] == [
        (SinkStatus.PENDING, True, "a:1")
    ] * 2
    assert sinks.sent_since("desk", NOW - SECOND) == []


def test_a_sink_fails_since_its_first_failure_after_a_success(state: State) -> None:
    """Further failures change the error, not since when."""
    with state.write() as connection:
        SinkStates.failed(connection, "desk", NOW, "refused")
        SinkStates.failed(connection, "desk", NOW + SECOND, "timed out")
        SinkStates.failed(connection, "phone", NOW, "refused")
        SinkStates.succeeded(connection, "phone", NOW + SECOND)

    assert SinkStates(state).all() == {
        "desk": SinkState("desk", None, NOW, "timed out"),
        "phone": SinkState("phone", NOW + SECOND),
    }
