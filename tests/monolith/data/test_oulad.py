from datetime import date

import pytest

from monolith.data import BadDataError, Presentation, Registration, Student, load_oulad

COURSES = """\
"code_module","code_presentation","module_presentation_length"
"AAA","2013J","268"
"BBB","2014B","234"
"""
REGISTRATIONS = """\
"code_module","code_presentation","id_student","date_registration","date_unregistration"
"AAA","2013J","11391","-159",""
"BBB","2014B","28400","","12"
"BBB","2014B","11391","10",""
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "courses.csv").write_text(COURSES, encoding="utf-8")
    (tmp_path / "studentRegistration.csv").write_text(REGISTRATIONS, encoding="utf-8")
    return tmp_path


def put(folder, name: str, line: int, text: str) -> None:
    """Replace one line of a file; lines count from 1."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    lines[line - 1] = text
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_students_courses_and_registrations_are_read(folder):
    intake = load_oulad(folder)
    assert intake.presentations == [
        Presentation("AAA-2013J", "Module AAA, October 2013"),
        Presentation("BBB-2014B", "Module BBB, February 2014"),
    ]
    assert intake.students == [
        Student("s11391", "Student", "11391"),
        Student("s28400", "Student", "28400"),
    ]
    assert intake.registrations == [
        Registration(0, 0, date(2013, 4, 25), withdrawn=False),
        Registration(1, 1, None, withdrawn=True),
        Registration(0, 1, date(2014, 2, 11), withdrawn=False),
    ]


def test_a_byte_order_mark_windows_line_ends_and_further_columns_are_read_over(folder):
    text = COURSES.replace("\n", "\r\n").encode("utf-8-sig")
    (folder / "courses.csv").write_bytes(text)
    assert len(load_oulad(folder).presentations) == 2


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(BadDataError, match=r"nowhere is no folder\. Name the one that holds"):
        load_oulad(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["courses.csv", "studentRegistration.csv"])
def test_a_missing_file_is_named_with_where_to_get_it(folder, name):
    (folder / name).unlink()
    with pytest.raises(BadDataError, match=rf"{name} does not exist.*README\.md says where"):
        load_oulad(folder)


@pytest.mark.parametrize("name", ["courses.csv", "studentRegistration.csv"])
@pytest.mark.parametrize("content", [b"", b"code_module,code_presentation\n"])
def test_a_file_without_rows_or_columns_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(BadDataError, match=rf"{name}, line [12]"):
        load_oulad(folder)


REGISTRATION = "studentRegistration.csv"


@pytest.mark.parametrize(
    ("name", "line", "text", "message"),
    [
        (
            "courses.csv",
            1,
            "module,code_presentation",
            "line 1, column code_module: missing; found",
        ),
        ("courses.csv", 2, ",2013J,1", "line 2, column code_module: '' is no module"),
        ("courses.csv", 2, "AAA,2013X,1", "line 2, column code_presentation: '2013X' is no pres"),
        ("courses.csv", 3, "AAA,2013J,1", "line 3, column code_presentation: '2013J' stands twice"),
        ("courses.csv", 3, "BBB,2014B", "line 3, column module_presentation_length: the line has"),
        ("courses.csv", 3, "BBB,2014B,1,1", "line 3, column module_presentation_length: the line"),
        ("courses.csv", 3, 'BBB,"2014B', "line 3: not CSV"),
        (
            REGISTRATION,
            1,
            "code_module,code_presentation,id_student",
            "line 1, column date_registration: mi",
        ),
        (
            REGISTRATION,
            2,
            "CCC,2013J,1,,",
            "line 2, column code_presentation: '2013J' of CCC is not",
        ),
        (REGISTRATION, 3, "AAA,2013J,,,", "line 3, column id_student: '' is no number"),
        (REGISTRATION, 3, "AAA,2013J,1x,,", "line 3, column id_student: '1x' is no number"),
        (
            REGISTRATION,
            4,
            "AAA,2013J,1,soon,",
            "line 4, column date_registration: 'soon' is no num",
        ),
        (REGISTRATION, 4, "AAA,2013J,1,1.5,", "line 4, column date_registration: '1.5' is no num"),
        (
            REGISTRATION,
            4,
            "AAA,2013J,1,,9999",
            "line 4, column date_unregistration: '9999' is no n",
        ),
    ],
)
def test_a_garbled_line_is_named_by_file_line_and_column(folder, name, line, text, message):
    put(folder, name, line, text)
    with pytest.raises(BadDataError) as refused:
        load_oulad(folder)
    assert f"{name}, {message}" in str(refused.value)


def test_a_file_in_another_encoding_is_named_with_the_line(folder):
    with (folder / "courses.csv").open("ab") as file:
        file.write("ÄÖÜ,2013J,1\n".encode("latin-1"))
    with pytest.raises(BadDataError, match=r"courses\.csv, line 4: not UTF-8"):
        load_oulad(folder)
