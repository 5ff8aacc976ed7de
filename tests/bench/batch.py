"""Time a batch over generated forms: workbooks a second, CPU time of a workbook, peak memory.

    python -m tests.bench.batch 1000 --jobs 1 --rounds 3

Every form differs from the others in project, unit, amounts and results, and about one row in seven falls short.
The times are those of whole runs, from the command line to the summary.
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

_ROWS = 24
_NAMES = ("培训人次", "验收合格率", "按期完成率", "项目总成本", "受益群众人数", "群众满意度")
# Run in a process of its own, so that its peak memory is that of the parent of the workers.
_TIMED = """
import json, resource, sys, time
if __name__ == "__main__":
    from perfxl.cli import run
    start = time.perf_counter()
    run(sys.argv[1:])
    wall = time.perf_counter() - start
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(used.ru_utime + used.ru_stime for used in (own, workers))
    print(json.dumps([wall, cpu, own.ru_maxrss / 1024, workers.ru_maxrss / 1024]))
"""


def write_form(path: Path, number: int) -> None:
    """Write one filled form."""
    chance = random.Random(number)
    budget = round(chance.uniform(20, 3000), 2)
    spent = round(budget * chance.choice((1, 1, 0.95, 0.8)), 2)
    score = round(10 * spent / budget, 2)
    rows: list[tuple[object, ...]] = [
        ("项目支出绩效自评表",),
        ("（2023年度）",),
        ("项目名称", f"项目{number}"),
        ("主管部门", f"市第{number % 12}局", None, "实施单位", f"市第{number % 144}中心"),
        ("项目资金（万元）", None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        (None, "年度资金总额", budget, budget, spent, 10, spent / budget, score),
        (None, "其中：当年财政拨款", budget, budget, spent),
        ("年度总体目标", "预期目标", None, None, "实际完成情况"),
        (None, "完成年度任务。", None, None, "完成年度任务。"),
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    ]
    weight, total = 90 / _ROWS, score
    for place in range(_ROWS):
        level1 = ("产出指标", "效益指标", "满意度指标")[min(place // 10, 2)]
        target, is_short = chance.randrange(10, 500), chance.random() < 0.15
        actual = round(target * chance.uniform(0.5, 0.99)) if is_short else target + chance.randrange(20)
        got = round(weight * min(1, actual / target), 2)
        reason = chance.choice((None, f"受天气影响，第{number}号任务推迟")) if is_short else None
        rows.append(
            (level1, "数量指标", f"{_NAMES[place % 6]}{place}", f"≥{target}个", f"{actual}个", weight, got, reason)
        )
        total += got
    rows.append(("总分", None, None, None, None, 100, round(total, 2)))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)


def main() -> None:
    """Make the forms, run the rounds and print what they took."""
    parser = argparse.ArgumentParser(description="Time a batch over generated forms.")
    parser.add_argument("count", type=int)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="perfxl-bench-"))
    try:
        folder, out, program = work / "报送", work / "结果", work / "timed.py"
        folder.mkdir()
        program.write_text(_TIMED, encoding="utf-8")
        for number in range(arguments.count):
            write_form(folder / f"{number:06d}.xlsx", number)
        figures = []
        for _ in range(arguments.rounds):
            shutil.rmtree(out, ignore_errors=True)
            command = [sys.executable, program, "batch", folder, "-o", out, "--jobs", str(arguments.jobs)]
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
            figures.append(json.loads(done.stdout.splitlines()[-1]))
        wall, cpu, parent, worker = (statistics.median(values) for values in zip(*figures, strict=True))
        print(f"{arguments.count} workbooks, jobs {arguments.jobs}: {arguments.count / wall:.1f} workbooks/s, "
              f"{cpu / arguments.count * 1000:.1f} ms of CPU each, peak memory {parent:.0f} MB (parent), "
              f"{worker:.0f} MB (largest worker)")  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
