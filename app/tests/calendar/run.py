#!/usr/bin/env python3
"""Holds the school calendar, and a school year's bells, against what other tools say.

usage: run.py [days|bells] [--csv ZONE=FILE]...

`days` compares the days off that ship with the packages holidays and vacances-scolaires-france; `bells`
computes each bell of the sample collège in 2026-2027, for the zones A, B and C, with Python's zoneinfo and
those packages, and compares it with `beffroi simulate`, or with files that it wrote (`--csv zone-a=FILE`).
The packages are installed into target/calendar, pinned; nothing else asks the network.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import venv
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target"))
PLACE = TARGET / "calendar"
SAMPLE = WORKSPACE / "data" / "schedule" / "college.json"
# As `make calendar` has built them.
PROGRAM = TARGET / "debug" / "beffroi"
DAYS_OFF = TARGET / "debug" / "examples" / "days_off"

ZONES = {"zone-a": "A", "zone-b": "B", "zone-c": "C"}
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
YEAR = (date(2026, 9, 1), date(2027, 8, 31))
# As far as both packages and we know school holidays.
SCHOOL_DAYS = (date(2024, 9, 2), date(2028, 7, 4))

# What vacances-scolaires-france 0.12.0 has otherwise than the orders: the bridges of 2025 and 2026, which it
# leaves out, the Sundays that bridges end on, and the return of 2027 (September 2nd, JORFTEXT000054457294).
OTHERWISE = {date(2025, 5, 30), date(2025, 5, 31), date(2025, 6, 1)}
OTHERWISE |= {date(2026, 5, 15), date(2026, 5, 16), date(2026, 5, 17)}
OTHERWISE |= {date(2027, 5, 9), date(2028, 5, 28), date(2027, 9, 1)}

# The package's subdivision of each region, and which of its days are no public holidays by the official list
# of data.gouv.fr: those on which schools are closed are in the school calendar.
REGIONS = {
    "metropole": ("", ()),
    "alsace-moselle": ("57", ()),
    "guadeloupe": ("971", ("Good Friday", "Mi-Careme", "Victor Schoelcher Day")),
    "martinique": ("972", ("Victor Schoelcher Day",)),
    "guyane": ("973", ()),
    "la-reunion": ("974", ()),
    "mayotte": ("976", ()),
    "saint-barthelemy": ("BL", ()),
    "saint-martin": ("MF", ("Victor Schoelcher Day",)),
    "nouvelle-caledonie": ("NC", ()),
    "polynesie-francaise": ("PF", ()),
    "saint-pierre-et-miquelon": ("PM", ()),
    "wallis-et-futuna": ("WF", ()),
}


def span(first, last):
    """The days from one to another."""
    return [first + timedelta(days) for days in range((last - first).days + 1)]


def ours(place, region, first, last):
    """The days off that the program says, by kind."""
    command = [DAYS_OFF, place, region, str(first), str(last)]
    lines = subprocess.run(command, cwd=WORKSPACE, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split(",", 2) for line in lines.splitlines()]
    return {date.fromisoformat(day): kind for day, kind, _ in rows}


def off_by_packages(zone, years):
    """The days off of a zone: public holidays, and school holidays of two packages."""
    import holidays
    from vacances_scolaires_france import SchoolHolidayDates

    public = set(holidays.France(years=years))
    school = set(holidays.France(subdiv=f"Zone {zone}", categories=("school",), years=years))
    other, dates = set(), SchoolHolidayDates()
    for year in years:
        other |= set(dates.holidays_for_year_and_zone(year, zone))
    return public, school, other


def named_saturdays(place):
    """The Saturdays after whose classes holidays begin: packages count them off, the orders do not."""
    with open(WORKSPACE / "data" / "calendar" / "school-holidays.csv", encoding="utf-8") as lines:
        rows = [line.split(";") for line in lines if line.startswith(place + ";")]
    leaves = [date.fromisoformat(row[1]) for row in rows if row[4].startswith("Vacances")]
    return {day for day in leaves if day.weekday() == 5}, set(leaves)


def compare_days():
    """Day by day: how many agree, and a line for each that does not."""
    import holidays

    agreed, faults = 0, []
    first, last = SCHOOL_DAYS
    years = range(first.year, last.year + 1)
    for place, zone in ZONES.items():
        public, school, other = off_by_packages(zone, years)
        saturdays, leaves = named_saturdays(place)
        said = ours(place, "metropole", first, last)
        for day in span(first, last):
            theirs = day in public or day in school and day not in saturdays
            # The one package counts days that begin holidays after class on a Tuesday, too.
            second = day in public or (day in other and day not in leaves)
            if (day in said) != theirs:
                faults.append(f"{place} {day}: ours {said.get(day)}, holidays {theirs}")
            elif (day in said) != second and day not in OTHERWISE:
                faults.append(f"{place} {day}: ours {said.get(day)}, vacances-scolaires-france {second}")
            else:
                agreed += 1
    first, last = date(2018, 1, 1), date(2050, 12, 31)
    years = range(first.year, last.year + 1)
    for region, (subdivision, not_ours) in REGIONS.items():
        place = "zone-a" if region in ("metropole", "alsace-moselle") else region
        table = holidays.France(subdiv=subdivision or None, years=years, language="en_US")
        wanted = {day for day in table if not set(table.get_list(day)) <= set(not_ours)}
        said = {day for day, kind in ours(place, region, first, last).items() if kind == "public"}
        agreed += len(wanted & said)
        faults += [f"{region} {day}: only holidays has {table[day]}" for day in sorted(wanted - said)]
        faults += [f"{region} {day}: only we have it" for day in sorted(said - wanted)]
    return agreed, faults


def expected_bells(zone):
    """Each bell of the sample's year as an instant in UTC, by nothing of ours but the sample's tables."""
    from zoneinfo import ZoneInfo

    tables = json.loads(SAMPLE.read_text(encoding="utf-8"))
    local = ZoneInfo(tables["time_zone"])
    public, school, other = off_by_packages(zone, range(YEAR[0].year, YEAR[1].year + 1))
    off = public | school | other
    weeks = tables["weeks"]
    anchor = date.fromisoformat(weeks["turn"]["anchor"])
    bells = []
    for day in span(*YEAR):
        turn = (day - anchor).days // 7 % len(weeks["templates"])
        kind = None if day in off else weeks["templates"][turn]["days"].get(WEEK[day.weekday()])
        silent = []
        for entry in tables["calendar"]:
            if not entry["from"] <= str(day) <= entry["to"]:
                continue
            silent += [(time.fromisoformat(h["from"]), time.fromisoformat(h["to"])) for h in entry["silent_hours"]]
            if entry["day"] == "silent":
                kind = None
            elif entry["day"] == "typed":
                kind = entry["day_type"]
        for bell in tables["day_types"][kind]["bells"] if kind else []:
            at = time.fromisoformat(bell["time"])
            if not any(start <= at < end for start, end in silent):
                instant = datetime.combine(day, at, local).astimezone(timezone.utc)
                bells.append((instant, bell["trigger"]))
    return sorted(bells)


def simulated(place):
    """What `beffroi simulate` writes of the sample in a zone."""
    tables = json.loads(SAMPLE.read_text(encoding="utf-8"))
    tables["school"]["place"] = place
    with tempfile.TemporaryDirectory() as folder:
        conf = {"schedule": tables, "triggers": {}}
        (Path(folder) / "conf.json").write_text(json.dumps(conf), encoding="utf-8")
        period = ["--from", str(YEAR[0]), "--to", str(YEAR[1])]
        command = [PROGRAM, "simulate", *period, "--format", "csv", "--data", folder]
        return subprocess.run(command, cwd=WORKSPACE, check=True, stdout=subprocess.PIPE, text=True).stdout


def bells_of(text):
    """The bells of such a file: of each line the first field that is an instant, and the trigger."""
    rows = csv.reader(text.splitlines())
    head = next(rows)
    trigger = head.index("trigger")
    instants = [index for index, name in enumerate(head) if name in ("at", "instant", "utc", "time_utc")]
    bells = []
    for row in rows:
        at = datetime.fromisoformat(row[instants[0]].split("[")[0].replace("Z", "+00:00"))
        bells.append((at.astimezone(timezone.utc), row[trigger]))
    return sorted(bells)


def compare_bells(files):
    """Bell by bell: how many agree, and a line for each that does not."""
    agreed, faults = 0, []
    for place, zone in ZONES.items():
        wanted = expected_bells(zone)
        text = Path(files[place]).read_text(encoding="utf-8") if place in files else simulated(place)
        found = bells_of(text)
        if len(set(found)) != len(found):
            faults.append(f"{place}: {len(found) - len(set(found))} bells are there twice")
        agreed += len(set(wanted) & set(found))
        faults += [f"{place} {at.isoformat()} {name}: does not ring" for at, name in sorted(set(wanted) - set(found))]
        faults += [f"{place} {at.isoformat()} {name}: rings" for at, name in sorted(set(found) - set(wanted))]
    return agreed, faults


def within_packages():
    """Runs this script again by an interpreter that has the packages."""
    requirements = HERE / "requirements.txt"
    mark = PLACE / requirements.name
    if not mark.exists() or mark.read_text() != requirements.read_text():
        venv.create(PLACE, with_pip=True, clear=True)
        install = [PLACE / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--requirement", requirements], check=True)
        mark.write_text(requirements.read_text())
    # The package's own time zones, whatever the system has.
    environment = {**os.environ, "BEFFROI_PACKAGES": "1", "PYTHONTZPATH": ""}
    command = [PLACE / "bin" / "python", "-B", __file__, *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


def main():
    if "BEFFROI_PACKAGES" not in os.environ:
        return within_packages()
    words = sys.argv[1:]
    files = dict(word.split("=", 1) for before, word in zip(words, words[1:]) if before == "--csv")
    only = words[0] if words and not words[0].startswith("-") else ""
    failed = 0
    for name, compare in (("days", compare_days), ("bells", lambda: compare_bells(files))):
        if only in ("", name):
            agreed, faults = compare()
            print("\n".join(faults[:40]), end="\n" if faults else "")
            print(f"{name}: {agreed} agree, {len(faults)} do not", flush=True)
            failed += bool(faults) or not agreed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
