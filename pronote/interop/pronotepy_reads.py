"""Reads through pronotepy what its own suite does not touch, and writes what it can write.

usage: pronotepy_reads.py ROOT   (such as http://127.0.0.1:8080/pronote)
"""

import sys
import traceback
from datetime import timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

import pronotepy
import requests

ROOT = sys.argv[1].rstrip("/")
if urlsplit(ROOT).hostname != "127.0.0.1":
    sys.exit(f"{ROOT} is not this machine")

PUPIL = f"{ROOT}/eleve.html"
RELEASE = version("pronotepy")


def text(information):
    return information.content() if callable(information.content) else information.content


def client():
    found = pronotepy.Client(PUPIL, "demonstration", "pronotevs")
    assert found.logged_in
    return found


def whole_year():
    pupil = client()
    lessons = pupil.lessons(pupil.start_day, pupil.start_day + timedelta(days=300))
    assert len(lessons) > 600, len(lessons)
    for wanted in ("canceled", "exempted", "detention", "outing", "test", "memo", "virtual_classrooms"):
        assert any(getattr(lesson, wanted) for lesson in lessons), wanted
    assert any(lesson.subject is None for lesson in lessons)


def homework_and_files():
    pupil = client()
    found = pupil.homework(pupil.start_day)
    assert len(found) > 100, len(found)
    kinds = {}
    for file in (file for homework in found for file in homework.files):
        kinds.setdefault((file.type, file.name), file)
    files = [file for (kind, _), file in kinds.items() if kind == 1]
    assert len(files) == 5, len(files)
    for file in files:
        answer = requests.get(file.url, timeout=10)
        assert answer.status_code == 200 and answer.content, file.name
    first = found[0]
    first.set_done(True)
    again = next(item for item in pupil.homework(pupil.start_day) if item.id == first.id)
    assert again.done


def every_period():
    pupil = client()
    marks = [mark for period in pupil.periods for mark in period.grades]
    assert len(marks) > 50, len(marks)
    words = {mark.grade for mark in marks} & set(pronotepy.Util.grade_translate)
    assert len(words) > 2, words
    assert any(mark.average is None for mark in marks) and any(mark.average for mark in marks)
    for wanted in ("evaluations", "absences", "delays", "punishments"):
        assert any(getattr(period, wanted) for period in pupil.periods), wanted
    reports = [period.report for period in pupil.periods]
    assert any(reports) and not all(reports)
    assert all(subject.teachers for report in reports if report for subject in report.subjects)


def photo_and_delegate():
    info = client().info
    assert info.delegue == ["3A"] and info.class_name == "3A"
    assert info.profile_picture.data.startswith(b"\xff\xd8")


def news():
    pupil = client()
    found = pupil.information_and_surveys()
    assert all(text(item) for item in found) and any(item.survey for item in found)
    unread = next(item for item in found if not item.read)
    unread.mark_as_read(True)
    assert next(item for item in pupil.information_and_surveys() if item.id == unread.id).read


def discussions():
    pupil = client()
    teacher = next(person for person in pupil.get_recipients() if person.with_discussion)
    pupil.new_discussion("Essai 🎓", "Bonjour <tous>", [teacher])
    new = next(item for item in pupil.discussions() if item.subject == "Essai 🎓")
    new.reply("Encore")
    assert [message.content for message in new.messages] == ["Bonjour <tous>", "Encore"]
    new.messages[0].reply("Et encore")
    new.delete()
    trashed = next(item for item in pupil.discussions() if item.subject == "Essai 🎓")
    assert trashed.labels == ["Trash"] and len(trashed.messages) == 3
    unread = next(item for item in pupil.discussions() if item.unread)
    unread.mark_as(True)
    assert not any(item.unread for item in pupil.discussions(only_unread=True) if item.subject == unread.subject)


def menus_of_a_month():
    pupil = client()
    found = pupil.menus(pupil.start_day, pupil.start_day + timedelta(days=28))
    assert any(menu.is_dinner for menu in found)
    labels = [label for menu in found for food in menu.main_meal or [] for label in food.labels]
    assert any(label.color for label in labels) and any(label.color is None for label in labels)


def second_child():
    parent = pronotepy.ParentClient(f"{ROOT}/parent.html", "demonstration", "pronotevs")
    ids = []
    for child in ("PARENT Fanny", "PARENT Manon"):
        parent.set_child(child)
        ids.append({mark.grade + str(mark.date) for mark in parent.periods[0].grades})
    assert ids[0] != ids[1]


def qr_code_then_tokens():
    code = client().request_qr_code_data("1234")
    first = pronotepy.Client.qrcode_login(code, "1234", "interop-qr")
    assert first.logged_in
    credentials = first.export_credentials()
    assert pronotepy.Client.token_login(**credentials).logged_in
    try:
        used = pronotepy.Client.token_login(**credentials).logged_in
    except pronotepy.CryptoError:
        used = False
    assert not used, "a token is good for one login"


def pin_and_device():
    known = pronotepy.Client(
        PUPIL, "prudence", "Mot2Passe!é😀", account_pin="1234", device_name="interop"
    )
    assert known.logged_in
    again = pronotepy.Client(
        PUPIL, "prudence", "Mot2Passe!é😀", client_identifier=known.client_identifier
    )
    assert again.logged_in and again.lessons(again.start_day) is not None


def keep_alive_and_expiry():
    pupil = client()
    assert pupil.session_check() is False
    pupil.communication.request_number += 4
    assert pupil.session_check() is True


def main() -> int:
    checks = [
        whole_year,
        homework_and_files,
        every_period,
        photo_and_delegate,
        news,
        discussions,
        menus_of_a_month,
        second_child,
        qr_code_then_tokens,
        pin_and_device,
        keep_alive_and_expiry,
    ]
    failed = 0
    for check in checks:
        try:
            check()
            print(f"ok      {check.__name__}", file=sys.stderr)
        except Exception:
            failed += 1
            print(f"FAILED  {check.__name__}\n{traceback.format_exc()}", file=sys.stderr)
    print(f"pronotepy-{RELEASE} reads: {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
