"""Defined names of our templates: which are read, and when they are believed."""

from lxml import etree

from perfxl.forms.lexicon import NOTHING, Word, load_lexicon
from perfxl.model.grid import Cell, Grid, make_grid
from perfxl.reading.names import intact_names, names_by_sheet, word_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*names: tuple[str, str]) -> etree._Element:
    defined = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in names)
    return etree.fromstring(f'<workbook xmlns="{MAIN}"><definedNames>{defined}</definedNames></workbook>')


def test_names_of_single_cells_by_sheet() -> None:
    found = names_by_sheet(
        workbook(
            ("perfxl_c_target", "自评表!$E$12"),
            ("perfxl_c_actual", "'甲''乙 表'!$F$12"),
            ("perfxl_i_target", "自评表!$E$13:$E$30"),
            ("perfxl_c_weight", "#REF!"),
            ("perfxl_c_unit", "自评表!$XFE$1"),
            ("其他", "自评表!$A$1"),
        )
    )
    assert found == {"自评表": {(12, 5): "c_target"}, "甲'乙 表": {(12, 6): "c_actual"}}


def test_a_name_is_a_word() -> None:
    lexicon = load_lexicon()
    names = {(1, 1): "c_target", (1, 2): "m_executed", (1, 3): "l_项目名称", (1, 4): "s_total", (1, 5): "v_ratio"}
    words = [word_of(names, place, lexicon) for place in names]
    assert words == [
        Word(column="target"),
        Word(budget_column="executed"),
        Word(header="项目名称"),
        Word(sections=frozenset({"total"})),
        NOTHING,
    ]


def test_a_name_of_nothing_that_is_known_is_no_word() -> None:
    names = {(1, 1): "c_no_such_field", (1, 2): "x_target", (1, 3): "c_"}
    assert {word_of(names, place, load_lexicon()) for place in [*names, (9, 9)]} == {NOTHING}


def grid(*headings: str) -> Grid:
    names = {(1, column): f"c_{field}" for column, field in enumerate(("level3", "target", "actual"), 1)}
    cells = {(1, column): Cell(text, text, "text") for column, text in enumerate(headings, 1) if text}
    return make_grid("自评表", cells, names=names)


def test_names_are_believed_while_most_headings_are_where_they_should_be() -> None:
    lexicon = load_lexicon()
    assert intact_names(grid("三级指标", "年度指标值", "做得怎样"), lexicon)
    assert not intact_names(grid("三级指标", "要做什么", "做得怎样"), lexicon)
    assert not intact_names(grid("培训场次", "≥12场", "12场"), lexicon)
    assert not intact_names(grid("", "", ""), lexicon)
