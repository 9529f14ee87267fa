"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long one example takes says more of the machine, and of who else is at it, than of what is tested.
settings.register_profile("intarsia", deadline=None)
settings.load_profile("intarsia")
