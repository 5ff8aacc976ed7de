"""Processes that are started leave Ctrl-C to the one that the user started, and it is not lost on that one."""

import os
import signal
import subprocess
import sys

import pytest

from perfxl.children import interrupts_kept_from_children, started_with

posix = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows holds no signals back")
SLEEPER = "import time; print('begun', flush=True); time.sleep(60)"


@posix
def test_ctrl_c_while_a_process_is_started_comes_after_it() -> None:
    # In a process without other threads, which might take the signal: as the program is when it starts its helpers.
    program = """
import os, signal
from perfxl.children import interrupts_kept_from_children
try:
    with interrupts_kept_from_children():
        os.kill(os.getpid(), signal.SIGINT)
        print("started")
    print("lost")
except KeyboardInterrupt:
    print("told", signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["started", "told set()"]


def test_elsewhere_it_is_ignored_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with interrupts_kept_from_children():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@posix
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_process_that_was_started_so_goes_on(is_kept: bool) -> None:
    command = [sys.executable, "-c", SLEEPER]
    if is_kept:
        with interrupts_kept_from_children():
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    else:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        child.send_signal(signal.SIGINT)
        try:
            ended = child.wait(1.0 if is_kept else 30.0) is not None
        except subprocess.TimeoutExpired:
            ended = False
        assert ended is not is_kept
    finally:
        child.kill()
        child.communicate()


def test_variables_are_there_while_processes_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFXL_OLD", "old")
    with started_with({"PERFXL_OLD": "new", "PERFXL_NEW": "new"}):
        assert (os.environ["PERFXL_OLD"], os.environ["PERFXL_NEW"]) == ("old", "new")
    assert os.environ["PERFXL_OLD"] == "old"
    assert "PERFXL_NEW" not in os.environ
