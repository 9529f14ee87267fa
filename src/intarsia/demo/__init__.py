"""The demo: a year of a grocer's customers, simulated from real patterns, as a workspace with a dozen segments."""

from intarsia.demo.building import AS_OF, build
from intarsia.demo.journey import ABOUT, MESSAGE_COUNT, DemoMissing, messages
from intarsia.demo.segments import SEGMENTS

__all__ = ["ABOUT", "AS_OF", "MESSAGE_COUNT", "SEGMENTS", "DemoMissing", "build", "messages"]
