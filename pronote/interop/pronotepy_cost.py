"""What pronotepy costs: CPU for a login and for a week's timetable, user and system time apart.

usage: pronotepy_cost.py ROOT   (such as http://127.0.0.1:8080/pronote)

The same calls as the crate's example `cost`, printed in the same words.
"""

import resource
import sys
from urllib.parse import urlsplit

import pronotepy

ROOT = sys.argv[1].rstrip("/")
if urlsplit(ROOT).hostname != "127.0.0.1":
    sys.exit(f"{ROOT} is not this machine")

LOGINS = 200
CALLS = 1000


def cost(name, count, action):
    """Runs it so often, and prints what one costs."""
    action()
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(count):
        action()
    after = resource.getrusage(resource.RUSAGE_SELF)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    each = 1000 / count
    print(f"{name}: {(user + system) * each:.3f} ms of CPU ({user * each:.3f} user, {system * each:.3f} system)")


def client():
    found = pronotepy.Client(f"{ROOT}/eleve.html", "demonstration", "pronotevs")
    assert found.logged_in
    return found


pupil = client()
# The next day of lessons, as the other side asks for.
general = pupil.func_options["dataSec"]["data"]["General"]
day = pronotepy.dataClasses.Util.date_parse(general["JourOuvre"]["V"])
assert pupil.lessons(day, None) is not None
cost("a week's timetable", CALLS, lambda: pupil.lessons(day))
cost("a login", LOGINS, client)
