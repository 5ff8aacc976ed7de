"""The program: `perfxl` and `python -m perfxl`."""

import gc
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Answered before anything heavy is imported.
        from perfxl import __version__

        print(f"perfxl {__version__}")
        return
    try:
        from perfxl.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still being loaded
        print("已中断。", file=sys.stderr)
        code = 130
    # What is left goes with the process; looking through all of it once more takes a tenth of a second.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
