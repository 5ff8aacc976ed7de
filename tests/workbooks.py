"""Small filled forms, written by openpyxl, for tests that need a file."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

Row = Sequence[object]

HEADING = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
CLEAN_ROWS: tuple[Row, ...] = (
    ("产出指标", "数量指标", "培训场次", "≥12场", "12场", 50, 50, None),
    ("效益指标", "社会效益指标", "持证上岗率", "≥90%", "95%", 30, 30, None),
    ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "93%", 10, 10, None),
)

# A form of which there is nothing at all to say.
SPOTLESS_ROWS: tuple[Row, ...] = (
    ("产出指标", "数量指标", "培训场次", "≥12场", "12场", 20, 20, None),
    ("产出指标", "质量指标", "学员结业率", "≥90%", "96%", 15, 15, None),
    ("产出指标", "成本指标", "场均成本", "≤8万元", "7.9万元", 15, 15, None),
    ("效益指标", "社会效益指标", "持证上岗率", "≥90%", "95%", 30, 30, None),
    ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "93%", 10, 10, "发放问卷120份，收回118份"),
)
# What may be asked of the small form besides, where a test is about something else.
NOT_ASKED = "".join(f"[checks.{code}]\nenabled = false\n" for code in ("WGT-05", "STR-05", "TGT-06", "IND-18"))


def project_form(
    path: Path,
    rows: Sequence[Row] = CLEAN_ROWS,
    *,
    money: Row = (100, 100, 95, 10, "95%", 9.5),
    total: Row = (100, 99.5),
    unit: str | None = "市农技推广中心",
) -> Path:
    """Write a national project form; its first indicator row is row 11, columns A to H, the total below the rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "自评表"
    lines: list[Row] = [
        ("项目支出绩效自评表",),
        ("（2023年度）",),
        ("项目名称", "农技人员培训"),
        ("主管部门", "市农业农村局", None, "实施单位", unit),
        ("项目资金（万元）", None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        (None, "年度资金总额", *money),
        (None, "其中：当年财政拨款", *money[:3]),
        ("年度总体目标", "预期目标", None, None, "实际完成情况"),
        (None, "办班12期。", None, None, "办班12期，结业300人。"),
        HEADING,
        *rows,
        ("总分", None, None, None, None, *total),
    ]
    for line in lines:
        sheet.append([None if value is None else value for value in line])
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # "=100%" is what an office typed as a text
    book.save(path)
    return path
