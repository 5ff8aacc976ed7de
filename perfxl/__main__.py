"""The program: `perfxl` and `python -m perfxl`."""

import gc
import os
import sys

_NEW_OBJECTS = 50_000


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Answered before anything heavy is imported.
        from perfxl import __version__

        print(f"perfxl {__version__}")
        return
    # A collection after 700 new objects, as is usual, finds next to nothing and takes a tenth of loading a library.
    gc.set_threshold(_NEW_OBJECTS)
    try:
        if _needs_workers(sys.argv[1:]):
            # They load what they need while this process loads the command line.
            from perfxl.batch.processes import warm_up

            warm_up()
        from perfxl.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still being loaded
        print("已中断。", file=sys.stderr)
        code = 130
    # What is left goes with the process; looking through all of it once more takes a tenth of a second.
    gc.freeze()
    sys.exit(code)


def _needs_workers(arguments: list[str]) -> bool:
    """Whether this is a batch, as far as can be told at a glance: so it is too where a folder is dropped on us."""
    if not arguments or any(one.startswith(("--cluster", "--help")) for one in arguments):
        return False
    return arguments[0] == "batch" or os.path.isdir(arguments[0])


if __name__ == "__main__":
    main()
