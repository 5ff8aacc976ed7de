"""Valid forms, from which hostile and damaged ones are made."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.other_formats import as_ods, as_xls, as_xlsb
from tests.workbooks import CLEAN_ROWS, HEADING, project_form

Parts = dict[str, bytes]


def forms(folder: Path) -> dict[str, bytes]:
    """Return the valid forms by name, the suffix of their format in it."""
    plain = project_form(folder / "form.xlsx")
    return {
        "excel.xlsx": as_excel_writes(),
        "openpyxl.xlsx": plain.read_bytes(),
        "form.xls": as_xls(plain),
        "form.ods": as_ods(plain),
        "form.xlsb": as_xlsb(plain),
    }


def as_excel_writes() -> bytes:
    """Return a form with shared strings, percentages as numbers, formulas with results and merged cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2025, 1, 1)})
        sheet = book.add_worksheet("自评表")
        percent = book.add_format({"num_format": "0%"})
        sheet.merge_range("A1:H1", "项目支出绩效自评表（2023年度）")
        lines: list[Sequence[object]] = [
            ("项目名称", "农技人员培训", "主管部门", "市农业农村局", "实施单位", "市农技推广中心"),
            ("项目资金（万元）", None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
            (None, "年度资金总额", 100, 100, 95, 10, 0.95, 9.5),
            HEADING,
            *CLEAN_ROWS[:2],
            ("满意度指标", "服务对象满意度指标", "学员满意度", 0.9, 0.95, 10, 10, None),
        ]
        for number, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                if value is not None:
                    sheet.write(number, column, value, percent if value in (0.9, 0.95) else None)
        sheet.write("A9", "总分")
        sheet.write("F9", 100)
        sheet.write_formula("G9", "SUM(G6:G8,H4)", None, 99.5)
    return out.getvalue()


def unzipped(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
