"""The contract of results.sqlite: every column's name, type, unit and meaning of its missing value.

The tables hold what the frames hold, one row for one thing, in plain types that any program reads: texts, numbers,
and 0 or 1 for flags; NULL for nothing. Money is in 万元 in `tables`, whatever unit the form uses, and as filled in
`budget`. Paths are relative to the folder of the submissions (inputs) or to that of the results (copies), with `/`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

SqlType = Literal["INTEGER", "REAL", "TEXT", "BLOB"]

# An input ends in exactly one of these; `pending` is what a run has not come to.
PENDING, DONE, UNREADABLE, PASSED_OVER = "pending", "done", "unreadable", "passed_over"
# What a table counts for: of a project that was sent more than once only one version counts.
COUNTED, DUPLICATE, SUPERSEDED = "counted", "duplicate", "superseded"


class SqlColumn(NamedTuple):
    """One column: its type, what it is called in Chinese, and what it means, unit and NULL included (Chinese)."""

    type: SqlType
    label: str
    meaning: str


def _i(label: str, meaning: str = "") -> SqlColumn:
    return SqlColumn("INTEGER", label, meaning)


def _r(label: str, meaning: str = "") -> SqlColumn:
    return SqlColumn("REAL", label, meaning)


def _t(label: str, meaning: str = "") -> SqlColumn:
    return SqlColumn("TEXT", label, meaning)


RUNS: Mapping[str, SqlColumn] = {
    "run_id": _i("运行号"),
    "started": _t("开始时间", "本地时间，ISO 8601"),
    "finished": _t("结束时间", "NULL 表示没有正常结束"),
    "version": _t("程序版本"),
    "folder": _t("报送文件夹"),
    "options": _t("选项", "JSON"),
    "inputs": _i("文件数", "本次见到的全部文件"),
    "done_now": _i("本次处理", "本次读取的文件；其余沿用以前的结果"),
    "seconds": _r("用时", "秒"),
}

INPUTS: Mapping[str, SqlColumn] = {
    "input_id": _i("文件号"),
    "path": _t("文件", "压缩包中的文件写作 包.zip/路径"),
    "raw_path": SqlColumn("BLOB", "原始文件名", "文件名不是 UTF-8 时的原始字节，否则 NULL"),
    "archive": _t("压缩包", "所在的 .zip；不在压缩包中为 NULL"),
    "member": _i("包内序号", "在压缩包目录中的序号，从 0 起"),
    "folder": _t("所在文件夹", "报送文件夹下的第一级文件夹或压缩包；没有为 NULL"),
    "bytes": _i("字节数"),
    "modified": _t("修改时间", "本地时间，ISO 8601"),
    "sha256": _t("内容指纹", "十六进制；没有读取为 NULL"),
    "state": _t("状态", "done 已复核、unreadable 未能读取、passed_over 略过；pending 尚未处理"),
    "kind": _t("种类", "未能读取的错误种类或略过的原因；已复核为 NULL"),
    "message": _t("说明", "未能读取或略过的说明"),
    "advice": _t("处理建议"),
    "format": _t("格式", "按内容：xlsx、xlsm、xls、ods、xlsb"),
    "place": _t("复核件位置", "预定的复核件，不带后缀"),
    "output": _t("复核件", "写出的复核件；没有写出为 NULL"),
    "unwritten": _t("未写出的原因", "复核件写不出的原因；写出了为 NULL"),
    "notes": _t("说明事项", "关于整个文件的说明，一行一条"),
    "seconds": _r("用时", "秒"),
    "fingerprint": _t("规则指纹", "表样、规则、设置和程序版本；变了就重做"),
    "run_id": _i("运行号", "哪一次运行处理的"),
}

TABLES: Mapping[str, SqlColumn] = {
    "table_id": _i("表号"),
    "input_id": _i("文件号"),
    "sheet": _t("工作表"),
    "title": _t("标题"),
    "form": _t("表样", "未匹配到表样为 NULL"),
    "scope": _t("类型", "project 项目，department 部门整体"),
    "year": _i("年度", "没有写明为 NULL"),
    "project": _t("项目名称"),
    "project_code": _t("项目编码"),
    "unit": _t("单位", "实施单位；部门整体表为单位名称"),
    "department": _t("主管部门"),
    "department_key": _t("部门", "汇总所用：主管部门，没有则为单位"),
    "money_unit": _t("金额单位", "表内写明的；没有写明为 NULL"),
    "weight": _r("分值合计"),
    "reported_score": _r("自评总分", "总分行；没有则为各项之和"),
    "score": _r("复核总分", "已测算和认可的各项之和"),
    "difference": _r("自评减复核", "有人工核对的行时为 NULL：复核总分不完整"),
    "is_complete": _i("复核完整", "1：没有留给人工核对的行"),
    "manual_weight": _r("待人工核对分值", "分"),
    "grade": _t("等级", "按复核总分；不完整的按自评总分"),
    "reported_grade": _t("自评等级", "表内所填"),
    "is_full_marks": _i("全部满分", "1：每一行自评得分都等于分值"),
    "initial": _r("年初预算数", "万元；金额单位不明为 NULL"),
    "adjusted": _r("全年预算数", "万元；金额单位不明为 NULL"),
    "executed": _r("全年执行数", "万元；金额单位不明为 NULL"),
    "ratio": _r("预算执行率", "小数，1 为 100%"),
    "indicator_rows": _i("指标行数"),
    "errors": _i("错误", "不含豁免，下同"),
    "warnings": _i("警告"),
    "infos": _i("提示"),
    "project_cell": _t("项目名称单元格"),
    "unit_cell": _t("单位单元格"),
    "score_cell": _t("总分单元格"),
    "project_key": _t("项目键", "折叠写法后的项目名称，比较用"),
    "unit_key": _t("单位键", "同上"),
    "signature": _t("指标指纹", "各行指标、指标值、得分的指纹；少于 5 行为 NULL"),
    "standing": _t("计入", "counted 计入；duplicate 内容相同的重复件；superseded 有更新的版本"),
    "superseded_by": _t("以哪个文件为准", "standing 不是 counted 时"),
    "why": _t("理由", "为什么不计入"),
}

BUDGET: Mapping[str, SqlColumn] = {
    "table_id": _i("表号"),
    "row": _i("序", "从 0 起"),
    "name": _t("资金名称"),
    "role": _t("类别", "total、current、carried_over、other、part"),
    "initial": _r("年初预算数", "表内的金额单位，下同；空白或不是数为 NULL"),
    "adjusted": _r("全年预算数"),
    "executed": _r("全年执行数"),
    "reported_ratio": _t("填报执行率", "所见文字"),
    "ratio": _r("复核执行率", "小数"),
    "weight": _r("分值"),
    "reported_score": _r("填报得分"),
    "score": _r("复核得分"),
    "cell": _t("单元格", "资金名称所在"),
}

INDICATORS: Mapping[str, SqlColumn] = {
    "table_id": _i("表号"),
    "row": _i("序", "从 0 起"),
    "level1": _t("一级指标"),
    "level2": _t("二级指标"),
    "level3": _t("三级指标"),
    "level4": _t("四级指标"),
    "target": _t("年度指标值", "所见文字；有调整指标值的为调整后的"),
    "actual": _t("实际完成值", "所见文字"),
    "kind": _t("类型", "quantitative、qualitative、date、multi、placeholder、blank"),
    "operator": _t("符号", "≥ ≤ = > < ±；没有写明为 NULL"),
    "unit": _t("单位", "target_number、actual_number 的单位"),
    "target_number": _r("目标数", "区间的下限"),
    "target_upper": _r("目标上限", "不是区间为 NULL"),
    "actual_number": _r("完成数"),
    "completion_rate": _r("完成率", "小数，1 为 100%"),
    "weight": _r("分值"),
    "reported_score": _r("自评得分"),
    "score": _r("复核得分", "人工核对的为 NULL；认可填报的未必有"),
    "difference": _r("自评减复核"),
    "status": _t("状态", "scored 已测算、accepted 认可填报、manual 人工核对"),
    "reason": _t("偏差原因及改进措施"),
    "note": _t("说明", "怎样读懂的"),
    "cell": _t("单元格", "三级指标所在"),
    "reason_cell": _t("原因单元格"),
}

FINDINGS: Mapping[str, SqlColumn] = {
    "input_id": _i("文件号", "不是某个文件的为 0"),
    "number": _i("序", "在文件中的序；各文件之间比较得出的从 1000000 起"),
    "table_id": _i("表号", "不是某张表的为 NULL"),
    "code": _t("编号"),
    "severity": _t("级别", "error 错误、warning 警告、info 提示"),
    "title": _t("问题"),
    "message": _t("说明"),
    "advice": _t("处理建议"),
    "cell": _t("单元格", "工作表!A1"),
    "value": _t("表内内容"),
    "expected": _r("应为"),
    "difference": _r("差额", "填报减应为"),
    "waived": _t("豁免", "豁免的理由；没有豁免为 NULL"),
}

SCHEMA: Mapping[str, Mapping[str, SqlColumn]] = {
    "runs": RUNS,
    "inputs": INPUTS,
    "tables": TABLES,
    "budget": BUDGET,
    "indicators": INDICATORS,
    "findings": FINDINGS,
}
# Findings that come of comparing files are numbered from here on.
ACROSS = 1_000_000
# More tables than a workbook can sensibly hold, so that a table's number tells its input.
TABLES_PER_INPUT = 10_000

_KEYS: Mapping[str, str] = {
    "budget": "PRIMARY KEY (table_id, row)",
    "indicators": "PRIMARY KEY (table_id, row)",
    "findings": "PRIMARY KEY (input_id, number)",
}
_UNIQUE: Mapping[str, str] = {"runs": "run_id", "inputs": "input_id", "tables": "table_id"}
_INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS inputs_path ON inputs (path)",
    "CREATE INDEX IF NOT EXISTS inputs_state ON inputs (state, input_id)",
    # Two places that differ but in case are one file on many systems.
    "CREATE INDEX IF NOT EXISTS inputs_place ON inputs (place COLLATE NOCASE)",
    "CREATE INDEX IF NOT EXISTS tables_input ON tables (input_id)",
)

# The questions that are asked most; users may put their own beside them.
VIEWS: Mapping[str, tuple[str, str]] = {
    "v_ranking": (
        "计入的各表：单位、项目、自评与复核总分、执行率、问题数，按复核总分从高到低",
        """SELECT i.path, t.sheet, t.scope, t.year, t.unit, t.department, t.project, t.reported_score, t.score,
           t.difference, t.is_complete, t.manual_weight, t.grade, t.reported_grade, t.adjusted, t.executed, t.ratio,
           t.errors, t.warnings, t.infos, i.output, t.table_id
           FROM tables t JOIN inputs i USING (input_id) WHERE t.standing = 'counted'
           ORDER BY t.is_complete DESC, t.score DESC, t.reported_score DESC, i.path, t.table_id""",
    ),
    "v_departments": (
        "按部门汇总：表数、预算、执行、执行率、平均得分、问题数",
        """SELECT department_key AS department, count(*) AS tables, count(DISTINCT unit_key) AS units,
           sum(scope = 'project') AS projects, sum(is_complete) AS complete,
           sum(CASE WHEN scope = 'project' THEN adjusted END) AS adjusted,
           sum(CASE WHEN scope = 'project' THEN executed END) AS executed,
           sum(CASE WHEN scope = 'project' AND adjusted > 0 AND executed IS NOT NULL THEN executed END)
             / sum(CASE WHEN scope = 'project' AND adjusted > 0 AND executed IS NOT NULL THEN adjusted END) AS ratio,
           avg(reported_score) AS mean_reported,
           avg(CASE WHEN is_complete THEN score END) AS mean_score,
           avg(difference) AS mean_difference, sum(is_full_marks) AS full_marks,
           sum(errors) AS errors, sum(warnings) AS warnings
           FROM tables WHERE standing = 'counted' GROUP BY department_key ORDER BY department_key""",
    ),
    "v_issues": (
        "全部问题及其文件和单元格",
        """SELECT i.path, i.output, t.unit, t.department_key AS department, t.project, f.*
           FROM findings f LEFT JOIN inputs i USING (input_id) LEFT JOIN tables t USING (table_id)""",
    ),
    "v_codes": (
        "按编号统计：处数、文件数、单位数（不含豁免）",
        """SELECT f.code, f.title, f.severity, count(*) AS findings, count(DISTINCT f.input_id) AS inputs,
           count(DISTINCT t.unit_key) AS units
           FROM findings f LEFT JOIN tables t USING (table_id) WHERE f.waived IS NULL
           GROUP BY f.code, f.title, f.severity ORDER BY findings DESC, f.code""",
    ),
    "v_shortfalls": (
        "没有得满分或与复核得分不符的指标行",
        """SELECT i.path, t.unit, t.project, n.* FROM indicators n JOIN tables t USING (table_id)
           JOIN inputs i USING (input_id)
           WHERE t.standing = 'counted' AND (n.reported_score < n.weight OR n.completion_rate < 1
             OR n.status = 'manual' OR abs(n.difference) > 0.005)""",
    ),
    "v_unreadable": (
        "未能读取的文件及办法",
        "SELECT path, kind, message, advice FROM inputs WHERE state = 'unreadable' ORDER BY path",
    ),
    "v_repeated": (
        "不计入的表：内容相同的重复件，有更新版本的旧件",
        """SELECT i.path, t.sheet, t.unit, t.project, t.standing, t.superseded_by, t.why
           FROM tables t JOIN inputs i USING (input_id) WHERE t.standing <> 'counted' ORDER BY i.path, t.table_id""",
    ),
}  # fmt: skip


def statements() -> Iterable[str]:
    """Yield the statements that make an empty database; run again they do no harm."""
    yield from map(creation, SCHEMA)
    yield from _INDEXES
    for name, (_, query) in VIEWS.items():
        yield f"CREATE VIEW IF NOT EXISTS {name} AS {query}"


def creation(table: str) -> str:
    """Return the statement that makes a table, without its indexes."""
    unique = _UNIQUE.get(table)
    lines = [f"{name} {c.type}" + (" PRIMARY KEY" if name == unique else "") for name, c in SCHEMA[table].items()]
    key = _KEYS.get(table)
    body = ", ".join([*lines, *([key] if key else [])])
    return f"CREATE TABLE IF NOT EXISTS {table} ({body})" + (" WITHOUT ROWID" if key else "")


def insert(table: str) -> str:
    """Return the statement that inserts or replaces a row of a table, all columns in the contract's order."""
    columns = SCHEMA[table]
    marks = ", ".join("?" * len(columns))
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def row(table: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return values as a row of a table; what is not given is NULL.

    Raises:
        KeyError: A name is no column of the table.
    """
    columns = SCHEMA[table]
    if not values.keys() <= columns.keys():
        raise KeyError(", ".join(values.keys() - columns.keys()))
    return tuple(values.get(name) for name in columns)


def contract() -> str:
    """Return the contract as it stands in the README, a paragraph a table, then the views."""
    paragraphs = []
    for table, columns in SCHEMA.items():
        said = "；".join(
            f"`{name}` {column.label}" + (f"（{column.meaning}）" if column.meaning else "")
            for name, column in columns.items()
        )
        paragraphs.append(f"**{table}**：{said}。")
    paragraphs.append("视图：" + "；".join(f"`{name}` {meaning}" for name, (meaning, _) in VIEWS.items()) + "。")
    return "\n\n".join(paragraphs)
