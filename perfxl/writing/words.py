"""What writing says to the user, in one place."""

from collections.abc import Collection

from perfxl.text import shown

COMMENT_AUTHOR = "perfxl"
FOOTER = "&L&A&C第 &P 页，共 &N 页"
COPY_SUFFIX = "_复核"

SIGNATURE_DROPPED = "原文件带有数字签名：加了复核内容的副本无法保留签名，已去除；签名请以原文件为准。"
DDE_DROPPED = "原文件含有 DDE 链接（可启动其他程序），副本中已去除；引用它的公式保留为原有的值。"
FILLS_DROPPED = "工作簿的单元格格式已接近 64000 种的上限，部分单元格未能填色，请以批注和问题清单为准。"
STYLES_DROPPED = "工作簿的单元格格式已接近 64000 种的上限，新增的工作表未设格式。"
LINKS_DROPPED = "问题过多，新增的工作表中第 65530 个以后的单元格未设链接。"

TEXTS_CUT = "有单元格的文字超过 32767 个字符，转录件中只保留到此为止，全文请看原件。"
# What a transcription lacks, by the names of `perfxl.reading.content.OTHERS`, in the order in which it is said.
_OTHERS = {
    "pictures": "图片", "charts": "图表", "shapes": "图形", "notes": "原有批注", "validations": "下拉框等数据有效性",
    "conditions": "条件格式", "formulas": "公式（只保留结果）", "macros": "宏", "signature": "数字签名",
}  # fmt: skip


def transcription(format_: str) -> str:
    """Say that the copy is not the submitted file itself."""
    return (
        f"复核件是转录件：原文件为 .{format_}，原件未改动；内容逐格照录为 .xlsx，数字格式、字体、边框等为近似，"
        "以原件为准。"
    )


def not_transcribed(others: Collection[str]) -> str:
    """Say what the copy lacks."""
    return (
        f"原文件中的以下内容没有转录，请看原件：{'、'.join(word for name, word in _OTHERS.items() if name in others)}。"
    )


def renamed_sheet(old: str, new: str) -> str:
    """Say that a sheet bears another name in the copy."""
    return f"工作表“{shown(old)}”的名称不合 .xlsx 的规定，转录件中改为“{new}”。"


def unsafe_entries(count: int) -> str:
    """Say that entries with unsafe names were left out."""
    return f"原文件的压缩包中有 {count} 个条目的名称不安全（会写到文件夹以外），副本中已去除。"


def threaded(sheet: str, cells: str) -> str:
    """Say that Excel shows the discussion of a cell instead of our comment."""
    return f"工作表“{sheet}”的 {cells} 已有会话批注，Excel 只显示会话内容；复核意见请看“问题清单”。"


def comments_unreadable(sheet: str) -> str:
    """Say that no comment could be added to a sheet."""
    return f"工作表“{sheet}”原有的批注已损坏，未能加入复核批注；复核意见请看“问题清单”。"


def too_large_copy(limit: int) -> str:
    """Say that the entries of a package are larger than the package."""
    return f"文件压缩包中的条目互相重叠，副本将超过 {limit / 2**20:.0f} MB，已拒绝处理。"


def entry_too_large(name: str) -> str:
    """Say that one entry is beyond what a copy can hold."""
    return f"部件 {name} 超过 4 GB，已拒绝处理。"


def other_name(wished: str, written: str) -> str:
    """Say that an output has another name because its own is held open."""
    return f"{wished} 正被占用，写到了 {written}。"


def cannot_write(path: str, why: str) -> str:
    """Say that an output cannot be written."""
    return f"无法写入“{path}”：{why}"


NO_PERMISSION = "没有写入权限，或文件正被其他程序占用，请关闭占用它的程序或另选输出文件夹。"
DISK_FULL = "磁盘空间不足，请清理后重试。"
NAME_NOT_POSSIBLE = "系统当前的文件名编码写不了中文，请设置环境变量 PYTHONUTF8=1 后重试。"
FILE_TOO_BIG = "超过了系统允许的文件大小，请另选输出文件夹。"
READ_ONLY = "所在的磁盘或文件夹是只读的，请另选输出文件夹。"
IS_FOLDER = "同名的文件夹已存在，请另选名称。"
NAME_TOO_LONG = "文件名或路径过长，请换一个较短的路径。"
PARENT_NOT_FOLDER = "上级路径不是文件夹，请另选输出文件夹。"


def other_reason(reason: str) -> str:
    """Say what the system said."""
    return f"系统报告“{reason}”。"
