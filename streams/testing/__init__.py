"""Fakes for those who extend Liveline, and for our own tests: a broker in memory with transactions, and clocks."""

from streams.testing.broker import FakeBroker, FakeRecord
from streams.testing.clock import FakeClock, ScaledClock
from streams.testing.feed import FakeFeed
from streams.testing.ledger import FakeLedger

__all__ = ["FakeBroker", "FakeClock", "FakeFeed", "FakeLedger", "FakeRecord", "ScaledClock"]
