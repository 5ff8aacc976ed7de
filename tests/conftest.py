"""How property tests run: without a time limit for a single example, and the same examples on every delivery."""

import os

from hypothesis import settings

# A shared machine may stop for longer than an example takes; that is no fault of the code.
settings.register_profile("default", deadline=None)
# What a delivery is judged by must not depend on chance; new examples are sought while developing.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
