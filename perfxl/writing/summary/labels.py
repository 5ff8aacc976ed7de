"""What the summary calls states, kinds and reasons."""

from perfxl.model.finding import SEVERITY_LABELS, Severity

SEVERITIES = {severity.value: label for severity, label in SEVERITY_LABELS.items()}
SEVERITY_CASE = "CASE {column} " + " ".join(f"WHEN '{s.value}' THEN '{SEVERITY_LABELS[s]}'" for s in Severity) + " END"
STATUS_CASE = "CASE {column} WHEN 'scored' THEN '已测算' WHEN 'accepted' THEN '认可填报' ELSE '人工核对' END"
SCOPE_CASE = "CASE {column} WHEN 'department' THEN '部门整体' ELSE '项目' END"
KINDS = {
    "not_found": "找不到文件",
    "not_a_file": "不是文件",
    "unreadable": "打不开",
    "lock_file": "锁定文件",
    "empty_file": "空文件",
    "encrypted": "有密码",
    "corrupt": "已损坏",
    "too_large": "过大",
    "unsafe_xml": "含不安全内容",
    "wrong_format": "格式不符",
    "not_a_workbook": "不是工作簿",
    "unsupported_format": "格式不支持",
    "no_table": "没有自评表",
}
MANUAL_NOTE = "复核总分只含已测算和认可的行；有“人工核对”行的表复核总分不完整，不参加排名和复核平均，列在后面。"
ONCE_NOTE = "同一内容的重复件、有更新版本的旧件不计入，见“未报送与重复”。"
