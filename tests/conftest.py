"""What holds for all tests: how property tests run, and that Ctrl-C reaches the program."""

import os
import signal

from hypothesis import settings

# A shared machine may stop for longer than an example takes; that is no fault of the code.
settings.register_profile("default", deadline=None)
# What a delivery is judged by must not depend on chance; new examples are sought while developing.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# A shell lets what it starts in the background ignore Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
